"""Ids with the check of their country; a cue makes up for a check that fails."""

from __future__ import annotations

import pytest

from tests.training.redaction.found import found
from training.redaction.national_ids import is_national_id
from training.redaction.personal import Kind


@pytest.mark.parametrize(
    "written",
    [
        "RSSMRA85T10A562S",
        "12345678Z",
        "X1234567L",
        "ACUPA7085R",
        "756.9217.0769.85",
        "1 85 05 78 006 084 91",
        "11010519491231002X",
        "390.533.447-05",
        "44051401359",
        "10000000146",
        "112-233-445 95",
        "078-05-1120",
        "AB 12 34 56 C",
        "36 574 261 809",
        "15 070649 C 103",
    ],
)
def test_a_form_with_a_check_needs_no_cue(written: str) -> None:
    assert found(f"hier: {written} bitte", Kind.NATIONAL_ID) == [written]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("meine Steuer-ID ist 12 345 678 901", "12 345 678 901"),
        ("BSN: 111222333", "111222333"),
        ("NIF 123456789", "123456789"),
        ("ИНН 7707083893", "7707083893"),
        ("паспорт 4509 123456", "4509 123456"),
        ("رقم الهوية 1023456789", "1023456789"),
        ("आधार नंबर 1234 5678 9012", "1234 5678 9012"),
        ("マイナンバーは123456789012です", "123456789012"),
        ("身份证号是110105194912310021", "110105194912310021"),
        ("passport number C01X00T47", "C01X00T47"),
        ("PESEL 44051401358 i adres", "44051401358"),
    ],
)
def test_behind_a_cue_any_number_is_one(text: str, value: str) -> None:
    assert found(text, Kind.NATIONAL_ID) == [value]


def test_without_a_cue_a_wrong_check_digit_makes_it_another_number() -> None:
    assert found("12345678A", Kind.NATIONAL_ID) == []
    assert found("12345678A", Kind.ORDER_NUMBER) == ["12345678A"]
    assert is_national_id("44051401359")
    assert not is_national_id("44051401358")
