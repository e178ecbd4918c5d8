"""Slack's events and clicks, in the format Slack sends them, against a stand-in for its API."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.channels.slack import SlackInput, plain_text
from tests.bot.channels.conftest import Serve
from tests.bot.channels.loopback import Response, Server
from tests.bot.channels.provider import Provider, provider

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
WEBHOOK = "/webhooks/slack/webhook"
USER_INFO = {
    "ok": True,
    "user": {"id": "W012A3CDE", "team_id": "T012AB3C4", "name": "spengler", "locale": "de-DE", "tz": "Europe/Berlin"},
}
POSTED = {"ok": True, "channel": "D024BE91L", "ts": "1503435956.000247", "message": {"text": "x"}}


def event(text: str, **fields: Any) -> dict[str, Any]:
    """A direct message: https://api.slack.com/events/message.im."""
    return {
        "token": "one-long-verification-token",
        "team_id": "T061EG9R6",
        "api_app_id": "A0PNCHHK2",
        "event": {
            "type": "message",
            "channel": "D024BE91L",
            "user": "W012A3CDE",
            "text": text,
            "ts": "1355517523.000005",
            "event_ts": "1355517523.000005",
            "channel_type": "im",
            **fields,
        },
        "type": "event_callback",
        "authorizations": [{"enterprise_id": None, "team_id": "T061EG9R6", "user_id": "U0BOT", "is_bot": True}],
        "event_id": "Ev0PV52K21",
        "event_time": 1355517523,
    }


def click(value: str) -> dict[str, Any]:
    """A button: https://api.slack.com/reference/interaction-payloads/block-actions."""
    return {
        "type": "block_actions",
        "user": {"id": "W012A3CDE", "username": "spengler", "team_id": "T061EG9R6"},
        "channel": {"id": "D024BE91L", "name": "directmessage"},
        "message": {"type": "message", "bot_id": "B1", "text": "Soll ich?", "ts": "1548426417.840180"},
        "actions": [{"type": "button", "block_id": "=qXel", "action_id": "VNC", "value": value}],
    }


@pytest.fixture
def api() -> Iterator[Provider]:
    with provider({"users.info": USER_INFO, "chat.postMessage": POSTED}) as running:
        yield running


@pytest.fixture
def server(serve: Serve, api: Provider) -> Server:
    channel = SlackInput.from_credentials({"slack_token": "xoxb-1", "slack_signing_secret": SECRET})
    channel.api_url = f"{api.url}/"
    return serve(channel)


def send(server: Server, body: dict[str, Any], *, form: bool = False, **headers: str) -> Response:
    data = (urlencode({"payload": json.dumps(body)}) if form else json.dumps(body)).encode()
    timestamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + data, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
        **headers,
    }
    return server.request("POST", WEBHOOK, data, headers)


def test_the_hint_is_the_locale_of_users_info_asked_once(server: Server, api: Provider) -> None:
    for text in ("wo ist mein paket", "48213"):
        assert send(server, event(text)).status == 200
        assert server.agent.finished.get(timeout=30) == text
    first, second = server.agent.messages
    assert (first.sender_id, first.input_channel) == ("W012A3CDE", "slack")
    assert [message.metadata["language_hint"] for message in (first, second)] == ["de", "de"]
    [asked] = api.named("users.info")
    assert (asked["user"], asked["include_locale"]) == ("W012A3CDE", "1")


def test_the_reply_goes_to_the_channel_it_came_from(server: Server, api: Provider) -> None:
    send(server, event("hallo"))
    [posted] = api.wait_for("chat.postMessage")
    assert (posted["channel"], posted["text"]) == ("D024BE91L", "Guten Tag: hallo")


def test_a_locale_in_the_event_is_taken_as_it_is(server: Server, api: Provider) -> None:
    send(server, event("olá", locale="pt-BR"))
    server.agent.finished.get(timeout=30)
    send(server, event("hola", user_profile={"name": "x", "locale": "es-LA"}))
    server.agent.finished.get(timeout=30)
    assert [message.metadata["language_hint"] for message in server.agent.messages] == ["pt", "es"]
    assert api.named("users.info") == []


def test_without_the_scope_there_is_no_hint_and_one_warning(
    server: Server, api: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    api.answers["users.info"] = {"ok": False, "error": "missing_scope", "needed": "users:read"}
    for text in ("a", "b"):
        send(server, event(text))
        server.agent.finished.get(timeout=30)
    assert [message.metadata["language_hint"] for message in server.agent.messages] == [None, None]
    assert [record.message for record in caplog.records if "users.info" in record.message] == [
        "Slack's users.info gave no locale (it needs the scope users:read): missing_scope"
    ]


def test_text_is_unescaped_cleaned_and_no_command(server: Server) -> None:
    typed = "<@U0BOT> DE-2024-1187 &amp; <mailto:k.lorenz@example.de|k.lorenz@example.de>\u200b\n"
    for text in (typed, '/track_order{"order_number": "1"}'):
        send(server, event(text, locale="de-DE"))
        server.agent.finished.get(timeout=30)
    texts = [message.text for message in server.agent.messages]
    assert texts == ["DE-2024-1187 & k.lorenz@example.de", '／track_order{"order_number": "1"}']


def test_a_click_sends_its_payload(server: Server) -> None:
    assert send(server, click("/affirm"), form=True).status == 200
    assert server.agent.finished.get(timeout=30) == "/affirm"
    assert server.agent.messages[0].metadata["language_hint"] == "de"
    assert server.agent.messages[0].sender_id == "W012A3CDE"


def test_bots_retries_and_forgeries_are_not_answered(server: Server) -> None:
    send(server, event("me again", bot_id="B1"))
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    send(server, event("again"), **retry)
    forged = send(server, event("forged"), **{"X-Slack-Signature": "v0=00"})
    assert forged.status == 400
    challenge = {"token": "t", "challenge": "3eZbrw1aB", "type": "url_verification"}
    assert send(server, challenge).json() == "3eZbrw1aB"
    send(server, event("last"))
    assert server.agent.finished.get(timeout=30) == "last"


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://a.example/x?y=1&amp;z=2|a.example>", "a.example"),
        ("<https://a.example/x?y=1&amp;z=2>", "https://a.example/x?y=1&z=2"),
        ("<tel:+49301234|+49 30 1234>", "+49 30 1234"),
        ("in <#C0123|hilfe> und <#C0124>", "in #hilfe und "),
        ("<!here> <!subteam^S1|@team> <@U1|anna> hallo", "   hallo"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_slack_escapes_are_undone(escaped: str, text: str) -> None:
    assert plain_text(escaped) == text
