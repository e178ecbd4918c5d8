"""Write the next revision from the difference between the tables and a database at the last one.

uv run python -m store.migrations.revise "orders get a currency"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from store.schema import config_for, head, migrate
from store.sessions import engine


def revise(message: str) -> None:
    """Write `versions/<number>_<message>.py`; read it before you commit it."""
    with tempfile.TemporaryDirectory() as folder:
        database = engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        migrate(database)
        with database.begin() as connection:
            command.revision(config_for(connection), message, autogenerate=True, rev_id=f"{int(head()) + 1:04d}")


if __name__ == "__main__":
    revise(sys.argv[1])
