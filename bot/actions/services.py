"""What actions work with: the shop of the settings and the database, made once per process."""

from __future__ import annotations

from functools import cache

from sqlalchemy.engine import Engine

from bot.settings import settings
from bot.shop import Shop
from bot.shop_database import DatabaseShop
from bot.shop_rest import RestShop, RestShopConfig
from store.sessions import engine


@cache
def shop() -> Shop:
    """The company's REST back end where SHOP_URL names one, else the shop on this machine's tables."""
    configured = settings()
    if configured.shop_url is None:
        return DatabaseShop(database())
    return RestShop(RestShopConfig(configured.shop_url, token=configured.shop_token))


@cache
def database() -> Engine:
    """Hand-offs and, without a REST back end, the shop."""
    return engine(settings().database_url)


def has_own_rules() -> bool:
    """Whether the shop judges by rules that are not `bot.shop_rules`, so that only its answer counts."""
    return settings().shop_url is not None
