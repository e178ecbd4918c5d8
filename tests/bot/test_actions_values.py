"""What is found in customers' texts, in every script, and what is not mistaken for it."""

from __future__ import annotations

import doctest

import pytest

from bot.actions import values, words
from store.keys import contact_key


@pytest.mark.parametrize("module", [values, words])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("48213", ["48213"]),
        ("where is #48213?", ["48213"]),
        ("DE-2024-1187, k.lorenz@example.de", ["DE-2024-1187"]),
        ("it's CMD250764 thx", ["CMD250764"]),
        ("zamówienie PL/2024/00871.", ["PL/2024/00871"]),
        ("订单CN20240619-07在哪", ["CN20240619-07"]),
        ("注文番号は１０１４３です", ["10143"]),
        ("طلب رقم ٤٨٢١٣", ["48213"]),
        ("४८२१३ कहाँ है", ["48213"]),
        ("№10102", ["10102"]),
        ("n° 10031", ["10031"]),
        ("48 213", ["48213"]),
        ("DE 2024 1187", ["DE20241187"]),
        ("10022 50667", ["10022", "50667"]),
        ("es el 10042", ["10042"]),
        ("moment.. 10022", ["10022"]),
        ("I paid 1.299,00 on 24.12.2024", []),
        ("since 2024-12-24", []),
        ("in 2024", []),
        ("2 pieces, 14 days", []),
        ("see https://shop.example/48213", []),
        ("user48213@example.com", []),
        ("ja bitte", []),
        ("", []),
    ],
)
def test_order_numbers_are_found_and_other_numbers_are_not(text: str, expected: list[str]) -> None:
    assert values.order_numbers(text) == expected


def test_what_is_known_to_be_something_else_is_passed_over() -> None:
    assert values.order_numbers("€12990 for 48213", besides=["12990"]) == ["48213"]


@pytest.mark.parametrize(
    "postcode",
    ["34117", "1200-195", "3511 LX", "31-011", "01310-100", "150-0001", "D02 AF30", "SW1A 1AA", "110001", "06700"],
)
@pytest.mark.parametrize("sentence", ["{}", "PLZ {}", "my postcode is {}, thanks"])
def test_a_postcode_is_found_alone_and_in_a_sentence(postcode: str, sentence: str) -> None:
    assert contact_key(values.postcode(sentence.format(postcode)) or "") == contact_key(postcode)


@pytest.mark.parametrize("text", ["hello", "", "my name is Kim", "?"])
def test_a_text_without_a_number_has_no_postcode(text: str) -> None:
    assert values.postcode(text) is None


@pytest.mark.parametrize(
    "address",
    [
        "Ahornweg 3, 34117 Kassel",
        "4 Rowan Lane, Dublin, D02 AF30",
        "Villa 12, Al Wasl Road, Dubai",
        "شارع الياسمين ١٥، الطابق الثاني، القاهرة ١١٥١١",
        "上海市黄浦区梧桐路66号3室，邮编200001",
        "〒150-0001 東京都渋谷区若葉町2-4-6 さくら荘203",
        "24, गुलमोहर मार्ग, नई दिल्ली 110001",
        "ul. Lipowa 7 m. 4, 31-011 Kraków",
    ],
)
def test_a_complete_address_is_taken_as_it_is(address: str) -> None:
    assert values.postal_address(address) == address
    assert values.postal_address(f"Neu: {address}") == address


@pytest.mark.parametrize(
    "text", ["Ahornweg 3", "Kassel", "48213, 69003", "k.lorenz@example.de 34117 3", "wie lange dauert es?", "3 " * 200]
)
def test_an_incomplete_address_is_none(text: str) -> None:
    assert values.postal_address(text) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ja, bitte stornieren", "de", True),
        ("はい、キャンセルしてください", "ja", True),
        ("是的，请帮我取消", "zh", True),
        ("नहीं", "hi", False),
        ("D’accord !", "fr", True),
        ("لا شكرا", "ar", False),
        ("yes please", "tr", True),
        ("tak, proszę", "nl", True),
        ("no", "pl", None),
        ("vielleicht", "de", None),
        ("", "de", None),
        ("👍", "de", None),
    ],
)
def test_yes_and_no_are_understood_in_the_language_and_in_english(
    text: str, language: str, expected: bool | None
) -> None:
    assert words.yes_or_no(text, language) is expected


def test_a_word_for_leaving_it_counts_only_as_the_whole_message() -> None:
    assert words.says_stop("Laisse tomber !", "fr")
    assert not words.says_stop("stop the parcel", "en")
