"""Conversations that a person has taken over: opened once, asked for on every message, closed by the person.

The database holds the promise "at most one open hand-off per conversation" (a partial unique index), so that two
processes that open one at the same moment get the same ticket.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from store.columns import utc_now
from store.keys import new_code
from store.statements import insert_of
from store.tables import Handoff

_N_TICKET_TRIES = 20


def open_handoff(
    session: Session, *, conversation_id: str, channel: str, language: str, reason: str, summary: str
) -> Handoff:
    """Hands a conversation to a person, or returns the hand-off that is open already, unchanged.

    Args:
        session: the caller's session; nothing is committed here.
        conversation_id: the tracker's sender id.
        channel: name of the channel the customer writes on.
        language: the conversation's language, ISO 639-1.
        reason: short machine-readable reason, such as `asked_for_person`.
        summary: what the person should know, in the shop's own language.

    Raises:
        ValueError: the conversation id is empty, or the database is neither SQLite nor PostgreSQL.
        RuntimeError: no unused ticket code was found.
    """
    if not conversation_id:
        raise ValueError("expected a conversation id, found none: pass the tracker's sender_id")
    found = _open_one(session, conversation_id)
    if found is not None:
        return found
    insert = insert_of(session)
    for _ in range(_N_TICKET_TRIES):
        row = {
            "ticket": new_code("X"),
            "conversation_id": conversation_id,
            "channel": channel,
            "language": language,
            "reason": reason,
            "summary": summary,
        }
        session.execute(insert(Handoff).values(row).on_conflict_do_nothing())
        found = _open_one(session, conversation_id)
        if found is not None:
            return found
    raise RuntimeError(f"expected a free ticket code, found none in {_N_TICKET_TRIES} tries: see store.keys.new_code")


def is_handed_off(session: Session, conversation_id: str) -> bool:
    """Whether a person has the conversation now."""
    return _open_one(session, conversation_id) is not None


def close_handoff(session: Session, conversation_id: str, *, at: datetime | None = None) -> Handoff | None:
    """Gives the conversation back to the assistant; None when no person had it.

    Args:
        session: the caller's session; nothing is committed here.
        conversation_id: the tracker's sender id.
        at: when it was closed (aware); None means now.
    """
    found = _open_one(session, conversation_id)
    if found is not None:
        found.closed_at = at or utc_now()
        session.flush()
    return found


def _open_one(session: Session, conversation_id: str) -> Handoff | None:
    where = (Handoff.conversation_id == conversation_id, Handoff.closed_at == null())
    found: Handoff | None = session.scalars(select(Handoff).where(*where)).one_or_none()
    return found
