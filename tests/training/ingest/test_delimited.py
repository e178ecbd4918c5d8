"""CSV as people export it: each row is read, or refused with its number, its line and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.ingest.delimited import MAX_RECORD_CHARS, DelimitedTable, delimiter_of
from training.ingest.encodings import detect
from training.ingest.pieces import Record, Reject, RowCounter
from training.logs.dialogues import UnreadableLogs

NO_QUOTE = "expected a closing quote, found none in reach"


def _table(tmp_path: Path, content: bytes | str) -> DelimitedTable:
    path = tmp_path / "export.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return DelimitedTable(path, detect(path))


def _rows(table: DelimitedTable, first_row: int = 1) -> list[tuple[int, int, object]]:
    """Row, line, and the fields or the reason."""
    found: list[tuple[int, int, object]] = []
    for one in table.records(RowCounter(first_row)):
        line = int(one.place.rpartition(":")[2])
        found.append((one.row, line, list(one.value.values()) if isinstance(one, Record) else one.reason))  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_others_stand_in_the_text(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "text"], ["1", "a; b, c | d"], ["2", "e, f"]]
    content = "\n".join(delimiter.join(f'"{field}"' if delimiter in field else field for field in row) for row in rows)
    table = _table(tmp_path, content)
    assert table.columns == ("id", "text")
    assert [fields for _, _, fields in _rows(table)] == rows[1:]


def test_excels_separator_line_is_obeyed(tmp_path: Path) -> None:
    assert _rows(_table(tmp_path, "sep=|\r\na|b,c\r\n1|2,3\r\n")) == [(1, 3, ["1", "2,3"])]
    assert delimiter_of(["one column", "only"]) == ","
    assert delimiter_of(["number, long;text\n", "1;a\n", "2;b\n"]) == ";"


def test_the_header_loses_mark_and_spaces_and_names_stay_apart(tmp_path: Path) -> None:
    table = _table(tmp_path, '\ufeff\ufeff id ,"text",text,\n1,a,b,c\n')
    assert table.columns == ("id", "text", "text.2", "column 4")
    (record,) = table.records(RowCounter())
    assert isinstance(record, Record)
    assert record.value == {"id": "1", "text": "a", "text.2": "b", "column 4": "c"}


def test_line_ends_of_all_kinds_and_line_breaks_in_quotes(tmp_path: Path) -> None:
    content = 'id,text\r\n1,"one\r\ntwo\nthree"\n2,b\r3,c\r\n\r\n4,d'
    assert _rows(_table(tmp_path, content)) == [
        (1, 2, ["1", "one\r\ntwo\nthree"]),
        (2, 5, ["2", "b"]),
        (3, 6, ["3", "c"]),
        (4, 8, ["4", "d"]),
    ]


def test_rows_that_do_not_fit_the_header_are_refused(tmp_path: Path) -> None:
    content = "id,role,text\n1,agent\n2,agent,a,b\n3,agent,a,,\n4,agent,c\n5,ag"
    assert _rows(_table(tmp_path, content)) == [
        (1, 2, "expected 3 columns as in the header, found 2"),
        (2, 3, "expected 3 columns as in the header, found 4"),
        (3, 4, ["3", "agent", "a"]),
        (4, 5, ["4", "agent", "c"]),
        (5, 6, "expected a whole row, found the last one cut off"),
    ]


def test_zero_bytes_are_dropped_and_broken_bytes_cost_their_row(tmp_path: Path) -> None:
    content = b"id,text\n1,a\0b\n" + b"2,\xff\n" + "3,ééééééééééééé\n".encode()
    assert _rows(_table(tmp_path, content)) == [
        (1, 2, ["1", "ab"]),
        (2, 3, "expected text in the file's encoding, found bytes that are none of it"),
        (3, 4, ["3", "ééééééééééééé"]),
    ]


def test_a_quote_never_closed_costs_one_row(tmp_path: Path) -> None:
    rest = [f"{number},agent,row {number}" for number in range(3, 8)]
    content = "\n".join(["id,role,text", "1,agent,a", '2,agent,"never closed', *rest]) + "\n"
    rows = _rows(_table(tmp_path, content))
    assert rows[:2] == [(1, 2, ["1", "agent", "a"]), (2, 3, NO_QUOTE)]
    assert [(row, line) for row, line, _ in rows[2:]] == [(3, 4), (4, 5), (5, 6), (6, 7), (7, 8)]
    assert rows[-1][2] == ["7", "agent", "row 7"]


@pytest.mark.parametrize("closing", ['6,agent,a 5" screen', '6,agent,"fine"', '6,agent,it is 5"'])
def test_a_quote_closed_in_another_row_costs_no_more_than_the_rows_with_quotes(tmp_path: Path, closing: str) -> None:
    lines = ["id,role,text", '1,agent,"open', "2,agent,b", "3,agent,c", "4,agent,d", "5,agent,e", closing, "7,agent,g"]
    rows = _rows(_table(tmp_path, "\n".join(lines) + "\n"))
    assert rows[0] == (1, 2, NO_QUOTE) or rows[0][2] == "expected 3 columns as in the header, found 4"
    assert [fields for _, _, fields in rows[1:5]] == [
        ["2", "agent", "b"],
        ["3", "agent", "c"],
        ["4", "agent", "d"],
        ["5", "agent", "e"],
    ]
    assert rows[-1] == (7, 8, ["7", "agent", "g"])


def test_text_behind_a_closing_quote_means_that_it_closed_another(tmp_path: Path) -> None:
    content = 'id,role,text\n1,agent,"open\n2,agent,the "fast" one\n3,agent,c\n'
    rows = [(1, 2, NO_QUOTE), (2, 3, ["2", "agent", 'the "fast" one']), (3, 4, ["3", "agent", "c"])]
    assert _rows(_table(tmp_path, content)) == rows


def test_a_last_row_cut_off_within_quotes_is_one_reject(tmp_path: Path) -> None:
    content = 'id,role,text\n1,agent,"a"\n2,agent,"first line\nsecond line\nthird li'
    assert _rows(_table(tmp_path, content)) == [(1, 2, ["1", "agent", "a"]), (2, 3, NO_QUOTE)]


def test_a_record_over_the_limit_does_not_swallow_the_file(tmp_path: Path) -> None:
    filler = "3,agent," + "x" * 990 + "\n"
    n_rows = MAX_RECORD_CHARS // len(filler) + 500
    content = (
        'id,role,text\n1,agent,a\n2,agent,"open\n'
        + filler * n_rows
        + "4,agent,"
        + "y" * (2 * MAX_RECORD_CHARS)
        + "\n5,agent,z\n"
    )
    rows = _rows(_table(tmp_path, content))
    refused = [(row, line, reason) for row, line, reason in rows if isinstance(reason, str)]
    assert refused == [
        (2, 3, NO_QUOTE),
        (n_rows + 3, n_rows + 4, f"expected a line under {MAX_RECORD_CHARS} characters"),
    ]
    assert rows[-1] == (n_rows + 4, n_rows + 5, ["5", "agent", "z"])
    assert len(rows) == n_rows + 4


def test_a_resumed_reading_gives_the_same_rows_with_the_same_numbers(tmp_path: Path) -> None:
    content = 'id,role,text\n1,agent,"a\nb"\n2,agent\n3,agent,"open\n4,agent,d\n5,agent,e\n'
    table = _table(tmp_path, content)
    whole = _rows(table)
    assert len(whole) == 5
    for first in range(1, 7):
        assert _rows(table, first) == whole[first - 1 :]


def test_an_empty_file_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLogs, match="expected a header and rows, found an empty file"):
        _table(tmp_path, "\n\n")
    assert _rows(_table(tmp_path, "id,text\n")) == []


def test_nothing_of_a_row_stands_in_its_reject(tmp_path: Path) -> None:
    table = _table(tmp_path, 'id,text\nSecretive\n1,"Secretive\n2,Secretive,3\n')
    rejects = [one for one in table.records(RowCounter()) if isinstance(one, Reject)]
    assert len(rejects) == 2
    assert not any("Secretive" in str(one) for one in rejects)
