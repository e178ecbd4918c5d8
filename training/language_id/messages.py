"""What the language model learns from: MASSIVE (train), interface strings, our own utterances, and pieces of them.

A class is a language, or a language in Latin letters (`hi-Latn`, `ar-Latn`, `ru-Latn`); languages with too little text
are one class for each script (`other-Latn`). Languages that a script gives away (Greek, Korean) are not learnt.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from nlu.language_model import script_of_class
from nlu.scripts import LANGUAGE_OF_SCRIPT, script_of
from training.data.augment import without_diacritics
from training.data.corpora import massive
from training.data.dataset import read_nlu
from training.data.romanise import romanised

SPOKEN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
ROMANISED = ("hi", "ar", "ru")
UNSPACED = frozenset({"zh", "ja", "th", "km", "lo", "my"})
FEWEST = 600
"""A language with fewer texts is no class of its own: fastText alone speaks for it."""
OWN_WEIGHT = 4
"""Each of our own utterances is seen this often, a row of the public sets once."""

_SAME = {"nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "ms": "id"}
_GIVEN_AWAY = frozenset(LANGUAGE_OF_SCRIPT.values()) - {"ja"}


class Fold(str, Enum):
    """What a text is for. `MEASURE` holds own utterances only: other sets have a partition of their own for that."""

    LEARN = "learn"
    CALIBRATE = "calibrate"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its language (ISO 639-1), class, origin (`massive`, `interface`, `own`) and what it is for."""

    text: str
    language: str
    label: str
    source: str
    fold: Fold


def fold_of(key: str) -> Fold:
    """One key in ten (a situation, a parallel id) calibrates, one in ten measures: in every language the same."""
    digit = hashlib.sha256(key.encode()).digest()[0] % 10
    return (Fold.CALIBRATE, Fold.MEASURE)[digit] if digit < 2 else Fold.LEARN


def own_samples(data_dir: Path) -> Iterator[Sample]:
    """`data/nlu/*.yml` and `data/language/language.yml`; rows that name a language are often in that one: left out."""
    for row in read_nlu(data_dir / "nlu"):
        if not (row.intent == "switch_language" and row.spans):
            latin = row.language in ROMANISED and script_of(row.text) == "Latn"
            label = f"{row.language}-Latn" if latin else row.language
            yield Sample(row.text, row.language, label, "own", fold_of(f"{row.intent}/{row.situation}"))
    for label, texts in language_file(data_dir)["texts"].items():
        for text in texts:
            yield Sample(text, label.partition("-")[0], label, "own", fold_of(text))


def language_file(data_dir: Path) -> dict[str, Any]:
    """`{"neutral": words in one string, "texts": {class: [text]}}`."""
    data: dict[str, Any] = yaml.safe_load((data_dir / "language" / "language.yml").read_text("utf-8"))
    return data


def massive_samples(corpora_dir: Path, partition: str) -> Iterator[Sample]:
    """MASSIVE rows of a partition, without marks; parallel rows are in one fold."""
    for key, group in massive(corpora_dir, partition).items():
        fold = Fold.CALIBRATE if fold_of(key) is Fold.CALIBRATE else Fold.LEARN
        for row in group:
            yield Sample(row.text, row.language, row.language, "massive", fold)


def interface_samples(corpora_dir: Path) -> Iterator[Sample]:
    """Interface strings of every language and region, each once; one that equals the English one is English only."""
    path = corpora_dir / "ui_parallel.jsonl.gz"
    if not path.exists():
        return
    seen: set[tuple[str, str]] = set()
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            record = json.loads(line)
            fold = Fold.CALIBRATE if fold_of(record["key"]) is Fold.CALIBRATE else Fold.LEARN
            english = {text for tag, text in record["texts"].items() if tag.startswith("en")}
            for tag, raw in record["texts"].items():
                language = re.split(r"[-_]", tag)[0].lower()
                language = _SAME.get(language, language)
                text = re.sub(r"<[^>]+>", " ", raw).strip()
                if language == "sr" and script_of(text) == "Latn":
                    language = "hr"
                if len(text) > 2 and (language, text) not in seen and (language == "en" or raw not in english):
                    seen.add((language, text))
                    yield Sample(text, language, language, "interface", fold)


def with_classes(samples: Iterable[Sample]) -> list[Sample]:
    """Samples in the script of their class, rare languages put together by script; others are left out."""
    rows = [row for row in samples if row.label not in _GIVEN_AWAY]
    sizes = Counter(row.label for row in rows)
    kept: list[Sample] = []
    for row in rows:
        script = script_of(row.text)
        expected = script_of_class(row.label)
        if script == expected or (row.label == "ja" and script == "Kana"):
            rare = sizes[row.label] < FEWEST and row.source != "own"
            kept.append(replace(row, label=f"other-{expected}") if rare else row)
    return kept


def romanised_samples(samples: Iterable[Sample], draw: random.Random) -> Iterator[Sample]:
    """Each Hindi, Arabic and Russian sample once more in Latin letters."""
    for row in samples:
        if row.label in ROMANISED:
            yield replace(row, text=romanised(row.text, row.label, draw), label=f"{row.label}-Latn")


def pieces(sample: Sample, draw: random.Random, n: int) -> Iterator[str]:
    """The text whole, and `n` times a stretch of 1 to 6 words (2 to 10 characters of a script without spaces)."""
    yield _varied(sample.text, draw)
    unspaced = sample.label in UNSPACED
    parts = list(re.sub(r"\s+", "", sample.text)) if unspaced else sample.text.split()
    for _ in range(n):
        length = draw.randint(2, 10) if unspaced else draw.choice((1, 1, 2, 2, 3, 4, 5, 6))
        if length < len(parts):
            start = draw.randint(0, len(parts) - length)
            yield _varied(("" if unspaced else " ").join(parts[start : start + length]), draw)


def _varied(text: str, draw: random.Random) -> str:
    """Now and then without diacritics, or with a letter dropped, doubled or swapped."""
    if draw.random() < 0.2:
        text = without_diacritics(text)
    if draw.random() < 0.15 and len(text) > 6 and text[:1] < "\u0500":
        at = draw.randint(1, len(text) - 3)
        before, one, other, after = text[:at], text[at], text[at + 1], text[at + 2 :]
        text = before + draw.choice((other, one + one + other, other + one)) + after
    return text
