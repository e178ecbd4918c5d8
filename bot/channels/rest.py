"""Rasa's REST channel at the same address (`/webhooks/rest/webhook`, `?stream=true`), with three differences.

Faulty requests are answered with a 4xx and a JSON error instead of a 500; the text is cleaned and cannot be a
command; each reply carries its `metadata`. Like Rasa's it trusts its caller with the conversation id: it is
meant for the company's own servers, the public comes in through the page (web.py), which inherits from here.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from http import HTTPStatus
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels import agent
from bot.channels.incoming import Incoming, RequestError, parse, read_body
from bot.channels.once import Once
from bot.channels.outgoing import Reply, ReplyCollector
from bot.channels.text import as_message

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
_NOT_ANSWERED = RequestError(
    "not_answered",
    "The message could not be answered; the server's log says why.",
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
)


class RestInput(InputChannel):
    """POST /webhook, GET / for health.

    Args:
        languages: ISO 639-1 codes preferred from Accept-Language; empty for any.
    """

    def __init__(self, languages: Collection[str] = ()) -> None:
        self.languages = frozenset(languages)
        self._once: Once[list[Reply]] = Once()

    @classmethod
    def name(cls) -> str:
        """The channel's name in the tracker and in its address."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> RestInput:
        """Built by Rasa from credentials.yml; the only option is `languages`, a list of codes."""
        return cls(**checked_options(cls.name(), credentials, {"languages": list}))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes."""
        routes = Blueprint("xenia_rest", __name__)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook", stream=True)
        async def receive(request: Request) -> BaseHTTPResponse:
            return await self.answer(request, on_new_message)

        return routes

    async def answer(self, request: Request, on_new_message: OnNewMessage) -> BaseHTTPResponse:
        """The replies to the message in the request, as one array or streamed, one JSON object a line."""
        try:
            incoming = await self.read(request)
            if not agent.is_ready(request.app):
                status = HTTPStatus.SERVICE_UNAVAILABLE
                raise RequestError("not_ready", "No model is loaded yet; try again in a moment.", status=status)
        except RequestError as error:
            return response.json(error.as_json(), status=error.status)
        text = as_message(incoming.message, agent.button_intents(request.app))
        if str(request.args.get("stream", "")).lower() == "true":
            return self._streamed(incoming, text, on_new_message)

        async def work() -> list[Reply]:
            return await self._replies(incoming, text, ReplyCollector(), on_new_message)

        key = (incoming.sender, incoming.message_id) if incoming.message_id else object()
        try:
            return response.json(await self._once.run(key, work))
        except RequestError as error:
            return response.json(error.as_json(), status=error.status)

    async def read(self, request: Request) -> Incoming:
        """The message in the request. Raises RequestError."""
        try:
            body = await read_body(request)
        except PayloadTooLarge as error:  # beyond Sanic's own limit, 100 MB
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            raise RequestError("body_too_large", str(error), status=status) from None
        header = request.headers.get("accept-language", "")
        return parse(body, accept_language=header, languages=self.languages)

    async def _replies(
        self, incoming: Incoming, text: str, collector: ReplyCollector, on_new_message: OnNewMessage
    ) -> list[Reply]:
        """What the bot says, up to a failure if there is one; RequestError where that leaves nothing."""
        message = UserMessage(
            text,
            collector,
            incoming.sender,
            input_channel=incoming.input_channel or self.name(),
            message_id=incoming.message_id,
            metadata=incoming.metadata(),
        )
        try:
            await on_new_message(message)
        except Exception:  # the server's rim: whatever failed, the caller gets an answer
            logger.exception("Message %s of channel %s failed.", message.message_id, self.name())
            if not collector.replies:
                raise _NOT_ANSWERED from None
        return collector.replies

    def _streamed(self, incoming: Incoming, text: str, on_new_message: OnNewMessage) -> BaseHTTPResponse:
        queue: asyncio.Queue[Reply | None] = asyncio.Queue()

        async def work() -> None:
            try:
                await self._replies(incoming, text, ReplyCollector(queue), on_new_message)
            except RequestError as error:
                await queue.put(error.as_json())
            finally:
                await queue.put(None)

        async def stream(out: Any) -> None:
            task = asyncio.create_task(work())
            while (reply := await queue.get()) is not None:
                await out.write(json.dumps(reply) + "\n")
            await task

        return response.stream(stream, content_type="text/event-stream")


def checked_options(channel: str, credentials: Mapping[str, Any] | None, options: Mapping[str, type]) -> dict[str, Any]:
    """The options of a channel in credentials.yml. Raises ValueError for an unknown name or another type."""
    given = dict(credentials or {})
    for key, value in given.items():
        if key not in options:
            known = ", ".join(sorted(options))
            raise ValueError(f"credentials: channel '{channel}' has no option '{key}'; its options are: {known}.")
        if not isinstance(value, options[key]):
            expected, found = options[key].__name__, type(value).__name__
            raise ValueError(f"credentials: '{key}' of channel '{channel}' must be a {expected}, found a {found}.")
    return given
