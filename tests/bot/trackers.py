"""Trackers of rasa_sdk as the action server gets them, and the run of one action over them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

Event = dict[str, Any]
LISTEN: Event = {"event": "action", "name": "action_listen"}


def user(
    text: str,
    intent: str = "nlu_fallback",
    *,
    confidence: float = 0.95,
    entities: Mapping[str, str | Sequence[str]] | None = None,
    **parse: Any,
) -> Event:
    """A message of the customer with its parse."""
    named = {name: [value] if isinstance(value, str) else value for name, value in (entities or {}).items()}
    found = [{"entity": name, "value": value} for name, values in named.items() for value in values]
    scored = {"name": intent, "confidence": confidence}
    parse = {"text": text, "intent": scored, "intent_ranking": [scored], "entities": found, **parse}
    return {"event": "user", "text": text, "parse_data": parse, "metadata": {}, "input_channel": "rest"}


def bot(key: str, **metadata: Any) -> Event:
    """A reply as Rasa stores it."""
    return {"event": "bot", "text": "...", "metadata": {"utter_action": key, "metadata": metadata}}


def slot(name: str, value: Any) -> Event:
    """A slot was set."""
    return {"event": "slot", "name": name, "value": value}


def tracker(*events: Event, form: str | None = None, sender: str = "test-1", **slots: Any) -> Tracker:
    """A tracker after these events; the latest message is the last of them that is one."""
    messages = [event for event in events if event["event"] == "user"]
    return Tracker(
        sender_id=sender,
        slots={"offer": "none", **slots},
        latest_message=messages[-1]["parse_data"] if messages else {},
        events=list(events),
        paused=False,
        followup_action=None,
        active_loop={"name": form} if form else {},
        latest_action_name="action_listen",
    )


def opening(form: str, *events: Event, **slots: Any) -> Tracker:
    """As Rasa calls `validate_<form>` when the last message has just opened the form."""
    asked = [slot("requested_slot", None), {"event": "action", "name": form}]
    return tracker(*events, {"event": "active_loop", "name": form}, *asked, form=form, **slots)


def answering(form: str, requested: str, message: Event, **slots: Any) -> Tracker:
    """As Rasa calls `validate_<form>` with the answer to a question."""
    asked = [slot("requested_slot", requested), {"event": "action", "name": form}]
    return tracker(LISTEN, message, *asked, form=form, requested_slot=requested, **slots)


def run(action: Action, over: Tracker) -> tuple[list[dict[str, Any]], list[Event]]:
    """(what was uttered, the events returned)"""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, over, {}))
    return dispatcher.messages, events


def slots_of(events: Sequence[Event]) -> dict[str, Any]:
    """The slots that events set."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def keys_of(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keys of what was uttered."""
    return [str(message["response"]) for message in messages]


def is_rejected(events: Sequence[Event]) -> bool:
    """Whether a form left the message to the rules."""
    return any(event["event"] == "action_execution_rejected" for event in events)
