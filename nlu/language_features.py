"""What of a text speaks for a language: the text without names and numbers, its script, its character n-grams.

One place for training and serving. E-mails, links, placeholders, numbers and codes are taken out first, since an order
number or an address belongs to no language; Arabic in Latin letters keeps its digits (`bta3y`, `7aga`).
"""

from __future__ import annotations

import re
from collections.abc import Container

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

_SCRIPTS = (
    ("Latn", "A-Za-z\u00aa-\u024f\u1e00-\u1eff"),
    ("Cyrl", "\u0400-\u052f"),
    ("Arab", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"),
    ("Deva", "\u0900-\u097f"),
    ("Hani", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"),
    ("Kana", "\u3040-\u30ff\uff66-\uff9f"),
    ("Hang", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("Grek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("Thai", "\u0e00-\u0e7f"),
    ("Hebr", "\u0590-\u05ff"),
    ("Geor", "\u10a0-\u10ff"),
    ("Armn", "\u0530-\u058f"),
    ("Beng", "\u0980-\u09ff"),
    ("Guru", "\u0a00-\u0a7f"),
    ("Gujr", "\u0a80-\u0aff"),
    ("Taml", "\u0b80-\u0bff"),
    ("Telu", "\u0c00-\u0c7f"),
    ("Knda", "\u0c80-\u0cff"),
    ("Mlym", "\u0d00-\u0d7f"),
    ("Sinh", "\u0d80-\u0dff"),
    ("Laoo", "\u0e80-\u0eff"),
    ("Mymr", "\u1000-\u109f"),
    ("Khmr", "\u1780-\u17ff"),
    ("Ethi", "\u1200-\u137f"),
)
_LETTERS_OF = tuple((name, re.compile(f"[{ranges}]")) for name, ranges in _SCRIPTS)
_FOREIGN_SHARE = 0.3
"""From this share of letters on a script other than Latin decides: `我的 order 还没到` is Chinese with a loanword."""


def words_of(text: str, neutral: Container[str] = ()) -> list[str]:
    """Lower-case words that may tell a language, in order; empty where nothing does. `¿` and `¡` stay as words.

    >>> words_of("Wo ist DE-2024-1187?? k.lorenz@example.de")
    ['wo', 'ist']
    >>> words_of("fen el order bta3y 48213", neutral={"order"})
    ['fen', 'el', 'bta3y']
    """
    visible = _MASKED.sub(" ", text[:MAX_CHARACTERS])
    if _DIGIT.search(visible):
        visible = _CODE.sub(_without_code, visible)
        visible = _DIGIT.sub(" ", visible) if script_of(visible) != "Latn" else visible
    visible = visible.replace("\u2019", "'").replace("İ", "i").lower().translate(_DROPPED)
    spaced = _NO_LETTER.sub(" ", visible.replace("¿", " ¿ ").replace("¡", " ¡ "))
    words = (_STRETCHED.sub(r"\1\1", word.strip("'")) for word in spaced.split())
    return [word for word in words if word and word not in neutral]


def _without_code(match: re.Match[str]) -> str:
    token = match.group()
    return token if not _DIGIT.search(token) or _ARABIZI.fullmatch(token.lower()) else " "


def script_of(text: str) -> str | None:
    """The script that decides (ISO 15924; `Kana` stands for Japanese, Kana with Han), or None without a letter.

    >>> script_of("我的 order"), script_of("注文はまだ"), script_of("48213 !")
    ('Hani', 'Kana', None)
    """
    counts = {name: len(letters.findall(text)) for name, letters in _LETTERS_OF}
    counts["Hani"] *= 2
    counts["Kana"] *= 2
    if counts["Kana"] and counts["Hani"]:
        counts["Kana"], counts["Hani"] = counts["Kana"] + counts["Hani"], 0
    total = sum(counts.values())
    if not total:
        return None
    foreign = max((name for name in counts if name != "Latn"), key=lambda name: counts[name])
    return foreign if counts[foreign] >= _FOREIGN_SHARE * total else "Latn"


def ngrams(words: list[str]) -> list[str]:
    """Character n-grams (1 to 5) of each word between spaces, and the longer words whole.

    >>> ngrams(["zu"])
    ['z', 'u', ' z', 'zu', 'u ', ' zu', 'zu ', ' zu ']
    """
    found: list[str] = []
    for word in words:
        padded = f" {word[:24]} "
        found += padded[1:-1]
        for n in range(2, MAX_N + 1):
            found += [padded[at : at + n] for at in range(len(padded) - n + 1)]
        if len(padded) > MAX_N:
            found.append(padded)
    return found
