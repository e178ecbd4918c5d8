"""A real Sanic server on loopback with the channels under test, and an agent that echoes for the bot."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import queue
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from sanic import Sanic

Sanic.test_mode = True  # else Sanic starts only one app a process
_numbers = itertools.count()

GREETING = {"en": "Hello", "de": "Guten Tag", "ar": "مرحبًا"}


@dataclass
class Domain:
    """As much of Rasa's domain as channels look at."""

    intents: list[str]


class EchoAgent:
    """Stands where Rasa's agent stands, with Rasa's lock; remembers the messages and says them again.

    `arrived`, `begun` and `finished` tell a test what came in, passed the lock, and left it.

    "wait" blocks until `go_on` is set, "slowly" does so after a reply, "fail" raises, "half" raises after a reply,
    "ask" answers with buttons, "two" in two paragraphs, "nothing" not at all. The reply is in the language chosen, else
    hinted at, Arabic for Arabic letters.
    """

    def __init__(self) -> None:
        self.messages: list[UserMessage] = []
        self.domain = Domain(["affirm", "deny", "greet", "track_order", "input_empty", "restart", "session_start"])
        self.ready = True
        self.go_on = threading.Event()
        self.answered: list[str] = []
        self.arrived: queue.Queue[str] = queue.Queue()
        self.begun: queue.Queue[str] = queue.Queue()
        self.finished: queue.Queue[str] = queue.Queue()
        self._lock_store = InMemoryLockStore()

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: UserMessage) -> None:
        self.arrived.put(message.text)
        async with self._lock_store.lock(message.sender_id):
            self.messages.append(message)
            self.begun.put(message.text)
            await self._answer(message)
            self.answered.append(message.text)
        self.finished.put(message.text)

    async def _answer(self, message: UserMessage) -> None:
        text = message.text
        if text == "wait":
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait, 30)
        if text == "fail":
            raise RuntimeError("as asked")
        if text == "nothing":
            return
        metadata = message.metadata or {}
        language = metadata.get("language_choice") or metadata.get("language_hint") or "en"
        if any("\u0600" <= char <= "\u06ff" for char in text):
            language = "ar"
        reply: dict[str, Any] = {
            "text": "one\n\ntwo" if text == "two" else f"{GREETING.get(language, '')}: {text}",
            "metadata": {"language": language, "written_by": "template"},
            "utter_action": "utter_echo",
            "timestamp": 1.0,
        }
        if text == "ask":
            reply["buttons"] = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
        await message.output_channel.send_response(message.sender_id, reply)
        if text == "slowly":
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait, 30)
            await message.output_channel.send_response(message.sender_id, {"text": "done"})
        if text == "half":
            raise RuntimeError("as asked")


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """The server's address, its agent, and a client."""

    port: int
    agent: EchoAgent
    stop: Callable[[], None] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """One request on a connection of its own; a body that is no bytes is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, found, answer.read())
        finally:
            connection.close()


def start(*channels: InputChannel, agent: EchoAgent | None = None, port: int = 0) -> Server:
    """A server with the given channels, on a given port if one is given."""
    agent = agent or EchoAgent()
    app = Sanic(f"channels_{next(_numbers)}", configure_logging=False)
    app.ctx.agent = agent
    register(list(channels), app, route="/webhooks/")
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return Server(listening.getsockname()[1], agent, _run(app, listening))


def _run(app: Sanic, listening: socket.socket) -> Callable[[], None]:
    """Serves in a thread; returns when it listens, with what stops it and waits for its end."""
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def run() -> None:
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        started.set()
        await stopped.wait()
        server.close()
        for connection in list(server.connections):
            connection.abort()
        await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    stopped = asyncio.Event()

    def serve_forever() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=serve_forever, daemon=True)
    thread.start()
    assert started.wait(30), "the server did not start"

    def stop() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(stopped.set)
            thread.join(30)

    return stop
