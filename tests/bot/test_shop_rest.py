"""The REST shop against a real back end on loopback that works, fails, hangs, hangs up, and comes back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.shop import Order, OrderItem, OrderStatus, Outcome, Product, RefundStatus, ShopUnavailable
from bot.shop_rest import RestShop, RestShopConfig

Answer = TypeVar("Answer")

ORDER = {
    "number": "48213",
    "status": "processing",
    "placed_at": "2026-02-28T09:30:00Z",
    "delivery_address": "27 rue des Tilleuls, 69003 Lyon",
    "amount_eur": "59.90",
    "language": "fr",
    "items": [{"sku": "BAG-07", "name": "Sac à dos urbain", "quantity": 1}],
    "delivery_date": "2026-03-04",
    "delivery_city": "Lyon",
    "loyalty_points": 12,
}
PRODUCT = {
    "sku": "JAC-03",
    "name": "Regenjacke",
    "price_eur": 79.95,
    "stock": 0,
    "url": "https://x.example/p",
}


class BackEnd:
    """A shop with the order 48213 and a rain jacket, on a real socket.

    `troubles` are met one per request before it behaves: an HTTP status, "hang" (answers after a second), "drop" (hangs up
    at once), "drop_after" (does the work, then hangs up), or any other text, sent as a body with status 200.
    """

    def __init__(self, troubles: Sequence[int | str] = ()) -> None:
        self.troubles = list(troubles)
        self.requests: list[tuple[web.Request, dict[str, Any]]] = []
        self.order = dict(ORDER)
        self.n_cancelled = 0
        self._kept: dict[str, dict[str, Any]] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Meets the next trouble, else does as docs/shop-backend.md says."""
        body = await request.json() if request.can_read_body else {}
        self.requests.append((request, body))
        trouble = self.troubles.pop(0) if self.troubles else None
        if isinstance(trouble, int):
            return web.Response(status=trouble, headers={"Location": "/elsewhere"})
        if trouble == "hang":
            await asyncio.sleep(1)
        if trouble == "drop":
            return self._hang_up(request)
        if trouble not in (None, "hang", "drop_after"):
            return web.Response(text=trouble)
        found = self._work(request, body)
        if trouble == "drop_after":
            return self._hang_up(request)
        return web.Response(status=404) if found is None else web.json_response(found)

    def _work(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any] | None:
        if request.path == "/api/products/find":
            return PRODUCT if request.query["name"] == "jacke & hose" else None
        if (body["number"], body["contact"]) not in (
            ("48213", "69003"),
            ("48213", "marie.durand@example.fr"),
        ):
            return None
        if request.path == "/api/orders/find":
            return self.order
        return self._kept.setdefault(request.headers["Idempotency-Key"], self._change(request.path, body))

    def _change(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path == "/api/orders/cancel" and self.order["status"] == "processing":
            self.n_cancelled += 1
            self.order |= {"status": "cancelled", "refund_status": "pending", "refund_amount_eur": "59.90"}
            return {"outcome": "done", "order": self.order}
        if path == "/api/orders/cancel":
            return {"outcome": "already_done", "order": self.order}
        if path == "/api/orders/address":
            return {"outcome": "done", "order": self.order | {"delivery_address": body["address"]}}
        if path == "/api/orders/return":
            return {
                "outcome": "done",
                "return_number": "R-9",
                "label_email": "m***@example.fr",
                "period_days": 14,
            }
        return {"outcome": "too_early", "order": self.order}

    @staticmethod
    def _hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


def ask(back_end: BackEnd, question: Callable[[RestShop], Awaitable[Answer]], *, token: str | None = None) -> Answer:
    """Starts the back end, asks through a RestShop with short times, and stops both."""

    async def run() -> Answer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", back_end.answer)
        async with TestServer(app) as server:
            url = str(server.make_url("/api/"))
            shop = RestShop(RestShopConfig(url, token=token, timeout_s=0.4, backoff_s=0.02))
            try:
                return await question(shop)
            finally:
                await shop.close()

    return asyncio.run(run())


def test_order_is_read_into_every_field() -> None:
    order = ask(BackEnd(), lambda shop: shop.find_order("48213", "69003"))
    assert order == Order(
        number="48213",
        status=OrderStatus.PROCESSING,
        placed_at=datetime(2026, 2, 28, 9, 30, tzinfo=timezone.utc),
        delivery_address="27 rue des Tilleuls, 69003 Lyon",
        amount_eur=Decimal("59.90"),
        language="fr",
        items=(OrderItem(sku="BAG-07", name="Sac à dos urbain", quantity=1),),
        delivery_date=date(2026, 3, 4),
        delivery_city="Lyon",
    )


def test_number_and_contact_arrive_clean_and_never_in_the_url() -> None:
    back_end = BackEnd()
    assert ask(back_end, lambda shop: shop.find_order(" #４８２１３ ", " Marie.Durand@Example.FR"))
    [(request, body)] = back_end.requests
    assert body == {"number": "48213", "contact": "marie.durand@example.fr"}
    assert (request.method, request.path_qs) == ("POST", "/api/orders/find")


def test_token_is_sent_and_never_shown() -> None:
    back_end = BackEnd()
    ask(back_end, lambda shop: shop.find_order("48213", "69003"), token="s3cret")
    assert back_end.requests[0][0].headers["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(RestShopConfig("https://shop.example.com", token="s3cret"))


def test_not_found_is_none_or_its_outcome() -> None:
    assert ask(BackEnd(), lambda shop: shop.find_order("48213", "34117")) is None
    assert ask(BackEnd(), lambda shop: shop.cancel_order("48213", "34117")).outcome is Outcome.NOT_FOUND
    assert ask(BackEnd(), lambda shop: shop.create_return("1", "34117", "x")).outcome is Outcome.NOT_FOUND
    assert ask(BackEnd(), lambda shop: shop.find_product("Sofa", "de")) is None


def test_without_a_contact_nobody_is_asked() -> None:
    back_end = BackEnd()
    assert ask(back_end, lambda shop: shop.find_order("48213", " - ")) is None
    assert ask(back_end, lambda shop: shop.cancel_order("#", "69003")).outcome is Outcome.NOT_FOUND
    assert back_end.requests == []


@pytest.mark.parametrize("troubles", [[500], [503, 502], ["drop"], ["drop", 500]])
def test_back_end_that_recovers_within_two_retries_is_not_noticed(troubles: list[int | str]) -> None:
    back_end = BackEnd(troubles)
    n_troubles = len(troubles)
    assert ask(back_end, lambda shop: shop.find_order("48213", "69003")) is not None
    assert len(back_end.requests) == n_troubles + 1


@pytest.mark.parametrize(("troubles", "told"), [([500] * 4, "HTTP 500"), (["drop"] * 4, "ServerDisconnectedError")])
def test_third_failure_is_the_last(troubles: list[int | str], told: str) -> None:
    back_end = BackEnd(troubles)
    with pytest.raises(ShopUnavailable, match=told):
        ask(back_end, lambda shop: shop.find_order("48213", "69003"))
    assert len(back_end.requests) == 3


def test_nobody_listening_is_shop_unavailable() -> None:
    shop = RestShop(RestShopConfig(f"http://127.0.0.1:{unused_port()}", backoff_s=0.01))

    async def run() -> None:
        try:
            await shop.find_order("48213", "69003")
        finally:
            await shop.close()

    with pytest.raises(ShopUnavailable, match="ClientConnectorError in 3 attempts"):
        asyncio.run(run())


def test_hanging_back_end_is_asked_once_and_given_up_in_time() -> None:
    back_end = BackEnd(["hang"])

    async def timed(shop: RestShop) -> float:
        begin = time.monotonic()
        with pytest.raises(ShopUnavailable, match=r"no answer within 0\.4 s"):
            await shop.find_order("48213", "69003")
        return time.monotonic() - begin

    assert 0.35 < ask(back_end, timed) < 0.9
    assert len(back_end.requests) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 429])
