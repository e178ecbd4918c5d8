"""The review as a page (aiohttp), on a port of its own: `uv run xenia review --web`.

    GET  /                                  the page; its files beside it
    GET  /api/needs?search=&waiting=1       needs with their templates, languages covered and missing
    GET  /api/library?search=               the same for the answers of data/templates, by topic
    GET  /api/templates/{id}/sources        the redacted conversations it was mined from
    GET  /api/templates/{id}/history        who decided what, and when
    POST /api/templates/{id}                {"action": ..., "revision": ..., ...}: see `bot.console.acts`

Who decides says so by name (`X-Reviewer`, percent-encoded UTF-8). With a token (CONSOLE_TOKEN) every call under /api needs it
(`Authorization: Bearer`); without one the server listens on this machine only, and only calls from its own page are taken
(a form of another site cannot set `X-Reviewer`, and the Host must be this machine).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from sqlalchemy.engine import Engine
from sqlalchemy.orm.exc import StaleDataError

from bot.console.acts import Files, act
from bot.console.drafts import Drafter
from bot.console.views import decision_view, need_view, source_view, template_view
from store import decisions
from store.decisions import Conflict
from store.review_queue import library_queue, queue, sources
from store.sessions import session_scope

PAGE_DIR = Path(__file__).parent / "page"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_MAX_BODY = 64 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Console:
    """What the page's server needs.

    `index` is called after each decision, so that the bot serves it; `files` gives the templates of the files as new rows.
    """

    engine: Engine
    languages: tuple[str, ...]
    drafter: Callable[[], Drafter]
    token: str | None = None
    index: Callable[[], object] | None = None
    files: Files = dict


CONSOLE: web.AppKey[Console] = web.AppKey("console", Console)


def make_app(console: Console) -> web.Application:
    """The application, ready to run."""
    app = web.Application(middlewares=[_answered], client_max_size=_MAX_BODY)
    app[CONSOLE] = console
    app.router.add_get("/", _asset)
    app.router.add_get("/{name:[a-z]+\\.(?:css|js|svg)}", _asset)
    app.router.add_get("/api/needs", _needs)
    app.router.add_get("/api/library", _library)
    app.router.add_get("/api/templates/{id}/sources", _sources)
    app.router.add_get("/api/templates/{id}/history", _history)
    app.router.add_post("/api/templates/{id}", _decide)
    return app


def is_local(host: str) -> bool:
    """Whether an address or a Host header names this machine, a port aside.

    >>> is_local("localhost:5006"), is_local("[::1]:5006"), is_local("0.0.0.0"), is_local("shop.example:5006")
    (True, True, False, False)
    """
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return name in LOCAL_HOSTS


@web.middleware
async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Who may, and errors in one form: `{"error": "expected ..., found ..."}`."""
    try:
        if request.path.startswith("/api/"):
            _check_caller(request)
        response = await handler(request)
    except web.HTTPException as error:
        response = _error(error.reason, error.status)
    except (Conflict, StaleDataError) as error:
        shown = str(error) if isinstance(error, Conflict) else "somebody else changed it meanwhile; load it again"
        response = _error(shown, 409)
    except ValueError as error:
        response = _error(str(error), 400)
    except Exception:  # the server's rim: the page shows one sentence, the log has the traceback
        logger.exception("a call of the review failed")
        response = _error("something went wrong here; the server's log says what", 500)
    response.headers.update(_HEADERS)
    return response


def _check_caller(request: web.Request) -> None:
    token = request.app[CONSOLE].token
    if token is not None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise web.HTTPUnauthorized(reason="expected the token of CONSOLE_TOKEN, found none or another")
    elif not is_local(request.host):
        raise web.HTTPForbidden(reason="expected a call from this machine; set CONSOLE_TOKEN to review from others")
    if request.method == "POST" and "X-Reviewer" not in request.headers:
        raise web.HTTPBadRequest(reason="expected the header X-Reviewer with the name of who decides, found none")


async def _asset(request: web.Request) -> web.StreamResponse:
    path = PAGE_DIR / request.match_info.get("name", "index.html")
    if not path.is_file():
        raise web.HTTPNotFound(reason="nothing here")
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")


async def _needs(request: web.Request) -> web.StreamResponse:
    console = request.app[CONSOLE]
    search, only_waiting = request.query.get("search", ""), request.query.get("waiting") == "1"

    def read() -> list[dict[str, Any]]:
        with session_scope(console.engine) as session:
            found = queue(session, console.languages, search=search, only_waiting=only_waiting)
            return [need_view(one) for one in found]

    return web.json_response({"needs": await asyncio.to_thread(read), "languages": list(console.languages)})


async def _library(request: web.Request) -> web.StreamResponse:
    console = request.app[CONSOLE]

    def read() -> list[dict[str, Any]]:
        with session_scope(console.engine) as session:
            found = library_queue(session, console.languages, console.files(), search=request.query.get("search", ""))
            return [need_view(one) for one in found]

    return web.json_response({"needs": await asyncio.to_thread(read), "languages": list(console.languages)})


async def _sources(request: web.Request) -> web.StreamResponse:
    def read() -> list[list[dict[str, Any]]]:
        with session_scope(request.app[CONSOLE].engine) as session:
            template_id = request.match_info["id"]
            found = sources(session, template_id)
            if not found and template_id not in request.app[CONSOLE].files():
                decisions.find(session, template_id)
            return [[source_view(turn) for turn in turns] for turns in found]

    return web.json_response({"conversations": await asyncio.to_thread(read)})


async def _history(request: web.Request) -> web.StreamResponse:
    def read() -> list[dict[str, Any]]:
        with session_scope(request.app[CONSOLE].engine) as session:
            return [decision_view(one) for one in decisions.history(session, request.match_info["id"])]

    return web.json_response({"decisions": await asyncio.to_thread(read)})


async def _decide(request: web.Request) -> web.StreamResponse:
    console = request.app[CONSOLE]
    asked = await _asked(request)
    by = unquote(request.headers["X-Reviewer"])

    def write() -> dict[str, Any]:
        drafter = console.drafter() if asked.get("action") == "draft" else None
        with session_scope(console.engine) as session:
            changed = act(session, request.match_info["id"], asked, by=by, drafter=drafter, files=console.files)
            return template_view(changed)

    changed = await asyncio.to_thread(write)
    if console.index is not None:
        await asyncio.to_thread(console.index)
    return web.json_response({"template": changed})


async def _asked(request: web.Request) -> dict[str, Any]:
    try:
        asked = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest(reason="expected JSON, found something else") from None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(reason="expected a JSON object, found something else")
    return asked


def _error(said: str, status: int) -> web.Response:
    return web.json_response({"error": said}, status=status)
