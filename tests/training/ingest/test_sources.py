"""One entry for every export: formats are told by content, rows are numbered, a run goes on at any of them."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from training.ingest.formats import Format
from training.ingest.mapping import Columns, columns_of
from training.ingest.pieces import Piece, Reject
from training.ingest.sources import read_source
from training.logs.dialogues import Role, UnreadableLogs

CONTRACT = {"conversation_id": "x-1", "turns": [{"role": "customer", "text": "hi"}]}
ZENDESK = {"id": 1, "requester_id": 5, "status": "open", "comments": [{"author_id": 5, "body": "hi", "public": True}]}
INTERCOM = {"type": "conversation", "id": "1", "source": {"body": "hi", "author": {"type": "user", "id": "5"}}}
FRESHDESK = {"id": 1, "status": 2, "requester_id": 5, "description_text": "hi", "conversations": []}
CHATWOOT = {"id": 1, "meta": {"sender": {"id": 5}}, "messages": [{"message_type": 0, "content": "hi"}]}
VENDORS = [ZENDESK, INTERCOM, FRESHDESK, CHATWOOT]


def _write(path: Path, content: object) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else str(content).encode())
    return path


def _read(path: Path, **more: Any) -> list[Piece | Reject]:
    told: list[str] = []
    found = list(read_source(str(path), notify=told.append, **more))
    assert all(": columns " in notice for notice in told)
    return found


def _said(found: list[Piece | Reject]) -> list[str]:
    """Conversation and first text, or the reason."""
    return [
        f"{one.dialogue.conversation_id} {one.dialogue.turns[0].text}" if isinstance(one, Piece) else one.reason
        for one in found
    ]


def test_the_contracts_lines_are_read_and_faults_numbered(tmp_path: Path) -> None:
    path = _write(tmp_path / "logs", "\n".join(json.dumps(one) for one in (CONTRACT, {"turns": []}, CONTRACT)))
    found = _read(path)
    assert _said(found) == ["x-1 hi", "conversation_id: expected a string, found none", "x-1 hi"]
    assert found[1] == Reject(2, f"{path}:2", "conversation_id: expected a string, found none")
    assert isinstance(found[0], Piece)
    assert (found[0].row, found[0].whole, found[0].customer_ids) == (1, True, ())


@pytest.mark.parametrize("record", VENDORS)
def test_help_desks_are_told_by_their_records(tmp_path: Path, record: dict[str, Any]) -> None:
    for content in (json.dumps(record), json.dumps([record]), gzip.compress(json.dumps([record], indent=1).encode())):
        (piece,) = _read(_write(tmp_path / "export", content))
        assert isinstance(piece, Piece)
        assert (piece.row, piece.whole, piece.customer_ids) == (1, True, ("5",))
        assert _said([piece]) == ["1 hi"]


def test_users_beside_the_tickets_say_who_wrote(tmp_path: Path) -> None:
    comments = [{"author_id": 5, "body": "a"}, {"author_id": 6, "body": "b"}, {"author_id": 9, "body": "c"}]
    users = [
        {"id": 6, "role": "end-user"},
        {"id": 5, "role": "end-user", "email": "x@y.example"},
        {"id": 9, "role": "admin"},
    ]
    (piece,) = _read(
        _write(tmp_path / "export", json.dumps({"tickets": [ZENDESK | {"comments": comments}], "users": users}))
    )
    assert isinstance(piece, Piece)
    assert [turn.role for turn in piece.dialogue.turns] == [Role.CUSTOMER, Role.CUSTOMER, Role.AGENT]
    assert piece.customer_ids == ("5", "x@y.example")


def test_a_record_of_another_kind_among_tickets_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "export", "\n".join(json.dumps(one) for one in (ZENDESK, {"id": 2}, ZENDESK | {"id": 3})))
    assert _said(_read(path)) == ["1 hi", "expected a message that the customer could see, found none", "3 hi"]
    assert _said(_read(path, first_row=3)) == ["3 hi"]


def test_a_table_of_messages_and_one_of_tickets(tmp_path: Path) -> None:
    messages = _write(tmp_path / "a", "doc_id;sender;source\n7;customer;hi\n7;boss;no\n7;operator;hello\n")
    columns = columns_of(["conversation=doc_id", "role=sender", "text=source"])
    found = _read(messages, columns=columns)
    assert [(one.row, isinstance(one, Piece)) for one in found] == [(1, True), (2, False), (3, True)]
    assert not any(one.whole for one in found if isinstance(one, Piece))
    assert _said(_read(messages, columns=columns, first_row=3)) == ["7 hello"]
    tickets = _write(tmp_path / "b", "Frage,Antwort\nwann?,morgen\n")
    assert _said(_read(tickets)) == ["b:1 wann?"]


def test_flat_json_is_a_table_too(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl", '{"question": "when?", "answer": "soon", "n": 1}\n{"question": null}\n')
    assert _said(_read(path)) == ["a.jsonl:1 when?", "customer (question): expected words, found none"]
    with pytest.raises(
        UnreadableLogs, match="expected the column 'q' for customer, found the columns question, answer, n"
    ):
        _read(path, columns=columns_of(["question=q", "answer=answer"]))


def test_a_folders_files_are_one_source(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    _write(tmp_path / "a.csv", "question,answer\na1,x\na2,x\n")
    _write(tmp_path / "b" / "export.json", json.dumps([ZENDESK, ZENDESK | {"id": 2}]))
    _write(tmp_path / "notes.txt", "Secretive words")
    _write(tmp_path / "z.jsonl", json.dumps(CONTRACT))
    _write(tmp_path / ".hidden.csv", "question,answer\nno,x\n")
    found = _read(tmp_path)
    assert [one.row for one in found] == [1, 2, 3, 4, 5, 6]
    said = _said(found)
    assert said[:4] == ["a.csv:1 a1", "a.csv:2 a2", "1 hi", "2 hi"]
    assert said[5] == "x-1 hi"
    assert isinstance(found[4], Reject)
    assert found[4].place == str(tmp_path / "notes.txt")
    assert found[4].reason.startswith("expected columns whose names tell what they hold, found")
    for first in range(1, 8):
        assert _read(tmp_path, first_row=first) == found[first - 1 :]


def _tracker_store(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, type_name, timestamp FLOAT, data)")
        rows = [("s", "session_started", {}), ("s", "user", {"text": "one"}), ("s", "session_started", {})]
        rows += [("s", "user", {"text": "two"}), ("s", "user", {}), ("t", "user", {"text": "three"})]
        for sender, kind, data in rows:
            statement = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, 1.0, ?)"
            connection.execute(statement, (sender, kind, json.dumps(data)))
        connection.commit()
    return path


def test_sessions_of_a_tracker_store_keep_apart(tmp_path: Path) -> None:
    path = _tracker_store(tmp_path / "rasa.db")
    found = _read(path)
    assert _said(found) == ["text: expected a string, found none", "s one", "s#2 two", "t three"]
    assert [one.customer_ids for one in found if isinstance(one, Piece)] == [("s",), ("s",), ("t",)]
    assert list(read_source(f"sqlite:///{path}")) == found
    for first in range(1, 6):
        assert _read(path, first_row=first) == found[first - 1 :]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "found an empty file"),
        (b"PK\x03\x04 and more", "found a zip archive or an Excel workbook; unpack it or save it as CSV"),
        ("just words\nand more\n", r"found the columns just words; name them"),
        ('{"foo": 1}', "found the columns foo; .* Formats known: the contract's JSON Lines, CSV or Parquet"),
        ("[]", r"found the columns ; .*Formats known"),
    ],
)
def test_what_cannot_be_read_says_what_could(tmp_path: Path, content: object, found: str) -> None:
    path = _write(tmp_path / "export", content)
    with pytest.raises(UnreadableLogs, match=f"export: expected .*{found}"):
        _read(path)


def test_nothing_there_and_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLogs, match="expected the contract's JSON Lines.* found nothing there"):
        _read(tmp_path / "missing")
    with pytest.raises(UnreadableLogs, match="found a folder without files"):
        _read(tmp_path)
    _write(tmp_path / "a", "")
    with pytest.raises(
        UnreadableLogs, match="expected a file in a known form, found none; of the last one: .*an empty file"
    ):
        _read(tmp_path)
    with pytest.raises(ValueError, match="first_row: expected a number from 1 on, found 0"):
        _read(tmp_path, first_row=0)


def test_a_stated_format_is_held_to(tmp_path: Path) -> None:
    path = _write(tmp_path / "export", json.dumps({"id": 1, "requester_id": 5, "description": "hi"}))
    with pytest.raises(UnreadableLogs, match="found the columns id, requester_id, description"):
        _read(path)
    assert _said(_read(path, format=Format.ZENDESK)) == ["1 hi"]
    with pytest.raises(UnreadableLogs, match="export: expected parquet, found flat-json"):
        _read(path, format=Format.PARQUET)


def test_a_guessed_encoding_is_notified(tmp_path: Path) -> None:
    rows = "".join(f"где заказ {number}?,он уже в пути\n" for number in range(9))
    path = _write(tmp_path / "a.csv", ("вопрос,ответ\n" + rows).encode("cp1251"))
    told: list[str] = []
    first = next(iter(read_source(str(path), columns=Columns(), notify=told.append)))
    assert _said([first]) == ["a.csv:1 где заказ 0?"]
    assert "read as cp1251" in told[0]
    assert told[1:] == [f"{path}: columns customer=вопрос, agent=ответ"]


def test_two_hundred_thousand_rows_need_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("conversation_id,role,text\n")
        file.writelines(f"c{number // 5},customer,row {number}: where is my order? é\n" for number in range(200_000))
    script = (
        "import sys\n"
        "from training.ingest.sources import read_source\n"
        "count = sum(1 for _ in read_source(sys.argv[1]))\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(count, int(peak.split()[1]) // 1024)\n"
    )
    root = Path(__file__).parents[3]
    environment = os.environ | {"PYTHONPATH": str(root)}
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, env=environment)
    count, megabytes = map(int, done.stdout.split())
    assert count == 200_000
    assert megabytes < 100
