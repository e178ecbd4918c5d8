"""The held-out questions (`tests/data/questions`) and the topics of the templates that answer them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """A held-out question and the topic of the templates that answer it."""

    topic: str
    language: str
    text: str


def read_questions(folder: Path) -> list[Question]:
    """`<folder>/<language>.jsonl` with `topic`, `language` and `question` a line."""
    questions: list[Question] = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            questions.append(Question(record["topic"], record["language"], record["question"]))
    if not questions:
        raise FileNotFoundError(f"{folder}: expected <language>.jsonl with questions, found none")
    return questions
