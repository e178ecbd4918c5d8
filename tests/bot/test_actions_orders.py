"""What the requests do to an order and say about it: keys with raw values, and nothing without a confirmation."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from rasa_sdk import Action
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from bot.actions import (
    ActionCancelOrder,
    ActionChangeAddress,
    ActionRefundStatus,
    ActionRequestRefund,
    ActionReturnItem,
    ActionTrackOrder,
    services,
)
from bot.actions.order_replies import Reply, product_names, status_reply
from bot.shop import Order, RefundStatus, ShopUnavailable
from store.sessions import session_scope
from store.tables import Order as OrderRow
from store.tables import OrderStatus
from tests.bot.trackers import LISTEN, keys_of, run, slots_of, tracker, user

EMAIL = "demo.en@example.com"
MURPHY = "s.murphy@example.ie"
pytestmark = pytest.mark.usefixtures("actions_database")


def ask(action: Action, number: str, contact: str = EMAIL, **slots: Any) -> dict[str, Any]:
    """The one reply to a request whose form has ended."""
    over = tracker(LISTEN, user("x"), order_number=number, contact=contact, **slots)
    messages, _ = run(action, over)
    (message,) = messages
    return message


def order_of(database: Engine, number: str) -> OrderRow:
    with session_scope(database) as session:
        return session.scalars(select(OrderRow).where(OrderRow.number == number)).one()


def change(database: Engine, number: str, **values: Any) -> None:
    with session_scope(database) as session:
        session.execute(update(OrderRow).where(OrderRow.number == number).values(**values))


@pytest.mark.parametrize(
    ("number", "contact", "key", "values"),
    [
        ("10011", EMAIL, "utter_order_processing", {"delivery_date"}),
        ("10012", EMAIL, "utter_order_shipped", {"carrier", "delivery_date", "tracking_url"}),
        ("AG-77120-3", MURPHY, "utter_order_out_for_delivery", {"city", "tracking_url"}),
        ("10013", EMAIL, "utter_order_delivered", {"delivery_date"}),
        ("GB/24/5531", EMAIL, "utter_order_delayed", {"carrier", "delivery_date", "tracking_url"}),
        ("70551", MURPHY, "utter_order_cancelled", set()),
        ("10014", EMAIL, "utter_order_returned", {"date"}),
    ],
)
def test_each_status_has_its_reply_with_all_its_values(number: str, contact: str, key: str, values: set[str]) -> None:
    message = ask(ActionTrackOrder(), number, contact)
    assert keys_of([message]) == [key]
    assert message["order_number"] == number
    assert all(isinstance(message[name], str) for name in values)


def test_dates_are_iso_days_and_amounts_floats(actions_database: Engine) -> None:
    message = ask(ActionTrackOrder(), "10013")
    assert date.fromisoformat(message["delivery_date"]) == date.today() - timedelta(days=5)
    message = ask(ActionRefundStatus(), "10014")
    assert message["amount"] == float(order_of(actions_database, "10014").refund_amount_eur or 0)


def test_a_reply_whose_values_are_unknown_is_not_chosen(actions_database: Engine) -> None:
    change(actions_database, "AG-77120-3", delivery_city=None)
    assert keys_of([ask(ActionTrackOrder(), "AG-77120-3", MURPHY)]) == ["utter_order_shipped"]
    change(actions_database, "AG-77120-3", tracking_url=None)
    over = tracker(LISTEN, user("x"), order_number="AG-77120-3", contact=MURPHY)
    messages, events = run(ActionTrackOrder(), over)
    assert keys_of(messages) == ["utter_no_answer"]
    assert slots_of(events)["offer"] == "handoff"


def test_the_order_stays_known_and_the_rest_of_the_request_is_forgotten() -> None:
    over = tracker(LISTEN, user("x"), order_number="10011", contact=EMAIL, confirmed=True, misses=1)
    found = slots_of(run(ActionCancelOrder(), over)[1])
    assert found == {
        "tried": None,
        "new_address": None,
        "return_reason": None,
        "confirmed": None,
        "misses": None,
        "notice": None,
        "offer": None,
    }


@pytest.mark.parametrize(
    ("action", "slots"),
    [
        (ActionCancelOrder, {}),
        (ActionCancelOrder, {"confirmed": False}),
        (ActionChangeAddress, {"new_address": "Mill Lane 7, Leeds LS1 4AP"}),
        (ActionReturnItem, {"return_reason": "broken"}),
        (ActionRequestRefund, {"return_reason": "broken"}),
    ],
)
@pytest.mark.parametrize("number", ["10011", "10013"])
def test_nothing_is_changed_without_a_confirmation(
    actions_database: Engine, action: type[Action], slots: dict[str, Any], number: str
) -> None:
    before = order_of(actions_database, number).revision
    ask(action(), number, **slots)
    assert order_of(actions_database, number).revision == before


@pytest.mark.parametrize("action", [ActionCancelOrder, ActionChangeAddress, ActionReturnItem, ActionRequestRefund])
def test_the_wrong_contact_changes_nothing(actions_database: Engine, action: type[Action]) -> None:
    slots = {"confirmed": True, "new_address": "Mill Lane 7, Leeds LS1 4AP", "return_reason": "x"}
    assert keys_of([ask(action(), "10011", "wrong@example.com", **slots)]) == ["utter_order_not_found"]
    assert order_of(actions_database, "10011").status is OrderStatus.PROCESSING


def test_a_cancelled_order_says_what_goes_back_and_says_it_again(actions_database: Engine) -> None:
    first = ask(ActionCancelOrder(), "10011", confirmed=True)
    row = order_of(actions_database, "10011")
    assert (first["response"], first["days"], first["amount"]) == ("utter_cancel_done", 5, float(row.amount_eur))
    assert ask(ActionCancelOrder(), "10011", confirmed=True) == first


@pytest.mark.parametrize(
    ("number", "contact", "key"),
    [
        ("10012", EMAIL, "utter_cancel_too_late"),
        ("10013", EMAIL, "utter_cancel_too_late"),
        ("70551", MURPHY, "utter_order_cancelled"),
        ("10014", EMAIL, "utter_order_returned"),
    ],
)
def test_why_an_order_cannot_be_cancelled(number: str, contact: str, key: str) -> None:
    assert keys_of([ask(ActionCancelOrder(), number, contact)]) == [key]


def test_a_changed_address_is_repeated(actions_database: Engine) -> None:
    address = "Mill Lane 7, Leeds LS1 4AP"
    message = ask(ActionChangeAddress(), "10011", new_address=address, confirmed=True)
    assert (message["response"], message["address"]) == ("utter_address_changed", address)
    assert order_of(actions_database, "10011").delivery_address == address


@pytest.mark.parametrize(
    ("number", "contact", "key"),
    [
        ("10012", EMAIL, "utter_address_too_late"),
        ("10013", EMAIL, "utter_order_delivered"),
        ("70551", MURPHY, "utter_order_cancelled"),
    ],
)
def test_why_an_address_cannot_be_changed(number: str, contact: str, key: str) -> None:
    assert keys_of([ask(ActionChangeAddress(), number, contact)]) == [key]


def test_a_return_has_its_number_and_shows_the_email_only_to_who_named_it() -> None:
    message = ask(ActionReturnItem(), "10013", return_reason="broken", confirmed=True)
    assert (message["response"], message["email"], message["days"]) == ("utter_return_created", EMAIL, 30)
    again = ask(ActionReturnItem(), "10013", "LS1 4DY", return_reason="broken", confirmed=True)
    assert (again["response"], again["email"]) == ("utter_return_created", "d***@example.com")
    assert again["return_number"] == message["return_number"]


def test_a_return_after_the_period_offers_a_person() -> None:
    over = tracker(LISTEN, user("x"), order_number="EN-30118", contact=MURPHY)
    messages, events = run(ActionReturnItem(), over)
    assert keys_of(messages) == ["utter_return_too_late"]
    assert messages[0]["days"] == 30
    assert slots_of(events)["offer"] == "handoff"


@pytest.mark.parametrize(
    ("number", "contact", "key"),
    [
        ("10011", EMAIL, "utter_return_not_delivered"),
        ("10012", EMAIL, "utter_return_not_delivered"),
        ("10014", EMAIL, "utter_order_returned"),
        ("70551", MURPHY, "utter_order_cancelled"),
    ],
)
def test_why_there_is_no_return(number: str, contact: str, key: str) -> None:
    assert keys_of([ask(ActionReturnItem(), number, contact)]) == [key]


def test_a_refund_is_requested_once(actions_database: Engine) -> None:
    first = ask(ActionRequestRefund(), "10013", return_reason="broken", confirmed=True)
    row = order_of(actions_database, "10013")
    assert row.refund_status is RefundStatus.REQUESTED
    assert row.refund_reason == "broken"
    assert first["response"] == "utter_refund_requested"
    assert (first["amount"], first["days"]) == (float(row.amount_eur), 5)
    assert ask(ActionRequestRefund(), "10013") == first


@pytest.mark.parametrize(
    ("number", "contact", "key"),
    [
        ("10011", EMAIL, "utter_return_not_delivered"),
        ("10014", EMAIL, "utter_refund_pending"),
        ("EN-30118", MURPHY, "utter_return_too_late"),
    ],
)
def test_why_there_is_no_refund(number: str, contact: str, key: str) -> None:
    assert keys_of([ask(ActionRequestRefund(), number, contact)]) == [key]


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (RefundStatus.NONE, "utter_refund_none"),
        (RefundStatus.REQUESTED, "utter_refund_requested"),
        (RefundStatus.PENDING, "utter_refund_pending"),
        (RefundStatus.PAID, "utter_refund_paid"),
    ],
)
def test_each_state_of_the_refund_has_its_reply(actions_database: Engine, status: RefundStatus, key: str) -> None:
    change(actions_database, "10014", refund_status=status)
    assert keys_of([ask(ActionRefundStatus(), "10014")]) == [key]


@pytest.mark.parametrize("notice", ["utter_form_stopped", "utter_goodbye", "utter_shop_unavailable"])
def test_a_form_that_ended_without_a_request_only_says_why(actions_database: Engine, notice: str) -> None:
    message = ask(ActionCancelOrder(), "10011", confirmed=True, notice=notice)
    assert keys_of([message]) == [notice]
    assert order_of(actions_database, "10011").status is OrderStatus.PROCESSING


def test_a_shop_that_does_not_answer_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        async def find_order(self, number: str, contact: str) -> None:
            raise ShopUnavailable("expected an answer, found none: test")

    monkeypatch.setattr(services, "shop", Silent)
    assert keys_of([ask(ActionTrackOrder(), "10012")]) == ["utter_shop_unavailable"]


def test_an_order_without_items_names_no_product() -> None:
    order = asyncio.run(services.shop().find_order("10011", EMAIL))
    assert order is not None
    bare = Order(order.number, order.status, order.placed_at, order.delivery_address, order.amount_eur, "en")
    assert asyncio.run(product_names(bare, "en")) is None
    assert status_reply(bare) == Reply("utter_no_answer")
