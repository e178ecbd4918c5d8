from __future__ import annotations

import importlib

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from store.schema import NewerSchema, head, migrate, revision
from store.tables import mapper_registry

RASA = "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255))"


def test_migrations_make_exactly_the_tables_of_the_code(any_database: Engine) -> None:
    env = importlib.import_module("store.template_tables"), importlib.import_module("store.conversation_tables")
    assert all(env)
    migrate(any_database)
    with any_database.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, mapper_registry.metadata) == []
        assert revision(connection) == head()


def test_tables_of_rasa_in_the_same_database_are_left_alone(any_database: Engine) -> None:
    with any_database.begin() as connection:
        connection.execute(text(RASA))
        connection.execute(text("INSERT INTO events VALUES (1, 'anna')"))
    migrate(any_database)
    with any_database.begin() as connection:
        assert connection.execute(text("SELECT sender_id FROM events")).scalar_one() == "anna"


def test_database_of_an_earlier_xenia_keeps_its_rows_and_gets_the_new_tables(any_database: Engine) -> None:
    migrate(any_database)
    with any_database.begin() as connection:
        connection.execute(
            text("INSERT INTO feedback VALUES (1, 'c', 'm', 1, :at)"), {"at": "2026-01-02 03:04:05.000000"}
        )
        for table in ("template_sources", "identities", "messages", "rejected_rows", "templates", "conversations"):
            connection.execute(text(f"DROP TABLE {table}"))
        for table in ("imports", "needs", "decisions", "alembic_version"):
            connection.execute(text(f"DROP TABLE {table}"))
    migrate(any_database)
    with any_database.begin() as connection:
        assert connection.execute(text("SELECT rating FROM feedback")).scalar_one() == 1
        assert inspect(connection).has_table("messages")


def test_migrating_twice_changes_nothing(any_database: Engine) -> None:
    migrate(any_database)
    migrate(any_database)
    with any_database.begin() as connection:
        assert revision(connection) == head()


def test_database_of_a_newer_xenia_is_refused_with_a_cure(any_database: Engine) -> None:
    migrate(any_database)
    with any_database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="found 9999, which a newer Xenia wrote. Install that version"):
        migrate(any_database)
