"""The built-in shop: who may see an order, what may still be changed, and that asking twice changes nothing more."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.shop import OrderStatus, Outcome, RefundStatus, ReturnResult, ShopUnavailable
from bot.shop_database import DatabaseShop
from store.demo import seed
from store.sessions import engine, session_scope
from store.tables import Customer, Order, Product

TODAY = date(2026, 3, 1)
DEMO_DE = ("demo.de@example.com", "50667")


@pytest.fixture(scope="module")
def seeded_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a demo shop nobody has touched."""
    path = tmp_path_factory.mktemp("seeded") / "shop.db"
    made = engine(f"sqlite:///{path}")
    seed(made, TODAY)
    made.dispose()
    return path


@pytest.fixture
def database(seeded_path: Path, tmp_path: Path) -> Engine:
    """A copy of the demo shop, to be changed."""
    return engine(f"sqlite:///{shutil.copy(seeded_path, tmp_path)}")


@pytest.fixture
def shop(database: Engine) -> DatabaseShop:
    """The shop on the day it was seeded."""
    return DatabaseShop(database, today=lambda: TODAY)


def stock(database: Engine, sku: str) -> int:
    """Pieces of a product left."""
    with session_scope(database) as session:
        return int(session.scalars(select(Product.stock).where(Product.sku == sku)).one())


def test_order_tells_everything_its_customer_may_know(shop: DatabaseShop) -> None:
    order = asyncio.run(shop.find_order("DE-2024-1187", "k.lorenz@example.de"))
    assert order is not None
    assert (order.number, order.status, order.delivery_date) == (
        "DE-2024-1187",
        OrderStatus.OUT_FOR_DELIVERY,
        TODAY,
    )
    assert (order.delivery_city, order.carrier) == ("Kassel", "DHL")
    assert order.tracking_url == "https://track.example.com/DE20241187"
    assert [(item.name, item.quantity) for item in order.items] == [("Laufschuhe", 1), ("Laufsocken", 2)]
    assert order.amount_eur == Decimal("115.70")


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        ("DE-2024-1187", "34117"),
        ("#de-2024-1187", "K.Lorenz@Example.DE "),
        (" de 2024 1187 ", "３４１１７"),
        ("DE–2024—1187", "٣٤١١٧"),
        ("ＤＥ－２０２４－１１８７", "३४११७"),
        ("№ DE20241187", "<k.lorenz@example.de>"),
        ("\u2066DE-2024-1187\u2069", "mailto:k.lorenz@example.de"),
    ],
)
def test_order_is_found_however_number_and_contact_are_typed(shop: DatabaseShop, number: str, contact: str) -> None:
    assert asyncio.run(shop.find_order(number, contact)) is not None


def test_japanese_postcode_is_found_with_its_mark_and_full_width_digits(shop: DatabaseShop) -> None:
    assert asyncio.run(shop.find_order("１０１４１", "〒１５０－０００１")) is not None


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        ("DE-2024-1187", "marie.durand@example.fr"),
        ("DE-2024-1187", "69003"),
        ("DE-2024-1187", "3411"),
        ("DE-2024-1187", "example.de"),
        ("DE-2024-1187", ""),
        ("DE-2024-1187", " - "),
        ("DE-2024-1187", "%"),
        ("DE-2024-1188", "k.lorenz@example.de"),
        ("", "k.lorenz@example.de"),
    ],
)
def test_unknown_number_and_wrong_contact_look_the_same(shop: DatabaseShop, number: str, contact: str) -> None:
    assert asyncio.run(shop.find_order(number, contact)) is None
    assert asyncio.run(shop.cancel_order(number, contact)).outcome is Outcome.NOT_FOUND
    assert asyncio.run(shop.change_address(number, contact, "x")).outcome is Outcome.NOT_FOUND
    assert asyncio.run(shop.create_return(number, contact, "x")) == ReturnResult(Outcome.NOT_FOUND)
    assert asyncio.run(shop.request_refund(number, contact, "x")).outcome is Outcome.NOT_FOUND


def test_customer_without_a_postcode_is_not_found_by_an_empty_contact(shop: DatabaseShop, database: Engine) -> None:
    with session_scope(database) as session:
        session.scalars(select(Customer).where(Customer.email == DEMO_DE[0])).one().postcode = ""
    assert asyncio.run(shop.find_order("10021", " ")) is None
    assert asyncio.run(shop.find_order("10021", DEMO_DE[0])) is not None


