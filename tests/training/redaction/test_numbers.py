"""Customer and order numbers by their cue, telephones by their look or by the numbering plan of a country."""

from __future__ import annotations

import pytest

from tests.training.redaction.found import found
from training.redaction.personal import Kind


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("customer number 4471", "4471"),
        ("my account no. is AB-771", "AB-771"),
        ("ticket #4471", "#4471"),
        ("Kundennummer: K 4471", "4471"),
        ("Vertragsnr. 2024-77", "2024-77"),
        ("numéro client : 4471", "4471"),
        ("número de cliente 4471", "4471"),
        ("codice cliente: C4471", "C4471"),
        ("número do cliente é 4471", "4471"),
        ("klantnummer 4471", "4471"),
        ("numer klienta: 4471", "4471"),
        ("müşteri numaram 4471", "4471"),
        ("номер договора 4471", "4471"),
        ("رقم العميل: 4471", "4471"),
        ("ग्राहक संख्या 4471", "4471"),
        ("会员号4471", "4471"),
        ("顧客番号は4471です", "4471"),
    ],
)
def test_a_short_number_is_a_customers_behind_a_cue(text: str, number: str) -> None:
    assert found(text, Kind.CUSTOMER_NUMBER) == [number]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("order number 447", "447"),
        ("Bestellnummer ist 4471", "4471"),
        ("numéro de commande 4471", "4471"),
        ("номер заказа: 4471", "4471"),
        ("订单号：4471", "4471"),
        ("注文番号 4471", "4471"),
        ("Zamówienie 4045476 złożył ktoś", "4045476"),
        ("la spedizione DE-2024-1943 è ferma", "DE-2024-1943"),
    ],
)
def test_order_numbers(text: str, number: str) -> None:
    assert found(text, Kind.ORDER_NUMBER) == [number]


@pytest.mark.parametrize(
    "text", ["customer number?", "Kundennummer vergessen", "call number 9", "am 24-Feb-2021", "160x200cm", "44710 Euro"]
)
def test_a_cue_alone_a_day_a_size_and_a_price_are_no_numbers(text: str) -> None:
    assert found(text, Kind.CUSTOMER_NUMBER) == []
    assert found(text, Kind.ORDER_NUMBER) == []


def test_a_doubtful_telephone_must_be_one_in_a_country_of_the_language() -> None:
    # 912 345 678 is a Spanish landline; no Japanese number begins with 9.
    assert found("912345678", Kind.PHONE, languages=("es",)) == ["912345678"]
    assert found("912345678", Kind.PHONE, languages=("ja",)) == []
    assert found("912345678", Kind.ORDER_NUMBER, languages=("ja",)) == ["912345678"]


def test_a_cue_makes_a_short_number_a_telephone() -> None:
    assert found("Tel.: 447 1230", Kind.PHONE) == ["447 1230"]
    assert found("Nr.: 447 1230", Kind.PHONE) == []
