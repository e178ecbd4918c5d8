"""Money and days as each country writes them, and facts ready to be put into a reply."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.formatting import day, facts_in, money, read_facts, value
from bot.settings import LANGUAGES
from generation.checks import Draft, KnownValues, RequiredParts
from generation.placeholders import PLACEHOLDER, fill, protect
from retrieval.templates import read_templates

NBSP, NARROW, RIGHT_TO_LEFT_MARK = "\u00a0", "\u202f", "\u200f"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "€1,299.50"),
        ("de", f"1.299,50{NBSP}€"),
        ("fr", f"1{NARROW}299,50{NBSP}€"),
        ("pl", f"1{NBSP}299,50{NBSP}€"),
        ("ja", "€1,299.50"),
        ("ar", f"{RIGHT_TO_LEFT_MARK}1,299.50{NBSP}€"),
        ("tr", "€1.299,50"),
    ],
)
def test_money_is_written_as_the_country_writes_it(language: str, expected: str) -> None:
    assert money("1299.5", language) == expected


@pytest.mark.parametrize("amount", ["4.9", 4.9, Decimal("4.90")])
def test_an_amount_has_two_digits_behind_the_point_whatever_its_type(amount: Decimal | float | str) -> None:
    assert money(amount, "en") == "€4.90"


def test_money_is_never_rounded_by_a_binary_fraction() -> None:
    assert money(0.285, "en") == money("0.285", "en") == "€0.28"  # half to even, as accountants do
    assert money("1000000.01", "de") == f"1.000.000,01{NBSP}€"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", "12. November"), ("en", "12 November"), ("ja", "11月12日"), ("ru", "12 ноября"), ("ar", "12 نوفمبر")],
)
def test_a_day_is_written_out_without_its_year(language: str, expected: str) -> None:
    assert day("2026-11-12", language) == day(date(2026, 11, 12), language) == expected


def test_a_moment_counts_as_its_day() -> None:
    assert day("2026-01-02T23:59:00", "de") == "2. Januar"


def test_keywords_are_formatted_by_their_name() -> None:
    assert value("amount", "59.9", "en") == "€59.90"
    assert value("delivery_date", "2026-11-12", "de") == "12. November"
    assert value("date", date(2026, 11, 12), "de") == "12. November"
    assert value("n_items", 3, "de") == "3"
    assert value("order_number", "48213", "ar") == "48213"
    assert value("product", None, "de") == ""


@pytest.mark.parametrize(("name", "raw"), [("date", "soon"), ("amount", "a lot")])
def test_a_value_that_is_no_day_or_amount_is_an_error_and_no_reply(name: str, raw: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        value(name, raw, "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checks_know_every_formatted_value_again(language: str) -> None:
    values = {"amount": money("1299.50", language), "date": day("2026-11-12", language)}
    text = fill("{amount} / {date}", values, language=language)
    draft = Draft(text, language, "", "en", tuple(values.values()), tuple(values.values()))
    assert KnownValues().check(draft).passed
    assert RequiredParts().check(draft).passed
    assert len(protect([values["amount"]]).sentinels) == 1


FACTS = Path("data/facts.yml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_template_of_the_demo_can_be_filled(language: str) -> None:
    values = facts_in(read_facts(FACTS), language)
    templates = [one for one in read_templates(Path("data/templates").glob("*.jsonl")) if one.language == language]
    assert templates
    for template in templates:
        assert not PLACEHOLDER.search(fill(template.text, values, language=language))


def test_facts_are_amounts_or_texts() -> None:
    facts = {"shop_name": "Agora", "shipping_cost": {"amount": "4.90"}, "days": 30}
    assert facts_in(facts, "de") == {"shop_name": "Agora", "shipping_cost": f"4,90{NBSP}€", "days": "30"}


def test_a_missing_facts_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"facts\.yml is missing"):
        read_facts(tmp_path / "facts.yml")
