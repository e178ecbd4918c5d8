"""How Alembic runs our migrations: on the connection that `store.schema.migrate` hands over.

A new migration: change the tables, then `uv run python -m store.migrations.revise "what changed"`, and read what it wrote.
"""

from __future__ import annotations

from typing import Any

from alembic import context

import store.conversation_tables
import store.template_tables  # noqa: F401 - their tables belong to the metadata
from store.tables import mapper_registry


def include_object(item: Any, name: str | None, kind: str, reflected: bool, _compared: Any) -> bool:
    """Only our own tables: what is in the database and not in our metadata is somebody else's (Rasa's `events`)."""
    return not (kind == "table" and reflected and name not in mapper_registry.metadata.tables)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=mapper_registry.metadata,
    include_object=include_object,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
