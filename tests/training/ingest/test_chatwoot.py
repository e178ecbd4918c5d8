"""Chatwoot: messages by their type and sender, the survey's answer as the rating."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from training.ingest.chatwoot import is_conversation, read_conversation
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import BadField

START = 1611000000


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(START + second, timezone.utc)


def _message(kind: object, content: str | None, second: int, **more: Any) -> dict[str, Any]:
    return {"message_type": kind, "content": content, "created_at": START + second, "private": False, **more}


def _survey(rating: object, second: int) -> dict[str, Any]:
    submitted = {"submitted_values": {"csat_survey_response": {"rating": rating, "feedback_message": "ok"}}}
    return _message(3, "Please rate", second, content_type="input_csat", content_attributes=submitted)


CONVERSATION = {
    "id": 7,
    "inbox_id": 1,
    "status": "resolved",
    "created_at": START,
    "labels": ["refund"],
    "meta": {"channel": "Channel::WebWidget", "sender": {"id": 12, "email": "x@y.example", "name": "Secretive"}},
    "messages": [
        _message(0, "where?", 1, sender={"type": "contact", "id": 12}),
        _message(3, "We reply soon", 2),
        _message(1, "a moment", 3, sender={"type": "agent_bot"}),
        _message(2, "Anna joined", 4),
        _message(1, "difficult", 5, private=True, sender={"type": "user"}),
        _message(1, "tomorrow", 6, sender={"type": "user"}, content_attributes={}),
        _message(1, "This message was deleted", 7, content_attributes={"deleted": True}),
        _message(1, None, 8),
        _survey(2, 9),
        _survey(4, 10),
    ],
}
TURNS = (
    Turn(Role.CUSTOMER, "where?", _at(1)),
    Turn(Role.BOT, "We reply soon", _at(2)),
    Turn(Role.BOT, "a moment", _at(3)),
    Turn(Role.AGENT, "tomorrow", _at(6)),
)


def test_a_conversation_is_read_with_all_it_says() -> None:
    dialogue = Dialogue("7", "webwidget", _at(0), True, 4.0, ("refund",), TURNS)
    assert read_conversation(CONVERSATION) == (dialogue, ("12", "x@y.example"))


def test_types_may_be_words() -> None:
    messages = [
        _message("incoming", "a", 1),
        _message("outgoing", "b", 2, sender_type="User"),
        _message("outgoing", "c", 3, sender_type="Captain::Assistant"),
        _message("template", "d", 4),
        _message("activity", "e", 5),
    ]
    dialogue, _ = read_conversation(CONVERSATION | {"messages": messages})
    assert [turn.role for turn in dialogue.turns] == [Role.CUSTOMER, Role.AGENT, Role.BOT, Role.BOT]


def test_messages_stand_in_the_order_of_their_moments() -> None:
    shuffled = {"messages": [_message(1, "b", 2), _message(0, "a", 1)]}
    assert [turn.text for turn in read_conversation(CONVERSATION | shuffled)[0].turns] == ["a", "b"]
    unclear = {"messages": [_message(1, "b", 2), _message(0, "a", 1) | {"created_at": None}]}
    assert [turn.text for turn in read_conversation(CONVERSATION | unclear)[0].turns] == ["b", "a"]


def test_an_open_conversation_without_survey_says_nothing_of_its_outcome() -> None:
    messages = [*CONVERSATION["messages"][:1], _survey(None, 9)]  # type: ignore[index]
    dialogue, _ = read_conversation(CONVERSATION | {"status": "open", "messages": messages})
    assert (dialogue.resolved, dialogue.rating) == (None, None)


def test_events_alone_are_no_conversation() -> None:
    with pytest.raises(BadField, match="expected a message that the customer could see, found none"):
        read_conversation(CONVERSATION | {"messages": [_message(2, "Anna joined", 4)]})


def test_a_conversation_is_told_from_other_records() -> None:
    assert is_conversation(CONVERSATION)
    assert not is_conversation({"id": 1, "messages": [{"role": "user", "content": "a"}]})
