"""Yes, no and "never mind" in a few words of any language, from `data/words.yml`.

The intents affirm and deny know far more ways to say it; this list is asked beside them where an order is changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

WORDS_PATH = Path(__file__).parents[2] / "data" / "words.yml"
_ALWAYS = "en"
_KEYS = frozenset({"affirm", "deny", "stop"})


def yes_or_no(text: str, *languages: str | None) -> bool | None:
    """True or False where the text, or its first word or two, say so in one of the languages or in English; else None.

    A word that is both (Polish "no" is a yes) decides nothing.

    >>> [yes_or_no(text, "de") for text in ("Ja, bitte stornieren!", "yes please", "Nein", "vielleicht")]
    [True, True, False, None]
    """
    plain = _plain(text)
    if not plain:
        return None
    candidates = {plain, plain.split()[0], " ".join(plain.split()[:2])}
    says_yes = any(candidates & words for words in _words("affirm", languages))
    says_no = any(candidates & words for words in _words("deny", languages))
    return None if says_yes == says_no else says_yes


def says_stop(text: str, *languages: str | None) -> bool:
    """Whether the whole text says to leave it, in one of the languages or in English.

    >>> says_stop("Vergiss es!", "de"), says_stop("stop", "ja"), says_stop("stop the parcel", "en")
    (True, True, False)
    """
    return any(_plain(text) in words for words in _words("stop", languages))


def _words(key: str, languages: Sequence[str | None]) -> list[frozenset[str]]:
    known = _read()
    return [known[code][key] for code in {*filter(None, languages), _ALWAYS} if code in known]


@cache
def _read() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Raises ValueError naming what is wrong in the file."""
    words = yaml.safe_load(WORDS_PATH.read_text("utf-8"))["words"]
    for language, entry in words.items():
        if set(entry) != _KEYS or not all(isinstance(word, str) for list_ in entry.values() for word in list_):
            raise ValueError(f"{WORDS_PATH}: expected lists of texts under {sorted(_KEYS)} for {language}; quote them")
    return {language: {key: frozenset(map(_plain, entry[key])) for key in _KEYS} for language, entry in words.items()}


def _plain(text: str) -> str:
    """Lower case, single spaces, no punctuation but apostrophes inside a word."""
    folded = text.replace("’", "'").replace("İ", "i").casefold()
    kept = (char if char == "'" or unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    return " ".join("".join(kept).split())
