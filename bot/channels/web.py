"""The chat page, served by the bot itself: `/webhooks/web/`, its files, its words, and its messages.

    GET  /webhooks/web/             index.html
    GET  /webhooks/web/<file>       what lies in page/, read into memory at the start, revalidated by ETag
    GET  /webhooks/web/strings      {"languages": {code: {...}}, "max_length": 2000}, see page_strings.py
    POST /webhooks/web/message      like the REST channel

Open to the public, therefore stricter than REST: the page makes up its conversation ids at random (128 bits)
and no other is served, so that nobody joins a Telegram chat or another customer's conversation by naming it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels.incoming import Incoming, RequestError
from bot.channels.page_strings import REPLIES_DIR, page_strings
from bot.channels.rest import OnNewMessage, RestInput, checked_options
from bot.channels.text import MAX_LENGTH

PAGE_DIR = Path(__file__).parent / "page"
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SENDER = re.compile(r"web-[0-9a-f]{32}")
_ORIGIN = re.compile(r"https?://[a-z0-9*.-]+(:\d+)?")


@dataclass(frozen=True, slots=True)
class _Asset:
    """A file of the page as it is sent."""

    body: bytes
    content_type: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


class WebInput(RestInput):
    """The page.

    Args:
        start_topics: intents offered as buttons before the first message, labelled from `topics` of the
            replies.
        embed_from: origins such as `https://shop.example.com` whose pages may show the chat in a frame.
        replies_dir: where `<lang>.yml` lie.
    """

    def __init__(
        self,
        start_topics: Sequence[str] = (),
        embed_from: Sequence[str] = (),
        replies_dir: str | Path = REPLIES_DIR,
    ) -> None:
        languages = page_strings(Path(replies_dir), start_topics)
        super().__init__(languages=languages)
        self._headers = _security_headers(embed_from)
        strings = json.dumps({"languages": languages, "max_length": MAX_LENGTH}, ensure_ascii=False)
        self._assets = {
            path.name: _Asset(path.read_bytes(), _CONTENT_TYPES[path.suffix])
            for path in sorted(PAGE_DIR.iterdir())
            if path.suffix in _CONTENT_TYPES
        }
        self._assets["strings"] = _Asset(strings.encode(), "application/json; charset=utf-8")

    @classmethod
    def name(cls) -> str:
        """The channel's name in the tracker and in its address."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> WebInput:
        """Built by Rasa from credentials.yml with the options of `__init__`."""
        options = {"start_topics": list, "embed_from": list, "replies_dir": str}
        return cls(**checked_options(cls.name(), credentials, options))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes."""
        routes = Blueprint("xenia_web", __name__)

        @routes.get("/")
        async def page(request: Request) -> HTTPResponse:
            if request.path.endswith("/"):
                return self._send(request, "index.html")
            # The page's relative addresses need the slash; a relative redirect keeps a proxy's prefix.
            return response.redirect(request.path.rsplit("/", 1)[-1] + "/", headers=dict(self._headers))

        @routes.get("/<name:str>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            return self._send(request, name or "index.html")  # Sanic takes the bare slash for an empty name

        @routes.post("/message", stream=True)
        async def message(request: Request) -> BaseHTTPResponse:
            answer = await self.answer(request, on_new_message)
            answer.headers.update({**self._headers, "Cache-Control": "no-store"})
            return answer

        return routes

    async def read(self, request: Request) -> Incoming:
        """The message in the request. Raises RequestError, also for an id that is not like the page's own."""
        incoming = await super().read(request)
        if not _SENDER.fullmatch(incoming.sender):
            raise RequestError("invalid_sender", "'sender' must be 'web-' and 32 random hexadecimal digits.")
        return incoming

    def _send(self, request: Request, name: str) -> HTTPResponse:
        asset = self._assets.get(name)
        if asset is None:
            error = RequestError("not_found", "There is no such file.")
            return response.json(error.as_json(), status=404, headers=dict(self._headers))
        headers = {**self._headers, "Cache-Control": "no-cache", "ETag": asset.etag}
        if asset.etag in request.headers.get("if-none-match", ""):
            return response.empty(status=304, headers=headers)
        return response.raw(asset.body, content_type=asset.content_type, headers=headers)


def _security_headers(embed_from: Sequence[str]) -> dict[str, str]:
    """Own files, no inline script, no markup made from text (Trusted Types), framed by named origins only."""
    for origin in embed_from:
        if not isinstance(origin, str) or not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"credentials: `embed_from` of 'web' takes origins such as https://shop.example: {origin!r}."
            )
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(["'self'", *embed_from]),
        "require-trusted-types-for": "'script'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
