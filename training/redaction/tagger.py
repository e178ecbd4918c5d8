"""Names and postal addresses in texts, told by a trained model: the joint model of `nlu/` with the labels `name` and `address`.

Redaction asks it beside the rules, which know whatever has a form. Trained by `uv run xenia train --only personal` from
filled messages (`training.redaction.examples`); imports no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nlu.parser import Parser
from nlu.types import Entity
from training.redaction.personal import Found, Kind

BATCH_SIZE = 64
_TRAIN = "Run `uv run xenia train --only personal`, or ingest with --rules-only."


class PersonalTagger:
    """`training.redaction.redactor.Tagger` over a folder of weights."""

    def __init__(self, folder: Path, *, n_threads: int = 1) -> None:
        """Raises FileNotFoundError naming what is missing in `folder` and what to do, ValueError for other labels."""
        if not folder.exists():
            raise FileNotFoundError(f"{folder} is missing: the tagger of names and addresses is not there. {_TRAIN}")
        self._parser = Parser(folder, n_threads=n_threads)
        known = {tag.removeprefix("B-") for tag in self._parser.labels.tags if tag.startswith("B-")}
        if strange := known - {Kind.NAME.value, Kind.ADDRESS.value}:
            raise ValueError(f"{folder}: expected the labels name and address, found {sorted(strange)}. {_TRAIN}")

    def names_and_places(self, texts: Sequence[str]) -> list[list[Found]]:
        """Of each text its names and addresses, in order."""
        found: list[list[Found]] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for at in range(0, len(order), BATCH_SIZE):
            numbers = order[at : at + BATCH_SIZE]
            for number, entities in zip(numbers, self._parser.tagged([texts[one] for one in numbers]), strict=True):
                found[number] = [_found(entity) for entity in entities]
        return found


def _found(entity: Entity) -> Found:
    return Found(entity.start, entity.end, Kind(entity.label))
