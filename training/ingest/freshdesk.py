"""Freshdesk tickets with their conversations -> dialogues.

From the API (`/api/v2/tickets/[id]?include=conversations,requester`), or the account export, where each ticket stands in
`helpdesk_ticket` and its conversations in `notes`, each in `note`:

    {"id": 20, "created_at": "2015-08-24T11:56:51Z", "status": 4, "source": 1, "tags": ["refund"], "requester_id": 1,
     "requester": {"id": 1, "email": "..."}, "description_text": "...", "description": "<div>...</div>",
     "satisfaction_ratings": [{"ratings": {"default_question": 103}}],
     "conversations": [{"body_text": "...", "body": "<div>...</div>", "incoming": false, "private": false, "user_id": 3,
                        "source": 0, "created_at": "2015-08-24T11:59:05Z"}]}

`status` 4 is resolved and 5 closed. The description is the first turn, the customer's unless the ticket is an outbound e-mail
(`source` 10); a conversation is the customer's where it is `incoming`, the bot's where a bot opened the ticket (`source` 12)
and no agent stands by it, else an agent's. Private notes and what was forwarded to third parties (`source` 8) are no turns.
`stats` (with `include=stats`) tells in `reopened_at` that the ticket was reopened.
Ratings go from 103 (extremely happy) over 100 (neutral) to -103. Source: https://developers.freshdesk.com/api/#tickets
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from training.ingest.export_fields import (
    first_text,
    identifier,
    ids_of,
    in_order,
    inner,
    objects,
    optional_id,
    strings,
    with_reopened,
)
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import moment

_WRAPPER = "helpdesk_ticket"
_CHANNELS = {1: "email", 2: "portal", 3: "phone", 5: "twitter", 6: "facebook", 7: "chat", 9: "widget", 10: "email"}
_OUTBOUND = 10
_BOT = 12
_FORWARDED = 8
_SOLVED = (4, 5)
_STARS = {103: 5.0, 102: 4.5, 101: 4.0, 100: 3.0, -101: 2.0, -102: 1.5, -103: 1.0}


def is_ticket(record: Mapping[str, Any]) -> bool:
    """Whether a record looks like a ticket of Freshdesk's."""
    if isinstance(record.get(_WRAPPER), dict):
        return True
    return isinstance(record.get("status"), int) and ("conversations" in record or "description_text" in record)


def read_ticket(record: Mapping[str, Any]) -> tuple[Dialogue, tuple[str, ...]]:
    """A ticket and the customer's ids; raises BadField."""
    ticket = inner(record, _WRAPPER) or record
    requester = inner(ticket, "requester")
    source = ticket.get("source")
    dialogue = Dialogue(
        conversation_id=identifier(ticket, "id", "display_id"),
        channel=_CHANNELS.get(source) if isinstance(source, int) else None,
        started_at=moment(ticket.get("created_at"), "created_at"),
        resolved=True if ticket.get("status") in _SOLVED else None,
        rating=_rating(ticket),
        tags=with_reopened(strings(ticket.get("tags")), inner(ticket, "stats").get("reopened_at")),
        turns=in_order(_turns(ticket)),
    )
    ids = (ticket.get("requester_id"), requester.get("id"), requester.get("email"), ticket.get("email"))
    return dialogue, ids_of(*ids)


def _rating(ticket: Mapping[str, Any]) -> float | None:
    """The last one given to the survey's main question."""
    given = [*objects(ticket.get("satisfaction_ratings")), *objects([ticket.get("satisfaction_rating")])]
    values = [inner(one, "ratings").get("default_question") for one in given]
    known = [_STARS[value] for value in values if isinstance(value, int) and value in _STARS]
    return known[-1] if known else None


def _turns(ticket: Mapping[str, Any]) -> Iterator[Turn]:
    if text := first_text(ticket, "description_text", "description", "description_html"):
        role = Role.AGENT if ticket.get("source") == _OUTBOUND else Role.CUSTOMER
        yield Turn(role, text, moment(ticket.get("created_at"), "created_at"))
    notes = [inner(one, "note") or inner(one, "helpdesk_note") or one for one in objects(ticket.get("notes"))]
    for said in [*objects(ticket.get("conversations")), *notes]:
        text = first_text(said, "body_text", "body", "body_html")
        if said.get("private") is True or said.get("source") == _FORWARDED or not text:
            continue
        yield Turn(_role(said, ticket), text, moment(said.get("created_at"), "created_at"))


def _role(said: Mapping[str, Any], ticket: Mapping[str, Any]) -> Role:
    if said.get("incoming") is True:
        return Role.CUSTOMER
    is_bot = ticket.get("source") == _BOT and optional_id(said.get("user_id")) is None
    return Role.BOT if is_bot else Role.AGENT
