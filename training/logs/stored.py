"""Ingested conversations of the database -> dialogues, with the numbers of their messages. Texts are redacted already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.columns import col
from store.conversation_tables import Conversation, Message
from training.logs.dialogues import Dialogue, Label, Origin, Role, Turn

_N_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """A dialogue of the database; `message_ids[i]` is the number of turn `i`."""

    id: int
    dialogue: Dialogue
    message_ids: tuple[int, ...]
    reopened: bool


def count_stored(session: Session) -> int:
    """How many conversations there are."""
    n_conversations: int = session.execute(select(func.count()).select_from(Conversation)).scalar_one()
    return n_conversations


def read_stored(session: Session, *, only: Sequence[int] | None = None) -> Iterator[Stored]:
    """Every conversation, or `only` those with these numbers, in the order of numbers; a few hundred are held at once."""
    last = 0
    while True:
        query = select(Conversation).where(Conversation.id > last).order_by(Conversation.id).limit(_N_AT_ONCE)
        if only is not None:
            query = query.where(col(Conversation.id).in_(only))
        conversations = session.execute(query).scalars().all()
        if not conversations:
            return
        last = conversations[-1].id
        messages: dict[int, list[Message]] = {}
        query = select(Message).where(col(Message.conversation_id).in_([one.id for one in conversations]))
        for message in session.execute(query.order_by(Message.id)).scalars():
            messages.setdefault(message.conversation_id, []).append(message)
        for conversation in conversations:
            yield _stored(conversation, messages.get(conversation.id, []))
        for row in (*conversations, *(one for group in messages.values() for one in group)):
            session.expunge(row)


def _stored(row: Conversation, messages: list[Message]) -> Stored:
    dialogue = Dialogue(
        conversation_id=row.key,
        channel=row.channel,
        started_at=row.started_at,
        resolved=row.resolved,
        rating=row.rating,
        tags=tuple(row.tags),
        turns=tuple(map(_turn, messages)),
    )
    return Stored(row.id, dialogue, tuple(message.id for message in messages), row.reopened)


def _turn(row: Message) -> Turn:
    reply: dict[str, Any] = row.reply or {}
    return Turn(
        role=Role(row.role),
        text=row.text,
        at=row.at,
        language=row.language,
        label=_label(row.label),
        answer_ids=tuple(reply.get("answer_ids", ())),
        written_by=reply.get("written_by"),
    )


def _label(found: dict[str, Any] | None) -> Label | None:
    if found is None:
        return None
    spans = found["spans"]
    return Label(
        intent=found["intent"],
        spans=None if spans is None else tuple((start, end, name) for start, end, name in spans),
        origin=Origin(found["origin"]),
        confidence=found["confidence"],
    )
