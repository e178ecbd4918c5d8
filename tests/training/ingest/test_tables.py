"""Parquet by row groups, and which reader a file gets."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from training.ingest.pieces import Record, Reject, RowCounter
from training.ingest.tables import ParquetTable, open_table
from training.logs.dialogues import UnreadableLogs


def _parquet(path: Path, n_rows: int = 5) -> Path:
    columns = {
        "id": list(range(n_rows)),
        "text": [f"row {number}" if number != 1 else None for number in range(n_rows)],
        "at": [datetime(2025, 3, 1, tzinfo=timezone.utc)] * n_rows,
        "done": [True] * n_rows,
        "tags": [["a", "ü"]] * n_rows,
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path, row_group_size=2)
    return path


def test_values_become_text(tmp_path: Path) -> None:
    table = open_table(_parquet(tmp_path / "export", 2), notify=pytest.fail)
    assert table.columns == ("id", "text", "at", "done", "tags")
    first, second = table.records(RowCounter())
    values = {"id": "0", "text": "row 0", "at": "2025-03-01T00:00:00+00:00", "done": "true", "tags": '["a", "ü"]'}
    assert first == Record(1, f"{tmp_path}/export record 1", values)
    assert isinstance(second, Record)
    assert second.value == values | {"id": "1", "text": ""}


def test_a_resumed_reading_passes_over_row_groups(tmp_path: Path) -> None:
    table = open_table(_parquet(tmp_path / "export"), notify=pytest.fail)
    whole = list(table.records(RowCounter(), only={"id", "text"}))
    assert [record.row for record in whole] == [1, 2, 3, 4, 5]
    assert whole[4] == Record(5, f"{tmp_path}/export record 5", {"id": "4", "text": "row 4"})
    for first in range(1, 7):
        assert list(table.records(RowCounter(first), only={"id", "text"})) == whole[first - 1 :]


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "export")
    content = bytearray(path.read_bytes())
    path.write_bytes(content[:-20])
    with pytest.raises(UnreadableLogs, match="expected a whole Parquet file, found a damaged one"):
        ParquetTable(path)
    content[4:60] = b"\xff" * 56
    path.write_bytes(content)
    *_, last = open_table(path, notify=pytest.fail).records(RowCounter())
    resumed = open_table(path, notify=pytest.fail).records(RowCounter(3), only={"text"})
    assert [one.value for one in resumed if isinstance(one, Record)] == [{"text": f"row {row}"} for row in (2, 3, 4)]
    assert last == Reject(
        1, f"{path} record 1", "expected a whole Parquet file, found one that is damaged from here on"
    )


def test_a_guessed_encoding_is_notified(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"id,text\n" + "1,где мой заказ и когда он придёт\n".encode("cp1251") * 9)
    told: list[str] = []
    open_table(path, notify=told.append)
    assert told == [
        f"{path}: not UTF-8, read as cp1251 (by its statistics); if letters come out wrong, export as UTF-8"
    ]
