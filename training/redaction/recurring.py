"""Values found once in a conversation, found wherever else they stand in it: whole names, their parts, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from training.redaction.name_cues import NO_NAMES, PARTICLES, TITLES
from training.redaction.names import MARKS
from training.redaction.personal import Found, Kind
from training.redaction.shapes import UNSPACED, folded

_FEWEST_LETTERS = 3
_FEWEST_SIGNS = 4
_SEARCHED = frozenset(
    {Kind.NAME, Kind.ADDRESS, Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER, Kind.NATIONAL_ID, Kind.PASSWORD, Kind.PHONE}
)
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARKS}'’-])+")
_TITLE = re.compile("|".join(TITLES))


class Recurring:
    """Finds known values in texts; false where there are none to look for."""

    def __init__(self, values: Iterable[tuple[str, Kind]]) -> None:
        """`values`: as they were written, and what they are."""
        self._kinds: dict[str, Kind] = {}
        self._parts: set[str] = set()
        for written, kind in values:
            self._add(written, kind)
        self._pattern = _pattern(self._kinds) if self._kinds else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def find(self, text: str) -> list[Found]:
        """Whole words only, in any case; a single part of a name only as a name is written, with a capital."""
        if self._pattern is None:
            return []
        out = []
        for match in self._pattern.finditer(folded(text)):
            is_part = match[0] in self._parts
            first = text[match.start()]
            if not (is_part and first.islower()):
                out.append(Found(match.start(), match.end(), self._kinds[match[0]]))
        return out

    def _add(self, written: str, kind: Kind) -> None:
        value = folded(written)
        if kind is Kind.NAME:
            self._add_name(value, written)
        elif (
            kind in _SEARCHED
            and len(value) >= _FEWEST_SIGNS
            and (kind in (Kind.PASSWORD, Kind.ADDRESS) or any(map(str.isdigit, value)))
        ):
            self._kinds.setdefault(value, kind)

    def _add_name(self, value: str, written: str) -> None:
        words = [match[0] for match in _WORD.finditer(value)]
        is_unspaced = re.match(rf"[{UNSPACED}]", value) is not None
        if len(value) >= (2 if is_unspaced else _FEWEST_LETTERS):
            self._kinds.setdefault(value, Kind.NAME)
            if len(words) == 1 and not written[0].islower():
                self._parts.add(value)
        for word in words if len(words) > 1 else ():
            is_common = word in NO_NAMES or word in PARTICLES or _TITLE.fullmatch(word)
            if len(word) >= _FEWEST_LETTERS and not is_common:
                self._kinds.setdefault(word, Kind.NAME)
                self._parts.add(word)


def _pattern(values: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(values, key=lambda value: (-len(value), value))
    before, after = rf"(?<![^\W_{UNSPACED}])(?<![{MARKS}])", rf"(?![^\W_{UNSPACED}]|[{MARKS}])"
    return re.compile(rf"{before}(?:{'|'.join(map(re.escape, longest_first))}){after}")
