"""One engine per database and one session scope; the tables come from `store.schema.migrate`.

The URL is handed in (bot/settings.py reads the environment). SQLite is set up for several processes at once:
write-ahead log, enforced foreign keys, and five seconds of patience with another writer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

DEFAULT_URL = "sqlite:///var/xenia.db"
SQLITE_BUSY_TIMEOUT_S = 5


def engine(url: str | None = None) -> Engine:
    """The engine of a database: the same object for the same database.

    Args:
        url: an SQLAlchemy URL; None means `var/xenia.db` below the working directory. The parent folder of an SQLite
            file is created. A relative path counts from the working directory of this call.

    Raises:
        ValueError: for an in-memory SQLite database, which every thread would see differently.
        sqlalchemy.exc.ArgumentError: the URL cannot be parsed.
    """
    parsed = make_url(url or DEFAULT_URL)
    if parsed.get_backend_name() != "sqlite":
        return _cached_engine(parsed)
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise ValueError(
            "expected an SQLite URL with a plain file path, found one in memory or a file: URI: "
            f"use for example {DEFAULT_URL}"
        )
    path = Path(parsed.database).expanduser().resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    return _cached_engine(parsed.set(database=str(path)))


@contextmanager
def session_scope(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end of the block, rolls back when the block raises, and closes either way.

    Rows stay readable after the block; what was not loaded inside it cannot be loaded any more.
    """
    session = Session(engine, future=True, expire_on_commit=False)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@cache
def _cached_engine(url: URL) -> Engine:
    """Builds the engine; statements in errors never show their parameters, which are personal data."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True)
    built = create_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_TIMEOUT_S},
    )
    event.listen(built, "connect", _set_up_sqlite)
    return built


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Runs once per SQLite connection: these settings belong to the connection, not to the file."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_S * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
