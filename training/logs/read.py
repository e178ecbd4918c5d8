"""The one entry: a path or a database URL -> masked training rows and a report of where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.conversation_tables import Conversation
from training.logs.databases import parsed_url, read_only
from training.logs.dialogues import Dialogue, Fault
from training.logs.jsonl import read_jsonl
from training.logs.rows import Identify, LogRows, Rules, rows_of
from training.logs.stored import Stored, read_stored
from training.logs.tracker_store import read_tracker_store
from training.redaction.natural import natural
from training.redaction.values import Facts

_SQLITE_MAGIC = b"SQLite format 3\x00"


def read_logs(
    source: str,
    *,
    confirmed: bool = False,
    threshold: float = 0.9,
    identify: Identify | None = None,
    facts: Mapping[str, str] | None = None,
) -> LogRows:
    """Rows of logged conversations, personal data masked.

    Args:
        source: a file or folder of the contract's JSON Lines, an SQLite file or a database URL of Rasa's tracker store.
        confirmed: whether intents that only the model named become rows too, where the conversation confirms them.
        threshold: confidence from which on, in [0, 1].
        identify: the language of a text (ISO 639-1 or None), for turns that were logged without.
        facts: the shop's own values by placeholder (`support_email`); not masked, and placeholders in answers.

    Raises:
        UnreadableLogs: (a ValueError) the source is none of these, or does not answer.
        ValueError: the threshold is no confidence, or a fact has no name of a placeholder.
    """
    rules = Rules(confirmed=confirmed, threshold=threshold, identify=identify, facts=Facts(facts or {}))
    return rows_of(dialogues_in(source), rules)


def dialogues_in(source: str) -> Iterator[Dialogue | Fault]:
    """Conversations one at a time, whatever the source is; raises UnreadableLogs.

    Of a database: those that were ingested, and those of Rasa's tracker store, whichever are there.
    """
    path = Path(source).expanduser()
    if "://" not in source and path.is_file() and _is_sqlite(path):
        source = f"sqlite:///{path}"
    if "://" not in source:
        yield from read_jsonl(path)
        return
    has_stored = False
    for stored in _ingested(source):
        has_stored = True
        yield natural(stored.dialogue)
    if not has_stored or _has_table(source, "events"):
        yield from read_tracker_store(source)


def _ingested(url: str) -> Iterator[Stored]:
    """Conversations that `xenia ingest` stored there, none where it never was."""
    if _has_table(url, Conversation.__tablename__):
        with Session(read_only(parsed_url(url)), future=True) as session:
            yield from read_stored(session)


def _has_table(url: str, name: str) -> bool:
    """Whether it stands there; a database that does not answer has none, and its reader says so."""
    try:
        return bool(inspect(read_only(parsed_url(url))).has_table(name))
    except SQLAlchemyError:
        return False


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
