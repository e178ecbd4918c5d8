"""Postal addresses by how each country writes them: street and number, with flat, postcode and city where they follow.

A street without a number, a city or a country alone is nobody's address. The patterns are those of
`training.redaction.address_words`; every one of them needs a digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.redaction import address_words as forms
from training.redaction.shapes import Interval

_EDGE = r"(?<![^\W_])(?<![^\W_][.-])"


def _union(patterns: tuple[str, ...], edge: str = _EDGE) -> list[re.Pattern[str]]:
    return [re.compile(f"{edge}(?:{pattern})") for pattern in patterns]


_LATIN = _union(forms.LATIN)
_CYRILLIC = _union(forms.CYRILLIC)
_MARKED = _union(forms.MARKED_FORMS)
_UNSPACED = _union(forms.UNSPACED_FORMS, "")
_HAS_LATIN, _HAS_CYRILLIC = re.compile(r"[A-Za-z]{2}"), re.compile(r"[а-яё]")
_HAS_MARKED, _HAS_UNSPACED = (
    re.compile(r"[\u0600-\u06ff\u0900-\u097f]|(?i:pin|house|flat|h\.? ?no)"),
    re.compile(r"[\u3400-\u9fff〒]"),
)
_GROUPS = ((_HAS_UNSPACED, _UNSPACED), (_HAS_CYRILLIC, _CYRILLIC), (_HAS_MARKED, _MARKED), (_HAS_LATIN, _LATIN))


def addresses(left: str) -> Iterator[Interval]:
    """Addresses in a text of `training.redaction.shapes.plain`; where two forms fit, both are yielded."""
    for script, patterns in _GROUPS:
        if script.search(left):
            for pattern in patterns:
                for match in pattern.finditer(left):
                    yield match.start(), match.start() + len(match[0].rstrip(" \t\r\n,;-"))
