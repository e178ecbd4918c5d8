"""Databases that logs are read from: URL -> an engine that never writes, and the words that errors name it by."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from training.logs.dialogues import UnreadableLogs


def parsed_url(url: str) -> URL:
    """Raises UnreadableLogs for what is no URL of SQLite or PostgreSQL; the message shows nothing of it."""
    expected = "expected an SQLAlchemy URL such as sqlite:///var/xenia.db or postgresql://user:password@host/xenia"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UnreadableLogs(f"{expected}, found one that cannot be parsed") from None
    if parsed.drivername.split("+")[0] not in ("sqlite", "postgresql"):
        raise UnreadableLogs(f"{expected}, found {parsed.drivername}://")
    return parsed


def shown(url: URL) -> str:
    """The database in words, without user, password and options."""
    return f"{url.drivername}://{url.host or ''}/{url.database or ''}"


def read_only(url: URL) -> Engine:
    """SQLite is opened read-only, and a file that is not there is not made."""
    if not url.drivername.startswith("sqlite"):
        try:
            return create_engine(url, future=True, hide_parameters=True, poolclass=NullPool)
        except (NoSuchModuleError, ImportError) as error:
            raise UnreadableLogs(f"{shown(url)}: expected an installed driver, found none: {error}") from None
    path = Path(url.database or "").expanduser().resolve()
    if not url.database or not path.is_file():
        raise UnreadableLogs(f"{shown(url)}: expected an SQLite file with logged conversations, found none there")
    uri = f"file:{quote(str(path))}?mode=ro"
    return create_engine(
        "sqlite://",
        future=True,
        hide_parameters=True,
        poolclass=NullPool,
        creator=lambda: sqlite3.connect(uri, uri=True),
    )
