"""Intents and BIO tags <-> ids. The lists are saved beside the weights: an id means nothing without them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE_NAME = "labels.json"
OUTSIDE = "O"
JOIN = "+"
"""Between the parts of an intent that says two things at once, in Rasa's notation."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Sorted intent names and entity labels.

    >>> labels = Labels(intents=("deny", "greet"), entities=("city",))
    >>> labels.tags
    ('O', 'B-city', 'I-city')
    >>> labels.intent_id("greet")
    1
    """

    intents: tuple[str, ...]
    entities: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """`O`, then begin and inside of each entity label; a tag's position is its id."""
        return (OUTSIDE, *(f"{mark}-{label}" for label in self.entities for mark in ("B", "I")))

    @property
    def has_joined(self) -> bool:
        """Whether an intent is made of parts."""
        return any(JOIN in intent for intent in self.intents)

    def parts_of_intents(self) -> NDArray[Any]:
        """float32 (n_intents, n_parts): 1 where the part belongs to the intent; a plain intent is its own only part.

        >>> Labels(intents=("greet", "greet+track", "track"), entities=()).parts_of_intents().tolist()
        [[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
        """
        held = [intent.split(JOIN) for intent in self.intents]
        parts = sorted({part for one in held for part in one})
        return np.array([[float(part in one) for part in parts] for one in held], dtype=np.float32)

    def intent_id(self, name: str) -> int:
        """Position of an intent; raises ValueError naming the known ones."""
        if name not in self.intents:
            raise ValueError(f"unknown intent {name!r}: expected one of {', '.join(self.intents)}")
        return self.intents.index(name)

    def save(self, folder: Path) -> None:
        """Write `labels.json` into `folder`."""
        (folder / FILE_NAME).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Labels:
        """Read `labels.json` from `folder`."""
        data = json.loads((folder / FILE_NAME).read_text("utf-8"))
        return cls(intents=tuple(data["intents"]), entities=tuple(data["entities"]))
