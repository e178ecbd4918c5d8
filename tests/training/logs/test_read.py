"""One entry for a file, a folder, an SQLite file and a database URL."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.conversation_tables import Conversation, Import, Message
from store.schema import migrate
from store.sessions import engine, session_scope
from training.logs.dialogues import UnreadableLogs
from training.logs.read import read_logs
from training.logs.rows import row_id

TURNS = [
    {"role": "customer", "text": "how long does delivery take", "language": "en"},
    {"role": "agent", "text": "Two to three working days, write to help@shop.example.", "language": "en"},
]


def test_files_and_folders_are_read_as_json_lines(tmp_path: Path) -> None:
    line = json.dumps({"conversation_id": "c", "turns": TURNS})
    (tmp_path / "a.jsonl").write_text(f"{line}\nbroken\n", "utf-8")
    for source in (tmp_path / "a.jsonl", tmp_path):
        rows = read_logs(str(source), facts={"support_email": "help@shop.example"})
        assert [row.answer for row in rows.answered] == ["Two to three working days, write to {support_email}."]
        assert rows.report.n_faults == 1


def test_a_database_is_told_by_its_url_or_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "xenia.db"
    events = [
        ("user", {"text": "what does shipping cost", "parse_data": {"intent": {"name": "cost", "confidence": 0.95}}}),
        ("bot", {"text": "It costs 4.90."}),
        ("user", {"text": "fine, and lamps?", "parse_data": {"intent": {"name": "lamps", "confidence": 0.5}}}),
    ]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, type_name, timestamp FLOAT, data)")
        for name, data in events:
            connection.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('s', ?, 1.0, ?)",
                (name, json.dumps(data)),
            )
        connection.commit()
    for source in (f"sqlite:///{path}", str(path)):
        rows = read_logs(source, confirmed=True)
        assert [(row.text, row.intent) for row in rows.examples] == [("what does shipping cost", "cost")]
        assert read_logs(source).examples == ()
        assert read_logs(source, confirmed=True, threshold=0.96).examples == ()


def test_a_source_that_is_nothing_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLogs, match="or a database URL"):
        read_logs(str(tmp_path / "nothing"))


def test_a_database_gives_what_was_ingested_and_what_the_tracker_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'xenia.db'}"
    made = engine(url)
    migrate(made)
    with session_scope(made) as session:
        session.add(Import(id=1, source_key="k", name="x", namespace="desk"))
        session.flush()
        session.add(Conversation(id=1, key="c1", import_id=1))
        session.flush()
        turns = (
            ("customer", "where is order [order_number:4F7K] now"),
            ("agent", "Orders take three to five working days."),
        )
        for part, (role, text) in enumerate(turns):
            session.add(
                Message(conversation_id=1, row=1, part=part, role=role, text=text, text_key=part, language="en")
            )
    rows = read_logs(url)
    assert rows.report.n_faults == 0
    (pair,) = rows.answered
    assert pair.answer == "Orders take three to five working days."
    assert "[" not in pair.question
    assert rows.conversations == (row_id("c1"),)
