"""Readers of the public sets that lie beside the project (`../shared/data`); no row of them enters the repository.

Each reader yields plain records; a missing set is an empty one, so that a checkout without the sets still trains on
its own data. Licences: MASSIVE CC BY 4.0, ui_parallel MIT/BSD-3, Bitext CDLA-Sharing 1.0, Banking77 CC BY 4.0,
CLINC150 CC BY 3.0. The sets marked "measure only" or non-commercial have no reader here.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LICENCES = {
    "MASSIVE 1.1": "CC BY 4.0",
    "ui_parallel (Chatwoot, Helpy, Spree)": "MIT / BSD-3-Clause",
    "Bitext customer support": "CDLA-Sharing 1.0",
    "Banking77": "CC BY 4.0",
    "CLINC150": "CC BY 3.0",
}

_SLOT = re.compile(r"\[(?P<name>[^\[\]:]+) : (?P<text>[^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled text. Spans are (start, end, label) in characters of `text`, end exclusive."""

    text: str
    language: str
    label: str
    spans: tuple[tuple[int, int, str], ...] = field(default=())


def lines(path: Path) -> Iterator[str]:
    """Lines of a gzipped text file; none where there is no such file."""
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        yield from handle


def massive(corpora_dir: Path, partition: str) -> dict[str, list[Utterance]]:
    """MASSIVE rows of one partition by parallel id: the same id is the same request in every locale."""
    rows: dict[str, list[Utterance]] = {}
    for path in sorted((corpora_dir / "massive").glob("*.jsonl.gz")):
        for line in lines(path):
            record = json.loads(line)
            if record["partition"] != partition:
                continue
            text, spans = slots_of(record["annot_utt"])
            utterance = Utterance(text, record["locale"].split("-")[0], record["intent"], spans)
            rows.setdefault(record["id"], []).append(utterance)
    return rows


def slots_of(annotated: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """`wake me [date : friday]` -> text without marks, and its spans.

    >>> slots_of("wake me on [date : friday] please")
    ('wake me on friday please', ((11, 17, 'date'),))
    """
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = end = 0
    for match in _SLOT.finditer(annotated):
        before, inner = annotated[end : match.start()], match["text"].strip()
        parts += [before, inner]
        start = at + len(before)
        at = start + len(inner)
        end = match.end()
        if inner:
            spans.append((start, at, match["name"].strip()))
    parts.append(annotated[end:])
    return "".join(parts), tuple(spans)


def parallel_interface(corpora_dir: Path, *, max_characters: int = 160) -> list[dict[str, str]]:
    """Interface strings by key: `{language: text}` with two languages or more, ISO 639-1 codes, placeholders kept."""
    groups: list[dict[str, str]] = []
    for line in lines(corpora_dir / "ui_parallel.jsonl.gz"):
        texts: dict[str, str] = {}
        for tag, text in json.loads(line)["texts"].items():
            cleaned = re.sub(r"<[^>]+>", " ", text).strip()
            if 3 <= len(cleaned) <= max_characters and any(character.isalpha() for character in cleaned):
                texts.setdefault(re.split(r"[-_]", tag)[0].lower(), cleaned)
        if len(texts) > 1:
            groups.append(texts)
    return groups


def support_intents(corpora_dir: Path) -> dict[str, list[Utterance]]:
    """English support utterances with intents by set: `bitext`, `banking77`, `clinc150` (with its out-of-scope rows)."""
    sets: dict[str, list[Utterance]] = {"bitext": [], "banking77": [], "clinc150": []}
    seen: set[str] = set()
    for row in csv.DictReader(lines(corpora_dir / "bitext" / "train.csv.gz")):
        if row["utterance"] not in seen:
            seen.add(row["utterance"])
            sets["bitext"].append(Utterance(row["utterance"], "en", row["intent"]))
    banking = corpora_dir / "banking77" / "train.csv"
    if banking.exists():
        with banking.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                sets["banking77"].append(Utterance(row["text"].strip(), "en", row["category"]))
    for line in lines(corpora_dir / "clinc150" / "train_val.json.gz"):
        data = json.loads(line)
        for text, label in [*data["train"], *data["oos_train"]]:
            sets["clinc150"].append(Utterance(text, "en", label))
    return {name: rows for name, rows in sets.items() if rows}
