"""The schema of the database, brought up to date by Alembic: `store/migrations/versions` in their order.

A database that an earlier Xenia made without Alembic is taken as it stands at the first revision. Rasa's own tables
(`events`) may lie in the same database and are left alone.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import Connection, Engine

FIRST_REVISION = "0001"
_MIGRATIONS = Path(__file__).with_name("migrations")
_OF_THE_FIRST = "handoffs"


class NewerSchema(ValueError):
    """The database was written by a newer Xenia; the message says so and what to do."""


def migrate(engine: Engine) -> None:
    """Create what is missing and alter what has changed, in one transaction a step; nothing to do is quick.

    Raises NewerSchema where the database knows a revision that this Xenia does not.
    """
    with engine.begin() as connection:
        _check(connection)
        config = config_for(connection)
        if revision(connection) is None and inspect(connection).has_table(_OF_THE_FIRST):
            command.stamp(config, FIRST_REVISION)
        if revision(connection) != head():
            command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The revision of a database, None where Alembic never was."""
    found: str | None = MigrationContext.configure(connection).get_current_revision()
    return found


def head() -> str:
    """The revision that this Xenia writes."""
    found = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if found is None:
        raise FileNotFoundError(f"{_MIGRATIONS}/versions: expected migrations, found none. Install Xenia again.")
    return found


def _check(connection: Connection) -> None:
    present = revision(connection)
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if present is not None and present not in known:
        raise NewerSchema(
            f"the database: expected a schema up to revision {head()}, found {present}, which a newer Xenia wrote. "
            "Install that version, or name another DATABASE_URL."
        )


def config_for(connection: Connection) -> Config:
    """Alembic's settings for our migrations on this connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
