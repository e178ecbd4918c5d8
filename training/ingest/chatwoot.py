"""Chatwoot conversations with their messages -> dialogues.

From the API (`{"data": {"payload": [...]}}`, or one conversation a line), each conversation with all its `messages`:

    {"id": 7, "status": "resolved", "created_at": 1611000000, "labels": ["refund"],
     "meta": {"channel": "Channel::WebWidget", "sender": {"id": 12, "email": "...", "identifier": "..."}},
     "messages": [{"content": "...", "message_type": 0, "private": false, "content_type": "text", "created_at": 1611000001,
                   "sender": {"type": "contact", "id": 12}},
                  {"message_type": 3, "content_type": "input_csat",
                   "content_attributes": {"submitted_values": {"csat_survey_response": {"rating": 5}}}}]}

`message_type` is 0 or `incoming` (the customer), 1 or `outgoing` (an agent, or the bot by its sender), 2 or `activity` (an
event, no turn), 3 or `template` (Chatwoot's own automatic messages: the bot). Private notes, deleted messages and the survey
itself are no turns; the survey's answer, from 1 to 5, is the rating.
Source: https://developers.chatwoot.com/api-reference/conversations and `enum message_type` of Chatwoot's message model
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
    strings,
)
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import moment

_INCOMING = (0, "incoming")
_OUTGOING = (1, "outgoing")
_TEMPLATE = (3, "template")
_SURVEY = "input_csat"
_BOTS = frozenset({"agent_bot", "AgentBot", "captain_assistant", "Captain::Assistant"})
_CHANNEL_PREFIX = "Channel::"


def is_conversation(record: Mapping[str, Any]) -> bool:
    """Whether a record looks like a conversation of Chatwoot's."""
    messages = objects(record.get("messages"))
    return any("message_type" in message for message in messages) or ("messages" in record and "inbox_id" in record)


def read_conversation(record: Mapping[str, Any]) -> tuple[Dialogue, tuple[str, ...]]:
    """A conversation and the customer's ids; raises BadField."""
    meta = inner(record, "meta")
    sender = inner(meta, "sender") or inner(record, "contact")
    messages = objects(record.get("messages"))
    channel = optional_id(meta.get("channel")) or optional_id(record.get("channel")) or ""
    started = record.get("created_at") if record.get("created_at") is not None else record.get("timestamp")
    dialogue = Dialogue(
        conversation_id=identifier(record, "id", "display_id"),
        channel=channel.replace(_CHANNEL_PREFIX, "").lower() or None,
        started_at=moment(started, "created_at"),
        resolved=True if record.get("status") == "resolved" else None,
        rating=_rating(record, messages),
        tags=strings(record.get("labels")),
        turns=in_order(_turns(messages)),
    )
    return dialogue, ids_of(*(sender.get(name) for name in ("id", "identifier", "email", "phone_number")))


def _rating(record: Mapping[str, Any], messages: list[dict[str, Any]]) -> float | None:
    """The last answer to a survey."""
    answers = [inner(record, "csat_survey_response").get("rating")]
    for message in messages:
        submitted = inner(inner(message, "content_attributes"), "submitted_values")
        answers.append(inner(submitted, "csat_survey_response").get("rating"))
    known = [found for answer in answers if (found := stars(answer)) is not None]
    return known[-1] if known else None


def _turns(messages: list[dict[str, Any]]) -> Iterator[Turn]:
    for message in messages:
        role = _role(message)
        is_hidden = message.get("private") is True or inner(message, "content_attributes").get("deleted") is True
        text = first_text(message, "content")
        if role is not None and text and not is_hidden and message.get("content_type") != _SURVEY:
            yield Turn(role, text, moment(message.get("created_at"), "created_at"))


def _role(message: Mapping[str, Any]) -> Role | None:
    kind = message.get("message_type")
    if kind in _INCOMING:
        return Role.CUSTOMER
    if kind in _TEMPLATE:
        return Role.BOT
    is_bot = inner(message, "sender").get("type") in _BOTS or message.get("sender_type") in _BOTS
    return (Role.BOT if is_bot else Role.AGENT) if kind in _OUTGOING else None
