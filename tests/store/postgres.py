"""A PostgreSQL server of the machine's own, started for the tests in a folder of theirs; none is needed where it is missing."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL is not installed (initdb and pg_ctl): the tests on it are skipped; `.ci/run` installs it"


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, wherever the distribution puts them."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """A running server on a free port; gives the SQLAlchemy URL of an empty database, and stops the server afterwards."""
    bin_dir = programs()
    if bin_dir is None:
        raise FileNotFoundError(MISSING)
    with tempfile.TemporaryDirectory(prefix="xenia-pg") as folder:
        as_user = _unprivileged(Path(folder))
        data, port = f"{folder}/data", _free_port()
        _run([str(bin_dir / "initdb"), "-D", data, "-U", "xenia", "-A", "trust", "-E", "UTF8", "--no-sync"], as_user)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _run([str(bin_dir / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"], as_user)
        try:
            yield f"postgresql://xenia@127.0.0.1:{port}/postgres"
        finally:
            _run([str(bin_dir / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop"], as_user)


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: then the folder is given to `postgres` (or `nobody`), which runs it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = next(one for one in ("postgres", "nobody") if one in known)
    shutil.chown(folder, name)
    return name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str], user: str | None) -> None:
    subprocess.run(command, check=True, capture_output=True, user=user, cwd="/", timeout=120)
