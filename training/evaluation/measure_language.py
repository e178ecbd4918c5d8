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

from nlu.types import Language
from training.evaluation.metrics import bootstrap

UNSPACED = frozenset({"zh", "ja"})
WORDS = range(3, 9)
CHARACTERS = range(6, 21)
ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Message:
    """A text and the language it is written in."""

    text: str
    language: str


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
    """Accuracy by language and their mean, the share of abstentions, and what was taken for what."""
    short = [message for message in dict.fromkeys(messages) if is_short(message)]
    found = [identify(message.text).code or ABSTAINED for message in short]
    hits: dict[str, list[tuple[bool, str]]] = {}
    for message, code in zip(short, found, strict=True):
        hits.setdefault(message.language, []).append((code == message.language, code))
    languages = {language: _figures(rows) for language, rows in sorted(hits.items())}
    interval = bootstrap([np.array([[right, 1] for right, _ in rows]) for rows in hits.values()])
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
    }


def _figures(rows: Sequence[tuple[bool, str]]) -> dict[str, Any]:
    wrong = Counter(code for right, code in rows if not right)
    return {
        "n": len(rows),
        "accuracy": sum(right for right, _ in rows) / len(rows),
        "abstained": wrong[ABSTAINED] / len(rows),
        "taken_for": [[code, count] for code, count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))],
    }
