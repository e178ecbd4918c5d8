"""Rasa's tracker store: sessions, parses and hand-offs, from a database with exactly the layout of Rasa 3.6.21."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from store.schema import migrate
from store.sessions import engine, session_scope
from store.tables import Feedback
from training.logs.dialogues import Dialogue, Fault, Label, Origin, Role, Turn, UnreadableLogs
from training.logs.tracker_store import read_tracker_store

_LAYOUT = """
CREATE TABLE events (
    id INTEGER NOT NULL,
    sender_id VARCHAR(255) NOT NULL,
    type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT,
    intent_name VARCHAR(255),
    action_name VARCHAR(255),
    data TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_events_sender_id ON events (sender_id);
"""


def _user(text: str | None, intent: str, confidence: float = 0.9, **more: Any) -> dict[str, Any]:
    parse = {"intent": {"name": intent, "confidence": confidence}, "entities": [], "language": {"code": "de"}}
    parse |= more.pop("parse", {})
    return {"event": "user", "text": text, "parse_data": parse, "input_channel": "web", "metadata": {}, **more}


def _bot(text: str | None, **metadata: Any) -> dict[str, Any]:
    return {
        "event": "bot",
        "text": text,
        "data": {},
        "metadata": {"metadata": metadata, "utter_action": "utter_answer"},
    }


def _event(type_name: str, /, **more: Any) -> dict[str, Any]:
    return {"event": type_name, **more}


def _write(path: Path, *rows: tuple[str, dict[str, Any] | str]) -> str:
    """One event a second, from 1970-01-01 00:00:01 on."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_LAYOUT)
        for second, (sender, event) in enumerate(rows, 1):
            written = event if isinstance(event, str) else json.dumps({**event, "timestamp": second})
            name = "user" if isinstance(event, str) else event["event"]
            connection.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)",
                (sender, name, float(second), written),
            )
        connection.commit()
    return f"sqlite:///{path}"


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, timezone.utc)


def _dialogues(url: str) -> Iterator[Dialogue]:
    for one in read_tracker_store(url):
        assert isinstance(one, Dialogue)
        yield one


def test_a_session_holds_what_was_said_with_parse_language_and_source(tmp_path: Path) -> None:
    entities = [{"entity": "order_number", "start": 3, "end": 8, "value": "48213"}, {"entity": "x", "value": "y"}]
    url = _write(
        tmp_path / "x.db",
        ("s", _event("action", name="action_session_start")),
        ("s", _event("session_started")),
        ("s", _user("wo 48213?", "track_order", 0.97, parse={"entities": entities})),
        ("s", _event("slot", name="offer", value=None)),
        ("s", _bot("Unterwegs.", language="de", answer_ids=["track.de.1"], written_by="template")),
        ("s", _bot(None)),
        ("s", _event("agent", text="Ich übernehme.", data={})),
    )
    label = Label("track_order", ((3, 8, "order_number"),), Origin.MODEL, 0.97)
    (read,) = _dialogues(url)
    assert read == Dialogue(
        "s",
        "web",
        _at(2),
        None,
        None,
        (),
        (
            Turn(Role.CUSTOMER, "wo 48213?", _at(3), "de", label),
            Turn(Role.BOT, "Unterwegs.", _at(5), "de", answer_ids=("track.de.1",), written_by="template"),
            Turn(Role.AGENT, "Ich übernehme.", _at(7)),
        ),
    )


def test_sessions_and_senders_are_told_apart_however_their_events_are_mixed(tmp_path: Path) -> None:
    url = _write(
        tmp_path / "x.db",
        ("b", _event("session_started")),
        ("a", _event("session_started")),
        ("b", _user("b1", "greet")),
        ("a", _user("a1", "greet")),
        ("b", _event("session_started")),
        ("a", _event("restart")),
        ("a", _user("a2", "greet")),
        ("b", _user("b2", "greet")),
        ("a", _event("session_started")),
    )
    found = [(one.conversation_id, [turn.text for turn in one.turns]) for one in _dialogues(url)]
    assert found == [("a", ["a1"]), ("a", ["a2"]), ("b", ["b1"]), ("b", ["b2"])]


def test_a_hand_off_is_seen_by_the_reply_that_announces_it(tmp_path: Path) -> None:
    url = _write(tmp_path / "x.db", ("s", _user("a", "x")), ("s", _bot("b", written_by="handoff", answer_ids=["h"])))
    (read,) = _dialogues(url)
    assert read.tags == ("handoff",)
    assert read.turns[1].written_by == "handoff"


