"""Giving a conversation to a person, and being quiet until that person gives it back.

The database knows whether a person has it. In Rasa the quiet is a form that never asks: an active form is called with
every message before any rule, and `validate_handoff_form` looks into the database each time. While the hand-off is open
it says nothing (but to another request for a person); once it is closed it ends and leaves the message to the rules.
"""

from __future__ import annotations

import asyncio
import logging

from rasa_sdk import Action, Tracker
from rasa_sdk.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    EventType,
    SessionStarted,
    SlotSet,
)
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import services
from bot.actions.draft import HANDOFF, OFFER, REQUESTED, cleared
from bot.actions.order_replies import OFFERING_KEYS, Reply
from bot.actions.turn import customer_texts, is_answered, is_opening, language_of, last_reply, latest_turn
from bot.conversation import CHOICE_SLOT
from store.handoffs import is_handed_off, open_handoff
from store.sessions import session_scope

logger = logging.getLogger(__name__)
FORM = "handoff_form"
WAITING_SLOT = "handoff_over"
HANDED_OFF = "handed_off"
ASKED_FOR_PERSON = "asked_for_person"
ACCEPTED_OFFER = "accepted_offer"
_N_TEXTS = 6
_MAX_TEXT_LENGTH = 300
_MAX_CHANNEL_LENGTH = 40


async def hand_off(dispatcher: CollectingDispatcher, tracker: Tracker, *, reason: str) -> list[EventType]:
    """Opens the hand-off, or finds it open, and tells the customer its ticket; ends whatever form was active."""
    try:
        ticket = await asyncio.to_thread(_open, tracker, reason)
    except SQLAlchemyError:
        logger.exception("The hand-off of a conversation could not be stored")
        Reply("utter_error").say(dispatcher)
        return []
    Reply("utter_handoff", {"ticket": ticket}).say(dispatcher)
    return [*cleared(), SlotSet(OFFER, None), *_quiet()]


class ActionHandoff(Action):
    """The customer asked for a person; where that is not sure, and nobody was offered, it is asked back."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `hand_off`."""
        if not latest_turn(tracker).is_likely and last_reply(tracker) not in OFFERING_KEYS:
            Reply("utter_offer_human").say(dispatcher)
            return [SlotSet(OFFER, HANDOFF)]
        return await hand_off(dispatcher, tracker, reason=ASKED_FOR_PERSON)


class ValidateHandoffForm(Action):
    """Called with every message while a person has the conversation."""

    def name(self) -> str:
        """The name in the domain."""
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Stays quiet, answers another request for a person, or ends the form."""
        if not is_opening(tracker, FORM) and not is_answered(tracker):
            if not await has_person(tracker.sender_id):
                return [*_awake(), ActionExecutionRejected(FORM)]
            if latest_turn(tracker).intent == "talk_to_human":
                ticket = await asyncio.to_thread(_open, tracker, ASKED_FOR_PERSON)
                Reply("utter_handoff_waiting", {"ticket": ticket}).say(dispatcher)
        # Rasa takes a form that sets nothing but `requested_slot` for one that could not use the message.
        return [SlotSet(HANDED_OFF, True), SlotSet(REQUESTED, WAITING_SLOT)]


class ActionSessionStart(Action):
    """Begins a session: keeps the chosen language, forgets orders, and is quiet again where a person still has it."""

    def name(self) -> str:
        """Rasa's name for it."""
        return "action_session_start"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The events Rasa demands, with ours between them."""
        choice = tracker.get_slot(CHOICE_SLOT)
        kept = [SlotSet(CHOICE_SLOT, choice)] if choice else []
        quiet = _quiet() if await has_person(tracker.sender_id, unknown=False) else []
        return [SessionStarted(), *kept, *quiet, ActionExecuted("action_listen")]


async def has_person(conversation_id: str, *, unknown: bool = True) -> bool:
    """Whether a person has the conversation; `unknown` where the database does not answer."""
    try:
        return await asyncio.to_thread(_is_open, conversation_id)
    except SQLAlchemyError:
        logger.exception("The database does not say whether a person has the conversation")
        return unknown


def _quiet() -> list[EventType]:
    return [SlotSet(HANDED_OFF, True), ActiveLoop(FORM), SlotSet(REQUESTED, WAITING_SLOT)]


def _awake() -> list[EventType]:
    return [SlotSet(HANDED_OFF, None), ActiveLoop(None), SlotSet(REQUESTED, None)]


def _is_open(conversation_id: str) -> bool:
    with session_scope(services.database()) as session:
        return is_handed_off(session, conversation_id)


def _open(tracker: Tracker, reason: str) -> str:
    """The ticket of the hand-off that is open afterwards."""
    with session_scope(services.database()) as session:
        handoff = open_handoff(
            session,
            conversation_id=tracker.sender_id,
            channel=(tracker.get_latest_input_channel() or "unknown")[:_MAX_CHANNEL_LENGTH],
            language=language_of(tracker),
            reason=reason,
            summary=summary_of(tracker),
        )
        return str(handoff.ticket)


def summary_of(tracker: Tracker) -> str:
    """What the person should know: the open request, the order, the customer's last words."""
    lines = []
    if form := tracker.active_loop_name:
        lines.append(f"Open request: {form.removesuffix('_form')}")
    for label, slot in (("Order", "order_number"), ("Contact", "contact"), ("Product", "product")):
        if value := tracker.get_slot(slot):
            lines.append(f"{label}: {value}")
    lines += [f"Customer: {text[:_MAX_TEXT_LENGTH]}" for text in customer_texts(tracker, _N_TEXTS)]
    return "\n".join(lines)
