"""A table in a file -> records (column -> text) with their row numbers: CSV by `delimited`, Parquet by row groups here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from training.ingest.delimited import DelimitedTable
from training.ingest.encodings import detect
from training.ingest.pieces import Notify, Record, Reject, RowCounter
from training.logs.dialogues import UnreadableLogs

PARQUET_MAGIC = b"PAR1"
_BATCH = 1000


class Table(Protocol):
    """Columns by name, rows one at a time. Of a record of a table, `value` is a `dict[str, str]`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names, no two alike."""
        ...

    def records(self, counter: RowCounter, only: Collection[str] = ()) -> Iterator[Record | Reject]:
        """The rows that `counter` wants; with `only` these columns suffice."""
        ...


def open_table(path: Path, *, notify: Notify) -> Table:
    """The table of a file; raises UnreadableLogs where it has no header. A guessed encoding is notified."""
    with path.open("rb") as handle:
        is_parquet = handle.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
    if is_parquet:
        return ParquetTable(path)
    encoding = detect(path)
    if not encoding.sure:
        notify(
            f"{path}: not UTF-8, read as {encoding.name} ({encoding.how}); if letters come out wrong, export as UTF-8"
        )
    return DelimitedTable(path, encoding)


class ParquetTable:
    """A Parquet file: values as text, moments in ISO 8601, lists and structures as JSON, null as an empty text."""

    def __init__(self, path: Path) -> None:
        """Read the schema; raises UnreadableLogs where the file is damaged."""
        import pyarrow
        import pyarrow.parquet

        self.path = path
        self._errors = (pyarrow.ArrowException, OSError)
        try:
            with pyarrow.parquet.ParquetFile(path) as file:
                self.columns = tuple(file.schema_arrow.names)
        except self._errors as error:
            raise UnreadableLogs(
                f"{path}: expected a whole Parquet file, found a damaged one ({type(error).__name__}); export it again"
            ) from None

    def records(self, counter: RowCounter, only: Collection[str] = ()) -> Iterator[Record | Reject]:
        """Rows of one row group after another; a group that a resumed run does not want is not read at all."""
        import pyarrow.parquet

        columns = [name for name in self.columns if not only or name in only]
        number = 0
        try:
            with pyarrow.parquet.ParquetFile(self.path) as file:
                for group in range(file.num_row_groups):
                    n_rows = file.metadata.row_group(group).num_rows
                    if counter.skip(n_rows):
                        number += n_rows
                        continue
                    for batch in file.iter_batches(_BATCH, row_groups=[group], columns=columns):
                        for values in batch.to_pylist():
                            number += 1
                            if counter.next():
                                yield self._record(counter.row, number, values)
        except self._errors:
            counter.next()
            reason = "expected a whole Parquet file, found one that is damaged from here on"
            yield Reject(counter.row, f"{self.path} record {number + 1}", reason)

    def _record(self, row: int, number: int, values: dict[str, Any]) -> Record:
        texts = {name: cell_text(value) for name, value in values.items()}
        return Record(row, f"{self.path} record {number}", texts)


def cell_text(value: object) -> str:
    """A typed value as a table's cell holds it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else str(value)
