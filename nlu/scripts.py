"""Scripts: which one a text is written in, and which languages write in it.

Counting letters settles most of the world's languages before any model is asked. Japanese is its own script here
(`Kana`: Kana, with or without Han); `Hani` is Han alone and can be Chinese or Japanese.
"""

from __future__ import annotations

import re

_RANGES = (
    ("Latn", "A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"),
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
    ("Orya", "\u0b00-\u0b7f"),
    ("Taml", "\u0b80-\u0bff"),
    ("Telu", "\u0c00-\u0c7f"),
    ("Knda", "\u0c80-\u0cff"),
    ("Mlym", "\u0d00-\u0d7f"),
    ("Sinh", "\u0d80-\u0dff"),
    ("Laoo", "\u0e80-\u0eff"),
    ("Tibt", "\u0f00-\u0fff"),
    ("Mymr", "\u1000-\u109f"),
    ("Khmr", "\u1780-\u17ff"),
    ("Ethi", "\u1200-\u137f"),
)
_LETTERS = tuple((name, re.compile(f"[{ranges}]")) for name, ranges in _RANGES)
_PLAIN_LATIN = re.compile(r"[\x00-\u024f\u2000-\u20ff]*")
_LATIN = re.compile(r"[A-Za-z\u00aa\u00ba\u00c0-\u024f]")

LANGUAGE_OF_SCRIPT = {
    "Kana": "ja", "Hang": "ko", "Grek": "el", "Thai": "th", "Hebr": "he", "Geor": "ka", "Armn": "hy", "Beng": "bn",
    "Guru": "pa", "Gujr": "gu", "Orya": "or", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si",
    "Laoo": "lo", "Tibt": "bo", "Mymr": "my", "Khmr": "km", "Ethi": "am",
}  # fmt: skip
"""Scripts that one language writes by far the most; the others need a closer look."""

LANGUAGES_OF_SCRIPT = {
    "Cyrl": frozenset(
        ["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "os", "ce", "kv", "av"]
    ),
    "Arab": frozenset(["ar", "fa", "ur", "ps", "sd", "ug"]),
    "Deva": frozenset(["hi", "ne", "mr", "sa"]),
    "Hani": frozenset(["zh", "ja"]),
}
"""What a language in another script than Latin may be; every other language is written in Latin letters here."""

_FOREIGN_SHARE = 0.3
"""From this share of the letters on, a script other than Latin decides: `我的 order 还没到` is Chinese."""

_KANA_SHARE = 0.1
"""Fewer Kana among Han than this are decoration (`奶茶の店`), not Japanese."""


def script_of(text: str) -> str | None:
    """The script that decides (ISO 15924, but see `Kana`), or None without a letter. A Han character counts twice.

    >>> script_of("我的 order"), script_of("注文はまだ"), script_of("48213 !")
    ('Hani', 'Kana', None)
    """
    if _PLAIN_LATIN.fullmatch(text):
        return "Latn" if _LATIN.search(text) else None
    counts = {name: len(letters.findall(text)) for name, letters in _LETTERS}
    counts["Hani"] *= 2
    counts["Kana"] *= 2
    if counts["Kana"] and counts["Hani"]:
        both = counts["Kana"] + counts["Hani"]
        japanese = counts["Kana"] >= _KANA_SHARE * both
        counts["Kana"], counts["Hani"] = (both, 0) if japanese else (0, both)
    total = sum(counts.values())
    if not total:
        return None
    foreign = max((name for name in counts if name != "Latn"), key=lambda name: counts[name])
    return foreign if counts[foreign] >= _FOREIGN_SHARE * total else "Latn"
