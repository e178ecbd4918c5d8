"""Language identification on short held-out messages, where it is hard: three to eight words, no numbers.

In Chinese and Japanese, which write no spaces, six to twenty characters stand for that. An abstention counts
as wrong: a message of that length tells its language.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.types import Language
from training.evaluation.metrics import bootstrap
from training.evaluation.outcomes import outcomes, split_fingerprint

UNSPACED = frozenset({"zh", "ja"})
WORDS = range(3, 9)
CHARACTERS = range(6, 21)
ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Message:
    """A text and the language it is written in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Identified:
    """A message with the language that was found, or `abstained`."""

    message: Message
    found: str

    @property
    def right(self) -> bool:
        """The language found is the one it is written in."""
        return self.found == self.message.language


def is_short(message: Message) -> bool:
    """Of the length measured here, and made of letters and punctuation only.

    >>> is_short(Message("wo ist mein Paket?", "de")), is_short(Message("wo ist 48213", "de"))
    (True, False)
    """
    kinds = [unicodedata.category(character)[0] for character in message.text]
    if not set(kinds) <= set("LMPZC"):
        return False
    if message.language in UNSPACED:
        return kinds.count("L") in CHARACTERS
    words = [word for word in message.text.split() if any(character.isalpha() for character in word)]
    return len(words) in WORDS and not any("@" in word or "/" in word for word in words)


def measure_language(identify: Callable[[str], Language], messages: Sequence[Message]) -> dict[str, Any]:
    """Accuracy by language and their mean, the share of abstentions, what was taken for what, and each row's outcome."""
    short = [message for message in dict.fromkeys(messages) if is_short(message)]
    found = [identify(message.text).code or ABSTAINED for message in short]
    hits: dict[str, list[Identified]] = {}
    for message, code in zip(short, found, strict=True):
        hits.setdefault(message.language, []).append(Identified(message, code))
    languages = {language: _figures(rows) for language, rows in sorted(hits.items())}
    interval = bootstrap([_right(rows) for rows in hits.values()])
    worst = min(languages, key=lambda language: float(languages[language]["accuracy"]))
    return {
        "languages": languages,
        "overall": {
            "n": len(short),
            "accuracy": sum(row["accuracy"] for row in languages.values()) / len(languages),
            "accuracy_95": [interval.low, interval.high],
            "abstained": found.count(ABSTAINED) / len(found),
            "worst_language": worst,
        },
        "rows": {
            language: outcomes(
                split_fingerprint([[row.message.text] for row in rows]), right=[row.right for row in rows]
            )
            for language, rows in sorted(hits.items())
        },
    }


def _right(rows: Sequence[Identified]) -> NDArray[np.float64]:
    return np.array([[row.right, 1] for row in rows], dtype=float)


def _figures(rows: Sequence[Identified]) -> dict[str, Any]:
    wrong = Counter(row.found for row in rows if not row.right)
    interval = bootstrap([_right(rows)])
    return {
        "n": len(rows),
        "accuracy": sum(row.right for row in rows) / len(rows),
        "accuracy_95": [interval.low, interval.high],
        "abstained": wrong[ABSTAINED] / len(rows),
        "taken_for": [[code, count] for code, count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))],
    }
