"""Stands where Slack's or Telegram's API stands: answers methods on loopback and remembers how they were called."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Mapping[str, Any]


@dataclass
class Provider:
    """`answers` by method name; `calls` in order as (method, arguments)."""

    url: str
    answers: dict[str, Answer]
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    called: threading.Condition = field(default_factory=threading.Condition)

    def named(self, method: str) -> list[dict[str, str]]:
        """The arguments of each call of the method so far."""
        return [arguments for name, arguments in self.calls if name == method]

    def wait_for(self, method: str, n_calls: int = 1) -> list[dict[str, str]]:
        """The same, once there are so many."""
        with self.called:
            assert self.called.wait_for(lambda: len(self.named(method)) >= n_calls, timeout=30), self.calls
        return self.named(method)


@contextmanager
def provider(answers: Mapping[str, Answer]) -> Iterator[Provider]:
    """Serves until the block is left. A method without an answer is an error of the provider's."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            is_json = self.headers.get("Content-Type", "").startswith("application/json")
            arguments = json.loads(text) if is_json else {key: value[0] for key, value in parse_qs(text).items()}
            address = urlsplit(self.path)
            arguments.update({key: value[0] for key, value in parse_qs(address.query).items()})
            method = address.path.rsplit("/", 1)[-1]
            with api.called:
                api.calls.append((method, arguments))
                api.called.notify_all()
            answer = api.answers.get(method, {"ok": False, "error": "unknown_method"})
            body = json.dumps(answer).encode()
            self.send_response(int(answer.get("error_code", 200)))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = Provider(f"http://127.0.0.1:{server.server_port}", dict(answers))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
