"""Conversations -> cases: what a customer needed, what an agent said to it, and how it went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from training.logs.courtesies import substance
from training.logs.dialogues import GOOD_RATING, Dialogue
from training.logs.pairs import pairs_of
from training.logs.stored import Stored
from training.mining.questions import need_of

MAX_QUESTION_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Case:
    """One need and its answer.

    Attributes:
        question: the customer's words without courtesies, several messages joined.
        need: what of it says what is needed (`training.mining.questions`).
        parts: the agent's messages, one behind the other, without courtesies.
        question_language: ISO 639-1, or empty.
        answer_language: ISO 639-1, or empty.
        conversation_id: number of the conversation.
        message_id: number of the answer's first message.
        outcome: 1 resolved or well rated, 0 not, 0.5 where nobody said.
        at: when it was answered, None where unknown.
        tags: of the conversation.
    """

    question: str
    need: str
    parts: tuple[str, ...]
    question_language: str
    answer_language: str
    conversation_id: int
    message_id: int
    outcome: float
    at: datetime | None
    tags: tuple[str, ...]


def cases_of(conversations: Iterable[Stored]) -> Iterator[Case]:
    """Every answered need."""
    for stored in conversations:
        dialogue = stored.dialogue
        for pair in pairs_of(dialogue):
            asked = [dialogue.turns[index] for index in pair.questions]
            first = dialogue.turns[pair.answers[0]]
            question = " ".join(substance(turn.text) for turn in asked)[:MAX_QUESTION_CHARACTERS]
            yield Case(
                question=question,
                need=need_of(question),
                parts=tuple(substance(dialogue.turns[index].text) for index in pair.answers),
                question_language=next((turn.language for turn in asked if turn.language), ""),
                answer_language=first.language or "",
                conversation_id=stored.id,
                message_id=stored.message_ids[pair.answers[0]],
                outcome=outcome_of(dialogue, reopened=stored.reopened),
                at=first.at or dialogue.started_at,
                tags=dialogue.tags,
            )


def outcome_of(dialogue: Dialogue, *, reopened: bool) -> float:
    """1 where the conversation went well, 0 where it did not, 0.5 where nobody said."""
    if reopened or dialogue.resolved is False or (dialogue.rating is not None and dialogue.rating < GOOD_RATING):
        return 0.0
    return 1.0 if dialogue.went_well else 0.5
