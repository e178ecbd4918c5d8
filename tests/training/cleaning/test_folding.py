"""Two messages that differ in case, numbers, names and punctuation are one; letters and vowel signs tell others apart."""

from __future__ import annotations

import pytest

from training.cleaning.folding import fold, text_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Where  is\nORDER #48213?!", "where is order 0"),
        ("Hallo [name:4F7K], [order_number:9PQ2] ist da", "hallo ¤ ¤ ist da"),
        ("Hallo #NAME#, #ORDER_ID# ist da", "hallo ¤ ¤ ist da"),
        ("Hallo [NAME], {{Order Number}} ist <DATE>", "hallo ¤ ¤ ist ¤"),
        ("Straße ＡＢＣ", "strasse abc"),
        ("٤٨٢١٣ ४८२", "0 0"),
        ("don't", "dont"),
        ("👍🏽 ok", "👍 ok"),
        ("Preis: 5€", "preis 0€"),
        ("?!", "?!"),
        ("[note: call]", "note call"),
    ],
)
def test_the_wording_is_left(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_hindi_words_that_differ_by_a_vowel_sign_stay_apart() -> None:
    assert fold("हाँ") != fold("हूँ")


def test_keys_are_equal_for_one_wording_and_stay_the_same_for_ever() -> None:
    assert text_key("Bestellung 48213 ist da!") == text_key("BESTELLUNG 7 ist da")
    assert text_key("Bestellung ist da") != text_key("Bestellung ist weg")
    # printf 'where is it' | b2sum -l 64
    assert text_key("Where is it?") == 0xAA25D4D368485787 >> 1


def test_keys_fit_a_signed_integer_of_a_database() -> None:
    assert all(0 <= text_key(str(chr(97 + number) * 3)) < 2**63 for number in range(26))
    assert text_key("half \ud83d") >= 0
