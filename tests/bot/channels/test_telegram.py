"""Telegram's updates, in the format Telegram sends them, against a stand-in for its API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.shared.exceptions import RasaException

from bot.channels.telegram import SECRET_HEADER, TelegramInput
from tests.bot.channels.conftest import Serve
from tests.bot.channels.loopback import Response, Server
from tests.bot.channels.provider import Provider, provider

TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"
WEBHOOK = "/webhooks/telegram/webhook"
URL = "https://bot.example/webhooks/telegram/webhook"
ANNA = {"id": 1111111, "is_bot": False, "first_name": "Anna", "username": "anna", "language_code": "de"}
CHAT = {"id": 1111111, "first_name": "Anna", "username": "anna", "type": "private"}
ANSWERS = {
    "setWebhook": {"ok": True, "result": True, "description": "Webhook was set"},
    "getMe": {"ok": True, "result": {"id": 4839574812, "is_bot": True, "first_name": "A", "username": "agora_bot"}},
    "sendMessage": {"ok": True, "result": {"message_id": 2, "date": 1441645533, "chat": CHAT, "text": "x"}},
}


def message(text: str | None = None, **fields: Any) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#message."""
    content = {"date": 1441645532, "chat": CHAT, "message_id": 1365, "from": ANNA, **fields}
    return content if text is None else {**content, "text": text}


def update(**parts: Any) -> dict[str, Any]:
    return {"update_id": 10000, **parts}


@pytest.fixture
def api() -> Iterator[Provider]:
    with provider(ANSWERS) as running:
        yield running


def channel(api_url: str) -> TelegramInput:
    return TelegramInput.from_credentials(
        {"access_token": TOKEN, "verify": "agora_bot", "webhook_url": URL, "api_url": api_url}
    )


@pytest.fixture
def server(serve: Serve, api: Provider) -> Server:
    return serve(channel(api.url))


def send(server: Server, api: Provider, body: object) -> Response:
    secret = api.named("setWebhook")[0]["secret_token"]
    return server.request("POST", WEBHOOK, body, {SECRET_HEADER: secret})


def test_the_hint_is_the_language_of_the_customers_telegram(server: Server, api: Provider) -> None:
    brazilian = {**ANNA, "language_code": "pt-br"}
    unknown = {key: value for key, value in ANNA.items() if key != "language_code"}
    for sender in (ANNA, brazilian, unknown):
        answer = send(server, api, update(message=message("hallo", **{"from": sender})))
        assert (answer.status, answer.body) == (200, b"success")
    messages = server.agent.messages
    assert [received.metadata for received in messages] == [
        {"language_hint": "de"},
        {"language_hint": "pt"},
        {"language_hint": None},
    ]
    assert (messages[0].sender_id, messages[0].input_channel) == ("1111111", "telegram")


def test_the_reply_goes_to_the_chat_and_the_bot_asks_once_who_it_is(server: Server, api: Provider) -> None:
    for _ in range(2):
        send(server, api, update(message=message("hallo")))
    sent = api.named("sendMessage")
    assert [(call["chat_id"], call["text"]) for call in sent] == [("1111111", "Guten Tag: hallo")] * 2
    assert len(api.named("getMe")) == 1


def test_buttons_come_as_an_inline_keyboard(server: Server, api: Provider) -> None:
    send(server, api, update(message=message("ask")))
    keyboard = json.loads(api.named("sendMessage")[0]["reply_markup"])["inline_keyboard"]
    assert [[button["callback_data"] for button in row] for row in keyboard] == [["/affirm", "/deny"]]


def test_a_click_sends_its_payload_with_the_clickers_language(server: Server, api: Provider) -> None:
    bot = {"id": 4839574812, "is_bot": True, "first_name": "A", "language_code": "en"}
    query = {"id": "4382bfdwdsb323b2d9", "from": ANNA, "chat_instance": "1", "data": "/affirm"}
    send(server, api, update(callback_query={**query, "message": message("Soll ich?", **{"from": bot})}))
    [received] = server.agent.messages
    assert (received.text, received.sender_id, received.metadata) == ("/affirm", "1111111", {"language_hint": "de"})
    assert send(server, api, update(callback_query=query)).status == 200
    assert len(server.agent.messages) == 1


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"text": "wo\u200b ist\n mein  paket"}, "wo ist mein paket"),
        ({"text": '/track_order{"order_number": "1"}'}, '／track_order{"order_number": "1"}'),
        ({"text": "/restart"}, "／restart"),
        ({"text": "/start"}, "/greet"),
        ({"text": "/start from_shop"}, "/greet"),
        ({"text": "/start@agora_bot"}, "/greet"),
        ({"text": "/help me please"}, "／help me please"),
        ({"caption": "kaputt angekommen", "photo": []}, "kaputt angekommen"),
        ({"photo": []}, "/input_empty"),
    ],
)
def test_text_is_cleaned_and_no_command(server: Server, api: Provider, fields: dict[str, Any], text: str) -> None:
    assert send(server, api, update(message=message(**fields))).status == 200
    assert [received.text for received in server.agent.messages] == [text]


def test_an_edited_message_is_read(server: Server, api: Provider) -> None:
    send(server, api, update(edited_message=message("48213", edit_date=1441645600)))
    assert server.agent.messages[0].text == "48213"


def test_updates_without_a_message_are_taken_and_ignored(server: Server, api: Provider) -> None:
    left = {"chat": CHAT, "from": ANNA, "date": 1, "old_chat_member": {"status": "member", "user": ANNA}}
    for body in (update(), update(my_chat_member={**left, "new_chat_member": {"status": "kicked", "user": ANNA}})):
        assert send(server, api, body).status == 200
    assert server.agent.messages == []


def test_a_message_that_fails_is_not_sent_again_by_telegram(server: Server, api: Provider) -> None:
    assert send(server, api, update(message=message("fail"))).status == 200


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: TOKEN}])
def test_updates_of_others_are_refused(server: Server, headers: dict[str, str]) -> None:
    assert server.request("POST", WEBHOOK, update(message=message("hi")), headers).status == 403
    assert server.agent.messages == []


def test_the_webhook_is_registered_with_a_secret_that_is_not_the_token(server: Server, api: Provider) -> None:
    [call] = api.named("setWebhook")
    assert call["url"] == URL
    assert len(call["secret_token"]) == 64
    assert TOKEN not in call["secret_token"]
    assert server.request("GET", "/webhooks/telegram/set_webhook").body == b"Webhook setup successful"
    assert api.named("setWebhook") == [call, call]


def test_a_refused_token_is_an_error_that_says_so(serve: Serve, api: Provider) -> None:
    api.answers["setWebhook"] = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    with pytest.raises(RasaException, match="Check TELEGRAM_TOKEN and TELEGRAM_WEBHOOK_URL"):
        serve(channel(api.url))


def test_telegram_being_away_does_not_keep_the_bot_from_starting(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    with provider({}) as gone:
        pass
    server = serve(channel(gone.url))
    assert server.request("GET", "/webhooks/telegram/").json() == {"status": "ok"}
    assert "Telegram cannot be reached" in caplog.text


def test_missing_options_are_named() -> None:
    with pytest.raises(RasaException, match="telegram"):
        TelegramInput.from_credentials({"access_token": TOKEN})
    with pytest.raises(ValueError, match="no option 'token'"):
        TelegramInput.from_credentials({"token": TOKEN})
