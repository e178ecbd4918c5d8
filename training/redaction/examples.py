"""What the tagger of names and addresses learns from: filled messages, our utterances with their persons, answer templates.

Each message is filled several times with other values; all fillings of one message are one situation, so that what is kept
aside was not seen with other names. Utterances and templates teach what a support text without personal values looks like.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from generation.placeholders import PLACEHOLDER
from training.data.dataset import Example
from training.redaction.filling import Filler, read_messages
from training.redaction.personal import Kind
from training.sources import TrainingData

PERSONAL, NOTHING = "personal", "nothing"
"""The two intents of the tagger's model: whether a name or an address stands in the text."""
N_FILLINGS = 5
N_UTTERANCES = 200
"""Utterances for each language; those with a person first."""
_TAGGED = {Kind.NAME, Kind.ADDRESS}


def personal_examples(data: TrainingData, *, data_dir: Path, seed: int) -> list[Example]:
    """All of them, seeded."""
    filled = list(_filled(data_dir, seed))
    languages = {row.language for row in filled}
    return [*filled, *_utterances(data, languages, seed), *_templates(data, languages)]


def _filled(data_dir: Path, seed: int) -> Iterator[Example]:
    for path in sorted((data_dir / "personal").glob("*.txt")):
        filler = Filler(path.stem, data_dir=data_dir, seed=seed)
        for number, message in enumerate(read_messages(path)):
            texts = {filler.fill(message) for _ in range(N_FILLINGS)}
            for one in sorted(texts, key=lambda found: found.text):
                spans = tuple((start, end, kind.value) for start, end, kind in one.spans if kind in _TAGGED)
                yield _example(one.text, path.stem, f"personal {number}", spans)


def _utterances(data: TrainingData, languages: set[str], seed: int) -> Iterator[Example]:
    draw = random.Random(seed)
    for language in sorted(languages):
        rows = [row for row in data.examples if row.language == language]
        draw.shuffle(rows)
        rows.sort(key=lambda row: not any(label == "person" for _, _, label in row.spans))
        for row in rows[:N_UTTERANCES]:
            spans = tuple((start, end, Kind.NAME.value) for start, end, label in row.spans if label == "person")
            yield _example(row.text, language, f"utterance {row.situation} {row.intent}", spans)


def _templates(data: TrainingData, languages: set[str]) -> Iterator[Example]:
    for template in data.templates:
        if template.language in languages and not PLACEHOLDER.search(template.text):
            yield _example(template.text, template.language, f"template {template.id}", ())


def _example(text: str, language: str, situation: str, spans: tuple[tuple[int, int, str], ...]) -> Example:
    return Example(text, language, PERSONAL if spans else NOTHING, situation, spans)
