"""Zendesk: who wrote a comment, what is a note, and what the ticket says of its outcome."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from training.ingest.zendesk import People, is_ticket, read_ticket
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import BadField


def _at(minute: int) -> datetime:
    return datetime(2025, 3, 14, 12, minute, tzinfo=timezone.utc)


def _comment(author: object, text: str, minute: int, **more: Any) -> dict[str, Any]:
    return {"author_id": author, "body": text, "public": True, "created_at": f"2025-03-14T12:{minute:02}:00Z", **more}


TICKET = {
    "id": 35436,
    "created_at": "2025-03-14T12:00:00Z",
    "status": "solved",
    "via": {"channel": "email"},
    "tags": ["refund", 3],
    "requester_id": 5,
    "requester": {"id": 5, "email": "x@y.example", "external_id": "k-5"},
    "satisfaction_rating": {"score": "good"},
    "description": "where is it?",
    "unknown": {"field": 1},
    "comments": [
        _comment(5, "where is it?", 0),
        _comment(-1, "we got it", 1),
        _comment(9, "do not tell him", 2, public=False),
        _comment(9, "on its way", 4, html_body="<p>on its way</p>", plain_body="On its way"),
        _comment(7, "also for me", 3),
        _comment(9, "rate us", 5, via={"channel": "rule"}),
        _comment(9, " ", 6),
    ],
}


def test_a_ticket_is_read_with_all_it_says() -> None:
    people = People([{"id": 7, "role": "end-user"}, {"id": 9, "role": "agent", "email": "a@shop.example"}])
    turns = (
        Turn(Role.CUSTOMER, "where is it?", _at(0)),
        Turn(Role.BOT, "we got it", _at(1)),
        Turn(Role.CUSTOMER, "also for me", _at(3)),
        Turn(Role.AGENT, "On its way", _at(4)),
        Turn(Role.BOT, "rate us", _at(5)),
    )
    dialogue = Dialogue("35436", "email", _at(0), True, 5.0, ("refund",), turns)
    assert read_ticket(TICKET, people) == (dialogue, ("5", "k-5", "x@y.example"))


def test_the_customers_mail_comes_from_the_users_too() -> None:
    ticket = {key: value for key, value in TICKET.items() if key != "requester"}
    people = People([{"id": 5, "role": "end-user", "email": "x@y.example"}, "no user", {"role": "end-user"}])
    assert read_ticket(ticket, people)[1] == ("5", "x@y.example")


def test_a_person_may_stand_in_the_comment() -> None:
    comments = [
        {"author": {"id": 8, "role": "end-user"}, "body": "a"},
        {"author": {"id": 9, "role": "admin"}, "body": "b"},
    ]
    dialogue, _ = read_ticket(TICKET | {"comments": comments})
    assert [turn.role for turn in dialogue.turns] == [Role.CUSTOMER, Role.AGENT]


@pytest.mark.parametrize(
    ("score", "rating"),
    [("bad", 1.0), ("good_with_comment", 5.0), ("offered", None), (4, 4.0), (None, None), (7, None)],
)
def test_ratings(score: object, rating: float | None) -> None:
    assert read_ticket(TICKET | {"satisfaction_rating": {"score": score}})[0].rating == rating


@pytest.mark.parametrize(("status", "resolved"), [("closed", True), ("open", None), ("pending", None), ("hold", None)])
def test_a_status_says_yes_or_nothing(status: str, resolved: bool | None) -> None:
    assert read_ticket(TICKET | {"status": status})[0].resolved is resolved


def test_the_description_counts_without_comments_only() -> None:
    bare = {key: value for key, value in TICKET.items() if key != "comments"}
    assert read_ticket(bare)[0].turns == (Turn(Role.CUSTOMER, "where is it?", _at(0)),)
    for hidden in (bare | {"is_public": False}, TICKET | {"comments": [_comment(9, "a note", 0, public=False)]}):
        with pytest.raises(BadField, match="expected a message that the customer could see, found none"):
            read_ticket(hidden)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id: expected a number or a string, found null"),
        (
            {"created_at": "Secretive"},
            "created_at: expected ISO 8601 or seconds since 1970, found a string that is neither",
        ),
        ({"comments": [_comment(5, "\ud800", 0)]}, "body: expected whole characters, found half of a surrogate pair"),
    ],
)
def test_a_wrong_ticket_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadField, match=reason):
        read_ticket(TICKET | change)


def test_a_ticket_is_told_from_other_records() -> None:
    assert is_ticket(TICKET)
    assert not is_ticket({"requester_id": 5, "status": 4, "conversations": []})
    assert not is_ticket({"id": 5, "comments": []})


@pytest.mark.parametrize("n", [0, 2])
def test_a_reopened_one_is_tagged(n: int) -> None:
    assert ("reopened" in read_ticket(TICKET | {"metric_set": {"reopens": n}})[0].tags) is (n > 0)
