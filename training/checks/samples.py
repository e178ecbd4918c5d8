"""What is trained on and what is held out, as plain texts, whatever kind of file they stand in: repeats and leaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from training.checks.fold import fold
from training.checks.places import Place, Problem


@dataclass(frozen=True, slots=True)
class Sample:
    """One text. `spans` are (start, end, entity) in characters, end exclusive; None where nobody annotated entities.

    A private one is a customer's own message: no problem quotes it.
    """

    place: Place
    language: str
    text: str
    intent: str = ""
    spans: tuple[tuple[int, int, str], ...] | None = None
    is_private: bool = False

    @property
    def shown(self) -> str:
        """How a problem names it."""
        return "this text" if self.is_private else repr(self.text)

    @property
    def values(self) -> tuple[tuple[str, str], ...] | None:
        """(entity, folded value) in the text's order: alike where two texts differ in punctuation only."""
        if self.spans is None:
            return None
        return tuple((label, fold(self.text[start:end], digits=False)) for start, end, label in sorted(self.spans))


class Difference(str, Enum):
    """What two rows of the same text do not agree on."""

    NONE = "with the same labels"
    ENTITIES = "with other entities"
    INTENT = "as another intent"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A text (but for case and punctuation) that stands a second time in its language."""

    sample: Sample
    first: Sample

    @property
    def difference(self) -> Difference:
        """Intents are compared first; entities only where both are annotated."""
        if set(self.sample.intent.split("+")) != set(self.first.intent.split("+")):
            return Difference.INTENT
        values = self.sample.values, self.first.values
        return Difference.NONE if None in values or values[0] == values[1] else Difference.ENTITIES

    @property
    def message(self) -> str:
        """Both places and what differs."""
        state = self.difference.value
        if self.difference is Difference.INTENT:
            state = f"as {self.first.intent}, here as {self.sample.intent}"
        return f"{self.sample.shown} stands already at {self.first.place} {state}"


def repeats(samples: Iterable[Sample]) -> Iterator[Repeat]:
    """Each later row beside the first one of its text and language."""
    seen: dict[tuple[str, str], Sample] = {}
    for sample in samples:
        first = seen.setdefault((sample.language, fold(sample.text, digits=False)), sample)
        if first is not sample:
            yield Repeat(sample, first)


def leak_problems(trained: Iterable[Sample], held_out: Iterable[Sample]) -> Iterator[Problem]:
    """Texts of a training that are held out (but for case, punctuation, digits); the training's place is named."""
    kept = {fold(sample.text, digits=True): sample for sample in held_out}
    for sample in trained if kept else ():
        if found := kept.get(fold(sample.text, digits=True)):
            theirs = "" if sample.is_private else f" ({found.text!r})"
            yield sample.place.problem(f"{sample.shown} is held out at {found.place}{theirs}")