def test_cancelled_order_pays_back_and_restocks(shop: DatabaseShop, database: Engine) -> None:
    before = stock(database, "BAG-07")
    result = asyncio.run(shop.cancel_order("48213", "69003"))
    assert result.outcome is Outcome.DONE
    order = asyncio.run(shop.find_order("48213", "marie.durand@example.fr"))
    assert order == result.order
    assert order is not None
    assert (order.status, order.refund_status) == (OrderStatus.CANCELLED, RefundStatus.PENDING)
    assert (order.refund_amount_eur, order.refund_date) == (Decimal("59.90"), date(2026, 3, 8))
    assert stock(database, "BAG-07") == before + 1


def test_cancelling_from_eight_sides_at_once_happens_once(shop: DatabaseShop, database: Engine) -> None:
    before = stock(database, "BAG-07")

    async def all_at_once() -> list[Outcome]:
        results = await asyncio.gather(*(shop.cancel_order("48213", "69003") for _ in range(8)))
        return sorted(result.outcome for result in results)

    assert asyncio.run(all_at_once()) == [Outcome.ALREADY_DONE] * 7 + [Outcome.DONE]
    assert stock(database, "BAG-07") == before + 1


@pytest.mark.parametrize(
    ("number", "contact", "outcome"),
    [
        ("10022", DEMO_DE[0], Outcome.TOO_LATE),
        ("DE-2024-1187", "34117", Outcome.TOO_LATE),
        ("DE-2024-1202", DEMO_DE[1], Outcome.TOO_LATE),
        ("10023", DEMO_DE[0], Outcome.TOO_LATE),
        ("4711-88", "34117", Outcome.ALREADY_DONE),
    ],
)
def test_order_that_has_left_is_not_cancelled(shop: DatabaseShop, number: str, contact: str, outcome: Outcome) -> None:
    before = asyncio.run(shop.find_order(number, contact))
    result = asyncio.run(shop.cancel_order(number, contact))
    assert (result.outcome, result.order) == (outcome, before)
    assert asyncio.run(shop.find_order(number, contact)) == before


def test_address_changes_while_processing_and_forgets_a_city_it_does_not_name(shop: DatabaseShop) -> None:
    moved = asyncio.run(shop.change_address("10021", DEMO_DE[0], " Rosenweg 5,\n 10115 Berlin "))
    assert moved.outcome is Outcome.DONE
    assert moved.order is not None
    assert (moved.order.delivery_address, moved.order.delivery_city) == ("Rosenweg 5, 10115 Berlin", None)
    assert asyncio.run(shop.find_order("10021", DEMO_DE[1])) == moved.order
    again = asyncio.run(shop.change_address("10021", DEMO_DE[0], "Rosenweg 5, 10115 Berlin"))
    assert (again.outcome, again.order) == (Outcome.ALREADY_DONE, moved.order)


def test_city_stays_known_when_the_new_address_names_it(shop: DatabaseShop) -> None:
    result = asyncio.run(shop.change_address("10021", DEMO_DE[0], "Rosenweg 5, 50667 KÖLN"))
    assert result.order is not None
    assert result.order.delivery_city == "Köln"


@pytest.mark.parametrize(
    ("number", "address", "outcome"),
    [
        ("10021", "   ", Outcome.INVALID),
        ("10021", "x" * 301, Outcome.INVALID),
        ("10022", "Rosenweg 5", Outcome.TOO_LATE),
        ("10024", "Rosenweg 5", Outcome.TOO_LATE),
    ],
)
def test_address_is_not_changed(shop: DatabaseShop, number: str, address: str, outcome: Outcome) -> None:
    before = asyncio.run(shop.find_order(number, DEMO_DE[0]))
    assert asyncio.run(shop.change_address(number, DEMO_DE[0], address)).outcome is outcome
    assert asyncio.run(shop.find_order(number, DEMO_DE[0])) == before


def test_return_is_registered_once_and_its_number_kept(shop: DatabaseShop) -> None:
    first = asyncio.run(shop.create_return("10023", DEMO_DE[0], "zu klein"))
    again = asyncio.run(shop.create_return("10023", DEMO_DE[0], "gefällt nicht"))
    assert (first.outcome, again.outcome) == (Outcome.DONE, Outcome.ALREADY_DONE)
    assert first.return_number is not None
    assert again.return_number == first.return_number
    assert first.period_days == 30


def test_label_address_is_masked_for_whoever_knows_only_the_postcode(shop: DatabaseShop) -> None:
    by_postcode = asyncio.run(shop.create_return("10023", DEMO_DE[1], "zu klein"))
    by_email = asyncio.run(shop.create_return("10023", "DEMO.DE@example.com", "zu klein"))
    assert (by_postcode.label_email, by_email.label_email) == ("d***@example.com", "demo.de@example.com")


