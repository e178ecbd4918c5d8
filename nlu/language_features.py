"""What of a text speaks for a language: its words without names and numbers, and their character n-grams.

One place for training and serving. E-mails, links, placeholders, numbers and codes are taken out first, since an order
number or an address belongs to no language; Arabic in Latin letters keeps its digits (`bta3y`, `7aga`).
"""

from __future__ import annotations

import re

from nlu.scripts import script_of

MAX_CHARACTERS = 600
MAX_N = 5

_MASKED = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|\{\{?[^{}]*\}?\}|%\{[^{}]*\}|<[^<>]{1,80}>"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:(?:com|net|org|example|eu)\b(?:/\S*)?|[a-z]{2,6}/\S*)"
)
_CODE = re.compile(r"#\S+|[A-Za-z\d]+(?:[-./:#][A-Za-z\d]+)*")
_ARABIZI = re.compile(r"(?=.*[a-z].*[a-z])(?:[2356789](?!\d)|[a-z])+")
_NO_LETTER = re.compile(r"[^\w'¿¡\u0300-\u036f\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u17b4-\u17dd\u200c]|_")
_DIGIT = re.compile(r"\d")
_STRETCHED = re.compile(r"(.)\1{2,}")
_DROPPED = dict.fromkeys([0x0307, 0x0640, 0xFE0F, 0x200D, *range(0x064B, 0x0653)])


def words_of(text: str) -> list[str]:
    """Lower-case words that may tell a language, in order; empty where nothing does. `¿` and `¡` stay as words.

    >>> words_of("Wo ist DE-2024-1187?? k.lorenz@example.de")
    ['wo', 'ist']
    >>> words_of("fen el order bta3y 48213")
    ['fen', 'el', 'order', 'bta3y']
    """
    visible = _MASKED.sub(" ", text[:MAX_CHARACTERS])
    if _DIGIT.search(visible):
        visible = _CODE.sub(_without_code, visible)
        visible = _DIGIT.sub(" ", visible) if script_of(visible) != "Latn" else visible
    visible = visible.replace("\u2019", "'").replace("İ", "i").lower().translate(_DROPPED)
    spaced = _NO_LETTER.sub(" ", visible.replace("¿", " ¿ ").replace("¡", " ¡ "))
    words = (_STRETCHED.sub(r"\1\1", word.strip("'")) for word in spaced.split())
    return [word for word in words if word]


def _without_code(match: re.Match[str]) -> str:
    token = match.group()
    return token if not _DIGIT.search(token) or _ARABIZI.fullmatch(token.lower()) else " "


def ngrams(words: list[str]) -> list[str]:
    """Character n-grams (1 to 5) of each word between spaces, and the words of more than three letters whole.

    >>> ngrams(["zu"])
    ['z', 'u', ' z', 'zu', 'u ', ' zu', 'zu ', ' zu ']
    """
    found: list[str] = []
    for word in words:
        padded = f" {word} "
        found += padded[1:-1]
        for n in range(2, MAX_N + 1):
            found += [padded[at : at + n] for at in range(len(padded) - n + 1)]
        if len(padded) > MAX_N:
            found.append(padded)
    return found
