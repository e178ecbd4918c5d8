"""A text as the finders of personal data see it: character for character, with plain digits, letters, dashes and spaces."""

from __future__ import annotations

import unicodedata

Interval = tuple[int, int]
"""(start, end) in characters, end exclusive."""
GAP = "\u200b"
"""Stands for every invisible character."""


def plain(text: str) -> str:
    """The text character for character with plain digits, letters, dashes and spaces, so that offsets stay.

    >>> plain("４８２１３ ٤٨٢–४८२")
    '48213 482-482'
    """
    return "".join(map(_plain, text)) if not text.isascii() else text


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
