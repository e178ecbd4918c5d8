"""What an action sees of the conversation: the latest message, how a form came to run, what was said before.

Reads the tracker of rasa_sdk, whose `events` are plain dictionaries from the beginning of the conversation on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rasa_sdk import Tracker

from bot.conversation import conversation_language

FALLBACK_INTENT = "nlu_fallback"
CLEAR_CONFIDENCE = 0.8
"""From here on an intent is believed even where another answer was asked for."""
LIKELY_CONFIDENCE = 0.6
"""From here on it is believed even where much hangs on it, such as leaving a form or calling a person."""
STRONG_SCORE = 0.75
"""Cosine from which on a retrieved answer is given although the intent is unsure."""
FORM_INTENTS = frozenset(
    {"track_order", "cancel_order", "change_address", "return_item", "request_refund", "refund_status"}
)
"""Intents that open a form."""
Entities: TypeAlias = Mapping[str, Sequence[str]]
"""Values by label, in the order of the text."""
_QUESTION_MARKS = "?？؟"
_SESSION_MARKS = frozenset({"session_started", "restart"})


@dataclass(frozen=True, slots=True)
class Turn:
    """The latest message.

    Attributes:
        text: empty for a button.
        intent: the model's, or `nlu_fallback`.
        confidence: of the intent, in [0, 1].
        entities: values by label, in the order of the text.
        language: what the message itself is written in, ISO 639-1; None where that is not clear.
        answer_intent: intent of the best answer that retrieval found.
        answer_score: its cosine with the message.
    """

    text: str
    intent: str
    confidence: float
    entities: Entities = field(default_factory=dict)
    language: str | None = None
    answer_intent: str | None = None
    answer_score: float = 0.0

    def first(self, entity: str) -> str | None:
        """The first value of an entity."""
        return next(iter(self.entities.get(entity, ())), None)

    def values_of(self, *entities: str) -> list[str]:
        """All values of these entities."""
        return [value for entity in entities for value in self.entities.get(entity, ())]

    @property
    def is_clear(self) -> bool:
        """Whether the intent can be believed whatever was asked."""
        return self.intent != FALLBACK_INTENT and self.confidence >= CLEAR_CONFIDENCE

    @property
    def is_likely(self) -> bool:
        """Whether the intent can be acted upon where that cannot be taken back easily."""
        return self.intent != FALLBACK_INTENT and self.confidence >= LIKELY_CONFIDENCE

    @property
    def is_question(self) -> bool:
        """Whether a question mark stands in it."""
        return any(mark in self.text for mark in _QUESTION_MARKS)

    @property
    def has_strong_answer(self) -> bool:
        """Whether it is a general question that retrieval can answer beyond doubt, whatever its intent seems to be."""
        return self.is_question and self.answer_score >= STRONG_SCORE and self.answer_intent not in FORM_INTENTS


def latest_turn(tracker: Tracker) -> Turn:
    """The latest message of the customer."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    best: Mapping[str, Any] = next(iter(message.get("answers") or []), {})
    text = message.get("text") or ""
    return Turn(
        text="" if text.startswith("/") else text,
        intent=intent.get("name") or FALLBACK_INTENT,
        confidence=float(intent.get("confidence") or 0.0),
        entities=_entities(message),
        language=(message.get("language") or {}).get("code"),
        answer_intent=best.get("intent"),
        answer_score=float(best.get("score") or 0.0),
    )


def language_of(tracker: Tracker) -> str:
    """The language the conversation is held in, ISO 639-1."""
    return str(conversation_language(tracker.events).language)


def ranked_intents(tracker: Tracker) -> list[tuple[str, float]]:
    """Intents of the latest message with their confidences, best first, without the fallback."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    return [(one["name"], one["confidence"]) for one in ranking if one["name"] != FALLBACK_INTENT]


def last_reply(tracker: Tracker) -> str | None:
    """Key of the last thing the bot said, by the NLG's own word for it: an answer may have been `utter_no_answer`."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            metadata = event.get("metadata") or {}
            sources = (metadata.get("metadata") or {}).get("answer_ids") or []
            said = next((one for one in sources if str(one).startswith("utter_")), metadata.get("utter_action"))
            return None if said is None else str(said)
    return None


def was_mentioned(tracker: Tracker, find: Callable[[str, Entities], str | None], *, since_slot: str) -> str | None:
    """The newest value in this session's messages since the slot was last set, the latest message included.

    Args:
        tracker: within the validation of a form.
        find: text and entities of a message -> the value, or None.
        since_slot: older mentions have gone into this slot already.
    """
    for event in reversed(_before_validation(tracker)):
        if event.get("event") in _SESSION_MARKS or _is_slot(event, since_slot):
            return None
        if event.get("event") == "user":
            value = find(event.get("text") or "", _entities(event.get("parse_data") or {}))
            if value:
                return value
    return None


def is_opening(tracker: Tracker, form: str) -> bool:
    """Whether the form was started by the latest message."""
    return any(event.get("event") == "active_loop" and event.get("name") == form for event in _since_message(tracker))


def is_answered(tracker: Tracker) -> bool:
    """Whether something was already done about the latest message, as when a form goes on after a digression."""
    return any(
        event.get("event") == "action" and event.get("name") != "action_listen" for event in _since_message(tracker)
    )


def customer_texts(tracker: Tracker, n: int) -> list[str]:
    """The last `n` texts the customer typed, oldest first."""
    texts = [event.get("text") or "" for event in tracker.events if event.get("event") == "user"]
    return [text for text in texts if text and not text.startswith("/")][-n:]


def _since_message(tracker: Tracker) -> Iterator[Mapping[str, Any]]:
    """Events after the latest message, newest first, without the call of the form that is being validated."""
    for event in reversed(_before_validation(tracker)):
        if event.get("event") == "user":
            return
        yield event


def _before_validation(tracker: Tracker) -> Sequence[Mapping[str, Any]]:
    """All events but those Rasa adds for a form's validation only: the form as an executed action, candidate slots."""
    n_kept = len(tracker.events)
    while n_kept and tracker.events[n_kept - 1].get("event") == "slot":
        n_kept -= 1
    if n_kept and tracker.events[n_kept - 1].get("event") == "action":
        return tracker.events[: n_kept - 1]
    return tracker.events


def _is_slot(event: Mapping[str, Any], name: str) -> bool:
    return event.get("event") == "slot" and event.get("name") == name


def _entities(parse: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entity in parse.get("entities") or []:
        found.setdefault(str(entity["entity"]), []).append(str(entity["value"]))
    return found
