"""What the tagger of names and addresses learns from: filled messages, our utterances with their persons, what the bot says.

Each message is filled several times with other values; all fillings of one message are one situation, so that what is kept
aside was not seen with other names. Utterances, templates and replies teach what a support text without personal values looks
like; MASSIVE, where it is at hand, brings persons in other company, and requests with none.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from generation.placeholders import PLACEHOLDER
from training.data.corpora import massive
from training.data.dataset import Example
from training.redaction.filling import Filler, read_messages
from training.redaction.personal import Kind, find
from training.sources import TrainingData

PERSONAL, NOTHING = "personal", "nothing"
"""The two intents of the tagger's model: whether a name or an address stands in the text."""
N_FILLINGS = 6
N_UTTERANCES = 1200
"""Utterances for each language; those with a person first."""
N_BORROWED = 500
"""Rows of MASSIVE for each language with a person, and as many without."""
_UNSURE = frozenset({"artist_name", "business_name", "personal_info"})
"""MASSIVE's slots that may hold a person's name or an address, and may not."""
_TAGGED = {Kind.NAME, Kind.ADDRESS}


def personal_examples(data: TrainingData, *, data_dir: Path, corpora_dir: Path, seed: int) -> list[Example]:
    """All of them, seeded; without MASSIVE in `corpora_dir` our own alone."""
    filled = list(_filled(data_dir, seed))
    languages = sorted({row.language for row in filled})
    borrowed = _borrowed(corpora_dir, languages, seed)
    return [*filled, *_utterances(data, languages, seed), *_said(data, languages), *borrowed]


def _filled(data_dir: Path, seed: int) -> Iterator[Example]:
    for path in sorted((data_dir / "personal").glob("*.txt")):
        filler = Filler(path.stem, data_dir=data_dir, seed=seed)
        for number, message in enumerate(read_messages(path)):
            texts = {filler.fill(message) for _ in range(N_FILLINGS)}
            for one in sorted(texts, key=lambda found: found.text):
                spans = tuple((start, end, kind.value) for start, end, kind in one.spans if kind in _TAGGED)
                yield _example(one.text, path.stem, f"personal {number}", spans)


def _utterances(data: TrainingData, languages: Sequence[str], seed: int) -> Iterator[Example]:
    """Addresses are not annotated there: rows in which the rules see one are left out."""
    draw = random.Random(seed)
    for language in languages:
        rows = [row for row in data.examples if row.language == language]
        rows = draw.sample(rows, min(len(rows), 3 * N_UTTERANCES))
        rows = [row for row in rows if not any(one.kind is Kind.ADDRESS for one in find(row.text))]
        rows.sort(key=lambda row: not any(label == "person" for _, _, label in row.spans))
        for row in rows[:N_UTTERANCES]:
            spans = tuple((start, end, Kind.NAME.value) for start, end, label in row.spans if label == "person")
            yield _example(row.text, language, f"utterance {row.situation} {row.intent}", spans)


def _said(data: TrainingData, languages: Sequence[str]) -> Iterator[Example]:
    """Templates and replies, a number in the place of their values."""
    for template in data.templates:
        if template.language in languages:
            yield _example(PLACEHOLDER.sub("48213", template.text), template.language, f"template {template.id}", ())
    for language in languages:
        for key, variants in data.replies.get(language, {}).get("replies", {}).items():
            for text in variants:
                yield _example(PLACEHOLDER.sub("48213", text), language, f"reply {key}", ())


def _borrowed(corpora_dir: Path, languages: Sequence[str], seed: int) -> Iterator[Example]:
    """MASSIVE's requests with a person, and others with nothing that could be one."""
    with_person: dict[str, list[Example]] = {}
    without: dict[str, list[Example]] = {}
    for number, group in massive(corpora_dir, "train").items():
        for row in group:
            labels = {label for _, _, label in row.spans}
            if row.language in languages and not labels & _UNSURE:
                spans = tuple((start, end, Kind.NAME.value) for start, end, label in row.spans if label == "person")
                rows = with_person if spans else without
                rows.setdefault(row.language, []).append(_example(row.text, row.language, f"massive {number}", spans))
    draw = random.Random(seed)
    for language in languages:
        for of_language in (with_person.get(language, []), without.get(language, [])):
            yield from draw.sample(of_language, min(N_BORROWED, len(of_language)))


def _example(text: str, language: str, situation: str, spans: tuple[tuple[int, int, str], ...]) -> Example:
    return Example(text, language, PERSONAL if spans else NOTHING, situation, spans)
