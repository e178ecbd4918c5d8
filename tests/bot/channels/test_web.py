"""What the page's channel serves, and to whom it answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.channels.rest import RestInput
from bot.channels.web import PAGE_DIR, WebInput
from tests.bot.channels.conftest import Serve
from tests.bot.channels.loopback import Server

PAGE = "/webhooks/web"
SENDER = "web-0123456789abcdef0123456789abcdef"
ASSETS = sorted(path.name for path in PAGE_DIR.iterdir())


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve(RestInput(), WebInput(start_topics=["track_order"]))


def test_the_page_and_all_it_refers_to_are_served(server: Server) -> None:
    page = server.request("GET", f"{PAGE}/")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    text = page.body.decode()
    for name in ASSETS:
        if name.endswith(".js"):
            text += server.request("GET", f"{PAGE}/{name}").body.decode()
    named = set(re.findall(r"""(?:src|href)="([^"]+)"|from "\./([^"]+)\"""", text))
    assert {a or b for a, b in named} == set(ASSETS) - {"index.html"}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("chat.css", "text/css"), ("chat.js", "text/javascript"), ("icon.svg", "image/svg+xml")],
)
def test_assets_have_their_type(server: Server, name: str, content_type: str) -> None:
    asset = server.request("GET", f"{PAGE}/{name}")
    assert asset.status == 200
    assert asset.headers["content-type"].startswith(content_type)
    assert asset.body == (PAGE_DIR / name).read_bytes()


def test_without_the_slash_the_browser_is_sent_to_the_page(server: Server) -> None:
    answer = server.request("GET", PAGE)
    assert (answer.status, answer.headers["location"]) == (302, "web/")
    assert "location" not in server.request("GET", f"{PAGE}/").headers


@pytest.mark.parametrize("name", ["nothing.js", "..%2fweb.py", "%2e%2e/web.py", "index.html%00", ".env"])
def test_nothing_else_is_served(server: Server, name: str) -> None:
    answer = server.request("GET", f"{PAGE}/{name}")
    assert answer.status == 404
    assert b"import" not in answer.body


@pytest.mark.parametrize("path", ["/", "/chat.js", "/strings", "/nothing"])
def test_security_headers_stand_on_every_answer(server: Server, path: str) -> None:
    headers = server.request("GET", PAGE + path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_assets_are_kept_and_revalidated(server: Server) -> None:
    first = server.request("GET", f"{PAGE}/chat.css")
    assert first.headers["cache-control"] == "no-cache"
    again = server.request("GET", f"{PAGE}/chat.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert server.request("GET", f"{PAGE}/chat.css", headers={"If-None-Match": '"old"'}).status == 200


def test_strings_hold_every_language_and_the_limit(server: Server) -> None:
    strings = server.request("GET", f"{PAGE}/strings").json()
    assert strings["max_length"] == 2000
    german = strings["languages"]["de"]
    assert (german["name"], german["dir"], german["page"]["send"]) == ("Deutsch", "ltr", "Senden")
    assert german["topics"] == {"track_order": "Bestellung verfolgen"}


def post(server: Server, **body: Any) -> Any:
    return server.request("POST", f"{PAGE}/message", {"sender": SENDER, **body}, {"Accept-Language": "sv, tr;q=0.5"})


def test_a_message_is_answered_like_by_rest_and_never_cached(server: Server) -> None:
    answer = post(server, message="hallo", metadata={"language": "de", "language_choice": "de"}, message_id="m1")
    [reply] = answer.json()
    assert (reply["text"], reply["metadata"]["language"]) == ("Guten Tag: hallo", "de")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    [message] = server.agent.messages
    assert (message.input_channel, message.sender_id) == ("web", SENDER)
    assert message.metadata == {"language_hint": "de", "language_choice": "de"}


def test_streaming_works_here_too(server: Server) -> None:
    body = {"sender": SENDER, "message": "two"}
    answer = server.request("POST", f"{PAGE}/message?stream=true", body)
    assert (len(answer.body.splitlines()), answer.headers["cache-control"]) == (2, "no-store")


def test_of_the_browsers_languages_one_is_hinted_at_that_the_bot_speaks(server: Server) -> None:
    post(server, message="48213")
    assert server.agent.messages[0].metadata == {"language_hint": "tr"}


@pytest.mark.parametrize("sender", ["1111111", "W012A3CDE", "web-1", SENDER.upper(), SENDER + "0", " " + SENDER])
def test_conversations_of_others_cannot_be_joined(server: Server, sender: str) -> None:
    answer = post(server, sender=sender, message="wo ist meine bestellung")
    assert (answer.status, answer.json()["error"]["code"]) == (400, "invalid_sender")
    assert server.agent.messages == []


def test_frames_are_allowed_to_named_origins_only(serve: Serve) -> None:
    server = serve(WebInput(embed_from=["https://shop.example.com"]))
    policy = server.request("GET", f"{PAGE}/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://shop.example.com;" in policy
    for origin in ("https://a.example; script-src *", "*", "https://a.example/path"):
        with pytest.raises(ValueError, match="takes origins such as"):
            WebInput(embed_from=[origin])


def test_options_are_checked() -> None:
    channel = WebInput.from_credentials({"start_topics": ["track_order"]})
    assert channel.name() == "web"
    with pytest.raises(ValueError, match="its options are: embed_from, replies_dir, start_topics"):
        WebInput.from_credentials({"topics": []})
