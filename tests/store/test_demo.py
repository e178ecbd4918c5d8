"""The demo shop is complete in every language, repeatable, and as fresh as the day it is seeded on."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from store.catalogue import find_product
from store.demo import LANGUAGES, SeedReport, seed
from store.keys import contact_key, order_number_key
from store.sessions import engine, session_scope
from store.tables import Customer, Handoff, Order, OrderStatus, Product, RefundStatus

TODAY = date(2026, 3, 1)
SCRIPTS = {
    "ru": r"[\u0400-\u04ff]",
    "ar": r"[\u0600-\u06ff]",
    "hi": r"[\u0900-\u097f]",
    "zh": r"[\u4e00-\u9fff]",
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff]",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A shop seeded once; tests only read it."""
    made = engine(f"sqlite:///{tmp_path_factory.mktemp('demo')}/shop.db")
    seed(made, TODAY)
    return made


@pytest.fixture
def own_database(tmp_path: Path) -> Engine:
    """A shop of the test's own, to be changed."""
    made = engine(f"sqlite:///{tmp_path}/shop.db")
    seed(made, TODAY)
    return made


def facts(database: Engine) -> list[tuple[object, ...]]:
    """Everything a customer could be told about every order."""
    with session_scope(database) as session:
        return [
            (
                o.number,
                o.status,
                o.placed_at,
                o.delivery_date,
                o.amount_eur,
                o.refund_date,
                o.delivery_address,
            )
            for o in session.scalars(select(Order).order_by(Order.number_key))
        ]


def test_report_counts_what_is_in_the_tables(tmp_path: Path) -> None:
    made = engine(f"sqlite:///{tmp_path}/shop.db")
    report = seed(made, TODAY)
    with session_scope(made) as session:
        counts = [session.scalar(select(func.count()).select_from(t)) for t in (Customer, Product, Order)]
    assert report == SeedReport(*counts)
    assert report.n_customers >= 14
    assert report.n_products >= 24
    assert report.n_orders >= 40


def test_second_seeding_adds_nothing_and_changes_nothing(own_database: Engine) -> None:
    before = facts(own_database)
    assert seed(own_database, TODAY + timedelta(days=3)) == SeedReport(0, 0, 0)
    assert facts(own_database) == before


def test_two_shops_of_one_day_are_alike(own_database: Engine, database: Engine) -> None:
    assert facts(own_database) == facts(database)


def test_reset_undoes_changes_moves_dates_and_keeps_what_is_not_the_demos(own_database: Engine) -> None:
    with session_scope(own_database) as session:
        order = session.scalars(select(Order).where(Order.number == "10021")).one()
        order.status = OrderStatus.CANCELLED
        session.scalars(select(Product).where(Product.sku == "RUN-01")).one().stock = 0
        session.add(
            Order(
                number="MINE",
                number_key="MINE",
                customer=order.customer,
                delivery_address="x",
                amount_eur=Decimal("1.00"),
            )
        )
        session.add(Handoff(ticket="X-1", conversation_id="c", channel="web", language="de", reason="r", summary="s"))
    later = TODAY + timedelta(days=100)
    report = seed(own_database, later, reset=True)
    with session_scope(own_database) as session:
        assert report == SeedReport(0, 0, session.scalar(select(func.count()).select_from(Order)) - 1)
        fresh = session.scalars(select(Order).where(Order.number == "10021")).one()
        assert (fresh.status, fresh.delivery_date) == (OrderStatus.PROCESSING, later + timedelta(days=3))
        assert session.scalars(select(Product.stock).where(Product.sku == "RUN-01")).one() == 42
        assert session.scalars(select(Order).where(Order.number == "MINE")).one()
        assert session.scalars(select(Handoff)).one()


def test_every_language_has_every_status(database: Engine) -> None:
    seen = defaultdict(set)
    with session_scope(database) as session:
        for order in session.scalars(select(Order)):
            seen[order.customer.language].add(order.status)
    assert {language: seen[language] for language in LANGUAGES} == {lang: set(OrderStatus) for lang in LANGUAGES}


@pytest.mark.parametrize(
    ("number", "email", "postcode", "city", "status"),
    [
        ("DE-2024-1187", "k.lorenz@example.de", "34117", "Kassel", OrderStatus.OUT_FOR_DELIVERY),
        ("48213", "marie.durand@example.fr", "69003", "Lyon", OrderStatus.PROCESSING),
    ],
)
def test_orders_of_the_readme_exist(
    database: Engine, number: str, email: str, postcode: str, city: str, status: OrderStatus
) -> None:
    with session_scope(database) as session:
        order = session.scalars(select(Order).where(Order.number_key == order_number_key(number))).one()
        shown = (order.customer.email, order.customer.postcode, order.delivery_city, order.status)
        assert shown == (email, postcode, city, status)
        if number == "48213":
            assert order.amount_eur == Decimal("59.90")
        else:
            assert order.delivery_date == TODAY


