"""Values found once in a conversation, found wherever else they stand in it: whole names, their parts, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
_BEGIN = re.compile(rf"(?<![^\W_{UNSPACED}])(?<![{MARKS}])")
_END = re.compile(rf"(?![^\W_{UNSPACED}]|[{MARKS}])")
"""A word's edges; compiled once, since sets of so many characters take milliseconds and every conversation has its own values."""


class Recurring:
    """Finds known values in texts; false where there are none to look for."""

    def __init__(self, values: Iterable[tuple[str, Kind]]) -> None:
        """`values`: as they were written, and what they are."""
        self._kinds: dict[str, Kind] = {}
        self._parts: set[str] = set()
        for written, kind in values:
            self._add(written, kind)
        self._longest_first = sorted(self._kinds, key=lambda value: (-len(value), value))
        self._pattern = re.compile("|".join(map(re.escape, self._longest_first)))

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def find(self, text: str) -> list[Found]:
        """Whole words only, in any case; a single part of a name only as a name is written, with a capital."""
        out = []
        for start, value in self._whole(folded(text)) if self._kinds else ():
            is_part = value in self._parts
            if not (is_part and text[start].islower()):
                out.append(Found(start, start + len(value), self._kinds[value]))
        return out

    def _whole(self, text: str) -> Iterator[tuple[int, str]]:
        """Where a value stands as a whole word, the longest one at each place; they do not overlap."""
        at = 0
        while match := self._pattern.search(text, at):
            start = match.start()
            value = _BEGIN.match(text, start) and next(
                (
                    one
                    for one in self._longest_first
                    if text.startswith(one, start) and _END.match(text, start + len(one))
                ),
                None,
            )
            if value:
                yield start, value
            at = start + (len(value) if value else 1)

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