@pytest.mark.parametrize(
    ("number", "contact", "outcome"),
    [
        ("10021", DEMO_DE[0], Outcome.TOO_EARLY),
        ("10022", DEMO_DE[0], Outcome.TOO_EARLY),
        ("DE-2024-1187", "34117", Outcome.TOO_EARLY),
        ("DE-2024-0934", "34117", Outcome.TOO_LATE),
        ("4711-88", "34117", Outcome.NOT_POSSIBLE),
        ("10024", DEMO_DE[0], Outcome.ALREADY_DONE),
    ],
)
def test_only_recently_delivered_orders_are_returned(
    shop: DatabaseShop, number: str, contact: str, outcome: Outcome
) -> None:
    assert asyncio.run(shop.create_return(number, contact, "x")).outcome is outcome


def test_thirtieth_day_after_delivery_is_the_last_for_a_return(database: Engine) -> None:
    delivered = TODAY - timedelta(days=5)
    late, last = (DatabaseShop(database, today=lambda days=days: delivered + timedelta(days=days)) for days in (31, 30))
    assert asyncio.run(late.create_return("10023", DEMO_DE[0], "x")).outcome is Outcome.TOO_LATE
    assert asyncio.run(last.create_return("10023", DEMO_DE[0], "x")).outcome is Outcome.DONE


def test_refund_of_a_late_parcel_is_requested_once(shop: DatabaseShop, database: Engine) -> None:
    first = asyncio.run(shop.request_refund("DE-2024-1202", DEMO_DE[1], " kommt nie an "))
    again = asyncio.run(shop.request_refund("DE-2024-1202", DEMO_DE[1], "x"))
    assert (first.outcome, again.outcome) == (Outcome.DONE, Outcome.ALREADY_DONE)
    assert first.order is not None
    assert (first.order.refund_status, first.order.refund_amount_eur) == (
        RefundStatus.REQUESTED,
        Decimal("84.50"),
    )
    with session_scope(database) as session:
        reason = session.scalars(select(Order.refund_reason).where(Order.number == "DE-2024-1202")).one()
    assert reason == "kommt nie an"


@pytest.mark.parametrize(
    ("number", "contact", "outcome"),
    [
        ("10021", DEMO_DE[0], Outcome.TOO_EARLY),
        ("10022", DEMO_DE[0], Outcome.TOO_EARLY),
        ("10023", DEMO_DE[0], Outcome.DONE),
        ("DE-2024-0934", "34117", Outcome.TOO_LATE),
        ("10024", DEMO_DE[0], Outcome.ALREADY_DONE),
        ("4711-88", "34117", Outcome.ALREADY_DONE),
    ],
)
def test_refund_depends_on_where_the_parcel_is(shop: DatabaseShop, number: str, contact: str, outcome: Outcome) -> None:
    assert asyncio.run(shop.request_refund(number, contact, "x")).outcome is outcome


def test_refund_of_a_parcel_whose_day_is_past_is_taken(database: Engine) -> None:
    due = TODAY + timedelta(days=2)
    on_time, overdue = (DatabaseShop(database, today=lambda day=day: day) for day in (due, due + timedelta(days=1)))
    assert asyncio.run(on_time.request_refund("10022", DEMO_DE[0], "x")).outcome is Outcome.TOO_EARLY
    assert asyncio.run(overdue.request_refund("10022", DEMO_DE[0], "x")).outcome is Outcome.DONE


def test_product_is_named_in_the_language_of_the_conversation(shop: DatabaseShop) -> None:
    found = asyncio.run(shop.find_product("rain jackets", "de"))
    assert found is not None
    assert (found.sku, found.name, found.price_eur) == ("JAC-03", "Regenjacke", Decimal("79.95"))
    assert (found.stock, found.restock_on) == (0, date(2026, 3, 10))
    assert asyncio.run(shop.find_product("Waschmaschine", "de")) is None


def test_event_loop_goes_on_while_the_database_works(shop: DatabaseShop) -> None:
    async def count_turns() -> int:
        turns = 0
        waiting = asyncio.gather(*(shop.find_product("mochila", "es") for _ in range(10)))
        while not waiting.done():
            turns += 1
            await asyncio.sleep(0)
        return turns

    assert asyncio.run(count_turns()) > 10


def test_database_without_tables_is_shop_unavailable_and_says_what_to_do(tmp_path: Path) -> None:
    empty = DatabaseShop(engine(f"sqlite:///{tmp_path}/empty.db"))
    with pytest.raises(ShopUnavailable, match="xenia doctor") as caught:
        asyncio.run(empty.find_order("48213", "marie.durand@example.fr"))
    assert "marie" not in f"{caught.value} {caught.value.__cause__}"
