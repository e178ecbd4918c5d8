"""The demo shop: invented customers, products and orders in every language, from `demo_shop.yml`.

Dates count from the day of seeding, so that the demo is always fresh. Beside the orders of the file, every customer
`demo.<lang>@example.com` has four well-known ones, where NN is the language's place in `LANGUAGES` (German is 02):
`10NN1` processing, `10NN2` shipped, `10NN3` delivered five days ago, `10NN4` returned with the refund pending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from store.keys import order_number_key
from store.schema import migrate
from store.sessions import session_scope
from store.tables import Customer, Order, OrderItem, OrderStatus, Product, ProductName, RefundStatus, Return

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
_SHOP_PATH = Path(__file__).with_name("demo_shop.yml")
_ORDERED_AT = time(9, 30, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class SeedReport:
    """How many rows one seeding added; all zero when everything was there already."""

    n_customers: int
    n_products: int
    n_orders: int


@dataclass(frozen=True, slots=True)
class _DemoOrder:
    """One order before its dates are known. `days_ago` is the day of delivery of a delivered order."""

    number: str
    customer: str
    status: OrderStatus
    items: Mapping[str, int]
    days_ago: int = field(default=5)


def seed(engine: Engine, today: date, *, reset: bool = False) -> SeedReport:
    """Creates the tables and fills in the demo rows that are missing.

    Args:
        engine: from `store.sessions.engine`.
        today: the day that delivery and refund dates count from.
        reset: brings the demo's orders, customers and products back to their first state and to `today`; rows that are
            not the demo's, hand-offs and feedback stay.
    """
    migrate(engine)
    shop = yaml.safe_load(_SHOP_PATH.read_text(encoding="utf-8"))
    with session_scope(engine) as session:
        if reset:
            _delete_orders(session, shop)
        return SeedReport(
            n_customers=_seed_customers(session, shop, overwrite=reset),
            n_products=_seed_products(session, shop, today=today, overwrite=reset),
            n_orders=_seed_orders(session, shop, today=today),
        )


def _delete_orders(session: Session, shop: dict[str, Any]) -> None:
    keys = [order_number_key(order.number) for order in _demo_orders(shop)]
    for row in session.scalars(select(Order).where(Order.number_key.in_(keys))):  # type: ignore[attr-defined]
        session.delete(row)
    session.flush()


def _seed_customers(session: Session, shop: dict[str, Any], *, overwrite: bool) -> int:
    known = {row.email: row for row in session.scalars(select(Customer))}
    for entry in shop["customers"]:
        if entry["email"] not in known:
            session.add(Customer(**entry))
        elif overwrite:
            _assign(known[entry["email"]], entry)
    session.flush()
    return sum(entry["email"] not in known for entry in shop["customers"])


def _seed_products(session: Session, shop: dict[str, Any], *, today: date, overwrite: bool) -> int:
    known = {row.sku: row for row in session.scalars(select(Product))}
    for entry in shop["products"]:
        days = entry.get("restock_in_days")
        values = {
            "price_eur": Decimal(entry["price_eur"]),
            "stock": entry["stock"],
            "restock_on": None if days is None else today + timedelta(days=days),
            "url": f"https://shop.example.com/p/{entry['sku'].lower()}",
        }
        if entry["sku"] not in known:
            names = [ProductName(language=language, name=name) for language, name in entry["names"].items()]
            session.add(Product(sku=entry["sku"], names=names, **values))
        elif overwrite:
            _assign(known[entry["sku"]], values)
    session.flush()
    return sum(entry["sku"] not in known for entry in shop["products"])


def _seed_orders(session: Session, shop: dict[str, Any], *, today: date) -> int:
    known = set(session.scalars(select(Order.number_key)))
    customers = {row.email: row for row in session.scalars(select(Customer))}
    products = {row.sku: row for row in session.scalars(select(Product))}
    missing = [order for order in _demo_orders(shop) if order_number_key(order.number) not in known]
    for order in missing:
        customer = customers[order.customer]
        items = [OrderItem(product=products[sku], quantity=quantity) for sku, quantity in order.items.items()]
        amount = sum((item.product.price_eur * item.quantity for item in items), Decimal(0))
        row = Order(
            number=order.number,
            number_key=order_number_key(order.number),
            customer=customer,
            status=order.status,
            delivery_city=customer.city,
            delivery_address=customer.address,
            amount_eur=amount,
            items=items,
            **_dates(order, today),
            **_shipment(order, shop["carriers"][customer.language]),
            **_refund(order, amount=amount, today=today),
        )
        if order.status is OrderStatus.RETURNED:
            registered = datetime.combine(today - timedelta(days=10), _ORDERED_AT)
            row.return_ = Return(number=f"R-{order.number}", reason="too_small", created_at=registered)
        session.add(row)
    session.flush()
    return len(missing)


def _demo_orders(shop: dict[str, Any]) -> Iterator[_DemoOrder]:
    """The orders of the file, then the four of every language, whose products go round the catalogue."""
    for entry in shop["orders"]:
        yield _DemoOrder(**{**entry, "status": OrderStatus(entry["status"])})
    skus = [entry["sku"] for entry in shop["products"]]
    statuses = (OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.RETURNED)
    for place, language in enumerate(LANGUAGES, start=1):
        for step, status in enumerate(statuses, start=1):
            sku = skus[(4 * place + step) % len(skus)]
            yield _DemoOrder(f"10{place:02}{step}", f"demo.{language}@example.com", status, {sku: 1})


def _dates(order: _DemoOrder, today: date) -> dict[str, Any]:
    """When it was placed and when it comes or came, in days from today."""
    placed, due = {
        OrderStatus.PROCESSING: (-1, 3),
        OrderStatus.SHIPPED: (-2, 2),
        OrderStatus.OUT_FOR_DELIVERY: (-3, 0),
        OrderStatus.DELAYED: (-8, 4),
        OrderStatus.DELIVERED: (-order.days_ago - 3, -order.days_ago),
        OrderStatus.CANCELLED: (-6, None),
        OrderStatus.RETURNED: (-17, -14),
    }[order.status]
    return {
        "placed_at": datetime.combine(today + timedelta(days=placed), _ORDERED_AT),
        "delivery_date": None if due is None else today + timedelta(days=due),
        "returned_on": today - timedelta(days=6) if order.status is OrderStatus.RETURNED else None,
    }


def _shipment(order: _DemoOrder, carrier: str) -> dict[str, Any]:
    if order.status in (OrderStatus.PROCESSING, OrderStatus.CANCELLED):
        return {}
    return {"carrier": carrier, "tracking_url": f"https://track.example.com/{order_number_key(order.number)}"}


def _refund(order: _DemoOrder, *, amount: Decimal, today: date) -> dict[str, Any]:
    if order.status is OrderStatus.RETURNED:
        due = today + timedelta(days=3)
        return {"refund_status": RefundStatus.PENDING, "refund_amount_eur": amount, "refund_date": due}
    if order.status is OrderStatus.CANCELLED:
        paid = today - timedelta(days=2)
        return {"refund_status": RefundStatus.PAID, "refund_amount_eur": amount, "refund_date": paid}
    return {}


def _assign(row: object, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
