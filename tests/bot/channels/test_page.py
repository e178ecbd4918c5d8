"""The page in a browser, against a real server: what customers see and do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.bot.channels.conftest import Open
from tests.bot.channels.loopback import Server
from tests.bot.channels.page import bubbles, say

pytestmark = pytest.mark.browser


def test_a_message_is_shown_and_answered(open_page: Open, page_server: Server) -> None:
    page = open_page()
    page.locator("#input").fill("where is my parcel")
    page.locator("#send").click()
    expect(page.locator("#log .bot .bubble")).to_have_text("Hello: where is my parcel")
    assert bubbles(page, of="customer") == ["where is my parcel"]
    expect(page.locator("#welcome")).to_be_hidden()
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.locator("#input")).to_be_focused()
    expect(page.locator("#input")).to_have_value("")
    [message] = page_server.agent.messages
    assert message.metadata == {"language_hint": "en"}
    assert re.fullmatch("web-[0-9a-f]{32}", message.sender_id)


def test_replies_are_announced_and_in_their_language(open_page: Open) -> None:
    page = open_page(locale="de-AT")
    say(page, "hallo")
    reply = page.locator("#log .bot .bubble")
    expect(reply).to_have_attribute("lang", "de")
    expect(reply).to_have_attribute("dir", "ltr")
    log = page.get_by_role("log", name="Agora Kundenservice")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_contain_text("Guten Tag: hallo")


def test_arabic_stands_from_right_to_left(open_page: Open) -> None:
    page = open_page(locale="ar-EG")
    html = page.locator("html")
    expect(html).to_have_attribute("dir", "rtl")
    expect(html).to_have_attribute("lang", "ar")
    say(page, "أين طلبي 48213؟")
    reply = page.locator("#log .bot .bubble")
    expect(reply).to_have_attribute("dir", "rtl")
    own = page.locator("#log .customer .bubble")
    assert own.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert own.bounding_box()["x"] < reply.bounding_box()["x"]
    assert page.locator("#send").bounding_box()["x"] < page.locator("#input").bounding_box()["x"]


def test_the_page_follows_the_conversation_and_each_reply_keeps_its_direction(
    open_page: Open, page_server: Server
) -> None:
    page = open_page()
    say(page, "hello")
    expect(page.locator("#log .bot")).to_have_count(1)
    say(page, "مرحبا")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#language")).to_have_value("ar")
    directions = page.locator("#log .bot .bubble").evaluate_all("nodes => nodes.map(node => node.dir)")
    assert directions == ["ltr", "rtl"]
    say(page, "nothing")
    expect(page.locator("#log .customer:not(.waiting)")).to_have_count(3)
    assert {message.metadata["language_hint"] for message in page_server.agent.messages} == {"en"}


@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title = 'taken'</script>",
        "<img src=x onerror=\"document.title='taken'\">",
        "javascript:document.title='taken'",
        "https://a.example/\"onmouseover=\"document.title='taken'",
    ],
)
def test_markup_and_script_are_text(open_page: Open, text: str) -> None:
    page = open_page()
    say(page, text)
    expect(page.locator("#log .bot .bubble")).to_have_text(f"Hello: {text}")
    assert bubbles(page, of="customer") == [text]
    assert page.locator("#log :is(script, img, [onerror], [onmouseover])").count() == 0
    assert page.locator("#log a[href^='javascript' i]").count() == 0
    assert page.title() == "Agora Customer Service"


def test_addresses_are_links_without_the_punctuation_around_them(open_page: Open) -> None:
    page = open_page()
    say(
        page,
        "see https://a.example/x_(y)?a=1&b=2, (https://b.example). mail k.lorenz@example.de! 追跡：https://c.example/1。"
        "发到service@d.example，在https://d.example/account查看",
    )
    links = page.locator("#log .bot a")
    expect(links).to_have_count(6)
    assert links.evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))") == [
        "https://a.example/x_(y)?a=1&b=2",
        "https://b.example/",
        "mailto:k.lorenz@example.de",
        "https://c.example/1",
        "mailto:service@d.example",
        "https://d.example/account",
    ]
    assert links.evaluate_all("nodes => nodes.every(node => node.rel.includes('noopener'))")


def test_the_language_menu_changes_the_words_and_tells_the_bot_once(open_page: Open, page_server: Server) -> None:
    page = open_page()
    menu = page.get_by_label("Language")
    assert len(menu.locator("option").all()) == 14
    menu.select_option(label="Deutsch")
    expect(page.locator("#input")).to_have_attribute("placeholder", "Schreiben Sie uns …")
    expect(page.locator("#topics button").first).to_have_text("Bestellung verfolgen")
    expect(page.get_by_role("button", name="Senden")).to_be_visible()
    assert page.title() == "Agora Kundenservice"
    assert page.locator("html").get_attribute("lang") == "de"
    for number, text in enumerate(("48213", "ok"), start=1):
        say(page, text)
        expect(page.locator("#log .bot")).to_have_count(number)
    assert [message.metadata for message in page_server.agent.messages] == [
        {"language_hint": "de", "language_choice": "de"},
        {"language_hint": "de"},
    ]


def test_a_choice_is_not_undone_by_a_reply_on_its_way(open_page: Open, page_server: Server) -> None:
    page = open_page()
    say(page, "wait")
    expect(page.locator("#typing")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Xenia is typing…")
    page.locator("#language").select_option("ar")
    page_server.agent.go_on.set()
    expect(page.locator("#log .bot .bubble")).to_have_text("Hello: wait")
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_a_shop_may_ask_for_a_language_in_the_address(open_page: Open) -> None:
    assert open_page(locale="en-GB", query="?language=ja").locator("html").get_attribute("lang") == "ja"
    assert open_page(locale="sv-SE").locator("html").get_attribute("lang") == "en"


def test_a_topic_is_said_in_words_and_sent_as_its_intent(open_page: Open, page_server: Server) -> None:
    page = open_page(locale="fr-FR")
    topic = page.locator("#topics button").first
    label = topic.inner_text()
    topic.click()
    expect(page.locator("#log .bot")).to_have_count(1)
    assert bubbles(page, of="customer") == [label]
    assert page_server.agent.messages[0].text == "/track_order"
    expect(page.locator("#welcome")).to_be_hidden()


def test_buttons_of_a_reply_are_answered_once(open_page: Open, page_server: Server) -> None:
    page = open_page()
    say(page, "ask")
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("#log .bot")).to_have_count(2)
    assert page_server.agent.messages[-1].text == "/affirm"
    assert bubbles(page, of="customer") == ["ask", "Yes"]
    expect(page.locator("#log .choices")).to_have_count(0)


def test_the_keyboard_is_enough(open_page: Open, page_server: Server) -> None:
    page = open_page()
    expect(page.locator("#input")).to_be_focused()
    page.keyboard.type("first")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second")
    assert page_server.agent.messages == []
    expect(page.locator("#input")).to_have_value("first\nsecond")
    page.keyboard.press("Enter")
    expect(page.locator("#log .bot")).to_have_count(1)
    assert bubbles(page, of="customer") == ["first\nsecond"]
    page.keyboard.press("Enter")
    page.keyboard.type("ask")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes")).to_be_visible()
    for _ in range(2):  # from the field back over "No" to "Yes"
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#log .bot")).to_have_count(3)
    assert [message.text for message in page_server.agent.messages] == ["first second", "ask", "/affirm"]
    expect(page.locator("#input")).to_be_focused()


def test_enter_takes_a_suggestion_while_an_input_method_composes(open_page: Open, page_server: Server) -> None:
    page = open_page(locale="ja-JP")
    field = page.locator("#input")
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "にもつ", "selectionStart": 3, "selectionEnd": 3})
    expect(field).to_have_value("にもつ")
    field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True})
    client.send("Input.insertText", {"text": "荷物"})
    expect(field).to_have_value("荷物")
    assert bubbles(page, of="customer") == []
    page.keyboard.press("Enter")
    expect(page.locator("#log .bot")).to_have_count(1)
    assert [message.text for message in page_server.agent.messages] == ["荷物"]


def test_a_text_over_the_limit_is_counted_and_not_sent(open_page: Open, page_server: Server) -> None:
    page = open_page()
    page.locator("#input").fill("😀" * 1700)
    expect(page.locator("#count")).to_be_hidden()
    page.locator("#input").fill("😀" * 2001)
    expect(page.locator("#count")).to_have_text("2,001 / 2,000")
    expect(page.locator("#send")).to_be_disabled()
    page.locator("#input").press("Enter")
    page.locator("#input").fill("😀" * 2000)
    expect(page.locator("#send")).to_be_enabled()
    page.locator("#input").press("Enter")
    expect(page.locator("#log .bot")).to_have_count(1)
    assert [len(message.text) for message in page_server.agent.messages] == [2000]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (768, 1024), (1440, 900)])
def test_nothing_overflows_on_any_screen(open_page: Open, width: int, height: int) -> None:
    page = open_page(locale="de-DE", viewport={"width": width, "height": height})
    say(page, "https://example.com/" + "x" * 300)
    expect(page.locator("#log .bot")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("#scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
    for control in ("#send", "#restart", ".language"):
        box = page.locator(control).bounding_box()
        assert min(box["width"], box["height"]) >= 40
        assert 0 <= box["x"] <= width - box["width"]


def test_dark_and_light_have_enough_contrast(open_page: Open) -> None:
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        say(page, "ask")
        expect(page.locator("#log .choices button")).to_have_count(2)
        for selector in (".bot .bubble", ".choices button", ".privacy", "#log time", "h1"):
            assert contrast(page, f"{selector} >> visible=true >> nth=-1") >= 4.5, (scheme, selector)


def contrast(page: Page, selector: str) -> float:
    """The contrast ratio of a text with the first ground behind it (WCAG 2.2, 1.4.3)."""
    text, ground = page.locator(selector).evaluate(
        """node => {
            let ground = node;
            while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
            return [getComputedStyle(node).color, getComputedStyle(ground).backgroundColor];
        }"""
    )
    darker, lighter = sorted((luminance(text), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Relative luminance of `rgb(r, g, b)`."""
    shares = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
