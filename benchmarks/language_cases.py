"""Short messages with their language, by length, from four sources; nothing here is learnt from.

`tatoeba` (general sentences; fastText's lid.176 was trained on Tatoeba, so its figure there flatters it), `massive`
(dev partition, spoken commands), `own` (the situations of `data/nlu` that the language model never sees) and `maia`
(real support chats, customers' side; en de fr nl pt). Words are counted between spaces, in Chinese and Japanese
characters.
"""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.language_id.messages import UNSPACED, Fold, massive_samples, own_samples

BUCKETS = ("1", "2", "3-8", ">8")
SOURCES = ("tatoeba", "massive", "own", "maia")
OUTSIDE = "outside"

_TATOEBA = {
    "ara": "ar", "cmn": "zh", "deu": "de", "fra": "fr", "hin": "hi", "ita": "it", "jpn": "ja", "nld": "nl", "pol": "pl",
    "por": "pt", "rus": "ru", "spa": "es", "tur": "tr", "swe": "sv", "ron": "ro", "ell": "el", "vie": "vi", "ind": "id",
    "tha": "th", "ben": "bn", "kat": "ka", "pes": "fa", "swh": "sw",
}  # fmt: skip
_ANONYMISED = re.compile(r"#[A-Z_-]+#|[A-Z]{2,}-[A-Z]+\d*|\b(?:URL|EMAIL|PRS|ORG)\b")


@dataclass(frozen=True, slots=True)
class Case:
    """A message, its language (ISO 639-1), its length bucket and its source. `romanised`: Hindi or Arabic in Latin."""

    text: str
    language: str
    bucket: str
    source: str
    romanised: bool = False


def read_cases(corpora_dir: Path, data_dir: Path, *, n_each: int = 40, seed: int = 5) -> list[Case]:
    """At most `n_each` messages for each source, language and bucket, drawn with `seed`; each text once."""
    groups: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for source, language, romanised, text in _texts(corpora_dir, data_dir):
        groups[source, language, romanised].append(text)
    cases: list[Case] = []
    for (source, language, romanised), texts in sorted(groups.items()):
        draw = random.Random(f"{seed}/{source}/{language}")
        draw.shuffle(texts)
        found: dict[str, dict[str, None]] = {bucket: {} for bucket in BUCKETS}
        for text in texts:
            for bucket, piece in _cuts(text, language, draw):
                if len(found[bucket]) < n_each:
                    found[bucket][piece] = None
        for bucket, chosen in found.items():
            cases += [Case(text, language, bucket, source, romanised) for text in chosen]
    return cases


def _texts(corpora_dir: Path, data_dir: Path) -> Iterator[tuple[str, str, bool, str]]:
    for path in sorted((corpora_dir / "tatoeba").glob("tatoeba.*-eng.*")):
        language = _TATOEBA.get(path.suffix[1:], "en" if path.name == "tatoeba.deu-eng.eng" else "")
        if language:
            for text in path.read_text("utf-8").splitlines():
                yield "tatoeba", language, False, text
    for sample in massive_samples(corpora_dir, "dev"):
        yield "massive", sample.label, False, sample.text
    for sample in own_samples(data_dir):
        if sample.fold is Fold.MEASURE:
            yield "own", sample.label.removesuffix("-Latn"), sample.label.endswith("-Latn"), sample.text
    for path in sorted((corpora_dir / "maia_chat").glob("en-*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["sender"] == "customer" and not _ANONYMISED.search(row["source"]):
                    yield "maia", row["source_language"][:2], False, row["source"]


def _cuts(text: str, language: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """The text in its own bucket, and a stretch of one, two and three to eight words (characters) of a longer one."""
    text = " ".join(text.split())
    unspaced = language in UNSPACED
    units = [one for one in text if not one.isspace()] if unspaced else text.split()
    n = len(units)
    if not any(character.isalpha() for character in text):
        return
    yield BUCKETS[0 if n == 1 else 1 if n == 2 else 2 if n <= 8 else 3], text
    for bucket, length in (("1", 1), ("2", 2), ("3-8", draw.randint(3, 8))):
        if length < n:
            start = draw.randint(0, n - length)
            piece = ("" if unspaced else " ").join(units[start : start + length])
            if sum(character.isalpha() for character in piece) >= (1 if unspaced else 3):
                yield bucket, piece
