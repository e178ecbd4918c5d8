"""The demo shop on a file of its own, behind the services that actions use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.actions import services
from bot.settings import settings
from store.demo import seed
from store.sessions import engine

_CACHED = (settings, services.shop, services.database)


@pytest.fixture(scope="session")
def demo_shop_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop of today that nobody has touched."""
    path = tmp_path_factory.mktemp("demo") / "shop.db"
    made = engine(f"sqlite:///{path}")
    seed(made, date.today())
    made.dispose()
    return path


@pytest.fixture
def actions_database(demo_shop_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A copy of the demo shop as the database of the settings; the default language is English."""
    url = f"sqlite:///{shutil.copy(demo_shop_path, tmp_path / 'actions.db')}"
    for name in ("SHOP_URL", "SHOP_TOKEN", "LANGUAGES", "DEFAULT_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", url)
    _forget()
    made = engine(url)
    yield made
    made.dispose()
    _forget()


def _forget() -> None:
    for cached in _CACHED:
        cached.cache_clear()
