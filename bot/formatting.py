"""Values as each country writes them: money, dates, names of languages (Unicode CLDR through Babel)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_skeleton
from babel.numbers import format_currency

CURRENCY = "EUR"
_LOCALES = {"en": "en_GB"}
_DATE_NAMES = frozenset({"date", "delivery_date"})


def money(amount: Decimal | float | str, language: str) -> str:
    """An amount in euros.

    >>> money("59.9", "en"), money("1299", "de").replace("\\xa0", " ")
    ('€59.90', '1.299,00 €')
    """
    return str(format_currency(Decimal(str(amount)), CURRENCY, locale=language))


def day(value: date | str, language: str) -> str:
    """A day without its year, month by name.

    >>> day("2026-11-12", "en"), day("2026-12-01", "fr"), day("2026-11-12", "ja")
    ('12 November', '1er décembre', '11月12日')
    """
    moment = datetime.fromisoformat(value).date() if isinstance(value, str) else value
    written = str(format_skeleton("MMMMd", moment, locale=_LOCALES.get(language, language)))
    return written.replace("1 ", "1er ", 1) if language == "fr" and moment.day == 1 else written


def value(name: str, raw: Any, language: str) -> str:
    """One keyword of a reply, ready to be put into it; `amount` is euros, `date` and `delivery_date` are ISO days."""
    if raw is None:
        return ""
    if name in _DATE_NAMES:
        return day(raw, language)
    if name == "amount":
        return money(raw, language)
    return str(raw)


def read_facts(path: Path) -> Mapping[str, Any]:
    """`facts:` of a YAML file; raises FileNotFoundError naming it."""
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: it holds the values of the answer templates' placeholders")
    facts: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))["facts"]
    return facts


def facts_in(facts: Mapping[str, Any], language: str) -> dict[str, str]:
    """All facts as one language writes them."""
    return {
        name: money(raw["amount"], language) if isinstance(raw, Mapping) else str(raw) for name, raw in facts.items()
    }
