"""What the bot may ask of a shop, as a protocol with plain results.

`bot.shop_database` answers from this machine's tables, `bot.shop_rest` from the company's own back end; actions know
only this module. A `contact` is the e-mail or the postcode of the order: without the right one an order does not exist,
so nobody learns which numbers do. Every change checks contact and status again, and asking twice changes nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

from store.tables import OrderStatus, RefundStatus

__all__ = [
    "AddressResult",
    "CancelResult",
    "Order",
    "OrderItem",
    "OrderStatus",
    "Outcome",
    "Product",
    "RefundResult",
    "RefundStatus",
    "ReturnResult",
    "Shop",
    "ShopUnavailable",
]


class ShopUnavailable(RuntimeError):
    """The shop cannot answer now. A change may or may not have happened; asking again is safe."""


class Outcome(str, Enum):
    """What became of a request for a change; only DONE has changed anything."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    """It was done before, by an earlier request; the result shows the state."""
    NOT_FOUND = "not_found"
    """No order with this number and this contact."""
    TOO_EARLY = "too_early"
    """The order has not been delivered yet, or has not even left."""
    TOO_LATE = "too_late"
    """The order has left already, or the return period is over."""
    NOT_POSSIBLE = "not_possible"
    """The order's status rules it out for good, such as a return of a cancelled order."""
    INVALID = "invalid"
    """The new value is empty or too long."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """`quantity` pieces of one product; `name` is in the language the customer ordered in."""

    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its customer may see it. Amounts are euros; days are the shop's calendar days.

    Attributes:
        number: as the shop prints it.
        placed_at: aware, in UTC.
        carrier, tracking_url: None until the parcel has left.
        delivery_date: expected day, actual day once delivered; None when unknown or cancelled.
        delivery_city: None when unknown, for example after a change of address.
        refund_date: expected day while pending, actual day once paid.
        language: the customer's, ISO 639-1.
    """

    number: str
    status: OrderStatus
    placed_at: datetime
    delivery_address: str
    amount_eur: Decimal
    language: str
    items: tuple[OrderItem, ...] = ()
    carrier: str | None = None
    tracking_url: str | None = None
    delivery_date: date | None = None
    delivery_city: str | None = None
    refund_status: RefundStatus = RefundStatus.NONE
    refund_amount_eur: Decimal | None = None
    refund_date: date | None = None
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `name` is in the language asked for where the shop has it. `restock_on` is None while unknown."""

    sku: str
    name: str
    price_eur: Decimal
    stock: int
    url: str
    restock_on: date | None = None


@dataclass(frozen=True, slots=True)
class CancelResult:
    """`order` is the state afterwards, None when not found; what is paid back stands in its refund fields."""

    outcome: Outcome
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class AddressResult:
    """`order` is the state afterwards, None when not found."""

    outcome: Outcome
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class ReturnResult:
    """A registered return.

    Attributes:
        return_number: number on the label; None unless done or done already.
        label_email: where the label goes, masked (`k***@example.de`) unless the customer named that very address.
        period_days: how many days after delivery a return may be registered.
    """

    outcome: Outcome
    order: Order | None = None
    return_number: str | None = None
    label_email: str | None = None
    period_days: int = 30


@dataclass(frozen=True, slots=True)
class RefundResult:
    """`order` is the state afterwards; its refund fields tell amount, status and day."""

    outcome: Outcome
    order: Order | None = None


class Shop(Protocol):
    """The shop behind the bot. Every method raises ShopUnavailable when it cannot answer."""

    async def find_order(self, number: str, contact: str) -> Order | None:
        """The order, or None: unknown numbers and wrong contacts look the same."""

    async def cancel_order(self, number: str, contact: str) -> CancelResult:
        """Cancels an order that is still being processed and starts its refund."""

    async def change_address(self, number: str, contact: str, address: str) -> AddressResult:
        """Sends an order that is still being processed to another address."""

    async def create_return(self, number: str, contact: str, reason: str) -> ReturnResult:
        """Registers the return of an order delivered at most 30 days ago."""

    async def request_refund(self, number: str, contact: str, reason: str) -> RefundResult:
        """Asks for the money back; a person of the shop decides."""

    async def find_product(self, name: str, language: str) -> Product | None:
        """The product that fits a name in any language best, or None when nothing is close."""
