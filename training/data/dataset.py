"""Our own data: utterances in Rasa's YAML (`data/nlu/*.yml`), reply keys and answer templates.

Read without Rasa. Every problem names file and line, so that a whole set is checked before a training starts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.labels import Labels

_ENTITY = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<label>\w+)\)|(?P<json>\{[^{}]*\}))")


INTENT_ONLY = "intent only"
"""Situation of a row whose entities nobody annotated."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled utterance. `spans` are (start, end, entity) in characters of `text`, end exclusive."""

    text: str
    language: str
    intent: str
    situation: str
    spans: tuple[tuple[int, int, str], ...]


def plain_and_spans(annotated: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Rasa's inline annotation -> plain text and its spans.

    >>> plain_and_spans("wo ist [48213](order_number)?")
    ('wo ist 48213?', ((7, 12, 'order_number'),))
    """
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = end = 0
    for match in _ENTITY.finditer(annotated):
        before, inner = annotated[end : match.start()], match["text"]
        label = match["label"] or json.loads(match["json"])["entity"]
        start = at + len(before)
        at = start + len(inner)
        spans.append((start, at, label))
        parts += [before, inner]
        end = match.end()
    parts.append(annotated[end:])
    return "".join(parts), tuple(spans)


def read_nlu(folder: Path) -> list[Example]:
    """All utterances of `<folder>/<language>.yml`, in file order; the file's name is the language."""
    examples: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for block in data["nlu"]:
            if "intent" not in block:  # a synonym, regex or lookup
                continue
            situation = (block.get("metadata") or {}).get("situation", "")
            for line in _lines(block["examples"]):
                text, spans = plain_and_spans(line)
                if text:
                    examples.append(Example(text, path.stem, block["intent"], situation, spans))
    if not examples:
        raise FileNotFoundError(f"{folder}: expected <language>.yml with `nlu:` examples, found none")
    return examples


def _lines(examples: str | list[Any]) -> list[str]:
    """Annotated texts of Rasa's two layouts: a block of lines with dashes, or a list of `text:` entries."""
    if isinstance(examples, str):
        return [line.strip().removeprefix("-").strip() for line in examples.splitlines()]
    return [str(one["text"] if isinstance(one, dict) else one).strip() for one in examples]


def labels_of(examples: Iterable[Example]) -> Labels:
    """Sorted intents and entity labels of a set."""
    rows = list(examples)
    return Labels(
        intents=tuple(sorted({row.intent for row in rows})),
        entities=tuple(sorted({label for row in rows for _, _, label in row.spans})),
    )


def fingerprint(examples: Iterable[Example]) -> str:
    """sha256 over the distinct rows (text, intent, spans), sorted: order and repetition do not change it.

    Rasa drops a row that stands in two languages with one meaning ("ok"), so repetition must not count.
    """
    rows = {json.dumps([row.text, row.intent, sorted(row.spans)], ensure_ascii=False) for row in examples}
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def read_values(folder: Path) -> dict[str, dict[str, list[str]]]:
    """`{language: {entity: [value]}}` of `<folder>/<language>.yml`; {} without the folder."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8"))["values"] for path in sorted(folder.glob("*.yml"))}


def read_replies(folder: Path) -> dict[str, dict[str, Any]]:
    """`{language: {"replies": {key: [variant]}, "topics": {intent: label}, "page": {...}}}`."""
    found = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yml"))}
    if not found:
        raise FileNotFoundError(f"{folder}: expected <language>.yml with `replies:`, found none")
    return found
