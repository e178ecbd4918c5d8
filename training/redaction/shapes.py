"""A text as the finders of personal data see it: character for character, with plain digits, letters, dashes and spaces."""

from __future__ import annotations

import unicodedata

Interval = tuple[int, int]
"""(start, end) in characters, end exclusive."""
GAP = "\u200b"
"""Stands for every invisible character."""
BLANK = "\ue000"
"""Stands for every character that an earlier finder has taken."""
UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Characters of the scripts written without spaces (Chinese, Japanese), for use inside brackets of a pattern."""


def plain(text: str) -> str:
    """The text character for character with plain digits, letters, dashes and spaces, so that offsets stay.

    >>> plain("４８２１３ ٤٨٢–४८२")
    '48213 482-482'
    """
    return text if text.isascii() else text.translate(_PLAIN)


def folded(text: str) -> str:
    """Like `plain`, in lower case; what would become two letters in lower case stays one.

    >>> folded("İZMİR, STRASSE")
    'izmir, strasse'
    """
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category == "Pd" or char == "\u2212":
        return "-"
    return GAP if category == "Cf" else char


def _folded(char: str) -> str:
    return _plain(char).lower()[0]


class _Table(dict[int, str]):
    """A table for `str.translate` that grows by the characters it meets."""

    def __init__(self, *, lower: bool) -> None:
        self._convert = _folded if lower else _plain

    def __missing__(self, code: int) -> str:
        self[code] = self._convert(chr(code))
        return self[code]


_PLAIN, _FOLDED = _Table(lower=False), _Table(lower=True)
