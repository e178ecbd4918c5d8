"""Street and number as each country writes them, with what follows; sizes, times and prices are none."""

from __future__ import annotations

import pytest

from tests.training.redaction.found import found
from training.redaction.personal import Kind


@pytest.mark.parametrize(
    "address",
    [
        "Hauptstr. 5, 10115 Berlin",
        "Lange Straße 12a",
        "Karl-Marx-Allee 3-5, D-10178 Berlin",
        "12 rue de la Paix, 75002 Paris",
        "14 bis avenue Foch",
        "221B Baker Street, London NW1 6XE",
        "123 Main St, Springfield, IL 62704",
        "Flat 4, 9 Elm Road, Leeds LS1 4DY",
        "Calle Mayor 5, 3º B",
        "Avda. de la Luz 12, 28013 Madrid",
        "Via Roma 12, 00184 Roma",
        "Rua Augusta 1200, 01304-001 São Paulo",
        "Keizersgracht 12, 1015 CJ Amsterdam",
        "Dorpsstraat 7-2",
        "ul. Długa 5/7, 00-238 Warszawa",
        "Atatürk Mah. Gül Sok. No: 5 Daire: 3",
        "ул. Ленина, д. 5, кв. 12",
        "г. Тверь, пр-т Мира, д. 7 к. 2",
        "北京市朝阳区建国路88号",
        "東京都渋谷区神南1-2-3",
        "〒150-0041",
        "मकान नंबर 12, गांधी रोड",
        "شارع الملك فهد 12",
        "ص.ب 4471",
        "P.O. Box 1187",
        "PIN code 560001",
        "SW1A 1AA",
        "1015CJ",
    ],
)
def test_an_address_is_found_whole(address: str) -> None:
    assert found(f"x: {address}", Kind.ADDRESS) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "liefern Sie nach Berlin?",
        "in your street",
        "auf dem Weg 3 Stück",
        "wait 15 minutes to turn it on",
        "2 of my boxes were left on the road",
        "via de app 2 boeken besteld",
        "al de 6 codes",
        "dalle 10 alle 13",
        "avant 16 h",
        "das Bett 160x200 in Größe 90",
        "open 24/7, version 10.4",
        "die 12 Monate Garantie",
        "купил за 49 рублей",
        "5号到货，3楼",
        "2024年5月3日",
    ],
)
def test_what_only_has_a_number_is_no_address(text: str) -> None:
    assert found(text, Kind.ADDRESS) == []


def test_a_telephone_behind_an_address_stays_one() -> None:
    text = "Hauptstr. 5, 10115 Berlin, Tel. 030 1234567"
    assert found(text, Kind.ADDRESS) == ["Hauptstr. 5, 10115 Berlin"]
    assert found(text, Kind.PHONE) == ["030 1234567"]
