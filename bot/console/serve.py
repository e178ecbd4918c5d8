"""The review's server in the foreground."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from aiohttp import web
from sqlalchemy.engine import Engine

from bot.console.app import Console, is_local, make_app
from bot.console.drafts import Drafter
from bot.library import Library
from bot.settings import Settings


def drafter_of(settings: Settings) -> Callable[[], Drafter]:
    """Loads the writer when the first draft is asked for, and once."""
    return cache(lambda: Drafter(Path(settings.models_dir)))


def serve(settings: Settings, database: Engine, *, host: str, port: int) -> None:
    """Serve the page until it is interrupted; raises ValueError where other machines could come in without a token."""
    if settings.console_token is None and not is_local(host):
        raise ValueError(f"--host {host}: expected CONSOLE_TOKEN beside it, found none: set it to a long random text")
    library = Library(settings, database)
    console = Console(
        database,
        settings.languages,
        drafter=drafter_of(settings),
        token=settings.console_token,
        index=library.update_index,
        files=library.rows,
    )
    web.run_app(make_app(console), host=host, port=port, print=None)
