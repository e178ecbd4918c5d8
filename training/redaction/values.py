"""Known values in a text: those of the shop (`Facts`), and whatever a conversation has named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from generation.placeholders import PLACEHOLDER
from training.redaction.shapes import Interval, plain


class Facts:
    """What the shop says of itself, `{placeholder: value}`; of two placeholders with one value the first counts."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Raises ValueError for a name that no placeholder can have."""
        if bad := [name for name in values if not PLACEHOLDER.fullmatch(f"{{{name}}}")]:
            raise ValueError(f"facts: expected names of letters, digits and _, found {', '.join(map(repr, bad))}")
        self._names = {value: name for name, value in reversed(list(values.items())) if value.strip()}
        self._pattern = any_of(self._names, whole=True)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, placeholder) of every value that stands in the text as a whole."""
        matches = self._pattern.finditer(text) if self._pattern else ()
        return [(*match.span(), self._names[match[0]]) for match in matches]


def own_facts(path: Path) -> dict[str, str]:
    """What the shop says of itself in words, `{placeholder: value}`: nobody's secret; {} without the file."""
    facts = yaml.safe_load(path.read_text("utf-8"))["facts"] if path.exists() else {}
    return {name: value for name, value in facts.items() if isinstance(value, str)}


def any_of(values: Iterable[str], *, whole: bool = False) -> re.Pattern[str] | None:
    """Finds each of the values where it is not part of a longer word, or `whole`: of an address; None without values."""
    longest_first = sorted(set(values), key=lambda value: (-len(value), value))
    if not longest_first:
        return None
    before, after = (r"(?<![A-Za-z0-9][@.+-])", "|[@/.-][A-Za-z0-9]") if whole else ("", "")
    return re.compile(rf"(?<![A-Za-z0-9]){before}(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9]{after})")


def comparable(text: str) -> str:
    """Case and script of the digits do not matter; character for character."""
    return "".join(char.casefold() if len(char.casefold()) == 1 else char for char in plain(text))


def matches(pattern: re.Pattern[str] | None, text: str) -> list[tuple[Interval, str]]:
    """Where a value stands, and the value in comparable form."""
    if pattern is None:
        return []
    return [(match.span(), match[0]) for match in pattern.finditer(comparable(text))]


NO_FACTS = Facts({})
