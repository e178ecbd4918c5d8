"""Intercom: the first message and the parts that somebody said to the customer."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from training.ingest.intercom import is_conversation, read_conversation
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import BadField

START = 1734537561


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(START + second, timezone.utc)


def _part(part_type: str, author: str, body: str | None, second: int, **more: Any) -> dict[str, Any]:
    return {"part_type": part_type, "author": {"type": author}, "body": body, "created_at": START + second, **more}


CONVERSATION = {
    "type": "conversation",
    "id": "1911",
    "created_at": START,
    "state": "closed",
    "source": {
        "type": "email",
        "delivered_as": "customer_initiated",
        "subject": "Parcel",
        "body": "<p>where?</p>",
        "author": {"type": "lead", "id": "6762", "email": "x@y.example", "name": "Secretive"},
    },
    "contacts": {"contacts": [{"id": "6762", "external_id": "70"}]},
    "tags": {"tags": [{"name": "refund"}]},
    "conversation_rating": {"rating": 2, "remark": "slow"},
    "conversation_parts": {
        "conversation_parts": [
            _part("comment", "bot", "<p>one moment</p>", 1),
            _part("note", "admin", "<p>a difficult one</p>", 2),
            _part("assignment", "admin", "<p>yours</p>", 3),
            _part("comment", "admin", "<p>tomorrow</p>", 4),
            _part("close", "admin", None, 5),
            _part("open", "user", "<p>and now?</p>", 6),
            _part("comment", "admin", "<p>gone</p>", 7, redacted=True),
            _part("comment", "admin", "<p>by machine</p>", 8) | {"author": {"type": "admin", "from_ai_agent": True}},
            _part("close", "admin", "<p>bye</p>", 9),
        ]
    },
}


def test_a_conversation_is_read_with_all_it_says() -> None:
    turns = (
        Turn(Role.CUSTOMER, "<p>where?</p>", _at(0)),
        Turn(Role.BOT, "<p>one moment</p>", _at(1)),
        Turn(Role.AGENT, "<p>tomorrow</p>", _at(4)),
        Turn(Role.CUSTOMER, "<p>and now?</p>", _at(6)),
        Turn(Role.BOT, "<p>by machine</p>", _at(8)),
        Turn(Role.AGENT, "<p>bye</p>", _at(9)),
    )
    dialogue = Dialogue("1911", "email", _at(0), True, 2.0, ("refund",), turns)
    assert read_conversation(CONVERSATION) == (dialogue, ("6762", "70", "x@y.example"))


def test_an_open_conversation_without_rating_says_nothing_of_its_outcome() -> None:
    dialogue, _ = read_conversation(CONVERSATION | {"state": "snoozed", "conversation_rating": None, "tags": None})
    assert (dialogue.resolved, dialogue.rating, dialogue.tags) == (None, None, ())


def test_what_intercom_sent_by_itself_is_the_bots() -> None:
    source = {"delivered_as": "automated", "body": "<p>hello</p>", "author": {"type": "admin", "id": "991"}}
    dialogue, ids = read_conversation(CONVERSATION | {"source": source, "contacts": {"contacts": []}})
    assert dialogue.turns[0].role is Role.BOT
    assert ids == ()


def test_a_subject_stands_in_for_a_missing_body() -> None:
    source = {"subject": "Parcel", "body": "", "author": {"type": "user"}}
    assert read_conversation(CONVERSATION | {"source": source})[0].turns[0].text == "Parcel"


def test_notes_alone_are_no_conversation() -> None:
    parts = {"conversation_parts": [_part("note", "admin", "a", 1)]}
    with pytest.raises(BadField, match="expected a message that the customer could see, found none"):
        read_conversation(CONVERSATION | {"source": {}, "conversation_parts": parts})


def test_a_conversation_is_told_from_other_records() -> None:
    assert is_conversation(CONVERSATION)
    assert is_conversation({"type": "conversation", "source": {}})
    assert not is_conversation({"id": 1, "messages": []})


@pytest.mark.parametrize("n", [0, 2])
def test_a_reopened_one_is_tagged(n: int) -> None:
    assert ("reopened" in read_conversation(CONVERSATION | {"statistics": {"count_reopens": n}})[0].tags) is (n > 0)
