"""The contract's JSON Lines: whole conversations, and for every line that is none a fault that quotes nothing."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from training.logs.dialogues import Dialogue, Fault, Label, Origin, Role, Turn, UnreadableLogs
from training.logs.jsonl import read_jsonl

SECRET = "Xaverl"


def _record(*turns: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"conversation_id": "c-1", "turns": list(turns) or [{"role": "customer", "text": SECRET}], **more}


def _write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


def _only(path: Path) -> Dialogue | Fault:
    (found,) = read_jsonl(path)
    return found


def test_a_conversation_is_read_with_all_its_fields(tmp_path: Path) -> None:
    label = {"intent": "track", "entities": [{"start": 3, "end": 8, "entity": "order_number"}], "reviewed": True}
    parse = {"intent": {"name": "greet", "confidence": 0.5}, "entities": [{"entity": "x", "start": 0, "end": 2}]}
    metadata = {"answer_ids": ["a.en.1"], "written_by": "template", "language": "en"}
    at = "2025-03-01T10:30:00.25+01:00"
    moment = datetime(2025, 3, 1, 9, 30, 0, 250000, timezone.utc)
    path = _write(
        tmp_path / "log.jsonl",
        _record(
            {"role": "customer", "text": "wo 48213?", "at": at, "language": "de-AT", "label": label, "parse": parse},
            {"role": "customer", "text": "hi", "parse": parse},
            {"role": "bot", "text": "so", "metadata": metadata},
            {"role": "agent", "text": "", "at": 0},
            channel="web",
            started_at="2025-03-01T09:30:00.25Z",
            resolved=True,
            rating=4,
            tags=["refund"],
        ),
    )
    turns = (
        Turn(Role.CUSTOMER, "wo 48213?", moment, "de", Label("track", ((3, 8, "order_number"),), Origin.REVIEWED)),
        Turn(Role.CUSTOMER, "hi", label=Label("greet", ((0, 2, "x"),), Origin.MODEL, 0.5)),
        Turn(Role.BOT, "so", answer_ids=("a.en.1",), written_by="template"),
        Turn(Role.AGENT, "", datetime(1970, 1, 1, tzinfo=timezone.utc)),
    )
    assert _only(path) == Dialogue("c-1", "web", moment, True, 4.0, ("refund",), turns)


def test_a_label_counts_with_the_reviewers_word_only(tmp_path: Path) -> None:
    turns = [
        {"role": "customer", "text": "a", "label": {"intent": "x", "reviewed": False}},
        {"role": "customer", "text": "a", "label": {"intent": "x", "reviewed": True}},
        {"role": "customer", "text": "a", "label": {"intent": "x", "reviewed": True, "entities": []}},
    ]
    read = _only(_write(tmp_path / "a.jsonl", _record(*turns)))
    assert isinstance(read, Dialogue)
    labels = [turn.label for turn in read.turns]
    assert labels == [None, Label("x", None, Origin.REVIEWED), Label("x", (), Origin.REVIEWED)]


def test_a_mark_a_gzip_and_a_folder_change_nothing(tmp_path: Path) -> None:
    line = json.dumps(_record()).encode()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.jsonl.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + line + b"\r\n\n" + line))
    (tmp_path / "one.jsonl").write_bytes(b"\xef\xbb\xbf" + line)
    (tmp_path / "notes.txt").write_text("not a log", "utf-8")
    assert [isinstance(one, Dialogue) for one in read_jsonl(tmp_path)] == [True, True, True]
    (tmp_path / "export.dat").write_bytes(gzip.compress(line))
    assert isinstance(_only(tmp_path / "export.dat"), Dialogue)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([SECRET], "expected an object, found a list"),
        ({"turns": []}, "conversation_id: expected a string, found none"),
        (_record(conversation_id=" "), "conversation_id: expected a name, found an empty one"),
        ({"conversation_id": "c"}, "turns: expected a list, found none"),
        (_record({"role": SECRET, "text": "a"}), "turn 1: role: expected one of customer, agent, bot, found another"),
        (_record({"text": SECRET}), "turn 1: role: expected one of customer, agent, bot, found none"),
        (_record({"role": "bot", "text": "a"}, {"role": "bot"}), "turn 2: text: expected a string, found none"),
        (_record({"role": "bot", "text": None}), "turn 1: text: expected a string, found null"),
        (
            _record({"role": "bot", "text": "a", "at": SECRET}),
            "turn 1: at: expected ISO 8601 or seconds since 1970, found a string that is neither",
        ),
        (_record(resolved="yes"), "resolved: expected true, false or null, found a string"),
        (_record(rating=6), "rating: expected a number from 1 (bad) to 5 (good) or null, found another value"),
        (
            _record({"role": "customer", "text": "ab", "label": {"intent": "", "reviewed": True}}),
            "turn 1: label.intent: expected a name, found an empty one",
        ),
        (
            _record(
                {
                    "role": "customer",
                    "text": "ab",
                    "label": {"intent": "x", "entities": [{"start": 1, "end": 3, "entity": "y"}], "reviewed": True},
                }
            ),
            "turn 1: label.entities, number 1: expected start, end and entity of a stretch within 2 characters, found none",
        ),
        (
            _record(
                {
                    "role": "customer",
                    "text": "abc",
                    "label": {
                        "intent": "x",
                        "entities": [{"start": 1, "end": 3, "entity": "y"}, {"start": 0, "end": 2, "entity": "y"}],
                        "reviewed": True,
                    },
                }
            ),
            "turn 1: label.entities: expected stretches side by side, found two that overlap",
        ),
    ],
)
def test_a_wrong_record_is_a_fault_with_file_line_and_reason(tmp_path: Path, record: object, reason: str) -> None:
    path = _write(tmp_path / "a.jsonl", _record(), record, _record())
    before, fault, after = read_jsonl(path)
    assert isinstance(before, Dialogue)
    assert isinstance(after, Dialogue)
    assert str(fault) == f"{path}:2: {reason}"
    assert SECRET not in str(fault)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"conversation_id": "c", "tu', "expected a whole line, found the last one cut off"),
        ('{"text": "né'.encode()[:-1], "expected a whole line, found the last one cut off"),
        (b'{"a": }\n', "expected JSON, found something else at character 7"),
        ('{"é": 1}\n'.encode("latin-1"), "expected UTF-8, found another encoding at byte 3"),
        (b"[" * 100_000 + b"\n", "expected JSON of a conversation, found a number or a nesting beyond all measure"),
        (
            b'{"conversation_id": "c", "turns": [{"role": "bot", "text": "\\ud800"}]}\n',
            "turn 1: text: expected whole characters, found half of a surrogate pair",
        ),
    ],
)
def test_a_broken_line_is_a_fault(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line)
    assert str(_only(path)) == f"{path}:1: {reason}"


def test_a_damaged_gzip_gives_what_it_has_and_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b"".join(json.dumps(_record()).encode() + b"\n" for _ in range(3)))
    path.write_bytes(whole[:-10])
    *_, last = read_jsonl(path)
    assert isinstance(last, Fault)
    assert "expected a whole gzip file" in last.reason


def test_nothing_to_read_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLogs, match="no such file in the folder"):
        list(read_jsonl(tmp_path))
    with pytest.raises(UnreadableLogs, match=r"expected logged conversations as \*\.jsonl"):
        list(read_jsonl(tmp_path / "missing"))
