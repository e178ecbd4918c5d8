"""Messages with slots (`data/personal/<language>.txt`) -> texts with personal values of the language's countries and their spans.

The tagger learns from what is filled here, and what redaction finds is measured on other messages filled likewise. Values
come from Faker (https://faker.readthedocs.io) by country, streets and towns of a few countries from `data/personal/places.yml`,
further names from `data/personal/names.yml`. A message in Latin letters gets its values in Latin letters.
A span `[written out](name)` in a message is kept as it stands. Seeded: the same draw gives the same text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from training.data.romanise import in_latin, is_latin
from training.redaction.personal import Kind
from training.redaction.values_drawn import Values

LOCALES: Mapping[str, tuple[str, ...]] = {
    "en": ("en_GB", "en_US", "en_IN"),
    "de": ("de_DE", "de_AT", "de_CH"),
    "fr": ("fr_FR", "fr_CH"),
    "es": ("es_ES", "es_MX", "es_CO"),
    "it": ("it_IT",),
    "pt": ("pt_BR", "pt_PT"),
    "nl": ("nl_NL", "nl_BE"),
    "pl": ("pl_PL",),
    "tr": ("tr_TR",),
    "ru": ("ru_RU",),
    "ar": ("ar_SA", "ar_PS", "ar_DZ"),
    "hi": ("hi_IN",),
    "zh": ("zh_CN",),
    "ja": ("ja_JP",),
}
KIND_OF_SLOT: Mapping[str, Kind | None] = {
    "name": Kind.NAME,
    "first_name": Kind.NAME,
    "last_name": Kind.NAME,
    "address": Kind.ADDRESS,
    "street": Kind.ADDRESS,
    "postcode": Kind.ADDRESS,
    "phone": Kind.PHONE,
    "email": Kind.EMAIL,
    "iban": Kind.IBAN,
    "card": Kind.CARD,
    "national_id": Kind.NATIONAL_ID,
    "order_number": Kind.ORDER_NUMBER,
    "customer_number": Kind.CUSTOMER_NUMBER,
    "ip": Kind.IP_ADDRESS,
    "link": Kind.URL,
    "password": Kind.PASSWORD,
    "city": None,
    "date": None,
    "amount": None,
    "company": None,
    "product": None,
}
"""Every slot; None where its value is nobody's secret."""
_WORDS = frozenset({"name", "first_name", "last_name", "address", "street", "city"})
"""Slots whose values have a script."""
FILE_COMMENT = "# "
PIECE = re.compile(r"\{(?P<slot>\w+)\}|\[(?P<written>[^\[\]]+)\]\((?P<label>name|address)\)")
_BETWEEN = re.compile(r"[\s,،，、·\-/]{0,3}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text and where its personal values stand: (start, end, kind), characters, end exclusive, in order."""

    text: str
    language: str
    spans: tuple[tuple[int, int, Kind], ...]


def read_messages(path: Path) -> list[str]:
    """The messages of a file, line breaks in them put right; raises ValueError naming file, line and unknown slot."""
    messages = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip() or line.startswith(FILE_COMMENT):
            continue
        unknown = {match["slot"] for match in PIECE.finditer(line) if match["slot"]} - set(KIND_OF_SLOT)
        if unknown:
            raise ValueError(
                f"{path}:{number}: expected slots among {', '.join(KIND_OF_SLOT)}, found {sorted(unknown)}"
            )
        messages.append(line.replace("\\n", "\n"))
    return messages


class Filler:
    """Fills messages of one language; values of one message are of one country."""

    def __init__(self, language: str, *, data_dir: Path = Path("data"), seed: int = 0, held_out: bool = False) -> None:
        """Raises KeyError for a language without countries.

        `held_out` fills with other companies than are learnt from, none of them coined, and with Faker's names alone.
        """
        from faker import Faker

        self._language = language
        self._draw = random.Random(f"{language}:{seed}")
        self._fakers = [Faker(locale) for locale in LOCALES[language]]
        for number, faker in enumerate(self._fakers):
            faker.seed_instance(seed * 1000 + number)
        self._places = _lists(data_dir)["places"].get(language)
        self._products = _products(data_dir, language)
        self._names = {} if held_out else _names(data_dir)
        self._coins = not held_out
        companies = _lists(data_dir)["companies"]
        self._companies = [*companies["any"], *companies.get(language, ())][held_out::2]

    def fill(self, message: str) -> Filled:
        """One filling. A street with postcode and town right beside it is one address; a postcode alone is one too."""
        latin = is_latin(PIECE.sub(" ", message), self._language)
        values = Values(
            self._draw.choice(self._fakers),
            self._draw,
            places=self._places,
            products=self._products,
            companies=self._companies,
            names=self._names.get(f"{self._language}-Latn" if latin else self._language),
            coins=self._coins,
        )
        parts: list[str] = []
        spans: list[tuple[int, int, Kind]] = []
        towns: list[tuple[int, int]] = []
        at = end = 0
        for match in PIECE.finditer(message):
            before = message[end : match.start()]
            value = match["written"] or values.of(match["slot"], self._language)
            if latin and match["slot"] in _WORDS:
                value = in_latin(value, self._language, self._draw)
                value = value.title() if self._draw.random() < 0.5 else value
            parts += [before, value]
            start = at + len(before)
            at, end = start + len(value), match.end()
            kind = Kind(match["label"]) if match["label"] else KIND_OF_SLOT[match["slot"]]
            if kind is not None:
                spans.append((start, at, kind))
            elif match["slot"] == "city":
                towns.append((start, at))
        parts.append(message[end:])
        text = "".join(parts)
        return Filled(text, self._language, tuple(_joined(text, spans, towns)))


def _joined(
    text: str, spans: list[tuple[int, int, Kind]], towns: Sequence[tuple[int, int]]
) -> list[tuple[int, int, Kind]]:
    """Parts of one address (also a town right beside one) become one span; the same for the parts of a name."""
    near_town = [(start, end, Kind.ADDRESS) for start, end in towns if _touches_address(text, start, end, spans)]
    merged: list[tuple[int, int, Kind]] = []
    for start, end, kind in sorted([*spans, *near_town]):
        if merged and merged[-1][2] is kind and _is_one(kind, text[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end, kind)
        else:
            merged.append((start, end, kind))
    return merged


def _is_one(kind: Kind, between: str) -> bool:
    return (kind is Kind.ADDRESS and _BETWEEN.fullmatch(between) is not None) or (kind is Kind.NAME and between == " ")


def _touches_address(text: str, start: int, end: int, spans: Sequence[tuple[int, int, Kind]]) -> bool:
    addresses = [span for span in spans if span[2] is Kind.ADDRESS]
    return any(
        (before <= start and _BETWEEN.fullmatch(text[before:start]))
        or (end <= after and _BETWEEN.fullmatch(text[end:after]))
        for after, before, _ in addresses
    )


@cache
def _lists(data_dir: Path) -> Mapping[str, Mapping[str, Any]]:
    """Places by language, companies of any and of one language."""
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load((data_dir / "personal" / "places.yml").read_text("utf-8"))
    return found


@cache
def _names(data_dir: Path) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """`first` and `last` names by language, `<language>-Latn` in Latin letters."""
    found: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(
        (data_dir / "personal" / "names.yml").read_text("utf-8")
    )["names"]
    return found


@cache
def _products(data_dir: Path, language: str) -> Sequence[str]:
    values: Sequence[str] = yaml.safe_load((data_dir / "values" / f"{language}.yml").read_text("utf-8"))["values"][
        "product"
    ]
    return values
