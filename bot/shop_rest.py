"""The shop behind a company's own REST back end, over aiohttp; docs/shop-backend.md has the same with examples.

All bodies are JSON in UTF-8. `contact` never stands in a URL, because URLs end up in access logs.

    POST /orders/find      {number, contact}                   200 order
    POST /orders/cancel    {number, contact}                   200 {outcome, order}
    POST /orders/address   {number, contact, address}          200 {outcome, order}
    POST /orders/return    {number, contact, reason}           200 {outcome, order, return_number, label_email,
                                                                    period_days}
    POST /orders/refund    {number, contact, reason}           200 {outcome, order}
    GET  /products/find?name=...&language=de                   200 product

    404 everywhere: no such order or product (wrong contact: the same).
    order    {number, status, placed_at, delivery_address, amount_eur, language, items: [{sku, name, quantity}], carrier,
              tracking_url, delivery_date, delivery_city, refund_status, refund_amount_eur, refund_date, returned_on}
    product  {sku, name, price_eur, stock, url, restock_on}

An attempt has 4 s. Refused or broken connections and 5xx are tried twice more; a change carries the same
`Idempotency-Key` each time, so that a back end which did it but could not say so does not do it twice. A timeout is not
tried again: the customer has waited long enough. Everything else is ShopUnavailable.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from bot import shop
from bot.shop import Outcome, ShopUnavailable
from bot.shop_json import (
    UnexpectedJson,
    change_from_json,
    order_from_json,
    product_from_json,
    return_from_json,
)
from store.keys import clean_order_number, contact_key

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class RestShopConfig:
    """Where the back end is and how patient we are.

    Attributes:
        base_url: http(s) URL the paths above are appended to, such as `https://shop.example.com/api`.
        token: sent as `Authorization: Bearer <token>` when given; never shown.
        timeout_s: seconds for one attempt, connecting and reading included.
        n_retries: further attempts after a connection error or 5xx.
        backoff_s: seconds before the first retry, doubled before each further one.
    """

    base_url: str
    token: str | None = field(default=None, repr=False)
    timeout_s: float = 4.0
    n_retries: int = 2
    backoff_s: float = 0.2

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("expected base_url to be an http(s) URL without query, found another: https://host/path")
        if self.timeout_s <= 0 or self.n_retries < 0 or self.backoff_s < 0:
            raise ValueError(
                f"expected timeout_s > 0, n_retries >= 0 and backoff_s >= 0, found {self.timeout_s}, "
                f"{self.n_retries} and {self.backoff_s}: correct the shop's settings"
            )


class RestShop:
    """`bot.shop.Shop` over HTTP. Connections are kept open in the event loop of the first call until `close`."""

    def __init__(self, config: RestShopConfig) -> None:
        self._config = config
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Closes the connections; a later call opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def find_order(self, number: str, contact: str) -> shop.Order | None:
        """See `bot.shop.Shop.find_order`."""
        return await self._ask_order("find", order_from_json, number=number, contact=contact)

    async def cancel_order(self, number: str, contact: str) -> shop.CancelResult:
        """See `bot.shop.Shop.cancel_order`."""
        return shop.CancelResult(*await self._change("cancel", number=number, contact=contact))

    async def change_address(self, number: str, contact: str, address: str) -> shop.AddressResult:
        """See `bot.shop.Shop.change_address`."""
        body = {"number": number, "contact": contact, "address": " ".join(address.split())}
        return shop.AddressResult(*await self._change("address", **body))

    async def create_return(self, number: str, contact: str, reason: str) -> shop.ReturnResult:
        """See `bot.shop.Shop.create_return`."""
        body = {"number": number, "contact": contact, "reason": reason.strip()}
        found = await self._ask_order("return", return_from_json, key=uuid4().hex, **body)
        return found or shop.ReturnResult(Outcome.NOT_FOUND)

    async def request_refund(self, number: str, contact: str, reason: str) -> shop.RefundResult:
        """See `bot.shop.Shop.request_refund`."""
        body = {"number": number, "contact": contact, "reason": reason.strip()}
        return shop.RefundResult(*await self._change("refund", **body))

    async def find_product(self, name: str, language: str) -> shop.Product | None:
        """See `bot.shop.Shop.find_product`."""
        query = {"name": name, "language": language}
        return await self._ask("GET", "products/find", product_from_json, params=query)

    async def _change(self, action: str, **body: str) -> tuple[Outcome, shop.Order | None]:
        found = await self._ask_order(action, change_from_json, key=uuid4().hex, **body)
        return found or (Outcome.NOT_FOUND, None)

    async def _ask_order(
        self, action: str, read: Callable[[object], _Answer], *, key: str | None = None, **body: str
    ) -> _Answer | None:
        """Asks about one order; without a number or a contact nothing can be found, so nobody is asked."""
        body |= {"number": clean_order_number(body["number"]), "contact": contact_key(body["contact"])}
        if not (body["number"] and body["contact"]):
            return None
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self._ask("POST", f"orders/{action}", read, json=body, headers=headers)

    async def _ask(
        self, method: str, path: str, read: Callable[[object], _Answer], **request: Mapping[str, str]
    ) -> _Answer | None:
        """One answer after as many attempts as allowed; None for 404; raises ShopUnavailable."""
        url = f"{self._config.base_url.rstrip('/')}/{path}"
        problem = ""
        for attempt in range(1 + self._config.n_retries):
            if attempt:
                await asyncio.sleep(self._config.backoff_s * 2 ** (attempt - 1))
            try:
                status, text = await self._exchange(method, url, request)
            except asyncio.TimeoutError:
                raise _unavailable(path, f"no answer within {self._config.timeout_s:g} s") from None
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
                problem = type(error).__name__
                continue
            except aiohttp.ClientError as error:
                raise _unavailable(path, type(error).__name__) from error
            if status < 500:
                return _read(status, text, path, read)
            problem = f"HTTP {status}"
        raise _unavailable(path, f"{problem} in {1 + self._config.n_retries} attempts")

    async def _exchange(self, method: str, url: str, request: Mapping[str, Mapping[str, str]]) -> tuple[int, bytes]:
        """Status and body of one attempt. Redirects are not followed: they would carry the contact elsewhere."""
        if self._session is None:
            token = self._config.token
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._config.timeout_s),
                headers={"Authorization": f"Bearer {token}"} if token else {},
            )
        async with self._session.request(method, url, allow_redirects=False, **request) as response:
            return response.status, await response.read()


def _read(status: int, body: bytes, path: str, read: Callable[[object], _Answer]) -> _Answer | None:
    if status == 404:
        return None
    if status != 200:
        raise _unavailable(path, f"HTTP {status}")
    try:
        return read(json.loads(body, parse_float=Decimal))
    except UnexpectedJson as error:
        raise _unavailable(path, str(error)) from error
    except ValueError:
        raise _unavailable(path, "a body that is not JSON") from None


def _unavailable(path: str, found: str) -> ShopUnavailable:
    return ShopUnavailable(f"expected an answer from the shop's /{path}, found {found}: check the back end")
