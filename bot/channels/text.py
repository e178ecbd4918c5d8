"""What a customer typed -> the text the bot reads; every channel uses these two functions and no other.

`clean` takes out what nobody sees, `as_message` decides what is no message at all (nothing in it, too much of
it) and makes sure that a customer cannot type a Rasa command: in Rasa a text such as `/inform{"order_number":
"1"}` bypasses the model and sets entities. Only the payloads of our own buttons, `/<intent>` without more,
pass as commands.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

MAX_LENGTH = 2000
INPUT_EMPTY = "/input_empty"
INPUT_TOO_LONG = "/input_too_long"
YES_NO = frozenset({"affirm", "deny"})

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA = 9  # canonical combining class
# Visible although their category is Cf, or blank although theirs is a letter's, a symbol's or a mark's.
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN_MARKS = frozenset("\u034f\u17b4\u17b5")
_JOINING_SCRIPTS = (
    "ARABIC", "SYRIAC", "NKO", "MANDAIC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL",
    "TELUGU", "KANNADA", "MALAYALAM", "SINHALA",
)  # fmt: skip


def clean(text: str) -> str:
    """The text in NFC without anything invisible, white space folded into single spaces.

    Control characters, zero-width characters, bidi marks, lone surrogates, private-use characters and
    noncharacters go. ZWJ and ZWNJ stay after a letter or virama of a script that shapes with them, and ZWJ
    between two emoji.

    >>> clean("  wo\\u200b bleibt\\u202e\\n mein  Paket? ")
    'wo bleibt mein Paket?'
    >>> clean("e\\u0301te\\u0301") == "\\u00e9t\\u00e9"
    True
    """
    kept: list[str] = []
    for position, char in enumerate(text):
        if char in (_ZWNJ, _ZWJ):
            before = kept[-1] if kept else ""
            if _joins(char, before, text[position + 1 : position + 2]):
                kept.append(char)
        elif char.isspace() or char in _BLANKS:
            kept.append(" ")
        elif not _is_unseen(char, kept[-1] if kept else ""):
            kept.append(char)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def as_message(text: str | None, intents: Collection[str] = YES_NO) -> str:
    """The text to hand to Rasa.

    Args:
        text: as it came from the channel; None where the message had no text (a photograph).
        intents: names that may be sent as `/<intent>`: those of our own buttons.

    Returns:
        `/input_empty` when nothing is left after cleaning, `/input_too_long` above `MAX_LENGTH` characters,
        `/<intent>` as it is for a known intent, else the cleaned text. A slash in front of anything else
        becomes a full-width one: Rasa takes it for text, people read it as before, offsets stay, and the NFKC
        of a tokenizer makes it a slash again.

    >>> as_message("/affirm"), as_message('/affirm{"order_number": "1"}'), as_message(" \\u200b ")
    ('/affirm', '／affirm{"order_number": "1"}', '/input_empty')
    """
    text = text or ""
    if len(text) > 10 * MAX_LENGTH:
        return INPUT_TOO_LONG  # not worth cleaning
    cleaned = clean(text)
    if not any(unicodedata.category(char)[0] in "LNPS" or ord(char) >= 0x1F000 for char in cleaned):
        return INPUT_EMPTY
    if len(cleaned) > MAX_LENGTH:
        return INPUT_TOO_LONG
    if cleaned.startswith("/") and cleaned[1:] not in intents:
        return "／" + cleaned[1:]
    return cleaned


def _is_unseen(char: str, before: str) -> bool:
    """Whether the character has no glyph of its own; a variation selector needs a base before it."""
    category = unicodedata.category(char)
    if category == "Cf":
        return char not in _VISIBLE_FORMATS
    if category == "Cn":  # unassigned: noncharacters, but also emoji younger than this Python
        return (ord(char) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    if _is_selector(char):
        return before in ("", " ") or _is_selector(before)
    return category in ("Cc", "Cs", "Co") or char in _UNSEEN_MARKS


def _joins(joiner: str, before: str, after: str) -> bool:
    """Whether ZWJ or ZWNJ changes how its neighbours look."""
    if not before:
        return False
    if unicodedata.combining(before) == _VIRAMA or unicodedata.name(before, "").startswith(_JOINING_SCRIPTS):
        return True
    return joiner == _ZWJ and _is_emoji(before) and _is_emoji(after)


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _is_emoji(char: str) -> bool:
    """Emoji, their parts in a joined sequence (arrows, skin tones, the emoji selector), other symbols."""
    if not char:
        return False
    return unicodedata.category(char) in ("So", "Sk") or char in "\ufe0f\u2194" or 0x1F000 <= ord(char) <= 0x1FAFF
