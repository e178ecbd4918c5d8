"""The questions of the order forms. `notice` replaces a question by what was wrong with the last answer.

After two answers in a row that did not help, a person is offered; the form stays open beside the offer.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions import services
from bot.actions.draft import HANDOFF, OFFER, Draft
from bot.actions.order_replies import Reply, Values, product_names
from bot.actions.turn import language_of
from bot.shop import Order, ShopUnavailable

logger = logging.getLogger(__name__)
MISSES_UNTIL_OFFER = 2


class Ask(Action, ABC):
    """A question; what it says is decided by the slots."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters the notice or the question, and the offer of a person where it is due."""
        draft, notice = Draft.of(tracker), tracker.get_slot("notice")
        is_due = draft.misses >= MISSES_UNTIL_OFFER
        if notice:
            _notice_reply(notice, draft).say(dispatcher)
        elif not is_due:
            (await self.question(tracker, draft)).say(dispatcher)
        if is_due:
            Reply("utter_offer_human").say(dispatcher)
        return [SlotSet("notice", None), *self.offer_events(is_due)]

    @abstractmethod
    async def question(self, tracker: Tracker, draft: Draft) -> Reply:
        """The question itself."""

    def offer_events(self, is_due: bool) -> list[EventType]:
        """A person may be offered from before, by the digression that was just answered; that stays."""
        return [SlotSet(OFFER, HANDOFF)] if is_due else []


class _AskPlainly(Ask, ABC):
    """Asks by a reply without values."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot asked for."""

    def name(self) -> str:
        """`action_ask_<slot>`, which Rasa finds by itself."""
        return f"action_ask_{self.slot}"

    async def question(self, tracker: Tracker, draft: Draft) -> Reply:
        """`utter_ask_<slot>`."""
        return Reply(f"utter_ask_{self.slot}")


class AskOrderNumber(_AskPlainly):
    """Asks for the order number."""

    slot = "order_number"


class AskContact(_AskPlainly):
    """Asks for the e-mail or the postcode of the order."""

    slot = "contact"


class AskNewAddress(_AskPlainly):
    """Asks for the new address."""

    slot = "new_address"


class AskReturnReason(_AskPlainly):
    """Asks why."""

    slot = "return_reason"


class _AskConfirmation(Ask, ABC):
    """Asks for a yes to a change, naming what will be changed. The yes belongs to this question, no older offer."""

    form: ClassVar[str]

    def name(self) -> str:
        """`action_ask_<form>_confirmed`."""
        return f"action_ask_{self.form}_confirmed"

    async def question(self, tracker: Tracker, draft: Draft) -> Reply:
        """`utter_ask_<form>_confirmed` with the order's particulars."""
        try:
            order = await services.shop().find_order(draft.order_number or "", draft.contact or "")
            if order is None:
                return Reply("utter_order_not_found", {"order_number": draft.order_number})
            values = await self.values(order, draft, language_of(tracker))
        except ShopUnavailable:
            logger.exception("The shop did not answer before a confirmation of %s", self.form)
            return Reply("utter_shop_unavailable")
        return Reply(f"utter_ask_{self.form}_confirmed", {"order_number": order.number, **values})

    @abstractmethod
    async def values(self, order: Order, draft: Draft, language: str) -> Values:
        """Beside the order number."""

    def offer_events(self, is_due: bool) -> list[EventType]:
        """See `Ask.offer_events`."""
        return [SlotSet(OFFER, HANDOFF if is_due else None)]


class AskCancelOrderConfirmed(_AskConfirmation):
    """Shall I cancel it?"""

    form = "cancel_order_form"

    async def values(self, order: Order, draft: Draft, language: str) -> Values:
        """The products."""
        return {"product": await product_names(order, language) or order.number}


class AskChangeAddressConfirmed(_AskConfirmation):
    """Is that the address?"""

    form = "change_address_form"

    async def values(self, order: Order, draft: Draft, language: str) -> Values:
        """The address."""
        return {"address": draft.new_address}


class AskReturnItemConfirmed(_AskConfirmation):
    """Shall I register the return?"""

    form = "return_item_form"

    async def values(self, order: Order, draft: Draft, language: str) -> Values:
        """The products."""
        return {"product": await product_names(order, language) or order.number}


class AskRequestRefundConfirmed(_AskConfirmation):
    """Shall I ask for the refund?"""

    form = "request_refund_form"

    async def values(self, order: Order, draft: Draft, language: str) -> Values:
        """The amount of the order."""
        return {"amount": float(order.amount_eur)}


def _notice_reply(notice: str, draft: Draft) -> Reply:
    """The order number of what was not found is the one that was tried."""
    if notice == "utter_order_not_found" and draft.tried:
        return Reply(notice, {"order_number": draft.tried[0]})
    return Reply(notice)
