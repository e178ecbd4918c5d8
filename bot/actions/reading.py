"""An answer to a form's question -> what it means there: taken, missed, a digression, or the end of the form.

What was asked decides, not the model alone: a bare number answers the question for the order number whatever intent it
got. A digression is left to the rules, and the form goes on after it.
"""

from __future__ import annotations

from enum import Enum

from bot.actions.draft import HANDOFF, Draft
from bot.actions.turn import FALLBACK_INTENT, FORM_INTENTS, Entities, Turn
from bot.actions.values import (
    email,
    labelled_address,
    length_in_words,
    order_number,
    order_numbers,
    plain_digits,
    postal_address,
    postcode,
    stands_out,
    without,
)
from bot.actions.words import says_stop, yes_or_no

MAX_REASON_LENGTH = 500
STORY_WORDS = 25
"""An opening message this long has told the reason for a return; it is not asked again."""
_LONG_ANSWER_WORDS = 6
_NOT_NUMBERS = ("amount", "date", "voucher_code", "product")
_YES_NO = frozenset({"affirm", "deny"})
_REASONS = frozenset(
    {
        "cancel_order",
        "change_order",
        "complain",
        "damaged_item",
        "delivery_problem",
        "delivery_time",
        "out_of_scope",
        "product_availability",
        "product_information",
        "request_refund",
        "return_item",
        "track_order",
        "voucher_problem",
        "warranty",
        "wrong_item",
    }
)
"""Intents whose utterances are reasons for a return as well: "arrived broken", "too late", "changed my mind"."""
_REFUNDS = frozenset({"refund_status", "request_refund"})
_WEIGHTY = FORM_INTENTS | {"talk_to_human", "goodbye"}
"""Intents that take the customer out of the form."""
_OTHER_REQUESTS = frozenset({"cancel_order", "change_address", "return_item"})
"""Believed beside an order number; "order number 48213" alone is often taken for track_order."""
_SURE = 0.9


class Reading(str, Enum):
    """What an answer means for the form."""

    TAKEN = "taken"
    MISSED = "missed"
    DIGRESSES = "digresses"
    """The rules know what to do; the form goes on afterwards, unless another one takes its place."""
    TAKEN_AND_DIGRESSES = "taken_and_digresses"
    ASKS = "asks"
    """A general question whose intent would not lead to an answer; it gets one, then the form goes on."""
    STOPS = "stops"


def find_number(text: str, entities: Entities) -> str | None:
    """The order number in a message that was not asked for one: marked by the model, or all there is."""
    return next(iter(_named_numbers(text, entities)), None) or order_number(text)


def find_contact(text: str, entities: Entities) -> str | None:
    """The e-mail address in a message that was not asked for one; its shape is surer than the model's mark."""
    return email(text)


def read_opening(draft: Draft, turn: Turn, *, number: str | None, contact: str | None) -> None:
    """What the message that opens a form says already.

    Args:
        draft: is filled.
        turn: the message.
        number, contact: from `find_number` and `find_contact`, in it or in a message before it.
    """
    if number is None:
        shapes = order_numbers(turn.text, besides=turn.values_of(*_NOT_NUMBERS))
        number = next((shape for shape in shapes if stands_out(shape, turn.text)), None)
    draft.take(number=number, contact=contact)
    draft.new_address = labelled_address(turn.text)
    if length_in_words(turn.text) >= STORY_WORDS:
        draft.return_reason = turn.text[:MAX_REASON_LENGTH]


def read_answer(draft: Draft, turn: Turn, *, intent: str, language: str, offer: str | None) -> Reading:
    """What an answer to `draft.requested` means; `draft` takes what it gives.

    Args:
        draft: is filled; its misses are counted.
        turn: the message.
        intent: the form's own.
        language: the conversation's, for words such as yes.
        offer: what a "yes" would accept beside the question, such as a person.
    """
    if says_stop(turn.text, language, turn.language):
        return Reading.STOPS
    if offer == HANDOFF and turn.intent in _YES_NO and not _has_digit(turn.text):
        draft.misses = 0
        return Reading.DIGRESSES if turn.intent == "affirm" else Reading.MISSED
    if draft.requested == "confirmed":
        reading = _read_confirmation(draft, turn, intent, language)
    else:
        reading = _READERS.get(draft.requested or "", _read_order)(draft, turn, intent)
    if reading in (Reading.TAKEN, Reading.TAKEN_AND_DIGRESSES):
        draft.misses = 0
    return reading


