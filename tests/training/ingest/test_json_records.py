"""JSON in every usual shape gives the same records; what is broken is told with its number."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from training.ingest.encodings import detect
from training.ingest.json_records import Shape, items_at, json_records, shape_of
from training.ingest.pieces import Record, Reject, RowCounter

ONE, TWO = {"id": 1, "conversations": [{"body": "é"}], "score": 1.5}, {"id": 2, "users": []}
LINES = f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n"


def _write(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "export"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _read(path: Path, first_row: int = 1, told: list[str] | None = None) -> list[Record | Reject]:
    encoding = detect(path)
    shape = shape_of(path, encoding)
    assert shape is not None
    notify = pytest.fail if told is None else told.append
    return list(json_records(path, encoding, shape=shape, counter=RowCounter(first_row), notify=notify))


def _values(found: list[Record | Reject]) -> list[Any]:
    return [one.value if isinstance(one, Record) else one.reason for one in found]


@pytest.mark.parametrize(
    ("content", "prefix"),
    [
        (LINES, None),
        ("\ufeff" + LINES.replace("\n", "\r\n"), None),
        (json.dumps([ONE, TWO]), "item"),
        (json.dumps([ONE, TWO], indent=2), "item"),
        (json.dumps({"count": 2, "tickets": [ONE, TWO], "users": [{"id": 9}]}), "tickets.item"),
        (json.dumps({"pages": {"id": 5}, "conversations": [ONE, TWO]}, indent=1), "conversations.item"),
        (json.dumps({"data": {"meta": {}, "payload": [ONE, TWO]}}), "data.payload.item"),
        (json.dumps({"tickets": [ONE]}) + "\n" + json.dumps({"tickets": [TWO]}), "tickets.item"),
        (json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2), ""),
    ],
)
def test_every_shape_gives_the_same_records(tmp_path: Path, content: str, prefix: str | None) -> None:
    path = _write(tmp_path, content)
    assert shape_of(path, detect(path)) == Shape(prefix)
    assert _values(_read(path)) == [ONE, TWO]
    assert [one.row for one in _read(path)] == [1, 2]
    assert type(_values(_read(path))[0]["score"]) is float
    assert _values(_read(path, first_row=2)) == [TWO]
    assert _read(path, first_row=3) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize("content", [LINES, json.dumps([ONE, TWO], ensure_ascii=False)])
def test_marks_of_encodings_change_nothing(tmp_path: Path, encoding: str, content: str) -> None:
    assert _values(_read(_write(tmp_path, content.encode(encoding)))) == [ONE, TWO]


def test_what_begins_otherwise_is_no_json(tmp_path: Path) -> None:
    for content in ("id,text\n", "[note] text\n", "", '"id","text"\n'):
        path = _write(tmp_path, content)
        assert shape_of(path, detect(path)) is None


def test_a_broken_line_costs_that_line(tmp_path: Path) -> None:
    content = f'{{"id": }}\n[1]\n{LINES}{{"id": 3, "te'
    path = _write(tmp_path, content)
    assert [(one.row, one.place) for one in _read(path)] == [
        (row, f"{path}:{line}") for row, line in enumerate((1, 2, 3, 5, 6), 1)
    ]
    assert _values(_read(path)) == [
        "expected JSON, found something else at character 8",
        "expected an object, found another value",
        ONE,
        TWO,
        "expected a whole line, found the last one cut off",
    ]
    assert _read(path, first_row=4) == _read(path)[3:]


def test_a_first_line_cut_off_is_a_line_all_the_same(tmp_path: Path) -> None:
    assert _values(_read(_write(tmp_path, json.dumps(ONE)[:-5]))) == [
        "expected a whole line, found the last one cut off"
    ]


def test_nesting_beyond_measure_costs_its_line(tmp_path: Path) -> None:
    found = _values(_read(_write(tmp_path, '{"id": 1}\n{"id": ' + "[" * 100_000 + "\n" + '{"id": 2}\n')))
    assert found == [
        {"id": 1},
        "expected JSON of a conversation, found a number or a nesting beyond all measure",
        {"id": 2},
    ]


def test_an_array_ends_where_it_is_broken(tmp_path: Path) -> None:
    whole, reason = (
        json.dumps([ONE, TWO]),
        "expected JSON to the end of the file, found it cut off or broken from here on",
    )
    cut = _read(_write(tmp_path, whole[:-4]))
    assert _values(cut) == [ONE, reason]
    assert (cut[1].row, cut[1].place) == (2, f"{tmp_path}/export record 2")
    broken = _read(_write(tmp_path, whole.replace('"users": []', '"users": ]')))
    assert _values(broken) == [ONE, reason]


def test_a_damaged_gzip_is_one_more_reject(tmp_path: Path) -> None:
    reason = "expected a whole gzip file, found one that is damaged from here on"
    # An empty second member ends after the first one's data, so all of that arrives.
    for content in (LINES, json.dumps([ONE, TWO])):
        packed = gzip.compress(content.encode()) + gzip.compress(b"")[:-3]
        assert _values(_read(_write(tmp_path, packed))) == [ONE, TWO, reason]


def test_broken_bytes_in_an_array_are_replaced_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    path = _write(tmp_path, '[{"id": "ééééééééééé'.encode() + b'\xff"}]')
    assert _values(_read(path, told=told)) == [{"id": "ééééééééééé\ufffd"}]
    assert told == [f"{path}: bytes that are no utf-8 were replaced by \ufffd"]


def test_another_list_of_the_file_can_be_read_too(tmp_path: Path) -> None:
    path = _write(tmp_path, json.dumps({"tickets": [ONE], "users": [{"id": 9}]}))
    assert list(items_at(path, detect(path), "users.item")) == [{"id": 9}]


def test_one_long_array_is_never_held(tmp_path: Path) -> None:
    record = json.dumps({"id": 1, "text": "x" * 2000})
    path = _write(tmp_path, "[" + ",".join([record] * 6000) + "]")  # 12 MB
    tracemalloc.start()
    encoding = detect(path)
    n_read = sum(1 for _ in json_records(path, encoding, shape=Shape("item"), counter=RowCounter(), notify=pytest.fail))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_read == 6000
    assert peak < 6_000_000
