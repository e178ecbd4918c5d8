"""What the order forms are for: looking up and changing orders, and saying what came of it.

Nothing is changed without `confirmed`. A form that ended for another reason (stopped, the shop is silent) says so by
its `notice` and nothing else happens. Asking twice is safe: the shop answers ALREADY_DONE with the same particulars.
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
from bot.actions.draft import HANDOFF, OFFER, Draft, cleared
from bot.actions.order_forms import refund_outcome, return_outcome
from bot.actions.order_replies import (
    OFFERING_KEYS,
    Reply,
    cancelled_reply,
    refund_reply,
    requested_refund_reply,
    return_reply,
    status_reply,
)
from bot.shop import Order, OrderStatus, Outcome, RefundStatus, ShopUnavailable
from bot.shop_rules import RETURN_PERIOD_DAYS

logger = logging.getLogger(__name__)
_DONE = (Outcome.DONE, Outcome.ALREADY_DONE)


class OrderRequest(Action, ABC):
    """`action_<intent>`, run when the form of the same intent has ended."""

    intent: ClassVar[str]

    @abstractmethod
    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """Does it and says what came of it. Raises ShopUnavailable."""

    def name(self) -> str:
        """The name in the domain."""
        return f"action_{self.intent}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters one reply; order number and contact stay known, the rest of the request is forgotten."""
        draft, notice = Draft.of(tracker), tracker.get_slot("notice")
        reply = Reply(notice) if notice else await self._try(draft)
        reply.say(dispatcher)
        offer = HANDOFF if reply.key in OFFERING_KEYS else None
        return [*cleared(), SlotSet(OFFER, offer)]

    async def _try(self, draft: Draft) -> Reply:
        try:
            return await self.answer(draft, draft.order_number or "", draft.contact or "")
        except ShopUnavailable:
            logger.exception("The shop did not answer %s", self.name())
            return Reply("utter_shop_unavailable")


class ActionTrackOrder(OrderRequest):
    """Says where the order is."""

    intent = "track_order"

    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """See `OrderRequest.answer`."""
        order = await services.shop().find_order(number, contact)
        return _not_found(number) if order is None else status_reply(order)


class ActionRefundStatus(OrderRequest):
    """Says where the money is."""

    intent = "refund_status"

    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """See `OrderRequest.answer`."""
        order = await services.shop().find_order(number, contact)
        return _not_found(number) if order is None else refund_reply(order)


class ActionCancelOrder(OrderRequest):
    """Cancels an order that has not left."""

    intent = "cancel_order"

    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """See `OrderRequest.answer`."""
        if draft.confirmed:
            result = await services.shop().cancel_order(number, contact)
            if result.order is None:
                return _not_found(number)
            return cancelled_reply(result.order) if result.outcome in _DONE else _uncancellable(result.order)
        order = await services.shop().find_order(number, contact)
        return _not_found(number) if order is None else _uncancellable(order)


class ActionChangeAddress(OrderRequest):
    """Sends an order that has not left to another address."""

    intent = "change_address"

    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """See `OrderRequest.answer`."""
        if not (draft.confirmed and draft.new_address):
            order = await services.shop().find_order(number, contact)
            return _not_found(number) if order is None else _unchangeable(order)
        result = await services.shop().change_address(number, contact, draft.new_address)
        if result.order is None:
            return _not_found(number)
        if result.outcome is Outcome.INVALID:
            return Reply("utter_address_invalid")
        if result.outcome not in _DONE:
            return _unchangeable(result.order)
        address = result.order.delivery_address
        return Reply("utter_address_changed", {"order_number": result.order.number, "address": address})


class ActionReturnItem(OrderRequest):
    """Registers a return."""

    intent = "return_item"

    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """See `OrderRequest.answer`."""
        if draft.confirmed:
            result = await services.shop().create_return(number, contact, draft.return_reason or "")
            if result.order is None:
                return _not_found(number)
            if result.outcome in _DONE and result.return_number:
                return return_reply(result.order, result, contact)
            return _unreturnable(result.order, result.outcome, result.period_days)
        order = await services.shop().find_order(number, contact)
        if order is None:
            return _not_found(number)
        return _unreturnable(order, return_outcome(order), RETURN_PERIOD_DAYS)


class ActionRequestRefund(OrderRequest):
    """Asks for the money back; a person of the shop decides."""

    intent = "request_refund"

    async def answer(self, draft: Draft, number: str, contact: str) -> Reply:
        """See `OrderRequest.answer`."""
        if draft.confirmed:
            result = await services.shop().request_refund(number, contact, draft.return_reason or "")
            if result.order is None:
                return _not_found(number)
            if result.outcome in _DONE:
                return requested_refund_reply(result)
            return _unreturnable(result.order, result.outcome, RETURN_PERIOD_DAYS)
        order = await services.shop().find_order(number, contact)
        if order is None:
            return _not_found(number)
        if order.refund_status is not RefundStatus.NONE:
            return refund_reply(order)
        return _unreturnable(order, refund_outcome(order), RETURN_PERIOD_DAYS)


def _not_found(number: str) -> Reply:
    return Reply("utter_order_not_found", {"order_number": number})


def _uncancellable(order: Order) -> Reply:
    """Why an order cannot be cancelled, or that it is already."""
    if order.status in (OrderStatus.CANCELLED, OrderStatus.RETURNED):
        return status_reply(order)
    return Reply("utter_cancel_too_late", {"order_number": order.number})


def _unchangeable(order: Order) -> Reply:
    """Why the address cannot be changed any more."""
    if order.status in (OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.DELIVERED):
        return status_reply(order)
    return Reply("utter_address_too_late", {"order_number": order.number})


def _unreturnable(order: Order, outcome: Outcome, period_days: int) -> Reply:
    """Why there is no return, or no refund."""
    if outcome is Outcome.TOO_LATE:
        return Reply("utter_return_too_late", {"order_number": order.number, "days": period_days})
    if order.status in (OrderStatus.CANCELLED, OrderStatus.RETURNED, OrderStatus.DELIVERED):
        return status_reply(order)
    return Reply("utter_return_not_delivered", {"order_number": order.number})
