"""The six order forms: what each still needs once the order is known, and when asking is pointless.

Where an order's status rules the request out, the form ends without a confirmation; its action then only explains. The
finer rules of the built-in shop are asked here as well; those of a company's back end are known to it alone.
"""

from __future__ import annotations

from datetime import date

from bot.actions import services
from bot.actions.draft import Draft
from bot.actions.forms import OrderForm
from bot.shop import Order, OrderStatus, Outcome, RefundStatus
from bot.shop_rules import judge_refund, judge_return

_OVER = (OrderStatus.CANCELLED, OrderStatus.RETURNED)


def return_outcome(order: Order) -> Outcome:
    """DONE where a return may be possible, else why it is not."""
    return judge_return(order.status, delivered_on=order.delivery_date, today=date.today(), registered=False)


def refund_outcome(order: Order) -> Outcome:
    """DONE where a refund may be possible, else why it is not."""
    return judge_refund(order.status, refund=order.refund_status, delivery_date=order.delivery_date, today=date.today())


class ValidateTrackOrderForm(OrderForm):
    """Where is my order."""

    intent = "track_order"

    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The order is all it needs."""
        return None


class ValidateRefundStatusForm(OrderForm):
    """Where is my money."""

    intent = "refund_status"

    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The order is all it needs."""
        return None


class ValidateCancelOrderForm(OrderForm):
    """Cancels what has not left."""

    intent = "cancel_order"

    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The confirmation."""
        return "confirmed" if order.status is OrderStatus.PROCESSING and not draft.confirmed else None


class ValidateChangeAddressForm(OrderForm):
    """Sends what has not left to another address."""

    intent = "change_address"

    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The address, then the confirmation."""
        if order.status is not OrderStatus.PROCESSING:
            return None
        if draft.new_address is None:
            return "new_address"
        return None if draft.confirmed else "confirmed"

    def refused(self, draft: Draft) -> None:
        """The address was wrong, so it is asked for again."""
        draft.new_address, draft.requested = None, "new_address"


class ValidateReturnItemForm(OrderForm):
    """Registers the return of what was delivered."""

    intent = "return_item"

    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The reason, then the confirmation."""
        is_out = return_outcome(order) is not Outcome.DONE
        if order.status is not OrderStatus.DELIVERED or (is_out and not services.has_own_rules()):
            return None
        return _reason_and_confirmation(draft)


class ValidateRequestRefundForm(OrderForm):
    """Asks for the money back."""

    intent = "request_refund"

    def next_slot(self, order: Order, draft: Draft) -> str | None:
        """The reason, then the confirmation; a cancelled or returned order is its own reason."""
        if order.refund_status is not RefundStatus.NONE or order.status is OrderStatus.PROCESSING:
            return None
        if refund_outcome(order) is not Outcome.DONE and not services.has_own_rules():
            return None
        if order.status in _OVER:
            draft.return_reason = draft.return_reason or order.status.value
        return _reason_and_confirmation(draft)


def _reason_and_confirmation(draft: Draft) -> str | None:
    if draft.return_reason is None:
        return "return_reason"
    return None if draft.confirmed else "confirmed"
