"""Around the requests: answers from retrieval, yes and no to what was offered, the language, what was not understood.

The slot `offer` holds what a "yes" accepts: "handoff" for a person, or the intent the customer was asked about. Its
mapping in domain.yml resets it with every message that is neither a yes nor a no.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.draft import HANDOFF, OFFER
from bot.actions.handoff import ACCEPTED_OFFER, hand_off
from bot.actions.order_replies import OFFERING_KEYS, Reply
from bot.actions.turn import FALLBACK_INTENT, language_of, last_reply, latest_turn, ranked_intents
from bot.actions.values import email, order_number
from bot.actions.words import yes_or_no

NO_OFFER = "none"
MIN_TOPIC_CONFIDENCE = 0.1
_NO_TOPICS = frozenset(("affirm", "deny", "greet", "goodbye", "thank", "bot_challenge", "out_of_scope", "complain"))
"""Intents nobody is asked about: "is this about: yes?"."""
_FAILED_STAGES = frozenset({"utter_ask_affirmation", "utter_ask_rephrase"})


def offered(tracker: Tracker) -> str | None:
    """What a "yes" accepts now: what an action offered, or a person where the NLG had to offer one by itself."""
    offer = tracker.get_slot(OFFER)
    if offer in (None, NO_OFFER):
        return HANDOFF if last_reply(tracker) in OFFERING_KEYS else None
    return str(offer)


class ActionAnswer(Action):
    """Answers a general question; where retrieval found nothing the NLG offers a person instead."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters `utter_answer`, which the NLG writes from the parse."""
        return answer(dispatcher, tracker)


def answer(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """See `ActionAnswer`."""
    Reply("utter_answer").say(dispatcher)
    return [SlotSet(OFFER, None if tracker.latest_message.get("answers") else HANDOFF)]


class ActionComplain(Action):
    """Apologises and offers a person."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_complain"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters `utter_complain`."""
        Reply("utter_complain").say(dispatcher)
        return [SlotSet(OFFER, HANDOFF)]


class ActionAffirm(Action):
    """A yes outside of a form: to a person, to a topic, or to nothing."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_affirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Does what was offered."""
        offer = offered(tracker)
        if offer == HANDOFF:
            return await hand_off(dispatcher, tracker, reason=ACCEPTED_OFFER)
        if offer and (message := _unclear_message(tracker)):
            return [SlotSet(OFFER, None), ActionExecuted("action_listen"), _understood(message, offer)]
        Reply("utter_what_next").say(dispatcher)
        return [SlotSet(OFFER, None)]


class ActionDeny(Action):
    """A no outside of a form."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_deny"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """After a wrong guess the message is asked for in other words."""
        was_guess = offered(tracker) not in (None, HANDOFF)
        Reply("utter_ask_rephrase" if was_guess else "utter_anything_else").say(dispatcher)
        return [SlotSet(OFFER, None)]


class ActionDefaultAskAffirmation(Action):
    """First stage for what was not understood: asks whether the most likely topic was meant.

    When that, or asking for other words, has just failed, it gives up and offers a person. Rasa's own two-stage
    loop is not used: it counts free-text answers within a form as failures, and reverts the customer's message.
    """

    def name(self) -> str:
        """Rasa's name for it."""
        return "action_default_ask_affirmation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Asks about the topic, for other words, or gives up."""
        said, turn = last_reply(tracker), latest_turn(tracker)
        accepts = yes_or_no(turn.text, language_of(tracker), turn.language) if said in OFFERING_KEYS else None
        if accepts:
            return await hand_off(dispatcher, tracker, reason=ACCEPTED_OFFER)
        if turn.has_strong_answer:
            return answer(dispatcher, tracker)
        if said in _FAILED_STAGES:
            return give_up(dispatcher)
        if names_only(turn.text):
            Reply("utter_what_next").say(dispatcher)
            return [SlotSet(OFFER, None)]
        topic = likely_topic(tracker)
        if topic is None:
            return ask_rephrase(dispatcher)
        choices: Any = [{"title": "yes", "payload": "/affirm"}, {"title": "no", "payload": "/deny"}]
        dispatcher.utter_message(response="utter_ask_affirmation", topic=topic, choices=choices)
        return [SlotSet(OFFER, topic)]


class ActionDefaultAskRephrase(Action):
    """Asks for other words."""

    def name(self) -> str:
        """Rasa's name for it."""
        return "action_default_ask_rephrase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters `utter_ask_rephrase`."""
        return ask_rephrase(dispatcher)


class ActionDefaultFallback(Action):
    """Gives up and offers a person; also where no rule knows what to do."""

    def name(self) -> str:
        """Rasa's name for it."""
        return "action_default_fallback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters `utter_default`."""
        return give_up(dispatcher)


def give_up(dispatcher: CollectingDispatcher) -> list[EventType]:
    """Says so and offers a person."""
    Reply("utter_default").say(dispatcher)
    return [SlotSet(OFFER, HANDOFF)]


def ask_rephrase(dispatcher: CollectingDispatcher) -> list[EventType]:
    """Asks for other words."""
    Reply("utter_ask_rephrase").say(dispatcher)
    return [SlotSet(OFFER, None)]


def likely_topic(tracker: Tracker) -> str | None:
    """The most likely intent that is a topic; None where none is likely at all."""
    topics = ((name, confidence) for name, confidence in ranked_intents(tracker) if name not in _NO_TOPICS)
    name, confidence = next(topics, (None, 0.0))
    return name if confidence >= MIN_TOPIC_CONFIDENCE else None


def names_only(text: str) -> bool:
    """Whether the text is nothing but an order number or an e-mail address; a form finds it again later.

    >>> names_only("#48213"), names_only("48213 please"), names_only("hello")
    (True, False, False)
    """
    return order_number(text) is not None or email(text) == text.strip()


def _unclear_message(tracker: Tracker) -> dict[str, Any] | None:
    """The latest message that was not understood."""
    for event in reversed(tracker.events):
        intent = (event.get("parse_data") or {}).get("intent") or {}
        if event.get("event") == "user" and intent.get("name") == FALLBACK_INTENT:
            return dict(event)
    return None


def _understood(message: dict[str, Any], intent: str) -> EventType:
    """The same message once more, with the intent the customer has confirmed; entities and answers stay."""
    confirmed = {"name": intent, "confidence": 1.0}
    parse = {**message["parse_data"], "intent": confirmed}
    metadata = {**(message.get("metadata") or {}), "repeats": message.get("message_id")}
    kept = {name: message.get(name) for name in ("text", "input_channel")}
    return {"event": "user", "timestamp": None, **kept, "parse_data": parse, "metadata": metadata}
