"""Sets whose rows mean the same in several languages: MASSIVE, interface strings, Tatoeba."""

from __future__ import annotations

import json
import re
from pathlib import Path

from training.data.corpora.files import lines
from training.data.corpora.records import ParallelText, Spans, Utterance

_SLOT = re.compile(r"\[(?P<name>[^\[\]:]+) : (?P<text>[^\[\]]*)\]")
_TATOEBA_CODES = {
    "ara": "ar", "ben": "bn", "cmn": "zh", "deu": "de", "ell": "el", "fra": "fr", "hin": "hi", "ind": "id",
    "ita": "it", "jpn": "ja", "kat": "ka", "nld": "nl", "pes": "fa", "pol": "pl", "por": "pt", "ron": "ro",
    "rus": "ru", "spa": "es", "swe": "sv", "swh": "sw", "tha": "th", "tur": "tr", "vie": "vi",
}  # fmt: skip


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


def slots_of(annotated: str) -> tuple[str, Spans]:
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


def tatoeba(corpora_dir: Path) -> dict[str, list[ParallelText]]:
    """Sentences of a language with their English translation, by language (measure only).

    Raises:
        ValueError: the two files of a pair have not the same number of lines.
    """
    pairs: dict[str, list[ParallelText]] = {}
    for path in sorted((corpora_dir / "tatoeba").glob("tatoeba.*-eng.*")):
        if path.suffix == ".eng":
            continue
        language = _TATOEBA_CODES.get(path.suffix[1:], path.suffix[1:])
        texts, english = ([line.rstrip("\n") for line in lines(one)] for one in (path, path.with_suffix(".eng")))
        if len(texts) != len(english):
            raise ValueError(
                f"{path}: expected a line for each of the {len(english)} English ones, found {len(texts)}: "
                "copy both files of the pair again"
            )
        pairs[language] = [ParallelText(one, language, other, "en") for one, other in zip(texts, english, strict=True)]
    return pairs
