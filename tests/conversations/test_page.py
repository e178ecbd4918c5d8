"""The tracked order of every language, held in the chat page by headless Chromium, and a change of language at its end.

The replies are judged as they came over the network (metadata and all), then looked for on the page.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conversations.harness import Conversation, marked, plain, problems_of, read_conversations
from tests.xenia_server import Reply, Server

RIGHT_TO_LEFT = frozenset({"ar"})
TIMEOUT_MS = 30_000
CONVERSATIONS = [one for one in read_conversations() if one.page]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.timeout(900),
]


def open_page(browser: Browser, server: Server, language: str) -> tuple[Page, list[str]]:
    """The page as a browser set to one language shows it, and the list that its script errors go to."""
    page = browser.new_context(locale=language, viewport={"width": 420, "height": 800}).new_page()
    page.set_default_timeout(TIMEOUT_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{server.url}/webhooks/web/")
    expect(page.locator("#chat")).to_have_attribute("aria-busy", "false", timeout=TIMEOUT_MS)
    return page, errors


def say(page: Page, message: str) -> list[Reply]:
    """Types a message, sends it with Enter, and returns what the server answered."""
    page.locator("#input").fill(message)
    with page.expect_response(re.compile(r"/webhooks/web/message$")) as answer:
        page.locator("#input").press("Enter")
    assert answer.value.status == 200, answer.value.text()
    return [Reply(one.get("text") or "", one.get("metadata") or {}) for one in answer.value.json()]


def shown(page: Page, n_expected: int) -> list[str]:
    """The texts of the bot's messages on the page, once there are as many as expected."""
    bubbles = page.locator("#log .message.bot .bubble")
    expect(bubbles).to_have_count(n_expected, timeout=TIMEOUT_MS)
    return [plain(text) for text in bubbles.all_text_contents()]


@pytest.mark.parametrize(
    ("number", "conversation"),
    [
        pytest.param(number, *marked(one).values, id=one.language, marks=marked(one).marks)
        for number, one in enumerate(CONVERSATIONS)
    ],
)
def test_an_order_is_tracked_in_the_page(
    browser: Browser, server: Server, number: int, conversation: Conversation
) -> None:
    page, errors = open_page(browser, server, conversation.language)
    assert_page_is_in(page, conversation.language)
    said = hold(page, conversation)
    assert page.locator("#log .message.customer").count() == len(conversation.steps)
    link = page.locator("#log .message.bot a", has_text="https://track.example.com/")
    expect(link).to_have_attribute("href", re.compile("^https://track.example.com/"))
    if conversation.language in RIGHT_TO_LEFT:
        expect(page.locator("#log .message.bot .bubble").first).to_have_attribute("dir", "rtl")
    next_language_is_picked(page, CONVERSATIONS[(number + 1) % len(CONVERSATIONS)], n_said=said)
    assert errors == []
    page.context.close()


def hold(page: Page, conversation: Conversation) -> int:
    """Holds the conversation; the number of replies that stand on the page at its end."""
    said: list[str] = []
    for step in conversation.steps:
        replies = say(page, step.customer)
        assert problems_of(step, replies) == [], (step.customer, [reply.text for reply in replies])
        said += [plain(reply.text) for reply in replies]
        assert shown(page, len(said)) == said
    expect(page.locator("#log .message.bot").last).to_be_in_viewport()
    return len(said)


def next_language_is_picked(page: Page, other: Conversation, *, n_said: int) -> None:
    """The menu of languages wins at once: the page's words change, and the next reply is in the language picked."""
    page.locator("#language").select_option(other.language)
    assert_page_is_in(page, other.language)
    replies = say(page, other.steps[0].customer)
    assert [reply.metadata["language"] for reply in replies] == [other.language] * len(replies)
    assert shown(page, n_said + len(replies))[-1] == plain(replies[-1].text)


def assert_page_is_in(page: Page, language: str) -> None:
    """Language and direction of the document, and its menu."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language in RIGHT_TO_LEFT else "ltr")
    expect(page.locator("#language")).to_have_value(language)
    assert page.locator("#input").get_attribute("placeholder")


def test_markup_in_a_message_stays_text(browser: Browser, server: Server) -> None:
    page, errors = open_page(browser, server, "en")
    message = "<img src=x onerror=\"document.title='owned'\"><b>hello</b>"
    replies = say(page, message)
    assert shown(page, len(replies))
    assert page.locator("#log .message.customer .bubble").all_text_contents() == [message]
    assert page.locator("#log img, #log b").count() == 0
    assert page.title() != "owned"
    assert errors == []
    page.context.close()


def test_a_reload_keeps_the_conversation_and_a_restart_ends_it(browser: Browser, server: Server) -> None:
    page, _ = open_page(browser, server, "de")
    replies = say(page, "Hallo, wo ist denn meine Bestellung?")
    before = shown(page, len(replies))
    page.reload()
    assert shown(page, len(replies)) == before
    page.locator("#restart").click()
    assert shown(page, 0) == []
    page.context.close()
