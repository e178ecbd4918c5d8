"""Rasa's tracker store in the same database: whose conversation it is, and their removal. Other tables' keys are its senders.

A sender is a person's where the customer's id is the sender's id, or where one of their messages holds the e-mail address,
telephone or order number, compared as `training.redaction` compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.orm import Session

from store.statements import in_parts
from training.logs.tracker_store import EVENTS


def has_events(session: Session) -> bool:
    """Whether Rasa keeps its tracker here."""
    return bool(inspect(session.get_bind()).has_table(EVENTS.name))


def senders_of(session: Session, concerns: Callable[[str], bool], *, ids: frozenset[str]) -> frozenset[str]:
    """Senders with one of these ids, or with a message of the customer for which `concerns(text)` holds."""
    if not has_events(session):
        return frozenset()
    known = session.execute(select(EVENTS.c.sender_id).where(EVENTS.c.sender_id.in_(ids)).distinct()).scalars()
    found = set(known)
    for sender, text in _messages(session):
        if sender not in found and concerns(text):
            found.add(sender)
    return frozenset(found)


def senders_before(session: Session, moment: datetime) -> frozenset[str]:
    """Senders whose last event lies before a moment."""
    if not has_events(session):
        return frozenset()
    last = func.max(EVENTS.c.timestamp)
    query = select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(last < moment.timestamp())
    return frozenset(session.execute(query).scalars())


def count_events(session: Session, senders: frozenset[str]) -> int:
    """Their events."""
    if not has_events(session):
        return 0
    counts = select(func.count()).select_from(EVENTS)
    found: list[int] = [
        session.execute(counts.where(EVENTS.c.sender_id.in_(part))).scalar_one() for part in in_parts(sorted(senders))
    ]
    return sum(found)


def delete_events(session: Session, senders: frozenset[str]) -> None:
    """Remove all events of these senders."""
    for part in in_parts(sorted(senders)) if has_events(session) else ():
        session.execute(delete(EVENTS).where(EVENTS.c.sender_id.in_(part)))


def _messages(session: Session) -> Iterator[tuple[str, str]]:
    """(sender, data) of what customers said, slots they filled and forms they answered: an event's JSON as it stands."""
    query = select(EVENTS.c.sender_id, EVENTS.c.data).where(EVENTS.c.type_name.in_(("user", "slot")))
    rows: Any = session.execute(query.execution_options(yield_per=1000))
    for sender, data in rows:
        yield sender, data or ""
