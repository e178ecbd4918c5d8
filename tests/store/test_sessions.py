"""Engines, transactions and the column types, on real SQLite files."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from store.schema import migrate
from store.sessions import engine, session_scope
from store.tables import Customer, Feedback, Order, OrderStatus, Product

CUSTOMER = {
    "name": "A",
    "email": "a@example.com",
    "postcode": "1",
    "city": "B",
    "address": "C",
    "language": "de",
}


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    """A fresh database with its tables."""
    made = engine(f"sqlite:///{tmp_path}/deep/er/shop.db")
    migrate(made)
    return made


def thumb(rating: int = 1) -> Feedback:
    """Any row of a table without foreign keys."""
    return Feedback(conversation_id="c", message_id="m", rating=rating)


def count(database: Engine) -> int:
    """How many thumbs another session sees."""
    with session_scope(database) as session:
        return int(session.scalar(select(func.count()).select_from(Feedback)))


def test_same_database_gives_the_same_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert engine(f"sqlite:///{tmp_path}/one.db") is engine("sqlite:///one.db")
    assert engine("sqlite:///one.db") is not engine("sqlite:///two.db")


def test_default_database_lies_in_var_below_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    migrate(engine())
    assert (tmp_path / "var" / "xenia.db").is_file()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_memory_database_is_refused_with_a_cure(url: str) -> None:
    with pytest.raises(ValueError, match=r"use for example sqlite:///var/xenia\.db"):
        engine(url)


def test_block_that_ends_is_committed(database: Engine) -> None:
    with session_scope(database) as session:
        session.add(thumb())
    assert count(database) == 1


def test_block_that_raises_leaves_nothing_behind(database: Engine) -> None:
    with pytest.raises(KeyboardInterrupt), session_scope(database) as session:
        session.add(thumb())
        session.flush()
        raise KeyboardInterrupt
    assert count(database) == 0


def test_rows_stay_readable_after_the_block(database: Engine) -> None:
    with session_scope(database) as session:
        row = thumb(-1)
        session.add(row)
    assert (row.rating, row.at.tzinfo) == (-1, timezone.utc)


def test_sqlite_waits_logs_ahead_and_enforces_foreign_keys(database: Engine) -> None:
    with database.connect() as connection:
        settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "busy_timeout")]
    assert settings == ["wal", 5000]
    with pytest.raises(IntegrityError), session_scope(database) as session:
        session.add(Order(number="1", number_key="1", customer_id=99, delivery_address="x", amount_eur=Decimal(1)))


def test_eight_threads_that_write_at_once_all_succeed(database: Engine) -> None:
    def write() -> None:
        for _ in range(5):
            with session_scope(database) as session:
                session.add(thumb())

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 40


def test_errors_never_show_parameters(database: Engine) -> None:
    with pytest.raises(IntegrityError) as caught:
        for _ in range(2):
            with session_scope(database) as session:
                session.add(Customer(**CUSTOMER))
    assert "a@example.com" not in str(caught.value)


def test_amounts_come_back_as_exact_cents(database: Engine) -> None:
    amounts = [Decimal("0.10"), Decimal("59.90"), Decimal("99999999.99")]
    with session_scope(database) as session:
        session.add_all(Product(sku=str(a), price_eur=a, url="u") for a in amounts)
    with session_scope(database) as session:
        stored = list(session.scalars(select(Product.price_eur).order_by(Product.price_eur)))
    assert [str(amount) for amount in stored] == ["0.10", "59.90", "99999999.99"]


def test_moments_come_back_in_utc_and_naive_ones_are_refused(database: Engine) -> None:
    in_tokyo = datetime(2026, 3, 1, 8, 0, tzinfo=timezone(timedelta(hours=9)))
    with session_scope(database) as session:
        session.add(Feedback(conversation_id="c", message_id="m", rating=1, at=in_tokyo))
    with session_scope(database) as session:
        assert session.scalar(select(Feedback.at)).isoformat() == "2026-02-28T23:00:00+00:00"
    with pytest.raises(StatementError, match="time zone"), session_scope(database) as session:
        session.add(Feedback(conversation_id="c", message_id="m", rating=1, at=datetime(2026, 3, 1)))


def test_unknown_column_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="'stars'"):
        Feedback(stars=5)


def test_of_two_changes_of_one_order_the_later_one_collides(database: Engine) -> None:
    with session_scope(database) as session:
        order = Order(number="1", number_key="1", delivery_address="x", amount_eur=Decimal(1))
        order.customer = Customer(**CUSTOMER)
        session.add(order)
    with pytest.raises(StaleDataError), session_scope(database) as late:
        behind = late.get(Order, order.id)
        with session_scope(database) as early:
            early.get(Order, order.id).status = OrderStatus.SHIPPED
        behind.status = OrderStatus.CANCELLED
    with session_scope(database) as session:
        assert session.get(Order, order.id).status is OrderStatus.SHIPPED
