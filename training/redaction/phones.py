"""Telephone numbers: by their look, and where the look leaves a doubt by Google's numbering plans.

What begins with `+`, `00` or `0`, has brackets or stands behind a cue ("Tel.") is one by its look. Other groups of
digits might as well be an order number: they count where `phonenumbers` (https://github.com/daviddrysdale/python-phonenumbers)
holds them for valid in a country of the conversation's languages, or, without a language, by the usual grouping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from training.redaction.number_cues import PHONE_CUE
from training.redaction.shapes import GAP, Interval, folded

_RUN = re.compile(
    rf"(?<![A-Za-z0-9#№])(?<![A-Za-z0-9][-/.])(?:[+(] ?){{0,2}}\d(?:[ {GAP}().\-/]{{0,3}}\d){{6,}}(?:[ ]?(?:x"
    rf"|ext\.?|Durchwahl|DW) ?\d{{1,5}})?(?![A-Za-z0-9])"
)
_MOBILE = re.compile(r"1[3-9]\d{9}|[78]9\d{9}|[36-9]\d{9}")
COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "en": ("US", "GB", "AU", "IE", "IN"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH", "CA"),
    "es": ("ES", "MX", "AR", "CO", "CL", "PE"),
    "it": ("IT", "CH"),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "tr": ("TR",),
    "ru": ("RU", "KZ"),
    "ar": ("SA", "EG", "AE", "MA", "JO"),
    "hi": ("IN",),
    "zh": ("CN", "TW", "HK"),
    "ja": ("JP",),
}
"""Where customers who write a language mostly telephone from (ISO 3166-1)."""


class Phones:
    """Finds telephone numbers in a conversation of some languages (ISO 639-1), or of nobody knows which."""

    def __init__(self, languages: Sequence[str] = ()) -> None:
        self._countries = tuple(
            country for language in languages for country in COUNTRIES.get(language[:2].lower(), ())
        )

    def find(self, left: str) -> Iterator[Interval]:
        """(start, end) in a text of `training.redaction.shapes.plain`, end exclusive."""
        for match in runs(left):
            groups = re.findall(r"\d+", match[0])
            is_one = by_look(match[0], groups)
            if is_one is None:
                is_one = self._is_valid(left, match, groups)
            if is_one:
                yield match.span()

    def _is_valid(self, left: str, match: re.Match[str], groups: list[str]) -> bool:
        digits = "".join(groups)
        if 7 <= len(digits) <= 12 and PHONE_CUE.search(folded(left[max(0, match.start() - 40) : match.start()])):
            return True
        if not self._countries:
            return _is_usual(groups, digits)
        return (
            len(digits) <= 12
            and (len(groups) > 1 or _MOBILE.fullmatch(digits) is not None or len(digits) == 9)
            and any(_in_plan(digits, country) for country in self._countries)
        )


def runs(left: str) -> Iterator[re.Match[str]]:
    """Seven or more digits in groups."""
    yield from _RUN.finditer(left)


def by_look(written: str, groups: list[str]) -> bool | None:
    """Whether it is a number to call; None in doubt."""
    n_digits = sum(map(len, groups))
    if "+" in written[:3]:
        return 8 <= n_digits <= 20
    if groups[0].startswith("00"):
        return 10 <= n_digits <= 17
    if "(" in written:
        return 7 <= n_digits <= 20
    if groups[0].startswith("0"):
        return 9 <= n_digits <= 12
    return None


def _is_usual(groups: list[str], digits: str) -> bool:
    if len(groups) >= 3:
        return 9 <= len(digits) <= 12 and max(map(len, groups)) <= 5
    if len(groups) == 2:
        return len(digits) == 10
    return _MOBILE.fullmatch(digits) is not None


@lru_cache(maxsize=4096)
def _in_plan(digits: str, country: str) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(digits, country)))
    except phonenumbers.NumberParseException:
        return False
