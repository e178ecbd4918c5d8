"""A real Xenia server for tests: started from this checkout on free ports, or the running one that XENIA_URL names.

What goes in: messages as a REST client sends them. What comes out: replies with their metadata, and the events that the
tracker kept. Tests get it from the session-scoped fixture `server` (tests/conftest.py).
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
START_TIMEOUT_S = 120.0
TRAIN_TIMEOUT_S = 600.0
"""Longer, because `serve` trains the bot first when its data has changed."""
STOP_TIMEOUT_S = 20.0
REPLY_TIMEOUT_S = 30.0
POLL_INTERVAL_S = 0.25
LOG_TAIL_LINES = 60
PR_SET_PDEATHSIG = 1
DEFAULTED = ("HOST", "API_TOKEN", "SHOP_URL", "SHOP_TOKEN", "LANGUAGES", "DEFAULT_LANGUAGE")
"""Settings of whoever runs the tests that would change what is tested; empty counts as unset."""


class ServerFailed(RuntimeError):
    """The server did not start; the message ends with its log."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One bot message: its text ("" where it has none) and the metadata of the contract."""

    text: str
    metadata: Mapping[str, Any]


@dataclass(slots=True)
class Server:
    """Talks to a running server. `database_path` is None where the server is somebody else's."""

    url: str
    database_path: Path | None = None
    log_path: Path | None = None
    session: requests.Session = field(default_factory=requests.Session)

    def new_sender(self, name: str) -> str:
        """A conversation id nobody used before."""
        return f"test-{name}-{uuid.uuid4().hex[:12]}"

    def post(self, body: bytes | Mapping[str, Any], content_type: str = "application/json") -> requests.Response:
        """The REST channel's raw answer to a body, which is sent as it is when it is bytes."""
        data = body if isinstance(body, bytes) else _encoded(body)
        return self.session.post(
            f"{self.url}/webhooks/rest/webhook",
            data=data,
            headers={"Content-Type": content_type},
            timeout=REPLY_TIMEOUT_S,
        )

    def say(self, sender: str, message: str, *, language: str | None = None) -> list[Reply]:
        """The replies to one message; `language` is the channel's hint. Fails with the server's words on any fault."""
        metadata = {} if language is None else {"language": language}
        answer = self.post({"sender": sender, "message": message, "metadata": metadata})
        if answer.status_code != 200:
            raise AssertionError(f"expected 200 to {message[:80]!r}, found {answer.status_code}: {answer.text[:500]}")
        return [Reply(one.get("text") or "", one.get("metadata") or {}) for one in answer.json()]

    def events(self, sender: str) -> list[dict[str, Any]]:
        """The conversation's events: of the HTTP API, or of the database where the API is off."""
        answer = self.session.get(f"{self.url}/conversations/{sender}/tracker", timeout=REPLY_TIMEOUT_S)
        if answer.status_code == 200:
            events: list[dict[str, Any]] = answer.json()["events"]
            return events
        if self.database_path is None:
            raise AssertionError(f"no tracker at {answer.url} ({answer.status_code}) and no database to read instead")
        return self.stored_events(sender)

    def stored_events(self, sender: str) -> list[dict[str, Any]]:
        """The conversation's events as they lie in the database."""
        if self.database_path is None:
            raise AssertionError("only the database of a server that these tests started can be read")
        with closing(sqlite3.connect(f"file:{self.database_path}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", (sender,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def log_tail(self) -> str:
        """The last lines of the log, for failures."""
        if self.log_path is None or not self.log_path.exists():
            return "(no log: the server was not started by these tests)"
        return "\n".join(self.log_path.read_text("utf-8", errors="replace").splitlines()[-LOG_TAIL_LINES:])

    def is_ready(self) -> bool:
        """Whether a message would be answered: the server listens and has loaded its model."""
        with suppress(requests.RequestException, ValueError):
            status = self.session.get(f"{self.url}/status", timeout=5)
            return status.status_code == 200 and bool(status.json().get("model_file"))
        return False


@contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """The server of XENIA_URL, whose demo shop must be freshly seeded, or one of our own that ends with the block."""
    if url := os.environ.get("XENIA_URL"):
        server = Server(url.rstrip("/"))
        try:
            if not server.is_ready():
                raise ServerFailed(f"XENIA_URL is {url}, but {url}/status does not answer with a loaded model")
            yield server
        finally:
            server.session.close()
        return
    port, actions_port = _free_ports(2)
    server = Server(f"http://127.0.0.1:{port}", folder / "xenia.db", folder / "server.log")
    _seed(folder / "xenia.db")
    environment = {
        **os.environ,
        **dict.fromkeys(DEFAULTED, ""),
        "PORT": str(port),
        "ACTIONS_PORT": str(actions_port),
        "DATABASE_URL": f"sqlite:///{folder / 'xenia.db'}",
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    try:
        _wait_until_ready(server, process)
        yield server
    finally:
        server.session.close()
        _stop(process)


def _end_with_parent() -> None:
    """Runs in the new process: it gets SIGTERM when the tests are killed and cannot stop it (Linux, prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def _encoded(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8 as browsers send it; lone surrogates, which UTF-8 does not have, are escaped."""
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(body).encode()


def _seed(path: Path) -> None:
    from store.demo import seed
    from store.sessions import engine

    database = engine(f"sqlite:///{path}")
    seed(database, date.today())
    database.dispose()


def _free_ports(n_ports: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n_ports)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    from bot.serve import is_outdated, newest_model

    timeout_s = TRAIN_TIMEOUT_S if is_outdated(newest_model()) else START_TIMEOUT_S
    deadline = time.monotonic() + timeout_s
    while not server.is_ready():
        if (code := process.poll()) is not None:
            raise ServerFailed(f"`python -m bot.cli serve` ended with {code}. Its log:\n{server.log_tail()}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"{server.url}/status has no model after {timeout_s} s:\n{server.log_tail()}")
        time.sleep(POLL_INTERVAL_S)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server and everything it started; its children have process groups of their own."""
    family = _descendants(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid, started in family.items():
        if _start_time(pid) == started:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> dict[int, str]:
    """Process ids below one, each with its start time, which tells it from a later process of the same id."""
    found: dict[int, str] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found[child] = _start_time(child)
            found |= _descendants(child)
    return found


def _start_time(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""
