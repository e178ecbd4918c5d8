"""The JSON of a REST shop read into the dataclasses of `bot.shop`, checked key by key.

Errors name the key, what was expected and the type that came, never the value: values are personal data.
Keys that are not listed in docs/shop-backend.md are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar

from bot.shop import Order, OrderItem, OrderStatus, Outcome, Product, RefundStatus, ReturnResult

_Member = TypeVar("_Member", bound=Enum)


class UnexpectedJson(ValueError):
    """The back end's answer is not what docs/shop-backend.md describes."""


def order_from_json(data: object) -> Order:
    """An `order` object; raises UnexpectedJson."""
    fields = as_object(data, "order")
    items = fields.get("items", [])
    if not isinstance(items, list):
        raise _unexpected("items", "a list", items)
    return Order(
        number=_text(fields, "number"),
        status=_member(fields, "status", OrderStatus),
        placed_at=_moment(fields, "placed_at"),
        delivery_address=_text(fields, "delivery_address"),
        amount_eur=_amount(fields, "amount_eur"),
        language=_text(fields, "language"),
        items=tuple(_item(entry) for entry in items),
        carrier=_text_or_none(fields, "carrier"),
        tracking_url=_text_or_none(fields, "tracking_url"),
        delivery_date=_day_or_none(fields, "delivery_date"),
        delivery_city=_text_or_none(fields, "delivery_city"),
        refund_status=_member(fields, "refund_status", RefundStatus, default=RefundStatus.NONE),
        refund_amount_eur=None if fields.get("refund_amount_eur") is None else _amount(fields, "refund_amount_eur"),
        refund_date=_day_or_none(fields, "refund_date"),
        returned_on=_day_or_none(fields, "returned_on"),
    )


def product_from_json(data: object) -> Product:
    """A `product` object; raises UnexpectedJson."""
    fields = as_object(data, "product")
    return Product(
        sku=_text(fields, "sku"),
        name=_text(fields, "name"),
        price_eur=_amount(fields, "price_eur"),
        stock=_count(fields, "stock"),
        url=_text(fields, "url"),
        restock_on=_day_or_none(fields, "restock_on"),
    )


def change_from_json(data: object) -> tuple[Outcome, Order | None]:
    """What every change answers with: its `outcome`, and the `order` afterwards; raises UnexpectedJson."""
    fields = as_object(data, "answer")
    order = fields.get("order")
    return _member(fields, "outcome", Outcome), None if order is None else order_from_json(order)


def return_from_json(data: object) -> ReturnResult:
    """The answer to a return: a change with the label's particulars; raises UnexpectedJson."""
    fields = as_object(data, "answer")
    outcome, order = change_from_json(data)
    result = ReturnResult(
        outcome,
        order,
        return_number=_text_or_none(fields, "return_number"),
        label_email=_text_or_none(fields, "label_email"),
    )
    return replace(result, period_days=_count(fields, "period_days")) if "period_days" in fields else result


def as_object(data: object, name: str) -> Mapping[str, object]:
    """The data if it is a JSON object; raises UnexpectedJson naming it otherwise."""
    if not isinstance(data, dict):
        raise _unexpected(name, "an object", data)
    return data


def _item(data: object) -> OrderItem:
    fields = as_object(data, "items[]")
    return OrderItem(sku=_text(fields, "sku"), name=_text(fields, "name"), quantity=_count(fields, "quantity"))


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value:
        raise _unexpected(key, "a text", value)
    return value


def _text_or_none(fields: Mapping[str, object], key: str) -> str | None:
    return None if fields.get(key) is None else _text(fields, key)


def _count(fields: Mapping[str, object], key: str) -> int:
    value = fields.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _unexpected(key, "a whole number from 0", value)
    return value


def _amount(fields: Mapping[str, object], key: str) -> Decimal:
    """Text like "59.90" or a JSON number, which the caller has parsed to int or Decimal, never to float."""
    value = fields.get(key)
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        try:
            amount = Decimal(value)
            if amount.is_finite():
                return amount.quantize(Decimal("0.01"))
        except InvalidOperation:
            pass
    raise _unexpected(key, 'an amount in euros such as "59.90"', value)


def _day_or_none(fields: Mapping[str, object], key: str) -> date | None:
    value = fields.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise _unexpected(key, 'a day such as "2026-03-31"', value) from None


def _moment(fields: Mapping[str, object], key: str) -> datetime:
    value = fields.get(key)
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00") if isinstance(value, str) else "")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _unexpected(key, 'a moment with its offset such as "2026-03-28T09:30:00Z"', value)
    return moment


def _member(
    fields: Mapping[str, object], key: str, members: type[_Member], *, default: _Member | None = None
) -> _Member:
    value = fields.get(key)
    if value is None and default is not None:
        return default
    for member in members:
        if member.value == value:
            return member
    raise _unexpected(key, "one of " + ", ".join(str(member.value) for member in members), value)


def _unexpected(key: str, expected: str, found: object) -> UnexpectedJson:
    return UnexpectedJson(
        f"expected {key!r} to be {expected}, found {'nothing' if found is None else type(found).__name__} that "
        "does not fit: see docs/shop-backend.md"
    )
