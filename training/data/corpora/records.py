"""What the readers of the public sets yield: plain records, whatever the set's own format was.

Languages are ISO 639-1 codes; spans are (start, end, label) in characters of the text they belong to, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Spans = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled text. Several intents are joined as Rasa writes them, `a+b`; `label` is empty where a set has none."""

    text: str
    language: str
    label: str
    spans: Spans = field(default=())


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """A question and its answer. `topic` is the set's own word for a domain or a source, `subject` what is asked about."""

    question: str
    answer: str
    language: str
    topic: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPair:
    """Two questions of one language, and whether they ask the same."""

    first: str
    second: str
    language: str
    same: bool


@dataclass(frozen=True, slots=True)
class ParallelText:
    """One meaning in two languages."""

    text: str
    language: str
    translation: str
    translation_language: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said: `role` is `customer` or `agent`. Translation, label and spans are empty where a set has none."""

    role: str
    text: str
    language: str
    translation: str = ""
    translation_language: str = ""
    label: str = ""
    spans: Spans = field(default=())


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order, under the set's own id."""

    id: str
    turns: tuple[Turn, ...]

    def joined(self) -> Conversation:
        """Segments that one side sent in a row, in one language, as one turn with spaces between."""
        turns: list[Turn] = []
        for turn in self.turns:
            last = turns[-1] if turns else None
            if last and (last.role, last.language) == (turn.role, turn.language):
                turns[-1] = _together(last, turn)
            else:
                turns.append(turn)
        return Conversation(self.id, tuple(turns))


def intents_label(intents: list[str]) -> str:
    """One name of several intents, the same in whatever order a set has them.

    >>> intents_label(["order_status", "affirm", "affirm"])
    'affirm+order_status'
    """
    return "+".join(sorted(set(intents)))


def _together(first: Turn, second: Turn) -> Turn:
    shift = len(first.text) + 1
    return Turn(
        role=first.role,
        text=f"{first.text} {second.text}",
        language=first.language,
        translation=" ".join(text for text in (first.translation, second.translation) if text),
        translation_language=first.translation_language or second.translation_language,
        label=intents_label([one for turn in (first, second) for one in turn.label.split("+") if one]),
        spans=(*first.spans, *((start + shift, end + shift, label) for start, end, label in second.spans)),
    )
