"""What is missing or mismatched on this machine, and how to mend it. Each finding is one line with its cure."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.library import INDEX_DIR
from bot.settings import Settings
from nlu.parser import Parser
from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex
from store.manifest import verify
from store.sessions import engine

MODEL_FOLDERS = {
    "encoder": "pretrain",
    "language": "language",
    "nlu": "nlu",
    "retrieval": "encoder",
    "writer": "writer",
    "personal": "personal",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` or not, what was looked at, and what to do."""

    ok: bool
    subject: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, in the order in which to mend them."""
    yield _interpreter()
    yield from _weights(settings)
    yield _index(settings)
    yield _database(settings)
    for name, port in (("PORT", settings.port), ("ACTIONS_PORT", settings.actions_port)):
        yield _port(name, port)


def _interpreter() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] == (3, 10):
        return Finding(True, f"Python {found}")
    return Finding(False, f"Python {found}", "Rasa 3.6 needs 3.10: run `make setup`, or start commands by `uv run`")


def _weights(settings: Settings) -> Iterator[Finding]:
    for name, stage in MODEL_FOLDERS.items():
        folder = Path(settings.models_dir) / name
        mend = f"Run `git checkout {folder}` or `uv run xenia train --only {stage}`."
        if not (folder / "manifest.json").exists():
            yield Finding(False, f"weights {folder}", f"the folder or its manifest is missing. {mend}")
            continue
        yield _tried(f"weights {folder}", partial(_loaded, name, folder, mend))


def _loaded(name: str, folder: Path, mend: str) -> None:
    verify(folder, mend=mend)
    if name in ("nlu", "personal"):  # several models that must be of one training
        Parser(folder)


def _tried(subject: str, action: Callable[[], object]) -> Finding:
    try:
        action()
    except (ValueError, OSError, ImportError, SQLAlchemyError) as error:
        return Finding(False, subject, str(error).partition("\n")[0])
    return Finding(True, subject)


def _index(settings: Settings) -> Finding:
    folder = Path(settings.models_dir) / "retrieval"
    return _tried(f"answer index {INDEX_DIR}", lambda: TemplateIndex.load(INDEX_DIR, encoder=SentenceEncoder(folder)))


def _database(settings: Settings) -> Finding:
    def ask() -> None:
        with engine(settings.database_url).connect() as connection:
            connection.execute(text("SELECT count(*) FROM orders"))

    finding = _tried("database", ask)
    if finding.ok:
        return finding
    return Finding(False, "database", f"{finding.advice} - check DATABASE_URL, then run `uv run xenia seed`")


def _port(name: str, port: int) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return Finding(False, f"port {port}", f"something listens there already: stop it or set {name}")
    return Finding(True, f"port {port}")
