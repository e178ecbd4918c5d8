"""Freshdesk: the API's tickets and the account export's, with what is private left out."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from training.ingest.freshdesk import is_ticket, read_ticket
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import BadField


def _at(minute: int) -> datetime:
    return datetime(2025, 3, 14, 12, minute, tzinfo=timezone.utc)


def _said(text: str, minute: int, **more: Any) -> dict[str, Any]:
    shared = {"body_text": text, "body": f"<div>{text}</div>", "incoming": False, "private": False, "user_id": 3}
    return {**shared, "source": 0, "created_at": f"2025-03-14T12:{minute:02}:00Z", **more}


TICKET = {
    "id": 20,
    "created_at": "2025-03-14T12:00:00Z",
    "status": 4,
    "source": 1,
    "tags": ["refund"],
    "requester_id": 1,
    "requester": {"id": 1, "email": "x@y.example"},
    "description_text": "where?",
    "description": "<div>where?</div>",
    "satisfaction_ratings": [{"ratings": {"default_question": -103}}, {"ratings": {"default_question": 103}}],
    "conversations": [
        _said("tomorrow", 1),
        _said("difficult", 2, private=True, source=2),
        _said("please look", 3, source=8),
        _said("thanks", 4, incoming=True, user_id=1),
    ],
}
TURNS = (
    Turn(Role.CUSTOMER, "where?", _at(0)),
    Turn(Role.AGENT, "tomorrow", _at(1)),
    Turn(Role.CUSTOMER, "thanks", _at(4)),
)


def test_a_ticket_is_read_with_all_it_says() -> None:
    assert read_ticket(TICKET) == (Dialogue("20", "email", _at(0), True, 5.0, ("refund",), TURNS), ("1", "x@y.example"))


def test_the_account_export_says_the_same_in_other_words() -> None:
    inside = {key: value for key, value in TICKET.items() if key not in ("id", "conversations")}
    notes = [{"note": one} for one in TICKET["conversations"]]  # type: ignore[attr-defined]
    record = {"helpdesk_ticket": inside | {"display_id": 20, "notes": notes}}
    assert is_ticket(record)
    assert read_ticket(record) == read_ticket(TICKET)


@pytest.mark.parametrize(("value", "rating"), [(102, 4.5), (101, 4.0), (100, 3.0), (-101, 2.0), (-102, 1.5), (7, None)])
def test_ratings_go_from_one_to_five(value: int, rating: float | None) -> None:
    change = {"satisfaction_ratings": [], "satisfaction_rating": {"ratings": {"default_question": value}}}
    assert read_ticket(TICKET | change)[0].rating == rating


@pytest.mark.parametrize(("status", "resolved"), [(5, True), (2, None), (3, None)])
def test_a_status_says_yes_or_nothing(status: int, resolved: bool | None) -> None:
    assert read_ticket(TICKET | {"status": status})[0].resolved is resolved


def test_who_speaks_in_tickets_of_other_origin() -> None:
    outbound, _ = read_ticket(TICKET | {"source": 10})
    assert [turn.role for turn in outbound.turns] == [Role.AGENT, Role.AGENT, Role.CUSTOMER]
    bot, _ = read_ticket(TICKET | {"source": 12, "conversations": [_said("hi", 1, user_id=None), _said("ho", 2)]})
    assert [turn.role for turn in bot.turns] == [Role.CUSTOMER, Role.BOT, Role.AGENT]


def test_a_body_in_html_only_stays_html() -> None:
    conversations = [_said("a", 1, body_text=None)]
    assert read_ticket(TICKET | {"conversations": conversations})[0].turns[1].text == "<div>a</div>"


def test_private_notes_alone_are_no_conversation() -> None:
    change = {"description": "", "description_text": None, "conversations": [_said("a", 1, private=True)]}
    with pytest.raises(BadField, match="expected a message that the customer could see, found none"):
        read_ticket(TICKET | change)


def test_a_ticket_is_told_from_other_records() -> None:
    assert is_ticket(TICKET)
    assert not is_ticket({"status": "open", "conversations": []})


@pytest.mark.parametrize("n", [0, 2])
def test_a_reopened_one_is_tagged(n: int) -> None:
    assert (
        "reopened" in read_ticket(TICKET | {"stats": {"reopened_at": "2026-01-05T09:00:00Z" if n else None}})[0].tags
    ) is (n > 0)
