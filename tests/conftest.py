"""Fixtures that several folders of tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.xenia_server import Server, running_server


def pytest_configure(config: pytest.Config) -> None:
    """The marker of the tests that need the fixture `server`."""
    config.addinivalue_line("markers", "server: needs the whole server, which starts once for the run (half a minute)")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with a freshly seeded demo shop, or the one that XENIA_URL names."""
    with running_server(tmp_path_factory.mktemp("server")) as started:
        yield started
