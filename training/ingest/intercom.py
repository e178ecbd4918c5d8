"""Intercom conversations with their parts -> dialogues.

From the API (`{"conversations": [...]}`, one conversation each with its parts) or an export of one a line:

    {"type": "conversation", "id": "1911", "created_at": 1734537561, "state": "closed",
     "source": {"type": "email", "delivered_as": "customer_initiated", "subject": "...", "body": "<p>...</p>",
                "author": {"type": "user", "id": "6762f0ab", "email": "..."}},
     "contacts": {"contacts": [{"id": "6762f0ab", "external_id": "70"}]}, "tags": {"tags": [{"name": "refund"}]},
     "conversation_rating": {"rating": 5}, "conversation_parts": {"conversation_parts": [
        {"part_type": "comment", "body": "<p>...</p>", "created_at": 1734537600, "author": {"type": "admin", "id": "991"}}]}}

Turns are `source` and the parts of the types `comment` and `quick_reply`, and `open` and `close` where they carry a body (a
customer's answer that reopens, an agent's that closes). All other parts are notes and events, or may hold a note
(`assignment`), and are no turns. Authors `user`, `lead` and `contact` are the customer, `bot` and what Intercom sent by itself
the bot, `admin` and `team` an agent. Bodies are HTML unless the export asked for plain text, and stay as they are.
`statistics.count_reopens` tells that the conversation was reopened.
Source: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations/conversation
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
    stars,
    with_reopened,
)
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import moment

_CUSTOMERS = frozenset({"user", "lead", "contact", "visitor"})
_SAID = frozenset({"comment", "quick_reply", "open", "close"})
_AUTOMATIC = frozenset({"automated", "campaigns_initiated", "operator_initiated"})


def is_conversation(record: Mapping[str, Any]) -> bool:
    """Whether a record looks like a conversation of Intercom's."""
    return "conversation_parts" in record or (record.get("type") == "conversation" and "source" in record)


def read_conversation(record: Mapping[str, Any]) -> tuple[Dialogue, tuple[str, ...]]:
    """A conversation and the customer's ids; raises BadField."""
    source = inner(record, "source") or inner(record, "conversation_message")
    tags = tuple(tag["name"] for tag in objects(record.get("tags"), "tags") if isinstance(tag.get("name"), str))
    dialogue = Dialogue(
        conversation_id=identifier(record, "id"),
        channel=optional_id(source.get("type")),
        started_at=moment(record.get("created_at"), "created_at"),
        resolved=True if record.get("state") == "closed" else None,
        rating=stars(inner(record, "conversation_rating").get("rating")),
        tags=with_reopened(tags, inner(record, "statistics").get("count_reopens")),
        turns=in_order(_turns(record, source)),
    )
    people = [
        *objects(record.get("contacts"), "contacts"),
        inner(record, "user"),
        *(one for one in [inner(source, "author")] if one.get("type") in _CUSTOMERS),
    ]
    ids = (person.get(name) for person in people for name in ("id", "external_id", "user_id", "email"))
    return dialogue, ids_of(*ids)


def _turns(record: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Turn]:
    if text := first_text(source, "body", "subject"):
        is_automatic = source.get("delivered_as") in _AUTOMATIC
        at = moment(record.get("created_at"), "created_at")
        yield Turn(_role(inner(source, "author"), is_automatic=is_automatic), text, at)
    for part in objects(record.get("conversation_parts"), "conversation_parts"):
        text = first_text(part, "body")
        if part.get("part_type") in _SAID and part.get("redacted") is not True and text:
            author = inner(part, "author")
            yield Turn(_role(author, is_automatic=False), text, moment(part.get("created_at"), "created_at"))


def _role(author: Mapping[str, Any], *, is_automatic: bool) -> Role:
    if author.get("type") in _CUSTOMERS:
        return Role.CUSTOMER
    is_bot = author.get("type") == "bot" or author.get("from_ai_agent") is True or author.get("is_ai_answer") is True
    return Role.BOT if is_bot or is_automatic else Role.AGENT