def _read_order(draft: Draft, turn: Turn, intent: str) -> Reading:
    """Asked for the number or the contact: either is welcome."""
    asks_too = turn.is_clear and turn.intent not in (intent, *_YES_NO) and turn.text != ""
    number, contact = _number_and_contact(draft, turn, is_question=asks_too)
    if draft.take(number=number, contact=contact):
        beside = length_in_words(turn.text) - (number is not None) - (contact is not None)
        is_other_request = turn.intent in _OTHER_REQUESTS and turn.confidence >= _SURE and beside >= 2
        leads_away = asks_too and (beside > _LONG_ANSWER_WORDS or is_other_request)
        return Reading.TAKEN_AND_DIGRESSES if leads_away else Reading.TAKEN
    if turn.intent == "deny" and turn.is_likely:
        return Reading.STOPS
    if turn.intent == FALLBACK_INTENT and turn.has_strong_answer:
        return Reading.ASKS
    if turn.intent not in (intent, *_YES_NO, FALLBACK_INTENT) and (way_out := _way_out(turn)):
        return way_out
    is_try = turn.intent != "affirm" and (_has_digit(turn.text) or "@" in turn.text)
    wrong = "utter_wrong_order_number" if draft.requested == "order_number" else "utter_contact_invalid"
    draft.miss(wrong if is_try else None)
    return Reading.MISSED


def _number_and_contact(draft: Draft, turn: Turn, *, is_question: bool) -> tuple[str | None, str | None]:
    """What is in the text; vague shapes count only where the message is short or no question of its own."""
    is_short = length_in_words(turn.text) <= _LONG_ANSWER_WORDS
    text = plain_digits(turn.text if is_short else without(turn.text, turn.values_of(*_NOT_NUMBERS)))
    contact = email(turn.text)
    numbers = _named_numbers(turn.text, turn.entities)
    is_loose = is_short or not is_question
    numbers += [number for number in order_numbers(text) if is_loose or stands_out(number, text)]
    if draft.requested == "contact":
        numbers = [number for number in numbers if _is_no_postcode(number)]
        if contact is None and is_loose:
            contact = postcode(without(text, numbers))
    elif numbers and contact is None and is_short:
        contact = postcode(without(text, numbers[:1]))
    return next(iter(numbers), None), contact


def _read_address(draft: Draft, turn: Turn, intent: str) -> Reading:
    address = postal_address(turn.text)
    if address:
        draft.new_address = address
        return Reading.TAKEN
    if turn.is_clear and turn.intent == "deny":
        return Reading.STOPS
    if turn.is_clear and turn.intent not in (intent, "affirm") and (way_out := _way_out(turn)):
        return way_out
    draft.miss("utter_address_invalid" if turn.text and turn.intent != "affirm" else None)
    return Reading.MISSED


def _read_reason(draft: Draft, turn: Turn, intent: str) -> Reading:
    """Nobody owes a reason: "no" is one too."""
    may_be_reason = turn.intent in (intent, *_YES_NO) or (turn.intent in _REASONS and not turn.is_question)
    if not turn.text or (turn.is_clear and not may_be_reason):
        return _missed(draft) if turn.intent in _YES_NO else _way_out(turn) or _missed(draft)
    draft.return_reason = turn.text[:MAX_REASON_LENGTH]
    return Reading.TAKEN


def _read_confirmation(draft: Draft, turn: Turn, intent: str, language: str) -> Reading:
    """Only a clear yes is one. Another number, or another address, is asked about anew."""
    number = next(iter(_named_numbers(turn.text, turn.entities)), None)
    if draft.take(number=number, contact=email(turn.text)):
        return Reading.TAKEN
    if draft.new_address and (address := postal_address(turn.text)):
        draft.new_address = address
        return Reading.TAKEN
    answer = yes_or_no(turn.text, language, turn.language)
    if turn.intent in _YES_NO:
        meant = turn.intent == "affirm"
        if answer is None:
            answer = meant
        elif answer != meant and turn.is_clear:
            answer = None
    elif turn.intent not in (intent, FALLBACK_INTENT) and answer is None and (way_out := _way_out(turn)):
        return way_out
    if answer is None:
        return _missed(draft)
    draft.confirmed = answer
    return Reading.TAKEN if answer else Reading.STOPS


def _way_out(turn: Turn) -> Reading | None:
    """How a message that does not answer leads away from the form; None where it is too unsure for that."""
    names_order = "order_number" in turn.entities
    if turn.intent in _REFUNDS and turn.is_question and turn.answer_intent in _REFUNDS and not names_order:
        return Reading.ASKS
    if turn.intent in _WEIGHTY and not turn.is_likely:
        return None
    return Reading.STOPS if turn.intent == "goodbye" else Reading.DIGRESSES


def _missed(draft: Draft) -> Reading:
    draft.miss()
    return Reading.MISSED


def _named_numbers(text: str, entities: Entities) -> list[str]:
    """Order numbers that the model marked; a mark may be a word too wide or a digit too short."""
    marked = [number for value in entities.get("order_number", ()) for number in order_numbers(value)]
    whole = order_numbers(text)
    return [next((code for code in whole if number in code), number) for number in marked]


def _is_no_postcode(number: str) -> bool:
    """Letters and a separator, as in AG-77120-3."""
    return any(char.isalpha() for char in number) and not number.isalnum()


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


_READERS = {"new_address": _read_address, "return_reason": _read_reason}
