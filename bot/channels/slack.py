"""Rasa's Slack connector, with the text cleaned as everywhere and Slack's knowledge of the customer's
language.

Slack escapes text (`&amp;`, `<mailto:a@b.example|a@b.example>`, `<@U123>`); Rasa's connector undoes only a
part of that and leaves e-mail addresses wrapped, which no form can read. The locale stands in some events,
else it is asked of
`users.info` once per customer (scope `users:read`); a workspace that does not grant it only has no hint.
"""

from __future__ import annotations

import asyncio
import html
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.slack import SlackBot
from rasa.core.channels.slack import SlackInput as RasaSlackInput
from sanic.request import Request
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.agent import button_intents
from bot.channels.hints import language_code
from bot.channels.once import Once
from bot.channels.rest import OnNewMessage
from bot.channels.text import as_message

logger = logging.getLogger(__name__)

SLACK_API = "https://slack.com/api/"
_LOOKUP_TIMEOUT_S = 3.0
_MENTION = re.compile(r"<[@!][^<>]*>")
_CHANNEL = re.compile(r"<#[^<>|]*(?:\|([^<>]*))?>")
_LINK = re.compile(r"<(?:mailto:|tel:|(?=[a-z][a-z0-9+.-]*:))([^<>|]+)(?:\|([^<>]*))?>")


def plain_text(text: str) -> str:
    """Slack's escaped text as the customer typed it; mentions of people and groups go.

    https://api.slack.com/reference/surfaces/formatting

    >>> plain_text("<@U9> 48213 &amp; <mailto:k@example.de|k@example.de>, <https://a.example/x>")
    ' 48213 & k@example.de, https://a.example/x'
    """
    text = _CHANNEL.sub(lambda match: f"#{match[1]}" if match[1] else "", _MENTION.sub("", text))
    return html.unescape(_LINK.sub(lambda match: match[2] or match[1], text))


class SlackInput(RasaSlackInput):
    """Takes Rasa's options (`slack_token`, `slack_signing_secret`, `slack_channel`, ...).

    `api_url` is an attribute so that it may be pointed elsewhere (GovSlack, a test).
    """

    api_url = SLACK_API

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._locales: Once[str | None] = Once()

    def get_metadata(self, request: Request) -> dict[str, Any]:
        """Rasa's (`out_channel`, ...), the customer's id, and the hint where the event has a locale."""
        metadata: dict[str, Any] = super().get_metadata(request)
        user, locale = _user_and_locale(request)
        return {**metadata, "user_id": user, "language_hint": language_code(locale)}

    async def process_message(
        self,
        request: Request,
        on_new_message: OnNewMessage,
        text: str,
        sender_id: str | None,
        metadata: dict[str, Any] | None,
    ) -> Any:
        """Cleans the text; the look-up happens behind Slack's back, which waits three seconds for the 200."""

        async def with_hint(message: UserMessage) -> None:
            known = message.metadata
            if known and known.get("user_id") and not known.get("language_hint"):
                known["language_hint"] = await self._looked_up(known["user_id"])
            await on_new_message(message)

        cleaned = as_message(plain_text(text), button_intents(request.app))
        return await super().process_message(request, with_hint, cleaned, sender_id, metadata)

    async def _looked_up(self, user: str) -> str | None:
        """The language of the customer's Slack, asked once per customer; None where Slack does not say."""

        async def ask() -> str | None:
            asking = self._client().users_info(user=user, include_locale=True)
            try:
                info = await asyncio.wait_for(asking, timeout=_LOOKUP_TIMEOUT_S)
            except SlackApiError as error:  # remembered as None; other failures are tried again
                reason = error.response["error"]
                logger.warning("Slack's users.info gave no locale (it needs the scope users:read): %s", reason)
                return None
            return language_code((info.get("user") or {}).get("locale"))

        try:
            return await self._locales.run(user, ask)
        except (SlackClientError, ClientError, OSError, asyncio.TimeoutError) as error:
            logger.warning("Slack's users.info could not be asked: %r", error)
            return None

    def get_output_channel(self, channel: str | None = None, thread_id: str | None = None) -> SlackBot:
        """Rasa's, talking to `api_url`."""
        bot = SlackBot(self.slack_token, channel or self.slack_channel, thread_id, self.proxy)
        bot.client = self._client()
        return bot

    def _client(self) -> AsyncWebClient:
        return AsyncWebClient(self.slack_token, proxy=self.proxy, base_url=self.api_url)


def _user_and_locale(request: Request) -> tuple[str | None, object]:
    """Who wrote or clicked, and the locale where the payload carries one."""
    if request.headers.get("content-type") == "application/json":
        event = request.json.get("event") or {}
        profile: Mapping[str, Any] = event.get("user_profile") or {}
        return event.get("user"), event.get("locale") or profile.get("locale")
    if "payload" in request.form:
        user = json.loads(request.form["payload"][0]).get("user") or {}
        return user.get("id"), user.get("locale")
    return None, None
