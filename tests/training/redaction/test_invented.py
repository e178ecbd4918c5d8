"""Stand-ins for what is no number: another of its kind, of the same script, that nobody has."""

from __future__ import annotations

import pytest

from training.redaction.national_ids import is_national_id
from training.redaction.personal import Kind, find
from training.redaction.stand_ins import StandIns


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("Anna Berger", "A", "z"),
        ("Инга Орлова", "А", "я"),
        ("ليلى منصور", "\u0600", "\u06ff"),
        ("रीना जोशी", "\u0900", "\u097f"),
        ("佐藤", "\u4e00", "\u9fff"),
    ],
)
def test_a_name_becomes_another_of_its_script(written: str, first: str, last: str) -> None:
    for number in range(30):
        made = StandIns(f"c-{number}").of(Kind.NAME, written)
        assert made != written
        assert not set(made.split()) & set(written.split())
        assert all(first <= char <= last for char in made if not char.isspace())
        assert len(made.split()) == len(written.split())


def test_lower_case_stays_lower_case() -> None:
    assert StandIns("c").of(Kind.NAME, "anna").islower()


def test_an_address_an_ip_address_a_link_and_a_password() -> None:
    stand_ins = StandIns("c-1")
    assert stand_ins.of(Kind.ADDRESS, "Hauptstr. 5") != "Hauptstr. 5"
    assert stand_ins.of(Kind.IP_ADDRESS, "203.0.113.9").startswith("192.0.2.")
    assert stand_ins.of(Kind.IP_ADDRESS, "fe80::1").startswith("2001:db8::")
    link = stand_ins.of(Kind.URL, "https://anna:x@shop.example/reset?token=abc123")
    assert link.startswith("https://shop.example/")
    assert "abc123" not in link
    assert stand_ins.of(Kind.PASSWORD, "Hunter22") == "********"


@pytest.mark.parametrize(
    "written", ["44051401359", "390.533.447-05", "078-05-1120", "AB 12 34 56 C", "RSSMRA85T10A562S"]
)
def test_an_id_stays_one_by_its_look_and_is_never_valid(written: str) -> None:
    for number in range(50):
        made = StandIns(f"c-{number}").of(Kind.NATIONAL_ID, written)
        assert made != written
        assert len(made) == len(written)
        is_issued = is_national_id(made) and not made.startswith(("000", "QQ"))
        assert not is_issued


def test_a_customer_number_keeps_its_letters() -> None:
    made = StandIns("c-1").of(Kind.CUSTOMER_NUMBER, "AB-771")
    assert made.startswith("AB-")
    assert made != "AB-771"
    assert find(f"account number {made}")[0].kind is Kind.CUSTOMER_NUMBER
