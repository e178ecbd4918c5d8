"""Rasa's SQL tracker store -> dialogues: the table `events`, one sender after another, never written to.

What is read of it: `user` (text, parse data), `bot` (text, reply metadata), `agent` (a person's words, where a company's
own front end stores them), and `session_started`/`restart`, which begin another dialogue of the same sender. Our own
store keeps of a hand-off only that it happened, and the bot's reply of that moment says so too (`written_by: handoff`);
of the table `feedback`, where it stands in the same database, each session gets its rating.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from store.tables import Feedback
from training.logs.databases import parsed_url, read_only, shown
from training.logs.dialogues import Dialogue, Fault, Role, UnreadableLogs
from training.logs.fields import BadField, moment
from training.logs.session import ROLES, Session

_BOUNDARIES = ("session_started", "restart")
_N_BUFFERED = 1000
EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("type_name", String(255)),
    Column("timestamp", Float),
    Column("data", Text),
)


def read_tracker_store(url: str) -> Iterator[Dialogue | Fault]:
    """Every session of every sender, in the order of sender and event.

    Args:
        url: an SQLAlchemy URL of SQLite or PostgreSQL.

    Raises:
        UnreadableLogs: another database, none there, or one without Rasa's table. Names no password.
    """
    parsed = parsed_url(url)
    engine = read_only(parsed)
    try:
        with closing(engine.connect()) as connection:
            _check_table(connection, shown(parsed))
            ratings = _ratings(connection)
            for sender, rows in groupby(_rows(connection), key=lambda row: str(row.sender_id)):
                yield from _sender(sender, rows, ratings.get(sender, ()))
    except SQLAlchemyError as error:
        raise UnreadableLogs(
            f"{shown(parsed)}: expected a database that answers, found {type(error).__name__}; "
            "check that it runs and that this user may read it"
        ) from None
    finally:
        engine.dispose()


def _check_table(connection: Connection, name: str) -> None:
    inspector = inspect(connection)
    columns = {column["name"] for column in inspector.get_columns("events")} if inspector.has_table("events") else set()
    if missing := [column.name for column in EVENTS.columns if column.name not in columns]:
        found = f"one without {', '.join(missing)}" if columns else "no such table"
        raise UnreadableLogs(f"{name}: expected the table `events` of Rasa's tracker store, found {found}")


def _rows(connection: Connection) -> Iterable[Any]:
    events = EVENTS.c
    wanted = (*ROLES, *_BOUNDARIES)
    query = (
        select(events.id, events.sender_id, events.type_name, events.timestamp, events.data)
        .where(events.type_name.in_(wanted))
        .order_by(events.sender_id, events.id)
    )
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_N_BUFFERED)
    return streamed.execute(query)


def _ratings(connection: Connection) -> dict[str, list[tuple[datetime, str, int]]]:
    """(moment, message, thumb) by conversation, oldest first; empty without the table."""
    found: dict[str, list[tuple[datetime, str, int]]] = defaultdict(list)
    if inspect(connection).has_table(Feedback.__tablename__):
        table: Any = Feedback.__table__.c  # type: ignore[attr-defined]
        query = select(table.conversation_id, table.at, table.message_id, table.rating).order_by(table.id)
        for row in connection.execute(query):
            found[row.conversation_id].append((row.at, row.message_id, row.rating))
    return found


def _sender(
    sender: str, rows: Iterable[Any], thumbs: Sequence[tuple[datetime, str, int]]
) -> Iterator[Dialogue | Fault]:
    """The sessions of one sender, rated by the thumbs that were given before the next one began."""
    sessions: list[tuple[datetime | None, Session]] = []
    for row in rows:
        try:
            if row.type_name in _BOUNDARIES or not sessions:
                sessions.append((None, Session()))
                sessions[-1] = (moment(row.timestamp, "timestamp"), sessions[-1][1])
            if row.type_name in ROLES:
                sessions[-1][1].add(row)
        except BadField as error:
            yield Fault(f"events row {row.id}", str(error))
    starts = [start for start, _ in sessions[1:]]
    for (start, session), following in zip(sessions, [*starts, None], strict=True):
        if any(turn.role is Role.CUSTOMER for turn in session.turns):
            newest = {
                message: thumb
                for at, message, thumb in thumbs
                if (start is None or at >= start) and (following is None or at < following)
            }
            yield session.dialogue(sender, start, rating=_stars(list(newest.values())))


def _stars(thumbs: Sequence[int]) -> float | None:
    """Thumbs (1 and -1) on the contract's scale: one down makes a conversation bad."""
    if not thumbs:
        return None
    return 1.0 if min(thumbs) < 0 else 5.0
