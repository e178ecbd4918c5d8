"""Rasa's Telegram connector, with the text cleaned as everywhere and Telegram's knowledge of the customer's
language.

Beside that, four things that Rasa's leaves open: updates are taken from Telegram only (the webhook has a
secret that Telegram repeats in a header), pictures are read by their caption, an update without a message
(somebody blocked the bot) is no error, and Telegram being away at the start does not keep the other channels
from starting.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Mapping
from typing import Any

from aiogram.bot.api import Methods, TelegramAPIServer
from aiogram.types import Message, User
from aiogram.utils.exceptions import NetworkError, TelegramAPIError
from rasa.core.channels.telegram import TelegramInput as RasaTelegramInput
from rasa.core.channels.telegram import TelegramOutput as RasaTelegramOutput
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.agent import button_intents
from bot.channels.hints import language_code
from bot.channels.rest import OnNewMessage, checked_options
from bot.channels.text import as_message

logger = logging.getLogger(__name__)

TELEGRAM_API = "https://api.telegram.org"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# What Telegram's own clients send; the intents are used where the domain has them.
_COMMANDS = {"/start": "/greet", "/help": "/ask_capabilities"}
_NEEDED = ("access_token", "verify", "webhook_url")
_MAX_BUTTONS_IN_A_ROW = 2
_REGISTER_TIMEOUT_S = 10


class TelegramOutput(RasaTelegramOutput):
    """Registers the webhook with a secret, asks only once who the bot is, stacks more than two buttons."""

    def __init__(self, access_token: str, api_url: str = TELEGRAM_API) -> None:
        super().__init__(access_token)
        self.server = TelegramAPIServer.from_base(api_url)
        self._account: User | None = None

    @property
    def secret(self) -> str:
        """Known to us and Telegram; derived from the token, so that there is nothing more to configure."""
        return hashlib.sha256(f"webhook {self._token}".encode()).hexdigest()

    async def set_webhook(self, url: str) -> bool:
        """https://core.telegram.org/bots/api#setwebhook; aiogram 2.15 does not know `secret_token` yet."""
        return bool(await self.request(Methods.SET_WEBHOOK, {"url": url, "secret_token": self.secret}))

    async def get_me(self) -> User:
        """The bot's own account; it does not change."""
        if self._account is None:
            self._account = await super().get_me()
        return self._account

    async def send_text_with_buttons(
        self,
        recipient_id: str,
        text: str,
        buttons: list[dict[str, Any]],
        button_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Two buttons side by side, more below each other, where their labels can be read."""
        button_type = button_type or ("inline" if len(buttons) <= _MAX_BUTTONS_IN_A_ROW else "vertical")
        await super().send_text_with_buttons(recipient_id, text, buttons, button_type, **kwargs)


class TelegramInput(RasaTelegramInput):
    """Takes Rasa's options `access_token`, `verify` (the bot's name) and `webhook_url`.

    `api_url` is for those who run a Bot API server of their own.
    """

    def __init__(self, access_token: str, verify: str, webhook_url: str, api_url: str = TELEGRAM_API) -> None:
        # With debug_mode Rasa answers 500 when a message fails, and Telegram sends it again for a day.
        super().__init__(access_token, verify, webhook_url, debug_mode=False)
        self.api_url = api_url

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> TelegramInput:
        """Built by Rasa from credentials.yml."""
        known = dict.fromkeys((*_NEEDED, "api_url"), str)
        options = checked_options(cls.name(), credentials, known)
        if not all(options.get(key) for key in _NEEDED):
            cls.raise_missing_credentials_exception()
        return cls(**options)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Rasa's routes behind a look at each update."""
        routes = super().blueprint(on_new_message)
        secret = self._output().secret

        @routes.on_request
        async def prepare(request: Request) -> HTTPResponse | None:
            if request.method != "POST" or not request.path.endswith("/webhook"):
                return None
            if not hmac.compare_digest(request.headers.get(SECRET_HEADER, ""), secret):
                return response.text("This update does not come from Telegram.", status=403)
            if not isinstance(request.json, dict):
                return response.text("An update is a JSON object.", status=400)
            if "message" not in request.json.get("callback_query", {"message": None}):
                return response.text("success")  # a button older than Telegram remembers
            _rewrite_texts(request.json, button_intents(request.app))
            return None

        return routes

    def get_metadata(self, request: Request) -> dict[str, Any]:
        """The language of the customer's Telegram, as `language_hint`."""
        sender = (_content(request.json) or {}).get("from") or {}
        return {"language_hint": language_code(sender.get("language_code"))}

    def get_output_channel(self) -> TelegramOutput:
        """The way to Telegram, which is told where to send updates. RasaException where it refuses that."""
        try:
            asyncio.run(self._register())
        except (NetworkError, asyncio.TimeoutError) as error:
            logger.error("Telegram cannot be reached, the webhook stays as it was: %s", error or "timeout")
        except TelegramAPIError as error:
            raise RasaException(
                f"Telegram refuses the webhook {self.webhook_url}: {error}. "
                "Check TELEGRAM_TOKEN and TELEGRAM_WEBHOOK_URL."
            ) from error
        return self._output()

    async def _register(self) -> None:
        output = self._output()
        try:
            with output.request_timeout(_REGISTER_TIMEOUT_S):
                await output.set_webhook(self.webhook_url)
        finally:
            await output.session.close()

    def _output(self) -> TelegramOutput:
        return TelegramOutput(self.access_token, self.api_url)

    @staticmethod
    def _is_location(message: Message | None) -> bool:
        return message is not None and message.location is not None

    @staticmethod
    def _is_user_message(message: Message | None) -> bool:
        return message is not None and message.text is not None


def _content(update: Mapping[str, Any]) -> dict[str, Any] | None:
    """The part of an update with the sender: https://core.telegram.org/bots/api#update."""
    return next((update[key] for key in ("callback_query", "edited_message", "message") if key in update), None)


def _rewrite_texts(update: Mapping[str, Any], intents: frozenset[str]) -> None:
    """Puts the cleaned text where Rasa's connector reads it."""
    content = _content(update)
    if content is None:
        return
    if "callback_query" in update:
        content["data"] = as_message(content.get("data"), intents)
    elif "location" not in content:
        text = content.get("text") or content.get("caption") or ""
        content["text"] = as_message(_without_command(text), intents)


def _without_command(text: str) -> str:
    """The button payload for `/start`, `/start <where from>`, `/help`, `/help@our_bot`; else the text."""
    words = text.split()
    command = words[0].partition("@")[0] if words else ""
    return _COMMANDS.get(command, text) if len(words) == 1 or command == "/start" else text
