"""Rules for what customers write: `data/nlu` (trained on) and `tests/data/nlu` (held out of every training)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from training.checks.domain import Domain
from training.checks.fold import fold
from training.checks.places import Place, Problem, entries, items, place, read_yaml, section, text
from training.data.dataset import plain_and_spans

MIN_UTTERANCES = 12
_ANNOTATION = re.compile(r"\[(?P<text>[^\[\]]*)\](?:\((?P<label>[^()]*)\)|(?P<json>\{[^{}]*\}))")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `examples:`, still with its marks."""

    place: Place
    language: str
    intent: str
    situation: str
    annotated: str

    @property
    def plain(self) -> str:
        """The text without its marks; only for a row without annotation faults."""
        return plain_and_spans(self.annotated)[0]

    @property
    def label(self) -> tuple[str, tuple[tuple[int, int, str], ...]]:
        """Intent and spans."""
        return self.intent, plain_and_spans(self.annotated)[1]


def read_rows(path: Path) -> Iterator[Row]:
    """The utterances of one language; raises Unreadable."""
    for block in items(section(read_yaml(path), "nlu")):
        intent = text(section(block, "intent"))
        metadata = entries(block).get("metadata")
        situation = text(section(metadata, "situation")) if metadata else ""
        examples = section(block, "examples")
        for number, line in enumerate(text(examples).split("\n"), place(examples).line + 1):
            if line.strip():
                written = line.strip().removeprefix("-").strip()
                yield Row(Place(path, number), path.stem, intent, situation, written)


def annotation_faults(annotated: str, entities: frozenset[str]) -> Iterator[str]:
    """What is wrong with the marks of one utterance; an empty `entities` allows any name.

    >>> list(annotation_faults("wo ist [48213 ](order_number)", frozenset()))
    ["white space at the edge of the annotation '48213 '"]
    """
    if not annotated:
        yield "the utterance is empty"
    for match in _ANNOTATION.finditer(annotated):
        inner, name = match["text"], match["label"]
        if match["json"]:
            try:
                name = str(json.loads(match["json"])["entity"])
            except (ValueError, KeyError):
                yield f'expected {{"entity": "..."}} after the annotation {inner!r}, found {match["json"]}'
                continue
        if not inner.strip():
            yield f"the annotation of {name} holds no text"
        elif inner != inner.strip():
            yield f"white space at the edge of the annotation {inner!r}"
        if not re.fullmatch(r"\w+", name) or (entities and name not in entities):
            yield f"unknown entity {name!r}: expected one of {', '.join(sorted(entities)) or 'a plain name'}"
    if re.search(r"[\[\]]", _ANNOTATION.sub("", annotated)):
        yield f"a bracket is left over: {annotated}"


def label_problems(rows: Iterable[Row], domain: Domain, *, held_out: bool) -> Iterator[Problem]:
    """Intents, situations and annotations, row by row; `held_out` says which side of the split the rows stand on."""
    for row in rows:
        for fault in annotation_faults(row.annotated, domain.entities):
            yield row.place.problem(fault)
        if row.intent not in domain.situations:
            yield row.place.problem(f"unknown intent {row.intent!r}: data/situations.yml has no such key")
        elif row.situation not in domain.situations[row.intent]:
            known = ", ".join(domain.situations[row.intent])
            yield row.place.problem(f"unknown situation {row.situation!r} of {row.intent}: expected one of {known}")
        elif domain.is_held_out(row.intent, row.situation) is not held_out:
            other = "data/nlu" if held_out else "tests/data/nlu"
            state = "not held out" if held_out else "held out"
            yield row.place.problem(f"situation {row.situation!r} of {row.intent} is {state}: it belongs in {other}")


def count_problems(rows: Iterable[Row], domain: Domain, path: Path, *, at_least: int) -> Iterator[Problem]:
    """Intents that fall short in one language."""
    counts = Counter(row.intent for row in rows)
    for intent in sorted(domain.situations):
        if counts[intent] < at_least:
            yield Problem(path, 1, f"intent {intent} has {counts[intent]} utterances, expected {at_least} or more")


def repeat_problems(rows: Iterable[Row]) -> Iterator[Problem]:
    """The same text (but for case and punctuation) twice in one language, whether its labels agree or not."""
    seen: dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(fold(row.plain, digits=False), row)
        if first is row:
            continue
        if first.intent != row.intent:
            state = f"as {first.intent}, here as {row.intent}"
        else:
            state = "with the same labels" if first.label == row.label else "with other entities"
        yield row.place.problem(f"{row.plain!r} stands already at {first.place} {state}")


def leak_problems(trained: Iterable[tuple[Place, str]], held_out: Iterable[tuple[Place, str]]) -> Iterator[Problem]:
    """Texts of a training that are held out (but for case, punctuation, digits); the training's place is named."""
    kept = {fold(written, digits=True): (where, written) for where, written in held_out}
    for where, written in trained:
        if found := kept.get(fold(written, digits=True)):
            yield where.problem(f"{written!r} is held out at {found[0]} ({found[1]!r})")
