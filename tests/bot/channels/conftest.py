"""Starts and stops the servers of loopback.py, and opens the chat page in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.channels.web import WebInput
from tests.bot.channels.loopback import Server, start

Serve = Callable[..., Server]
Open = Callable[..., Page]
TOPICS = ["track_order", "talk_to_human"]
PATIENCE_MS = 20_000


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server with the given channels (`loopback.start`); stopped after the test."""
    servers: list[Server] = []

    def started(*channels: Any, **options: Any) -> Server:
        servers.append(start(*channels, **options))
        return servers[-1]

    yield started
    for server in servers:
        server.agent.go_on.set()
        server.stop()


@pytest.fixture
def page_server(serve: Serve) -> Server:
    return serve(WebInput(start_topics=TOPICS))


@pytest.fixture
def open_page(browser: Browser, page_server: Server) -> Iterator[Open]:
    """Opens the chat in a fresh profile; a test with an error in the page's console fails.

    The page's policy forbids evaluating strings, so conditions are waited for with `expect`, which does not.
    """
    expect.set_options(timeout=PATIENCE_MS)
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(locale: str = "en-GB", query: str = "", **options: object) -> Page:
        contexts.append(browser.new_context(locale=locale, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if _is_fault(line.type, line.text) else None)
        page.goto(f"{page_server.url}/webhooks/web/{query}")
        expect(page.locator("#chat")).to_have_attribute("aria-busy", "false")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def _is_fault(kind: str, text: str) -> bool:
    """The browser reports refused requests as errors too; some tests refuse them on purpose."""
    return kind in ("error", "warning") and "Failed to load resource" not in text
