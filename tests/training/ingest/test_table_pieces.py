"""Rows of a table become turns; what is missing is refused, what is only unclear is left out and told once."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from training.ingest.mapping import columns_of
from training.ingest.pieces import Piece, Record, Reject
from training.ingest.table_pieces import TablePieces
from training.logs.dialogues import Dialogue, Role, Turn

MESSAGE = ["conversation=c", "role=r", "text=t", "at=at", "language=l", "rating=stars", "resolved=ok", "tags=tags"]
NOON = datetime(2025, 3, 14, 12, 30, tzinfo=timezone.utc)


def _pieces(options: list[str], told: list[str] | None = None) -> TablePieces:
    notify = pytest.fail if told is None else told.append
    return TablePieces(columns_of(options), source="export.csv", notify=notify)


def test_a_message_is_one_turn_of_a_conversation_that_may_go_on() -> None:
    cells = {"c": " 7 ", "r": "Operator", "t": " Hello <b>you</b> ", "at": "2025-03-14 12:30", "l": "pt-BR"}
    more = {"stars": "4", "ok": "closed", "tags": "a, b", "from": "web", "who": "x@y.example"}
    pieces = _pieces([*MESSAGE, "channel=from", "customer_id=who"])
    turn = Turn(Role.AGENT, " Hello <b>you</b> ", NOON, "pt")
    dialogue = Dialogue("7", "web", None, True, 4.0, ("a", "b"), (turn,))
    assert pieces.piece(Record(3, "f:4", cells | more)) == Piece(dialogue, 3, False, ("x@y.example",))


def test_a_ticket_is_a_question_and_its_answer() -> None:
    pieces = _pieces(["question=q", "answer=a", "at=at", "language=l"])
    cells = {"q": "where?", "a": "there.", "at": "2025-03-14 12:30", "l": "en"}
    turns = (Turn(Role.CUSTOMER, "where?", NOON, "en"), Turn(Role.AGENT, "there.", None, "en"))
    assert pieces.piece(Record(2, "f:3", cells)) == Piece(
        Dialogue("export.csv:2", None, NOON, None, None, (), turns), 2, True
    )
    unanswered = pieces.piece(Record(3, "f:4", cells | {"a": " "}))
    assert isinstance(unanswered, Piece)
    assert unanswered.dialogue.turns == turns[:1]


@pytest.mark.parametrize(
    ("options", "cells", "reason"),
    [
        (MESSAGE, {"c": "", "r": "agent", "t": "a"}, "conversation (c): expected a name, found none"),
        (MESSAGE, {"c": "1", "r": "agent", "t": " "}, "text (t): expected words, found none"),
        (
            MESSAGE,
            {"c": "1", "r": "Secretive", "t": "a"},
            "role (r): expected a value that means a customer, an agent or a bot, found another; "
            "say which with --map role.agent=VALUE,VALUE",
        ),
        (["question=q", "answer=a"], {"q": "", "a": "b"}, "customer (q): expected words, found none"),
        (
            ["question=q", "answer=a", "conversation=c"],
            {"q": "a", "a": "b", "c": ""},
            "conversation (c): expected a name, found none",
        ),
    ],
)
def test_a_row_without_what_it_needs_is_refused(options: list[str], cells: dict[str, str], reason: str) -> None:
    assert _pieces(options).piece(Record(9, "f:12", cells)) == Reject(9, "f:12", reason)


def test_an_unclear_value_is_left_out_and_told_once_a_column() -> None:
    told: list[str] = []
    pieces = _pieces(MESSAGE, told)
    for row in (1, 2):
        cells = {
            "c": "1",
            "r": "agent",
            "t": "a",
            "at": "05/06/2025",
            "l": "German",
            "stars": "Secretive",
            "ok": "pending",
        }
        piece = pieces.piece(Record(row, f"f:{row + 1}", cells))
        assert isinstance(piece, Piece)
        assert piece.dialogue == Dialogue("1", None, None, None, None, (), (Turn(Role.AGENT, "a"),))
    assert [notice[:20] for notice in told] == ["f:2: at (at): expect", "f:2: language (l): e", "f:2: rating (stars):"]
    assert "Secretive" not in "".join(told)
