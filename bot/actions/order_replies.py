"""What to say about an order: shop results -> reply keys with raw values (float euros, ISO days) for the NLG.

A reply whose values the shop does not know is never chosen: the next best one is, and `utter_no_answer` at last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from babel.lists import format_list
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import services
from bot.shop import Order, OrderStatus, RefundResult, RefundStatus, ReturnResult

WORKING_DAYS_OF_REFUND = 5
OFFERING_KEYS = frozenset(
    {"utter_complain", "utter_default", "utter_no_answer", "utter_offer_human", "utter_return_too_late"}
)
"""Replies that end with the offer of a person, which a "yes" then accepts."""
_HIDDEN_EMAIL = "***@***"
Values: TypeAlias = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """A key of data/replies with its values."""

    key: str
    values: Values = field(default_factory=dict)

    def say(self, dispatcher: CollectingDispatcher) -> None:
        """Hands the reply to the NLG."""
        dispatcher.utter_message(response=self.key, **self.values)

    @property
    def is_complete(self) -> bool:
        """Whether every value is known."""
        return all(value is not None for value in self.values.values())


def status_reply(order: Order) -> Reply:
    """Where an order is."""
    number: Values = {"order_number": order.number}
    expected: Values = {**number, "delivery_date": _day(order.delivery_date)}
    on_its_way: Values = {**expected, "carrier": order.carrier, "tracking_url": order.tracking_url}
    courier: Values = {**number, "city": order.delivery_city, "tracking_url": order.tracking_url}
    choices = {
        OrderStatus.PROCESSING: [Reply("utter_order_processing", expected)],
        OrderStatus.SHIPPED: [Reply("utter_order_shipped", on_its_way)],
        OrderStatus.OUT_FOR_DELIVERY: [
            Reply("utter_order_out_for_delivery", courier),
            Reply("utter_order_shipped", on_its_way),
        ],
        OrderStatus.DELAYED: [Reply("utter_order_delayed", on_its_way)],
        OrderStatus.DELIVERED: [Reply("utter_order_delivered", expected)],
        OrderStatus.CANCELLED: [Reply("utter_order_cancelled", number)],
        OrderStatus.RETURNED: [Reply("utter_order_returned", {**number, "date": _day(order.returned_on)})],
    }
    return _first_complete(*choices[order.status])


def refund_reply(order: Order) -> Reply:
    """Where the money of an order is."""
    number: Values = {"order_number": order.number}
    amount: Values = {**number, "amount": _euros(order.refund_amount_eur or order.amount_eur)}
    dated: Values = {**amount, "date": _day(order.refund_date)}
    requested = Reply("utter_refund_requested", {**amount, "days": WORKING_DAYS_OF_REFUND})
    choices = {
        RefundStatus.NONE: [Reply("utter_refund_none", number)],
        RefundStatus.REQUESTED: [requested],
        RefundStatus.PENDING: [Reply("utter_refund_pending", dated), requested],
        RefundStatus.PAID: [Reply("utter_refund_paid", dated)],
    }
    return _first_complete(*choices[order.refund_status])


def cancelled_reply(order: Order) -> Reply:
    """An order was cancelled just now."""
    amount = _euros(order.refund_amount_eur or order.amount_eur)
    values: Values = {
        "order_number": order.number,
        "amount": amount,
        "days": WORKING_DAYS_OF_REFUND,
    }
    return Reply("utter_cancel_done", values)


def return_reply(order: Order, result: ReturnResult, contact: str) -> Reply:
    """A return is registered."""
    email = result.label_email or (contact if "@" in contact else _HIDDEN_EMAIL)
    values: Values = {
        "order_number": order.number,
        "return_number": result.return_number,
        "days": result.period_days,
        "email": email,
    }
    return _first_complete(Reply("utter_return_created", values))


def requested_refund_reply(result: RefundResult) -> Reply:
    """A refund was asked for now or before; `result` has its order."""
    return _first_complete() if result.order is None else refund_reply(result.order)


async def product_names(order: Order, language: str) -> str | None:
    """The order's products in the conversation's language, as an enumeration; None for an order without items.

    Raises ShopUnavailable.
    """
    names = []
    for item in order.items:
        product = item.name if order.language == language else None
        if product is None:
            found = await services.shop().find_product(item.name, language)
            product = found.name if found is not None and found.sku == item.sku else item.name
        names.append(product if item.quantity == 1 else f"{item.quantity} × {product}")
    return str(format_list(names, locale=language)) if names else None


def _first_complete(*replies: Reply) -> Reply:
    return next((reply for reply in replies if reply.is_complete), Reply("utter_no_answer"))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _euros(amount: Decimal) -> float:
    return float(amount)
