"""When an order may still be changed: pure functions of its status and dates, without a database.

The back end of a REST shop has rules of its own; these are the ones of the built-in shop.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.shop import OrderStatus, Outcome, RefundStatus

RETURN_PERIOD_DAYS = 30
REFUND_DAYS = 7
"""Calendar days within which money is back: five working days."""
MAX_ADDRESS_LENGTH = 300

_ON_THE_WAY = (OrderStatus.SHIPPED, OrderStatus.OUT_FOR_DELIVERY)


def judge_cancel(status: OrderStatus) -> Outcome:
    """Cancelling is possible until the parcel leaves."""
    if status is OrderStatus.PROCESSING:
        return Outcome.DONE
    return Outcome.ALREADY_DONE if status is OrderStatus.CANCELLED else Outcome.TOO_LATE


def judge_address(status: OrderStatus, *, address: str, present_address: str) -> Outcome:
    """The address can change until the parcel leaves; it needs some text, at most 300 characters."""
    if status is OrderStatus.CANCELLED:
        return Outcome.NOT_POSSIBLE
    if status is not OrderStatus.PROCESSING:
        return Outcome.TOO_LATE
    if not address or len(address) > MAX_ADDRESS_LENGTH:
        return Outcome.INVALID
    return Outcome.ALREADY_DONE if address == present_address else Outcome.DONE


def judge_return(status: OrderStatus, *, delivered_on: date | None, today: date, registered: bool) -> Outcome:
    """A return is possible from delivery until 30 days later, the thirtieth included.

    Args:
        status: the order's.
        delivered_on: day of delivery; a delivered order without one is left to a person, so it counts as too late.
        today: the shop's calendar day.
        registered: whether a return of this order exists.
    """
    if registered or status is OrderStatus.RETURNED:
        return Outcome.ALREADY_DONE
    if status is OrderStatus.CANCELLED:
        return Outcome.NOT_POSSIBLE
    if status is not OrderStatus.DELIVERED:
        return Outcome.TOO_EARLY
    return Outcome.DONE if _within_period(delivered_on, today) else Outcome.TOO_LATE


def judge_refund(status: OrderStatus, *, refund: RefundStatus, delivery_date: date | None, today: date) -> Outcome:
    """Money can be asked for when the parcel is late, cancelled, sent back, or arrived at most 30 days ago.

    A parcel is late when the carrier says so or its delivery day is past; until then the order can only be cancelled.

    Args:
        status: the order's.
        refund: what was asked for before; one request is enough.
        delivery_date: expected day, or the actual one of a delivered order.
        today: the shop's calendar day.
    """
    if refund is not RefundStatus.NONE:
        return Outcome.ALREADY_DONE
    if status is OrderStatus.DELIVERED:
        return Outcome.DONE if _within_period(delivery_date, today) else Outcome.TOO_LATE
    if status is OrderStatus.PROCESSING:
        return Outcome.TOO_EARLY
    if status in _ON_THE_WAY:
        overdue = delivery_date is not None and delivery_date < today
        return Outcome.DONE if overdue else Outcome.TOO_EARLY
    return Outcome.DONE


def _within_period(delivered_on: date | None, today: date) -> bool:
    return delivered_on is not None and today - delivered_on <= timedelta(days=RETURN_PERIOD_DAYS)
