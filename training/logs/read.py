"""The one entry: a path or a database URL -> masked training rows and a report of where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from training.logs.dialogues import Dialogue, Fault
from training.logs.jsonl import read_jsonl
from training.logs.rows import Identify, LogRows, Rules, rows_of
from training.logs.tracker_store import read_tracker_store
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
    """Conversations one at a time, whatever the source is; raises UnreadableLogs."""
    if "://" in source:
        return read_tracker_store(source)
    path = Path(source).expanduser()
    if path.is_file() and _is_sqlite(path):
        return read_tracker_store(f"sqlite:///{path}")
    return read_jsonl(path)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
