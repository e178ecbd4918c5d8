from __future__ import annotations

import pytest

from training.mining.one_off import OneOff, one_off


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("I have raised the collection for you.", OneOff.REPORT),
        ("Ich habe die Abholung veranlasst.", OneOff.REPORT),
        ("J'ai annulé la commande.", OneOff.REPORT),
        ("He cancelado el pedido.", OneOff.REPORT),
        ("Ho annullato il tutto.", OneOff.REPORT),
        ("Vou cancelar isso.", OneOff.REPORT),
        ("Ik heb het geannuleerd.", OneOff.REPORT),
        ("Zleciłam zwrot.", OneOff.REPORT),
        ("İadenizi başlattım.", OneOff.REPORT),
        ("Я оформила возврат.", OneOff.REPORT),
        ("لقد ألغيت الطلب.", OneOff.REPORT),
        ("मैंने रिफ़ंड कर दिया है।", OneOff.REPORT),
        ("已为您取消。", OneOff.REPORT),
        ("キャンセルいたしました。", OneOff.REPORT),
        ("Your order is currently in our depot.", OneOff.STATE),
        ("Ihre Bestellung ist bereits unterwegs.", OneOff.STATE),
        ("Ваш заказ находится в пути.", OneOff.STATE),
        ("It leaves the warehouse on 27 January.", OneOff.DATED),
        ("Die Lieferung kommt am 3. Februar.", OneOff.DATED),
        ("Arriva domani.", OneOff.DATED),
        ("お届けは6月3日です。", OneOff.DATED),
        ("Thank you for confirming that.", OneOff.ASIDE),
    ],
)
def test_what_was_said_to_one_customer_is_told_with_its_reason(sentence: str, reason: OneOff) -> None:
    assert one_off(sentence) is reason


@pytest.mark.parametrize(
    "sentence",
    [
        "Refunds take five working days.",
        "You can return unworn shoes within 30 days.",
        "Eine Rückerstattung dauert fünf Werktage.",
        "Les retours sont gratuits pendant 30 jours.",
        "Los reembolsos tardan cinco días.",
        "I resi sono gratuiti.",
        "As devoluções são gratuitas.",
        "Retourneren is gratis.",
        "Zwroty są bezpłatne przez 30 dni.",
        "İadeler ücretsizdir.",
        "Возврат бесплатный в течение 30 дней.",
        "الإرجاع مجاني خلال ثلاثين يوما.",
        "वापसी मुफ़्त है।",
        "退货免费，三十天内有效。",
        "返品は30日以内であれば無料です。",
    ],
)
def test_what_can_be_said_to_everybody_stays(sentence: str) -> None:
    assert one_off(sentence) is None
