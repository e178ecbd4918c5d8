"""Starts and stops the servers of loopback.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.bot.channels.loopback import Server, start

Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server with the given channels (`loopback.start`); stopped after the test."""
    servers: list[Server] = []

    def started(*channels: Any, **options: Any) -> Server:
        servers.append(start(*channels, **options))
        return servers[-1]

    yield started
    for server in servers:
        server.agent.go_on.set()
        server.stop()