@pytest.mark.parametrize(("place", "language"), list(enumerate(LANGUAGES, start=1)))
def test_four_well_known_orders_of_each_language(database: Engine, place: int, language: str) -> None:
    with session_scope(database) as session:
        rows = [session.scalars(select(Order).where(Order.number == f"10{place:02}{n}")).one() for n in (1, 2, 3, 4)]
        assert {(r.customer.email, r.customer.language) for r in rows} == {(f"demo.{language}@example.com", language)}
        processing, shipped, delivered, returned = rows
        assert processing.status is OrderStatus.PROCESSING
        assert (shipped.status, shipped.carrier is None, shipped.tracking_url is None) == (
            OrderStatus.SHIPPED,
            False,
            False,
        )
        assert (delivered.status, delivered.delivery_date) == (OrderStatus.DELIVERED, date(2026, 2, 24))
        assert (returned.status, returned.refund_status) == (OrderStatus.RETURNED, RefundStatus.PENDING)
        assert returned.refund_amount_eur == returned.amount_eur
        assert returned.delivery_date < returned.return_.created_at.date() < returned.returned_on < TODAY


def test_dates_of_every_order_are_in_a_possible_sequence(database: Engine) -> None:
    with session_scope(database) as session:
        for order in session.scalars(select(Order)):
            assert order.placed_at.date() < TODAY, order.number
            if order.status in (OrderStatus.DELIVERED, OrderStatus.RETURNED):
                assert order.placed_at.date() < order.delivery_date < TODAY, order.number
            elif order.status is not OrderStatus.CANCELLED:
                assert order.delivery_date >= TODAY, order.number


def test_amounts_are_the_sum_of_the_items(database: Engine) -> None:
    with session_scope(database) as session:
        for order in session.scalars(select(Order)):
            assert order.amount_eur == sum(i.product.price_eur * i.quantity for i in order.items), order.number


def test_contacts_tell_customers_apart(database: Engine) -> None:
    with session_scope(database) as session:
        rows = list(session.scalars(select(Customer)))
    assert len({contact_key(row.email) for row in rows}) == len(rows)
    assert len({contact_key(row.postcode) for row in rows}) == len(rows)


def test_products_are_named_in_every_language_in_its_own_script(database: Engine) -> None:
    with session_scope(database) as session:
        for product in session.scalars(select(Product)):
            names = {entry.language: entry.name for entry in product.names}
            assert set(names) == set(LANGUAGES), product.sku
            for language, script in SCRIPTS.items():
                assert re.search(script, names[language]), (product.sku, language)


@pytest.mark.parametrize(
    ("query", "language", "sku", "name"),
    [
        ("Laufschue", "de", "RUN-01", "Laufschuhe"),
        ("die grüne Regenjacke", "de", "JAC-03", "Regenjacke"),
        ("Rucksack", "de", "BAG-07", "City-Rucksack"),
        ("headphones", "fr", "EAR-09", "Casque sans fil"),
        ("mochila", "pt", "BAG-07", "Mochila urbana"),
        ("sirt cantasi", "tr", "BAG-07", "Sırt çantası"),
        ("kulaklığım", "tr", "EAR-09", "Kablosuz kulaklık"),
        ("kurtkę przeciwdeszczową", "pl", "JAC-03", "Kurtka przeciwdeszczowa"),
        ("кроссовок для бега", "ru", "RUN-01", "Кроссовки для бега"),
        ("الحقيبة", "ar", "BAG-07", "حقيبة ظهر"),
        ("हेडफोन", "hi", "EAR-09", "वायरलेस हेडफ़ोन"),
        ("耳机", "zh", "EAR-09", "无线耳机"),
        ("ヘッドホン", "ja", "EAR-09", "ワイヤレスヘッドホン"),
    ],
)
def test_products_are_found_as_customers_name_them(
    database: Engine, query: str, language: str, sku: str, name: str
) -> None:
    with session_scope(database) as session:
        found = find_product(session, name=query, language=language)
        assert found is not None
        assert (found[0].sku, found[1]) == (sku, name)


@pytest.mark.parametrize(
    "query",
    [
        "iPhone 15",
        "washing machine",
        "machine à laver",
        "coffee maker",
        "Schreibtisch",
        "beans",
        "de",
        "a",
        "?!",
        "",
        "书",
    ],
)
def test_what_the_shop_does_not_sell_is_not_found(database: Engine, query: str) -> None:
    with session_scope(database) as session:
        assert find_product(session, name=query, language="en") is None
