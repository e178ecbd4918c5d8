"""The tables: the demo shop (customers, products, orders, returns), hand-offs to people, and feedback.

Declarative mapping by decorator, so that the attributes carry their real types. Amounts are `Decimal` euros, moments
are aware UTC, days are plain dates in the shop's own calendar. Another file adds its tables to `mapper_registry`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import registry, relationship

from store.columns import Euro, Record, UtcDateTime, enum_column_type, utc_now

mapper_registry = registry()


class OrderStatus(str, Enum):
    """Where an order stands."""

    PROCESSING = "processing"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class RefundStatus(str, Enum):
    """Where the money stands: asked for, on its way, or paid."""

    NONE = "none"
    REQUESTED = "requested"
    PENDING = "pending"
    PAID = "paid"


@mapper_registry.mapped
class Customer(Record):
    """Who ordered. `email` or `postcode` is what a customer shows in the chat to see an order."""

    __tablename__ = "customers"

    id: int = Column(Integer, primary_key=True)
    name: str = Column(String(120), nullable=False)
    email: str = Column(String(254), nullable=False, unique=True)
    postcode: str = Column(String(16), nullable=False)
    city: str = Column(String(120), nullable=False)
    address: str = Column(String(300), nullable=False)
    language: str = Column(String(8), nullable=False)


@mapper_registry.mapped
class Product(Record):
    """What is sold. `stock` counts pieces; `restock_on` is the day it comes back, None while unknown or in stock."""

    __tablename__ = "products"

    id: int = Column(Integer, primary_key=True)
    sku: str = Column(String(40), nullable=False, unique=True)
    price_eur: Decimal = Column(Euro, nullable=False)
    stock: int = Column(Integer, nullable=False, default=0)
    restock_on: date | None = Column(Date)
    url: str = Column(String(500), nullable=False)
    names: list[ProductName] = relationship("ProductName", back_populates="product", cascade="all, delete-orphan")


@mapper_registry.mapped
class ProductName(Record):
    """A product's name in one language (ISO 639-1)."""

    __tablename__ = "product_names"

    product_id: int = Column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    language: str = Column(String(8), primary_key=True)
    name: str = Column(String(200), nullable=False)
    product: Product = relationship("Product", back_populates="names")


@mapper_registry.mapped
class Order(Record):
    """An order. `number_key` is `store.keys.order_number_key(number)`: look orders up by it.

    `delivery_date` is the expected day, and the actual one once delivered. `refund_date` is the expected day while the
    refund is pending, and the actual one once paid. `revision` lets two simultaneous changes collide instead of both
    winning: the later one raises `sqlalchemy.orm.exc.StaleDataError`.
    """

    __tablename__ = "orders"

    id: int = Column(Integer, primary_key=True)
    number: str = Column(String(40), nullable=False, unique=True)
    number_key: str = Column(String(40), nullable=False, unique=True)
    customer_id: int = Column(ForeignKey("customers.id"), nullable=False, index=True)
    placed_at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)
    status: OrderStatus = Column(enum_column_type(OrderStatus), nullable=False, default=OrderStatus.PROCESSING)
    carrier: str | None = Column(String(80))
    tracking_url: str | None = Column(String(500))
    delivery_date: date | None = Column(Date)
    delivery_city: str | None = Column(String(120))
    delivery_address: str = Column(String(300), nullable=False)
    amount_eur: Decimal = Column(Euro, nullable=False)
    refund_status: RefundStatus = Column(enum_column_type(RefundStatus), nullable=False, default=RefundStatus.NONE)
    refund_amount_eur: Decimal | None = Column(Euro)
    refund_date: date | None = Column(Date)
    refund_reason: str | None = Column(Text)
    returned_on: date | None = Column(Date)
    revision: int = Column(Integer, nullable=False)
    customer: Customer = relationship("Customer")
    items: list[OrderItem] = relationship("OrderItem", cascade="all, delete-orphan", order_by="OrderItem.id")
    return_: Return | None = relationship("Return", cascade="all, delete-orphan", uselist=False)

    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": revision}


@mapper_registry.mapped
class OrderItem(Record):
    """One product in an order, `quantity` pieces of it."""

    __tablename__ = "order_items"

    id: int = Column(Integer, primary_key=True)
    order_id: int = Column(ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, index=True)
    product_id: int = Column(ForeignKey("products.id"), nullable=False)
    quantity: int = Column(Integer, nullable=False, default=1)
    product: Product = relationship("Product")


@mapper_registry.mapped
class Return(Record):
    """A registered return; an order has at most one."""

    __tablename__ = "returns"

    id: int = Column(Integer, primary_key=True)
    number: str = Column(String(40), nullable=False, unique=True)
    order_id: int = Column(ForeignKey("orders.id", ondelete="CASCADE"), nullable=False, unique=True)
    reason: str = Column(Text, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)


@mapper_registry.mapped
class Handoff(Record):
    """A conversation given to a person. Open while `closed_at` is None; a conversation has at most one open."""

    __tablename__ = "handoffs"

    id: int = Column(Integer, primary_key=True)
    ticket: str = Column(String(16), nullable=False, unique=True)
    conversation_id: str = Column(String(255), nullable=False, index=True)
    channel: str = Column(String(40), nullable=False)
    language: str = Column(String(8), nullable=False)
    reason: str = Column(String(80), nullable=False)
    summary: str = Column(Text, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)
    closed_at: datetime | None = Column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_handoffs_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


@mapper_registry.mapped
class Feedback(Record):
    """A thumb on one message of ours: `rating` 1 is up, -1 is down. Of several on one message the newest counts."""

    __tablename__ = "feedback"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(255), nullable=False, index=True)
    message_id: str = Column(String(255), nullable=False)
    rating: int = Column(Integer, nullable=False)
    at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)
