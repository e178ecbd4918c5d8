"""The whole of `xenia retention`: what nobody wrote in for a number of days is removed from every place, as in an erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from store.conversation_tables import Conversation, Import, Message
from store.sessions import session_scope
from training.privacy.traces import TraceCounts, Traces, count, remove
from training.privacy.tracker_events import senders_before


@dataclass(frozen=True, slots=True)
class Retained:
    """What was removed, and whether an answer template changed, so that the index must be built again."""

    removed: TraceCounts
    index_is_old: bool


def retain(engine: Engine, *, days: int, now: datetime, dry_run: bool = False) -> Retained:
    """Remove conversations whose last message is older than `days`; one without any moment counts from its import.

    Raises ValueError for fewer than one day.
    """
    if days < 1:
        raise ValueError(f"--days: expected at least 1, found {days}")
    with session_scope(engine) as session:
        traces = _older_than(session, now - timedelta(days=days))
        removed = count(session, traces)
        return Retained(removed, False if dry_run else remove(session, traces))


def _older_than(session: Session, moment: datetime) -> Traces:
    last = func.coalesce(func.max(Message.at), Conversation.started_at, Import.started_at)
    query = (
        select(Conversation.id)
        .join(Import, Import.id == Conversation.import_id)
        .outerjoin(Message, Message.conversation_id == Conversation.id)
        .group_by(Conversation.id, Conversation.started_at, Import.started_at)
        .having(last < moment)
    )
    return Traces(frozenset(session.execute(query).scalars()), senders_before(session, moment))
