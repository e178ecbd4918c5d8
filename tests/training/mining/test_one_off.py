from __future__ import annotations

import pytest

from training.mining.one_off import OneOff, one_off


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("We have raised the collection for you.", OneOff.REPORT),
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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "i can arrange that for you"),
        ("de", "Das leite ich weiter."),
        ("fr", "J'envoie cela."),
        ("es", "Lo enviaré."),
        ("it", "Invierò il tutto."),
        ("pt", "Vou verificar."),
        ("nl", "Dat regel ik."),
        ("pl", "Przekazałam to dalej."),
        ("tr", "Hemen kontrol ediyorum."),
        ("ru", "Сейчас я посмотрю."),
        ("ar", "سأتحقق من ذلك."),
        ("hi", "मैं देखती हूँ।"),
        ("zh", "我查一下。"),
        ("ja", "私が承ります。"),
    ],
)
def test_agents_speaking_of_themselves_speak_to_one_customer(language: str, said: str) -> None:
    assert one_off(said, language) is OneOff.REPORT


def test_a_request_for_data_is_no_answer() -> None:
    assert one_off("So that we can assist, can you please provide your order number", "en") is OneOff.ASKS
    assert one_off("Bitte nennen Sie uns die Bestellnummer.", "de") is OneOff.ASKS
    assert one_off("Укажите номер заказа.", "ru") is OneOff.ASKS


def test_a_word_of_one_language_is_not_taken_for_a_pronoun_of_another() -> None:
    assert one_off("Zwroty i reklamacje są bezpłatne.", "pl") is None
    assert one_off("I resi sono gratuiti.", "it") is None


@pytest.mark.parametrize(
    "said", ["It ships on 03-Feb-2021.", "It is due to dispatch on 16/4", "The van comes at 14:30."]
)
def test_days_and_hours_are_seen_in_every_form(said: str) -> None:
    assert one_off(said, "en") is OneOff.DATED


def test_here_in_german_is_not_yesterday_in_french() -> None:
    assert one_off("Die Tabelle hier hilft bei der Größe.", "de") is None
    assert one_off("Le colis est parti hier.", "fr") is OneOff.DATED
    assert one_off("Le acabo de enviar la etiqueta.", "es") is OneOff.REPORT
