"""What a statement needs beyond SQLAlchemy's own words: an INSERT that knows conflicts, and long lists in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_N_AT_ONCE = 500
"""SQLite takes some thousands of parameters in a statement."""
T = TypeVar("T")


def insert_of(session: Session) -> Any:
    """The INSERT that knows ON CONFLICT, which SQLAlchemy has per engine.

    Raises ValueError where the database is neither SQLite nor PostgreSQL.
    """
    name = session.get_bind().dialect.name
    if name == "sqlite":
        return sqlite.insert
    if name == "postgresql":
        return postgresql.insert
    raise ValueError(f"expected an SQLite or PostgreSQL database, found {name}: change DATABASE_URL")


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in parts that fit one `IN (...)`; nothing for none."""
    for at in range(0, len(values), _N_AT_ONCE):
        yield values[at : at + _N_AT_ONCE]
