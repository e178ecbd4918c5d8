"""Column types that mean the same on SQLite and on PostgreSQL, and the base class of the mapped rows.

SQLite knows neither decimals nor time zones. `Euro` and `UtcDateTime` hand out exact `Decimal` cents and aware UTC
times on both engines and refuse values that would be ambiguous.
"""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import DateTime, Numeric, types
from sqlalchemy.types import TypeDecorator

CENT = Decimal("0.01")


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(timezone.utc)


class Euro(TypeDecorator):  # type: ignore[misc]
    """An amount in euros as `Decimal` with two places; NUMERIC(10, 2) in the database.

    SQLite keeps it as a float, which is exact to the cent for every amount that fits the column.
    """

    impl = Numeric(10, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """The driver's own decimals where it has them, floats on SQLite."""
        return dialect.type_descriptor(Numeric(10, 2, asdecimal=dialect.name != "sqlite"))

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> Decimal | float | None:
        """Rounds to the cent before it is stored; raises TypeError on anything but a Decimal or int."""
        if value is None:
            return None
        if not isinstance(value, (Decimal, int)):
            raise TypeError(f"expected an amount as Decimal, found {type(value).__name__}: write Decimal('59.90')")
        amount = Decimal(value).quantize(CENT)
        return float(amount) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        """Back to exact cents."""
        return None if value is None else Decimal(str(value)).quantize(CENT)


class UtcDateTime(TypeDecorator):  # type: ignore[misc]
    """An aware moment, stored in UTC and handed out aware in UTC.

    Raises TypeError (wrapped by SQLAlchemy's StatementError) when a naive datetime is stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To UTC; SQLite gets it without the offset, so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("expected a datetime with a time zone, found a naive one: use datetime.now(timezone.utc)")
        moment = value.astimezone(timezone.utc)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def enum_column_type(members: type[Enum]) -> Any:
    """A text column that holds the values of a `str, Enum` and hands out its members; others are refused."""
    return types.Enum(
        members,
        native_enum=False,
        values_callable=lambda enum: [member.value for member in enum],
        validate_strings=True,
        length=32,
    )


def col(attribute: object) -> Any:
    """A mapped attribute as the column that it is in a query, `col(Order.status).in_(...)`: its annotation names the value."""
    return attribute


class Record:
    """Base of every mapped row: keyword-only constructor that refuses unknown columns."""

    __allow_unmapped__ = True

    def __init__(self, **values: object) -> None:
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"expected a column of {type(self).__name__}, found {name!r}: see store/tables.py")
            setattr(self, name, value)
