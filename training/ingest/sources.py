"""The one entry: a file, a folder or a database URL -> pieces and rejects, numbered by rows, from any row on.

`training.logs.read` reads our own logs for training; this reads whatever a help desk exports. Nothing here is cleaned or
redacted: what comes out must not be written to disk before it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from training.ingest import chatwoot, freshdesk, intercom, zendesk
from training.ingest.formats import KNOWN, FileKind, Format, kind_of_file
from training.ingest.json_records import items_at, json_records
from training.ingest.mapping import Columns
from training.ingest.pieces import Notify, Piece, Record, Reject, RowCounter
from training.ingest.table_pieces import TablePieces
from training.ingest.tables import cell_text, open_table
from training.logs.dialogues import Dialogue, Fault, UnreadableLogs
from training.logs.fields import BadField
from training.logs.jsonl import dialogue_of
from training.logs.tracker_store import read_tracker_store

Reader = Callable[[Mapping[str, Any]], tuple[Dialogue, tuple[str, ...]]]
_USUAL = Columns()
_TICKETS = "tickets.item"
_USERS = "users.item"


def read_source(
    source: str,
    *,
    format: Format = Format.AUTO,
    columns: Columns | None = None,
    first_row: int = 1,
    notify: Notify = lambda _: None,
) -> Iterator[Piece | Reject]:
    """Every conversation of a source in its order, and every row that cannot be used.

    Args:
        source: a file (also gzipped), a folder whose files are read in the order of their names, or a database URL.
        format: what it is; by default each file tells.
        columns: what the columns of a table or of flat JSON hold (`columns_of`); by default their names tell.
        first_row: the row to begin with, from 1; rows count on over a folder's files.
        notify: is told what concerns a whole file, such as an encoding that was guessed.

    Raises:
        UnreadableLogs: (a ValueError) nothing there, or nothing in a known form. A folder's file in no known form is one
            reject instead, if another file can be read.
    """
    counter = RowCounter(first_row)
    columns = columns or _USUAL
    if "://" in source:
        yield from _tracker_store(source, counter)
        return
    path = Path(source).expanduser()
    if path.is_dir():
        yield from _folder(
            path, partial(_file, format=format, columns=columns, counter=counter, notify=notify), counter
        )
    elif path.is_file():
        yield from _file(path, format=format, columns=columns, counter=counter, notify=notify)
    else:
        raise UnreadableLogs(f"{path}: expected {KNOWN}, found nothing there")


def _folder(
    folder: Path, read: Callable[[Path], Iterator[Piece | Reject]], counter: RowCounter
) -> Iterator[Piece | Reject]:
    paths = sorted(one for one in folder.rglob("*") if one.is_file())
    shown = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    n_read = 0
    for path in shown:
        try:
            yield from read(path)
            n_read += 1
        except UnreadableLogs as error:
            last = error
            if counter.next():
                yield Reject(counter.row, str(path), str(error).removeprefix(f"{path}: "))
    if not shown:
        raise UnreadableLogs(f"{folder}: expected {KNOWN}, found a folder without files")
    if not n_read:
        raise UnreadableLogs(f"{folder}: expected a file in a known form, found none; of the last one: {last}")


def _file(
    path: Path, *, format: Format, columns: Columns, counter: RowCounter, notify: Notify
) -> Iterator[Piece | Reject]:
    kind = kind_of_file(path, format)
    if kind.format is Format.TRACKER_STORE:
        return _tracker_store(f"sqlite:///{path}", counter)
    if kind.format in (Format.CSV, Format.PARQUET):
        return _table(path, columns=columns, counter=counter, notify=notify)
    if kind.format is Format.FLAT_JSON:
        return _flat(path, kind, columns=columns, counter=counter, notify=notify)
    return _conversations(path, kind, counter=counter, notify=notify)


def _table(path: Path, *, columns: Columns, counter: RowCounter, notify: Notify) -> Iterator[Piece | Reject]:
    table = open_table(path, notify=notify)
    fitted = columns.fitted(table.columns, where=str(path))
    notify(f"{path}: columns {fitted}")
    pieces = TablePieces(fitted, source=path.name, notify=notify)
    for record in table.records(counter, only=frozenset(fitted.names.values())):
        yield pieces.piece(record) if isinstance(record, Record) else record


def _flat(
    path: Path, kind: FileKind, *, columns: Columns, counter: RowCounter, notify: Notify
) -> Iterator[Piece | Reject]:
    try:
        fitted = columns.fitted(kind.keys, where=str(path))
    except UnreadableLogs as error:
        raise UnreadableLogs(f"{error}. Formats known: {KNOWN}") from None
    notify(f"{path}: columns {fitted}")
    pieces = TablePieces(fitted, source=path.name, notify=notify)
    for record in _records(path, kind, counter=counter, notify=notify):
        if isinstance(record, Record) and isinstance(record.value, dict):
            cells = {str(name): cell_text(value) for name, value in record.value.items()}
            yield pieces.piece(Record(record.row, record.place, cells))
        elif isinstance(record, Reject):
            yield record


def _conversations(path: Path, kind: FileKind, *, counter: RowCounter, notify: Notify) -> Iterator[Piece | Reject]:
    read = _reader(path, kind)
    for record in _records(path, kind, counter=counter, notify=notify):
        if isinstance(record, Reject):
            yield record
            continue
        try:
            dialogue, customer_ids = read(record.value)  # type: ignore[arg-type]
        except BadField as error:
            yield Reject(record.row, record.place, str(error))
        else:
            yield Piece(dialogue, record.row, True, customer_ids)


def _records(path: Path, kind: FileKind, *, counter: RowCounter, notify: Notify) -> Iterator[Record | Reject]:
    if kind.encoding is None or kind.shape is None:
        raise ValueError(f"{path}: expected a kind with encoding and shape, as of JSON, found none")
    if not kind.encoding.sure:
        notify(f"{path}: JSON is UTF-8, this one was read as {kind.encoding.name} ({kind.encoding.how})")
    return json_records(path, kind.encoding, shape=kind.shape, counter=counter, notify=notify)


def _reader(path: Path, kind: FileKind) -> Reader:
    if kind.format is Format.ZENDESK:
        is_listed = kind.shape is not None and kind.shape.prefix == _TICKETS and kind.encoding is not None
        users = items_at(path, kind.encoding, _USERS) if is_listed and kind.encoding else ()
        return partial(zendesk.read_ticket, people=zendesk.People(users))
    readers: dict[Format, Reader] = {
        Format.INTERCOM: intercom.read_conversation,
        Format.FRESHDESK: freshdesk.read_ticket,
        Format.CHATWOOT: chatwoot.read_conversation,
    }
    return readers.get(kind.format, _logged)


def _logged(record: Mapping[str, Any]) -> tuple[Dialogue, tuple[str, ...]]:
    """The contract knows no customer besides the conversation."""
    return dialogue_of(record), ()


def _tracker_store(url: str, counter: RowCounter) -> Iterator[Piece | Reject]:
    """A sender's sessions have one name; from the second on they get a number, or they would be one conversation."""
    sender, session = "", 0
    for found in read_tracker_store(url):
        is_wanted = counter.next()
        if isinstance(found, Fault):
            if is_wanted:
                yield Reject(counter.row, found.place, found.reason)
            continue
        session = session + 1 if found.conversation_id == sender else 1
        sender = found.conversation_id
        if is_wanted:
            named = found if session == 1 else replace(found, conversation_id=f"{sender}#{session}")
            yield Piece(named, counter.row, True, (sender,))
