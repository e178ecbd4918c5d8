"""The review's page in a real browser, against the real server."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterator

import pytest
from aiohttp import web
from playwright.sync_api import Browser
from sqlalchemy.engine import Engine

from bot.console.app import Console, make_app
from store.sessions import session_scope
from store.template_tables import Decision, Template
from tests.bot.console.conftest import FrenchOnly

pytestmark = pytest.mark.browser


@pytest.fixture
def served(database: Engine) -> Iterator[str]:
    """The console on a port of its own; its event loop runs in a thread, the browser's in this one."""
    console = Console(database, ("en", "de", "fr"), drafter=FrenchOnly)  # type: ignore[arg-type]
    ports: queue.Queue[int] = queue.Queue()
    loop = asyncio.new_event_loop()

    def serve() -> None:
        runner = web.AppRunner(make_app(console))
        loop.run_until_complete(runner.setup())
        loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
        ports.put(runner.addresses[0][1])
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{ports.get(timeout=60)}/"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def test_a_reviewer_decides_by_keys_alone(served: str, browser: Browser, database: Engine) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(served)
    page.locator("article").wait_for()
    page.locator("#who").fill("Mira")
    page.locator("#who").press("Enter")
    page.keyboard.press("s")
    page.locator("dialog .turn.answer", has_text="Ja, 30 Tage.").wait_for()
    assert "kann ich [order_number:4F7K] zurück" in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.locator("dialog textarea").first.fill("Ja, {order_number} kann 30 Tage lang zurück.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Ja, {order_number} kann 30 Tage lang zurück.").wait_for()
    page.keyboard.press("a")
    page.get_by_text("Nothing waits.").wait_for()
    assert errors == []
    with session_scope(database) as session:
        assert [one.action.value for one in session.query(Decision).order_by(Decision.id)] == ["edit", "approve"]
        assert session.get(Template, "need1.de.1").status.value == "approved"
