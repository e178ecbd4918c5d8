"""Yes, no and "never mind" in a few words of any language, from `data/words.yml`.

The intents affirm and deny know far more ways to say it; this list is asked beside them where an order is changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

WORDS_PATH = Path(__file__).parents[2] / "data" / "words.yml"
_ALWAYS = "en"
_KEYS = frozenset({"affirm", "deny", "stop"})


def yes_or_no(text: str, *languages: str | None) -> bool | None:
    """True or False where the text, or its first word or two, say so; else None.

    The languages given and English go first, then all others: a customer may change the language with this very word.

    A word that is both (Polish "no" is a yes) decides nothing.

    >>> [yes_or_no(text, "de") for text in ("Ja, bitte stornieren!", "yes please", "Nein", "vielleicht")]
    [True, True, False, None]
    """
    plain = _plain(text)
    if not plain:
        return None
    candidates = {plain, plain.split()[0], " ".join(plain.split()[:2])}
    for asked in ({*filter(None, languages), _ALWAYS}, set(_read())):
        says_yes = any(candidates & words for words in _words("affirm", asked))
        says_no = any(candidates & words for words in _words("deny", asked))
        if says_yes or says_no:
            return None if says_yes and says_no else says_yes
    return None


def says_stop(text: str, *languages: str | None) -> bool:
    """Whether the whole text says to leave it, in one of the languages or in English.

    >>> says_stop("Vergiss es!", "de"), says_stop("stop", "ja"), says_stop("stop the parcel", "en")
    (True, True, False)
    """
    return any(_plain(text) in words for words in _words("stop", {*filter(None, languages), _ALWAYS}))


def _words(key: str, languages: Iterable[str]) -> list[frozenset[str]]:
    known = _read()
    return [known[code][key] for code in languages if code in known]


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
