"""Rules for what customers write: `data/nlu` (trained on) and `tests/data/nlu` (held out of every training)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from training.checks.annotations import annotation_problems
from training.checks.domain import Domain
from training.checks.places import (
    STRING_TAG,
    Place,
    Problem,
    Severity,
    Unreadable,
    entries,
    items,
    place,
    read_yaml,
    section,
    text,
)
from training.checks.samples import Sample
from training.data.dataset import plain_and_spans

MIN_UTTERANCES = 12
_OTHER_BLOCKS = frozenset({"synonym", "regex", "lookup"})
_LITERAL = "|"


@dataclass(frozen=True, slots=True)
class Row:
    """One utterance, still with its marks."""

    place: Place
    language: str
    intent: str
    situation: str
    annotated: str

    def sample(self) -> Sample:
        """The text without its marks; only for a row whose annotations have no error."""
        plain, spans = plain_and_spans(self.annotated)
        return Sample(self.place, self.language, plain, self.intent, spans)


def read_rows(path: Path, problems: list[Problem]) -> Iterator[Row]:
    """The utterances of one language in any of Rasa's layouts; a block that is broken goes to `problems`.

    Synonyms, patterns and look-up tables are passed over. Raises Unreadable where there is no list of blocks.
    """
    for block in items(section(read_yaml(path), "nlu")):
        try:
            yield from _rows_of(block, path.stem, problems)
        except Unreadable as error:
            problems.append(error.problem)


def _rows_of(block: Node, language: str, problems: list[Problem]) -> Iterator[Row]:
    found = entries(block)
    if "intent" not in found:
        if not _OTHER_BLOCKS & set(found):
            raise Unreadable(place(block).problem(f"expected the key `intent`, found {', '.join(found) or 'none'}"))
        return
    intent = _intent(found["intent"])
    metadata = found.get("metadata")
    situation = entries(metadata).get("situation") if isinstance(metadata, MappingNode) else None
    written = list(_written(section(block, "examples")))
    if not written:
        raise Unreadable(place(block).problem(f"the intent {intent} has no examples"))
    for where, line, is_item in written:
        if not (is_item or line.startswith("-")):
            problems.append(where.problem("expected `- ` before the utterance: Rasa leaves it out", Severity.WARNING))
        annotated = line if is_item else line.removeprefix("-").strip()
        yield Row(where, language, intent, text(situation) if situation else "", annotated)


def _intent(node: Node) -> str:
    """The name, or several joined by `+`; raises Unreadable for an empty one and for what YAML takes for no text."""
    name = text(node)
    if not name.strip():
        raise Unreadable(place(node).problem("the intent is empty: expected `intent: <name>`"))
    if node.tag != STRING_TAG:
        raise Unreadable(place(node).problem(f"the intent {name} needs quotes: YAML reads it as {node.tag[18:]}"))
    if any(part != part.strip() or not part for part in name.split("+")):
        raise Unreadable(place(node).problem(f"a label of the intent {name!r} is empty or has white space at its edge"))
    return name


def _written(examples: Node) -> Iterator[tuple[Place, str, bool]]:
    """(place, text, whether it is an item of a list) of `examples: |` with `- ` before each, or of a list."""
    if isinstance(examples, SequenceNode):
        for item in items(examples):
            node = section(item, "text") if isinstance(item, MappingNode) else item
            yield _first_line(node), text(node).strip(), True
        return
    first = _first_line(examples)
    for number, line in enumerate(text(examples).split("\n")):
        if line.strip():
            yield first.below(number if _is_literal(examples) else 0), line.strip(), False


def _first_line(node: Node) -> Place:
    return place(node).below(1 if _is_literal(node) else 0)


def _is_literal(node: Node) -> bool:
    """Whether each line of the text is a line of the file."""
    return isinstance(node, ScalarNode) and node.style == _LITERAL


def label_problems(rows: Iterable[Row], domain: Domain, *, held_out: bool) -> Iterator[Problem]:
    """Intents, situations and annotations, row by row; `held_out` says which side of the split the rows stand on."""
    for row in rows:
        yield from annotation_problems(row.place, row.annotated, domain.entities)
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
