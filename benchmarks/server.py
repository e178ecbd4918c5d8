"""A whole message over HTTP with a written reply, against a running server, and the server's memory.

Each held-out question opens a conversation of its own: a greeting first, untimed, so that the session has
started, then the question, timed. Who wrote the reply stands in the tracker (the server runs with
`--enable-api`); only replies of the writer count as written.
"""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.memory import pid_listening_on, resident_mb
from training.data.questions import Question

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One timed message: milliseconds until the answer was read, and who wrote it."""

    took_ms: float
    written_by: str


class Server:
    """A connection that stays open, as a channel's does."""

    def __init__(self, url: str) -> None:
        """`url` without a path."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"--url: expected http://host:port, found {url!r}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self._connection = kind(parts.hostname, self.port, timeout=TIMEOUT_S)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Send one message to the REST channel; returns the bot's messages."""
        body = json.dumps({"sender": sender, "message": text})
        messages: list[dict[str, Any]] = self._ask("POST", "/webhooks/rest/webhook", body)
        return messages

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        payload = body.encode() if body else None
        self._connection.request(method, path, payload, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{method} {path.split('?')[0]}: expected 200, found {response.status}")
        return json.loads(content)


def measure_server(
    server: Server, questions: Sequence[Question], greetings: dict[str, str], *, n_warm_up: int = 5
) -> dict[str, Any]:
    """Median and 95th percentile of all messages and of those the writer answered; memory of the process."""
    answered: list[Answered] = []
    for number, question in enumerate([*questions[:n_warm_up], *questions]):
        one = _one(server, question, greetings[question.language])
        if number >= n_warm_up:
            answered.append(one)
    times = [one.took_ms for one in answered]
    written = [one.took_ms for one in answered if one.written_by == "generator"]
    pid = pid_listening_on(server.port)
    return {
        "n_messages": len(times),
        "message_p50_ms": _percentile(times, 50),
        "message_p95_ms": _percentile(times, 95),
        "n_written": len(written),
        "written_p50_ms": _percentile(written, 50),
        "written_p95_ms": _percentile(written, 95),
        "written_by": dict(sorted(Counter(one.written_by for one in answered).items())),
        "resident_mb": resident_mb(pid) if pid else None,
        "peak_mb": resident_mb(pid, peak=True) if pid else None,
    }


def _one(server: Server, question: Question, greeting: str) -> Answered:
    sender = f"benchmark-{uuid.uuid4().hex}"
    server.say(sender, greeting)
    began = time.perf_counter()
    replies = server.say(sender, question.text)
    took_ms = 1000 * (time.perf_counter() - began)
    return Answered(took_ms, written_by(replies))


def written_by(replies: Sequence[dict[str, Any]]) -> str:
    """Who wrote the first reply, which answers the question: `generator`, `template` or `handoff`; `silent` without one."""
    return str((replies[0].get("metadata") or {}).get("written_by", "unknown")) if replies else "silent"


def _percentile(values: Sequence[float], which: int) -> float | None:
    return float(np.percentile(values, which)) if values else None