def test_any_other_status_is_shop_unavailable_at_once(status: int) -> None:
    back_end = BackEnd([status])
    with pytest.raises(ShopUnavailable, match=f"HTTP {status}"):
        ask(back_end, lambda shop: shop.find_order("48213", "69003"))
    assert len(back_end.requests) == 1


def test_lost_answer_does_not_cancel_twice() -> None:
    back_end = BackEnd(["drop_after"])
    result = ask(back_end, lambda shop: shop.cancel_order("48213", "69003"))
    assert result.outcome is Outcome.DONE
    assert result.order is not None
    assert (result.order.status, result.order.refund_status) == (OrderStatus.CANCELLED, RefundStatus.PENDING)
    assert back_end.n_cancelled == 1
    keys = [request.headers["Idempotency-Key"] for request, _ in back_end.requests]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_two_wishes_have_two_keys() -> None:
    back_end = BackEnd()

    async def twice(shop: RestShop) -> list[Outcome]:
        return [(await shop.cancel_order("48213", "69003")).outcome for _ in range(2)]

    assert ask(back_end, twice) == [Outcome.DONE, Outcome.ALREADY_DONE]
    assert len({request.headers["Idempotency-Key"] for request, _ in back_end.requests}) == 2


def test_address_return_and_refund_bring_their_particulars() -> None:
    back_end = BackEnd()

    async def all_three(shop: RestShop) -> tuple[Any, Any, Any]:
        return (
            await shop.change_address("48213", "69003", " 3 quai des Roses,\n69002 Lyon "),
            await shop.create_return("48213", "69003", " trop petit "),
            await shop.request_refund("48213", "69003", "en retard"),
        )

    moved, returned, refund = ask(back_end, all_three)
    assert moved.order.delivery_address == "3 quai des Roses, 69002 Lyon"
    assert (returned.return_number, returned.label_email, returned.period_days) == (
        "R-9",
        "m***@example.fr",
        14,
    )
    assert refund.outcome is Outcome.TOO_EARLY
    assert [body.get("reason") for _, body in back_end.requests] == [None, "trop petit", "en retard"]


def test_product_price_is_exact_even_as_a_json_number() -> None:
    found = ask(BackEnd(), lambda shop: shop.find_product("jacke & hose", "de"))
    assert found == Product(
        sku="JAC-03", name="Regenjacke", price_eur=Decimal("79.95"), stock=0, url="https://x.example/p"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<html>maintenance of marie.durand@example.fr</html>", "not JSON"),
        ("[]", "an object"),
        ('{"number": "marie.durand@example.fr", "status": "lost"}', "processing, shipped, out_for_delivery"),
        ('{"number": 48213}', "'number' to be a text, found int"),
        ('{"number": "1", "status": "shipped", "placed_at": "2026-03-01T09:00:00"}', "'placed_at'"),
    ],
)
def test_answer_that_does_not_fit_is_named_without_personal_data(
    body: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(ShopUnavailable, match=told) as caught:
        ask(BackEnd([body]), lambda shop: shop.find_order("48213", "marie.durand@example.fr"))
    assert "marie" not in f"{caught.value} {caught.value.__cause__} {caplog.text}"


@pytest.mark.parametrize("url", ["", "shop.example.com", "ftp://shop.example.com", "https://shop.example.com/?a=1"])
def test_unusable_base_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        RestShopConfig(url)


def test_impossible_patience_is_refused() -> None:
    with pytest.raises(ValueError, match="timeout_s > 0"):
        RestShopConfig("https://shop.example.com", timeout_s=0)
