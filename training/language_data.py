"""What the language model learns from: short pieces of MASSIVE (train), of interface strings and of our own utterances.

A class is a language, or a language in Latin letters (`hi-Latn`, `ar-Latn`, `ru-Latn`); languages with too little text
are one class for each script (`other-Latn`). Texts that read the same in English are left out of the other languages.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.language_features import script_of
from training.augment import without_diacritics
from training.corpora import massive
from training.dataset import read_nlu
from training.romanise import romanised

SPOKEN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
SAME = {"nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "ms": "id", "zh": "zh"}
FEWEST = 600
ROMANISED = ("hi", "ar", "ru")
UNSPACED = {"zh", "ja", "th", "km", "lo", "my"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its class and where it comes from (`massive`, `interface`, `own`)."""

    text: str
    label: str
    source: str


def held_out(situation: str) -> bool:
    """True for every fifth situation of our own utterances and every fifth id of the others: never learnt from."""
    return hashlib.sha256(situation.encode()).digest()[0] % 5 == 0


def own_samples(data_dir: Path) -> Iterator[tuple[str, Sample]]:
    """(situation key, sample) of `data/nlu/*.yml` and `data/language/romanised.yml`."""
    for row in read_nlu(data_dir / "nlu"):
        key = f"{row.intent}/{row.situation}"
        if row.intent == "switch_language" and row.spans:
            continue
        yield key, Sample(row.text, label_of(row.text, row.language), "own")
    extra = yaml.safe_load((data_dir / "language" / "romanised.yml").read_text("utf-8"))["texts"]
    for label, texts in extra.items():
        for text in texts:
            yield text, Sample(text, label, "own")


def label_of(text: str, language: str) -> str:
    """The class of an own row: `hi-Latn` for Hindi in Latin letters; English in a Hindi file cannot be told apart."""
    if language in ROMANISED and script_of(text) == "Latn":
        return f"{language}-Latn"
    return language


def massive_samples(corpora_dir: Path, partition: str) -> Iterator[Sample]:
    """MASSIVE rows of a partition, without marks."""
    for group in massive(corpora_dir, partition).values():
        for row in group:
            yield Sample(row.text, row.language, "massive")


def interface_samples(corpora_dir: Path) -> Iterator[Sample]:
    """Interface strings of every language and region, each once; equal to English only as English."""
    path = corpora_dir / "ui_parallel.jsonl.gz"
    if not path.exists():
        return
    seen: set[tuple[str, str]] = set()
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            texts = json.loads(line)["texts"]
            english = {text for tag, text in texts.items() if tag.lower().startswith("en")}
            for tag, text in texts.items():
                language = re.split(r"[-_]", tag)[0].lower()
                language = SAME.get(language, language)
                text = re.sub(r"<[^>]+>", " ", text).strip()
                if (language, text) in seen or (language != "en" and text in english) or len(text) < 3:
                    continue
                seen.add((language, text))
                yield Sample(text, language, "interface")


def with_classes(samples: Iterable[Sample]) -> list[Sample]:
    """Samples with rare languages put together by script, and languages with a script of their own left out."""
    rows = list(samples)
    sizes = Counter(row.label for row in rows)
    kept: list[Sample] = []
    for row in rows:
        script = script_of(row.text)
        if script not in ("Latn", "Cyrl", "Arab", "Deva", "Hani", "Kana"):
            continue
        label = row.label if sizes[row.label] >= FEWEST or row.source == "own" else f"other-{script}"
        expected = {"ru": "Cyrl", "uk": "Cyrl", "be": "Cyrl", "bg": "Cyrl", "sr": "Cyrl", "ar": "Arab", "fa": "Arab",
                    "hi": "Deva", "ne": "Deva", "zh": "Hani"}.get(label)  # fmt: skip
        if expected and script != expected:
            continue
        if label == "ja" and script not in ("Kana", "Hani"):
            continue
        if expected is None and label != "ja" and not label.startswith("other") and script != "Latn":
            continue
        kept.append(Sample(row.text, label, row.source))
    return kept


def romanised_samples(samples: Iterable[Sample], seed: int) -> Iterator[Sample]:
    """Each Hindi, Arabic and Russian sample once more in Latin letters."""
    draw = random.Random(seed)
    for row in samples:
        if row.label in ROMANISED:
            yield Sample(romanised(row.text, row.label, draw), f"{row.label}-Latn", row.source)


def pieces(sample: Sample, draw: random.Random, n: int) -> Iterator[str]:
    """The text whole and `n` short stretches of it (1 to 6 words, 2 to 10 characters of a script without spaces)."""
    yield varied(sample.text, draw)
    unspaced = sample.label in UNSPACED
    parts = list(re.sub(r"\s+", "", sample.text)) if unspaced else sample.text.split()
    for _ in range(n):
        length = draw.randint(2, 10) if unspaced else draw.choice((1, 1, 2, 2, 3, 4, 5, 6))
        if length < len(parts):
            start = draw.randint(0, len(parts) - length)
            yield varied(("" if unspaced else " ").join(parts[start : start + length]), draw)


def varied(text: str, draw: random.Random) -> str:
    """Now and then without diacritics, with a letter dropped, doubled or swapped."""
    if draw.random() < 0.2:
        text = without_diacritics(text)
    if draw.random() < 0.15 and len(text) > 6 and script_of(text) in ("Latn", "Cyrl"):
        at = draw.randint(1, len(text) - 3)
        text = draw.choice((text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:],
                            text[:at] + text[at + 1] + text[at] + text[at + 2 :]))  # fmt: skip
    return text
