"""How an order form works through a message: read the answer, look the order up, decide what to ask next.

`validate_<form>` of every form ends with `requested_slot` set, so Rasa asks exactly that or, at None, ends the form. It
says nothing itself: the question (`bot.actions.asks`) or the request's action (`bot.actions.orders`) speaks, which
keeps it free of side effects when Rasa validates twice. A digression is handed to the rules by rejecting the form.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions import services
from bot.actions.draft import OFFER, Draft
from bot.actions.reading import Reading, find_contact, find_number, read_answer, read_opening
from bot.actions.turn import is_answered, is_opening, language_of, latest_turn, was_mentioned
from bot.shop import Order, ShopUnavailable

logger = logging.getLogger(__name__)


class OrderForm(Action, ABC):
    """`validate_<intent>_form`. A form names its intent and says what it still needs once the order is known."""

    intent: ClassVar[str]

    @abstractmethod
    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The slot to ask for next; None when the request can be carried out, or is known to be impossible."""

    def refused(self, draft: Draft) -> None:
        """What a "no" to the confirmation means."""
        draft.end("utter_form_stopped")

    def form(self) -> str:
        """The form's name in the domain."""
        return f"{self.intent}_form"

    def name(self) -> str:
        """The name under which Rasa calls it."""
        return f"validate_{self.form()}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Slot events, with a rejection of the form where the message is not for it."""
        draft, events = Draft.of(tracker), []
        if is_opening(tracker, self.form()):
            draft = self._open(tracker)
        elif is_answered(tracker):
            draft.misses = 0
        else:
            reading = self._read(draft, tracker)
            if reading is Reading.DIGRESSES:
                return [ActionExecutionRejected(self.form())]
            if reading is Reading.ASKS:
                return [FollowupAction("action_answer"), ActionExecutionRejected(self.form())]
            events = [SlotSet(OFFER, None)]
            if reading is Reading.TAKEN_AND_DIGRESSES:
                return [*events, *draft.events(), ActionExecutionRejected(self.form())]
            if reading is Reading.STOPS:
                self._stop(draft, tracker)
                return [*events, *draft.events()]
        await self._advance(draft)
        return [*events, *draft.events()]

    def _open(self, tracker: Tracker) -> Draft:
        draft, turn = Draft.opened(tracker), latest_turn(tracker)
        read_opening(
            draft,
            turn,
            number=was_mentioned(tracker, find_number, since_slot="order_number"),
            contact=was_mentioned(tracker, find_contact, since_slot="contact"),
        )
        return draft

    def _read(self, draft: Draft, tracker: Tracker) -> Reading:
        return read_answer(
            draft,
            latest_turn(tracker),
            intent=self.intent,
            language=language_of(tracker),
            offer=tracker.get_slot(OFFER),
        )

    def _stop(self, draft: Draft, tracker: Tracker) -> None:
        if draft.confirmed is False:
            draft.confirmed = None
            self.refused(draft)
        else:
            is_goodbye = latest_turn(tracker).intent == "goodbye"
            draft.end("utter_goodbye" if is_goodbye else "utter_form_stopped")

    async def _advance(self, draft: Draft) -> None:
        """Sets `draft.requested`; looks the order up as soon as number and contact are known."""
        if draft.order_number is None or draft.contact is None:
            draft.requested = "order_number" if draft.order_number is None else "contact"
            return
        try:
            order = await services.shop().find_order(draft.order_number, draft.contact)
        except ShopUnavailable:
            logger.exception("The shop did not answer while %s was filled in", self.form())
            draft.end("utter_shop_unavailable")
            return
        if order is None:
            _not_found(draft)
        else:
            draft.order_number, draft.tried = order.number, None
            draft.requested = self.next_slot(order, draft)


def _not_found(draft: Draft) -> None:
    """Asks for both again; only for the contact where it was taken over from another order."""
    if draft.has_new_number and not draft.has_new_contact and draft.tried is None:
        draft.contact, draft.requested = None, "contact"
        return
    draft.misses = 0 if draft.tried is None else 1
    draft.tried = (str(draft.order_number), str(draft.contact))
    draft.order_number = draft.contact = None
    draft.requested = "order_number"
    draft.miss("utter_order_not_found")
