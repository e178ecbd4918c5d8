"""The page when it is loaded again, when the server is away, late, or fails: no message is lost or said twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from bot.channels.web import WebInput
from tests.bot.channels.conftest import Open, Serve
from tests.bot.channels.loopback import Server
from tests.bot.channels.page import bubbles, say

pytestmark = pytest.mark.browser


def test_a_reload_keeps_the_conversation(open_page: Open, page_server: Server) -> None:
    page = open_page()
    page.locator("#language").select_option("de")
    say(page, "ask")
    expect(page.locator("#log .choices button")).to_have_count(2)
    page.reload()
    expect(page.locator("#log .bot .bubble")).to_have_text("Guten Tag: ask")
    expect(page.locator("#input")).to_have_attribute("placeholder", "Schreiben Sie uns …")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator("#log .bot")).to_have_count(2)
    assert len({message.sender_id for message in page_server.agent.messages}) == 1
    assert [message.text for message in page_server.agent.messages] == ["ask", "/deny"]


def test_a_new_conversation_has_a_new_id_and_the_same_language(open_page: Open, page_server: Server) -> None:
    page = open_page(locale="de-DE")
    expect(page.get_by_role("button", name="Neuer Chat")).to_be_hidden()
    say(page, "wait")
    page.get_by_role("button", name="Neuer Chat").click()
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()
    page_server.agent.go_on.set()
    say(page, "hallo")
    expect(page.locator("#log .bot .bubble")).to_have_text("Guten Tag: hallo")
    assert bubbles(page, of="customer") == ["hallo"]
    assert len({message.sender_id for message in page_server.agent.messages}) == 2
    page.reload()
    expect(page.locator("#log .customer .bubble")).to_have_text("hallo")


def test_messages_wait_for_the_server_and_arrive_once_in_order(open_page: Open, page_server: Server) -> None:
    """The first attempt is lost on its way, of the second only the answer."""
    page = open_page(locale="de-DE")
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.post_data or "")
        if len(lost) == 2:
            route.fetch()
        route.abort()

    page.route("**/message", lose, times=2)
    say(page, "eins")
    expect(page.locator("#offline")).to_have_text("Keine Verbindung zum Server. Wir versuchen es erneut …")
    say(page, "zwei")
    expect(page.locator("#log .bot .bubble")).to_have_text(["Guten Tag: eins", "Guten Tag: zwei"])
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#log .waiting")).to_have_count(0)
    assert [message.text for message in page_server.agent.messages] == ["eins", "zwei"]


def test_a_message_on_its_way_survives_a_reload(open_page: Open, page_server: Server) -> None:
    page = open_page()
    page.route("**/message", lambda route: route.abort())
    say(page, "hello")
    expect(page.locator("#offline")).to_be_visible()
    page.unroute("**/message")
    page.reload()
    expect(page.locator("#log .bot .bubble")).to_have_text("Hello: hello")
    assert bubbles(page, of="customer") == ["hello"]
    assert len(page_server.agent.messages) == 1


def test_a_server_that_comes_back_is_found(open_page: Open, serve: Serve, page_server: Server) -> None:
    page = open_page()
    page_server.stop()
    say(page, "hello")
    expect(page.locator("#offline")).to_be_visible()
    serve(WebInput(), port=page_server.port)
    expect(page.locator("#log .bot .bubble")).to_have_text("Hello: hello")


def test_a_server_that_still_loads_its_model_is_waited_for(open_page: Open, page_server: Server) -> None:
    page = open_page()
    page_server.agent.ready = False
    say(page, "hello")
    expect(page.locator("#offline")).to_be_visible()
    page_server.agent.ready = True
    expect(page.locator("#log .bot .bubble")).to_have_text("Hello: hello")


def test_a_failure_is_said_in_the_customers_language(open_page: Open) -> None:
    page = open_page(locale="de-DE")
    say(page, "fail")
    expect(page.locator("#log .failure .bubble")).to_contain_text("technischer Fehler")
    expect(page.locator("#log .waiting")).to_have_count(0)
    say(page, "hallo")
    expect(page.locator("#log .bot .bubble").last).to_have_text("Guten Tag: hallo")


def test_silence_shows_nothing(open_page: Open) -> None:
    page = open_page()
    say(page, "nothing")
    expect(page.locator("#log .customer:not(.waiting)")).to_have_count(1)
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.locator("#log .bot")).to_have_count(0)
