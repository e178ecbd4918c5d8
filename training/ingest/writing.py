"""Prepared conversations -> the database, one batch a transaction together with the place where an interrupted run goes on.

A conversation that an earlier import brought is written anew where it has changed, and left alone where it has not; one
that this import began gets its further messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.columns import col
from store.conversation_tables import Conversation, Identity, Import, Message, RejectedRow
from store.statements import in_parts, insert_of
from training.cleaning.folding import text_key
from training.ingest.assemble import Batch
from training.ingest.prepare import Prepared
from training.logs.dialogues import REOPENED, Origin, Turn


def write_batch(session: Session, run: Import, *, prepared: Sequence[Prepared], batch: Batch) -> None:
    """Store a batch and move `run.next_row` on; the caller commits."""
    _add_rejects(session, run, batch)
    merged: dict[str, list[Prepared]] = {}
    for one in prepared:
        merged.setdefault(one.dialogue.conversation_id, []).append(one)
    known = {row.key: row for row in _conversations(session, merged)}
    redacted: Counter[str] = Counter(run.n_redacted)
    for key, parts in merged.items():
        found = known.get(key)
        if found is not None and found.import_id != run.id:
            if _unchanged(session, found, parts):
                continue
            session.execute(delete(Message).where(Message.conversation_id == found.id))
            session.execute(delete(Identity).where(Identity.conversation_id == found.id))
        if found is None:
            found = Conversation(key=key, import_id=run.id)
            session.add(found)
        found.import_id = run.id
        for part in parts:
            _take_over(found, part)
            redacted += part.n_redacted
        session.flush()
        _add_messages(session, found, parts)
    run.n_redacted = dict(redacted)
    run.next_row = batch.next_row


def rows_done(session: Session, run: Import) -> frozenset[int]:
    """Rows from `run.next_row` on that are stored already: conversations that ended while an earlier one was open."""
    found = session.execute(
        select(Message.row)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.import_id == run.id, Message.row >= run.next_row)
        .distinct()
    )
    return frozenset(found.scalars())


def count_import(session: Session, run: Import) -> None:
    """Set the counts of a finished run from what is stored."""
    of_run = Conversation.import_id == run.id
    run.n_conversations = session.execute(select(func.count()).select_from(Conversation).where(of_run)).scalar_one()
    run.n_messages = session.execute(
        select(func.count())
        .select_from(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(of_run)
    ).scalar_one()


def _conversations(session: Session, keys: Iterable[str]) -> list[Conversation]:
    found: list[Conversation] = []
    for part in in_parts(list(keys)):
        found += session.execute(select(Conversation).where(col(Conversation.key).in_(part))).scalars().all()
    return found


def _unchanged(session: Session, found: Conversation, parts: Sequence[Prepared]) -> bool:
    """Whether the stored messages say what these do, in the same order."""
    stored = session.execute(
        select(Message.text_key).where(Message.conversation_id == found.id).order_by(Message.id)
    ).scalars()
    return list(stored) == [text_key(turn.text) for part in parts for turn in part.dialogue.turns]


def _take_over(found: Conversation, part: Prepared) -> None:
    dialogue = part.dialogue
    starts = [moment for moment in (found.started_at, dialogue.started_at) if moment]
    found.started_at = min(starts, default=None)
    found.channel = found.channel or dialogue.channel
    found.resolved = dialogue.resolved if dialogue.resolved is not None else found.resolved
    found.rating = dialogue.rating if dialogue.rating is not None else found.rating
    found.tags = list(dict.fromkeys([*(found.tags or ()), *dialogue.tags]))
    found.reopened = bool(found.reopened) or REOPENED in dialogue.tags


def _add_messages(session: Session, found: Conversation, parts: Sequence[Prepared]) -> None:
    rows = [
        _message(found, turn, row, place)
        for part in parts
        for place, (turn, row) in enumerate(zip(part.dialogue.turns, part.rows, strict=True))
    ]
    if rows:
        session.execute(insert_of(session)(Message).on_conflict_do_nothing(), rows)
    identities = {digest: kind for part in parts for kind, digest in part.identities}
    if identities:
        session.execute(
            insert_of(session)(Identity).on_conflict_do_nothing(),
            [{"conversation_id": found.id, "digest": digest, "kind": kind} for digest, kind in identities.items()],
        )


def _message(found: Conversation, turn: Turn, row: int, place: int) -> dict[str, Any]:
    label = turn.label
    has_reply = bool(turn.answer_ids or turn.written_by)
    return {
        "conversation_id": found.id,
        "row": row,
        "part": place,
        "role": turn.role.value,
        "text": turn.text,
        "language": turn.language,
        "at": turn.at,
        "text_key": text_key(turn.text),
        "label": None
        if label is None
        else {
            "intent": label.intent,
            "spans": None if label.spans is None else [list(span) for span in label.spans],
            "reviewed": label.origin is Origin.REVIEWED,
            "origin": label.origin.value,
            "confidence": label.confidence,
        },
        "reply": {"answer_ids": list(turn.answer_ids), "written_by": turn.written_by} if has_reply else None,
    }


def _add_rejects(session: Session, run: Import, batch: Batch) -> None:
    if batch.rejects:
        rows = [
            {"import_id": run.id, "row": one.row, "place": one.place[:500], "reason": one.reason}
            for one in batch.rejects
        ]
        session.execute(insert_of(session)(RejectedRow).on_conflict_do_nothing(), rows)