def test_what_the_customer_affirmed_stands_once_with_the_affirmed_intent(tmp_path: Path) -> None:
    url = _write(
        tmp_path / "x.db",
        ("s", _user("alles kaputt", "nlu_fallback", 0.3)),
        ("s", _bot("Geht es um einen Schaden?", answer_ids=["utter_ask_affirmation"])),
        ("s", _user("ja", "affirm")),
        ("s", _user("alles kaputt", "damaged_item", 1.0, metadata={"repeats": "m-1"})),
        ("s", _bot("Das tut uns leid.")),
    )
    (read,) = _dialogues(url)
    assert [turn.text for turn in read.turns] == [
        "alles kaputt",
        "Geht es um einen Schaden?",
        "ja",
        "Das tut uns leid.",
    ]
    assert read.turns[0].label == Label("damaged_item", None, Origin.CUSTOMER, 1.0)


def test_an_event_that_cannot_be_read_is_a_fault_and_the_rest_is_kept(tmp_path: Path) -> None:
    url = _write(tmp_path / "x.db", ("s", "{not json Xaverl"), ("s", _user(None, "x")), ("s", _user("gut", "x")))
    one, two, read = read_tracker_store(url)
    assert str(one) == "events row 1: data: expected JSON of an event, found none"
    assert str(two) == "events row 2: text: expected a string, found null"
    assert isinstance(read, Dialogue)
    assert [turn.text for turn in read.turns] == ["gut"]


def test_a_session_without_a_readable_moment_still_begins(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    url = _write(path, ("s", _user("eins", "x")), ("s", _event("session_started")), ("s", _user("zwei", "x")))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE events SET timestamp = 1e300 WHERE id = 2")
        connection.commit()
    fault, one, two = read_tracker_store(url)
    assert str(fault).startswith("events row 2: timestamp: expected ISO 8601 or seconds since 1970")
    assert isinstance(one, Dialogue)
    assert isinstance(two, Dialogue)
    assert [turn.text for turn in (*one.turns, *two.turns)] == ["eins", "zwei"]
    assert two.started_at is None


def test_thumbs_rate_the_session_they_were_given_in_and_the_newest_on_a_message_counts(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    url = _write(
        path,
        ("s", _event("session_started")),
        ("s", _user("eins", "x")),
        ("s", _event("session_started")),
        ("s", _user("zwei", "x")),
        ("s", _event("session_started")),
        ("s", _user("drei", "x")),
    )
    migrate(engine(url))
    with session_scope(engine(url)) as session:
        for second, message, rating in ((2, "m1", -1), (2, "m1", 1), (4, "m2", 1), (4, "m3", -1)):
            session.add(Feedback(conversation_id="s", message_id=message, rating=rating, at=_at(second)))
            session.flush()
    engine(url).dispose()
    assert [one.rating for one in _dialogues(url)] == [5.0, 1.0, None]


def test_the_database_is_not_written_to_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "my log's.db"
    url = _write(path, ("s", _user("a", "x")))
    before = path.read_bytes()
    assert len(list(read_tracker_store(url))) == 1
    assert path.read_bytes() == before
    with pytest.raises(UnreadableLogs, match="found none there"):
        list(read_tracker_store(f"sqlite:///{tmp_path}/missing.db"))
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://me:hidden@h/x", "found mysql://"),
        ("://", "found one that cannot be parsed"),
        ("postgresql+psycopg2://me:hidden@127.0.0.1:1/x?connect_timeout=2", "found OperationalError"),
        ("sqlite://", "expected an SQLite file"),
    ],
)
def test_another_database_is_refused_without_naming_the_password(url: str, reason: str) -> None:
    if url.startswith("postgresql"):
        pytest.importorskip("psycopg2")
    with pytest.raises(UnreadableLogs) as caught:
        list(read_tracker_store(url))
    assert reason in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_a_database_without_the_table_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    with pytest.raises(UnreadableLogs, match="expected the table `events`.*no such table"):
        list(read_tracker_store(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE events (id INTEGER, sender_id TEXT, type_name TEXT)")
    with pytest.raises(UnreadableLogs, match="one without timestamp, data"):
        list(read_tracker_store(f"sqlite:///{path}"))


def test_a_fault_does_not_end_the_stream_of_a_large_store(tmp_path: Path) -> None:
    rows: list[tuple[str, dict[str, Any] | str]] = [(f"s{number:04}", _user("a", "x")) for number in range(2500)]
    rows[1200] = ("s1200", "broken")
    found = list(read_tracker_store(_write(tmp_path / "x.db", *rows)))
    assert sum(isinstance(one, Dialogue) for one in found) == 2499
    assert [str(one) for one in found if isinstance(one, Fault)] == [
        "events row 1201: data: expected JSON of an event, found none"
    ]
