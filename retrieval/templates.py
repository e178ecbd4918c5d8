"""An answer template: what the shop says to one customer need, in one language, with placeholders for values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from store.status import Status

PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class AnswerTemplate:
    """`text` holds `{placeholders}`, all of them named in `placeholders`; `question_examples` are what it answers."""

    id: str
    language: str
    intent: str
    question_examples: tuple[str, ...]
    text: str
    placeholders: tuple[str, ...]
    status: Status
    source: str

    def __post_init__(self) -> None:
        used = set(PLACEHOLDER.findall(self.text))
        if used != set(self.placeholders):
            raise ValueError(
                f"template {self.id}: the text uses {sorted(used)} but `placeholders` lists {sorted(self.placeholders)}"
            )

    def to_json(self) -> str:
        """One line of JSON in the order of the contract."""
        return json.dumps({**asdict(self), "status": self.status.value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> AnswerTemplate:
        """Inverse of `to_json`; raises ValueError that names a missing or unknown field."""
        record = json.loads(line)
        fields = set(cls.__slots__)
        if set(record) != fields:
            raise ValueError(f"an answer template has the fields {sorted(fields)}, found {sorted(record)}")
        return cls(
            **{
                **record,
                "question_examples": tuple(record["question_examples"]),
                "placeholders": tuple(record["placeholders"]),
                "status": Status(record["status"]),
            }
        )


def topic_of(template: AnswerTemplate) -> str:
    """`delivery_time.express.de.1` -> `delivery_time.express`: what its twins in other languages share."""
    return ".".join(template.id.split(".")[:-2]) or template.id


def read_templates(paths: Iterable[Path]) -> list[AnswerTemplate]:
    """All templates of JSON Lines files; an error names file and line, a repeated id both places."""
    templates: list[AnswerTemplate] = []
    seen: dict[str, str] = {}
    for path in sorted(paths):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                template = AnswerTemplate.from_json(line)
            except (ValueError, TypeError) as error:
                raise ValueError(f"{place}: {error}") from error
            if template.id in seen:
                raise ValueError(f"{place}: id {template.id!r} stands already at {seen[template.id]}")
            seen[template.id] = place
            templates.append(template)
    return templates
