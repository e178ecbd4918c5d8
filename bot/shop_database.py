"""The shop on this machine's own tables (`store.tables`): the demo's, or a small company's.

Each call is one session in a worker thread, so the event loop never waits for the database. Two changes of one order
at the same moment collide in the database; the loser looks again and finds the work done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot import shop
from bot.shop import OrderStatus, Outcome, RefundStatus
from bot.shop_rules import (
    REFUND_DAYS,
    RETURN_PERIOD_DAYS,
    judge_address,
    judge_cancel,
    judge_refund,
    judge_return,
)
from store import catalogue, tables
from store.keys import contact_key, new_code, order_number_key
from store.sessions import session_scope

_Result = TypeVar("_Result")
_N_TRIES = 3


class DatabaseShop:
    """`bot.shop.Shop` over an SQLAlchemy engine whose tables exist (`store.schema.migrate`)."""

    def __init__(self, engine: Engine, *, today: Callable[[], date] = date.today) -> None:
        self._engine = engine
        self._today = today

    async def find_order(self, number: str, contact: str) -> shop.Order | None:
        """See `bot.shop.Shop.find_order`."""

        def work(session: Session) -> shop.Order | None:
            row = _find_row(session, number, contact)
            return None if row is None else _order_of(row)

        return await self._run(work)

    async def cancel_order(self, number: str, contact: str) -> shop.CancelResult:
        """See `bot.shop.Shop.cancel_order`; the pieces go back into stock, the refund is pending at once."""

        def work(session: Session) -> shop.CancelResult:
            row = _find_row(session, number, contact)
            if row is None:
                return shop.CancelResult(Outcome.NOT_FOUND)
            outcome = judge_cancel(row.status)
            if outcome is Outcome.DONE:
                self._cancel(row)
                session.flush()
            return shop.CancelResult(outcome, _order_of(row))

        return await self._run(work)

    async def change_address(self, number: str, contact: str, address: str) -> shop.AddressResult:
        """See `bot.shop.Shop.change_address`; the city stays known only where the new address names it."""
        new_address = " ".join(address.split())

        def work(session: Session) -> shop.AddressResult:
            row = _find_row(session, number, contact)
            if row is None:
                return shop.AddressResult(Outcome.NOT_FOUND)
            outcome = judge_address(row.status, address=new_address, present_address=row.delivery_address)
            if outcome is Outcome.DONE:
                row.delivery_address = new_address
                if row.delivery_city and row.delivery_city.casefold() not in new_address.casefold():
                    row.delivery_city = None
                session.flush()
            return shop.AddressResult(outcome, _order_of(row))

        return await self._run(work)

    async def create_return(self, number: str, contact: str, reason: str) -> shop.ReturnResult:
        """See `bot.shop.Shop.create_return`; the order stays delivered until the parcel is back."""

        def work(session: Session) -> shop.ReturnResult:
            row = _find_row(session, number, contact)
            if row is None:
                return shop.ReturnResult(Outcome.NOT_FOUND)
            outcome = judge_return(
                row.status,
                delivered_on=row.delivery_date,
                today=self._today(),
                registered=row.return_ is not None,
            )
            if outcome is Outcome.DONE:
                row.return_ = tables.Return(number=new_code("R"), reason=reason.strip())
                session.flush()
            return shop.ReturnResult(
                outcome,
                _order_of(row),
                return_number=None if row.return_ is None else row.return_.number,
                label_email=None if row.return_ is None else _shown_email(row.customer.email, contact),
                period_days=RETURN_PERIOD_DAYS,
            )

        return await self._run(work)

    async def request_refund(self, number: str, contact: str, reason: str) -> shop.RefundResult:
        """See `bot.shop.Shop.request_refund`; a person of the shop sets the refund to pending."""

        def work(session: Session) -> shop.RefundResult:
            row = _find_row(session, number, contact)
            if row is None:
                return shop.RefundResult(Outcome.NOT_FOUND)
            outcome = judge_refund(
                row.status, refund=row.refund_status, delivery_date=row.delivery_date, today=self._today()
            )
            if outcome is Outcome.DONE:
                row.refund_status = RefundStatus.REQUESTED
                row.refund_amount_eur = row.amount_eur
                row.refund_reason = reason.strip()
                session.flush()
            return shop.RefundResult(outcome, _order_of(row))

        return await self._run(work)

    async def find_product(self, name: str, language: str) -> shop.Product | None:
        """See `bot.shop.Shop.find_product` and `store.catalogue` for how names are compared."""

        def work(session: Session) -> shop.Product | None:
            found = catalogue.find_product(session, name=name, language=language)
            if found is None:
                return None
            row, shown_name = found
            return shop.Product(
                sku=row.sku,
                name=shown_name,
                price_eur=row.price_eur,
                stock=row.stock,
                url=row.url,
                restock_on=row.restock_on,
            )

        return await self._run(work)

    def _cancel(self, row: tables.Order) -> None:
        row.status = OrderStatus.CANCELLED
        row.refund_status = RefundStatus.PENDING
        row.refund_amount_eur = row.amount_eur
        row.refund_date = self._today() + timedelta(days=REFUND_DAYS)
        row.delivery_date = None
        for item in row.items:
            item.product.stock = tables.Product.stock + item.quantity

    async def _run(self, work: Callable[[Session], _Result]) -> _Result:
        return await asyncio.to_thread(self._in_session, work)

    def _in_session(self, work: Callable[[Session], _Result]) -> _Result:
        """One unit of work, looked at afresh when another change of the same order came first."""
        for _ in range(_N_TRIES):
            try:
                with session_scope(self._engine) as session:
                    return work(session)
            except (StaleDataError, IntegrityError):
                continue
            except (DBAPIError, PoolTimeout) as error:
                raise shop.ShopUnavailable(
                    f"expected the shop's database to answer, found {type(error).__name__}: "
                    "check DATABASE_URL and that its tables exist (xenia doctor)"
                ) from error
        raise shop.ShopUnavailable(
            f"expected to change an order alone, found another change in each of {_N_TRIES} tries: try again"
        )


def _find_row(session: Session, number: str, contact: str) -> tables.Order | None:
    """The order if the contact is its customer's e-mail or postcode; an empty contact matches nobody."""
    shown = contact_key(contact)
    query = select(tables.Order).where(tables.Order.number_key == order_number_key(number))
    row: tables.Order | None = session.scalars(query).one_or_none()
    if row is None or not shown:
        return None
    return row if shown in (contact_key(row.customer.email), contact_key(row.customer.postcode)) else None


def _order_of(row: tables.Order) -> shop.Order:
    items = tuple(
        shop.OrderItem(
            sku=item.product.sku,
            name=catalogue.name_in(item.product, row.customer.language),
            quantity=item.quantity,
        )
        for item in row.items
    )
    return shop.Order(
        number=row.number,
        status=row.status,
        placed_at=row.placed_at,
        delivery_address=row.delivery_address,
        amount_eur=row.amount_eur,
        language=row.customer.language,
        items=items,
        carrier=row.carrier,
        tracking_url=row.tracking_url,
        delivery_date=row.delivery_date,
        delivery_city=row.delivery_city,
        refund_status=row.refund_status,
        refund_amount_eur=row.refund_amount_eur,
        refund_date=row.refund_date,
        returned_on=row.returned_on,
    )


def _shown_email(email: str, contact: str) -> str:
    """The address in full to whoever named it, else only its first letter and domain."""
    if contact_key(contact) == contact_key(email):
        return email
    local, _, domain = email.partition("@")
    return f"{local[:1]}***@{domain}"
