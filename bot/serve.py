"""The processes of `make run`: the action server and the Rasa server, started together, stopped together.

Both read files written here from the environment (`var/credentials.yml`, `var/endpoints.yml`), so that one variable
(`DATABASE_URL`, `PORT`, a Slack token) reaches every part.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml
from sqlalchemy.engine import make_url

from bot.channels.credentials import write_credentials
from bot.library import INDEX_DIR, Library
from bot.settings import Settings
from retrieval.provenance import is_current
from store.demo import seed
from store.schema import migrate
from store.sessions import engine

VAR = Path("var")
MODEL_DIR = Path("models/bot")
TRAINED_FROM = ("config.yml", "domain.yml", "data", "models/starter")
GRACE_S = 10.0


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment of both servers: telemetry off, one thread a model, plain logging."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }
    here = os.pathsep.join(filter(None, [os.getcwd(), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **quiet, "DATABASE_URL": settings.database_url, "PYTHONPATH": here}


def write_endpoints(settings: Settings, path: Path) -> None:
    """`endpoints.yml` for this environment: actions' port, and Rasa's tracker store on the same database."""
    url = make_url(settings.database_url)
    tracker: dict[str, object] = {"type": "SQL", "dialect": url.drivername, "db": url.database}
    if url.host:
        tracker |= {"url": url.host, "port": url.port, "username": url.username, "password": url.password}
    if url.query:
        tracker["query"] = dict(url.query)
    content = {
        "action_endpoint": {"url": f"http://localhost:{settings.actions_port}/webhook"},
        "nlg": {"type": "bot.nlg.MultilingualResponder"},
        "tracker_store": {name: value for name, value in tracker.items() if value is not None},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")


def prepare(settings: Settings) -> None:
    """Database with the demo shop, answer index and bot model of the present data. Quick when everything is there."""
    VAR.mkdir(exist_ok=True)
    database = engine(settings.database_url)
    migrate(database)
    if settings.shop_url is None:
        seed(database, today=date.today())
    # Before the training: the retriever loads what lies there.
    if not is_current(
        INDEX_DIR,
        templates=Library(settings, database).templates(),
        encoder_dir=Path(settings.models_dir) / "retrieval",
    ):
        command = [sys.executable, "-m", "bot.cli", "index"]
        subprocess.run(command, check=True, env=child_environment(settings), stdout=subprocess.DEVNULL)
    if newest_model() is None or is_outdated(newest_model()):
        command = [
            sys.executable,
            "-m",
            "rasa",
            "train",
            "--out",
            str(MODEL_DIR),
            "--fixed-model-name",
            "xenia",
        ]
        subprocess.run(command, check=True, env=child_environment(settings))


def newest_model() -> Path | None:
    """The trained bot, None where there is none or the archive is damaged."""
    path = MODEL_DIR / "xenia.tar.gz"
    return path if path.exists() and tarfile.is_tarfile(path) else None


def is_outdated(model: Path | None) -> bool:
    """Whether a file that the model was made from is newer than the model."""
    if model is None:
        return True
    made = model.stat().st_mtime
    files = [path for root in TRAINED_FROM for path in (Path(root), *Path(root).rglob("*")) if path.is_file()]
    return any(path.stat().st_mtime > made for path in files)


def commands(settings: Settings) -> Sequence[list[str]]:
    """The two servers' command lines."""
    actions = [sys.executable, "-m", "rasa_sdk", "--actions", "bot.actions", "-p", str(settings.actions_port)]
    server = [sys.executable, "-m", "bot.server", "--model", str(MODEL_DIR / "xenia.tar.gz")]
    server += ["--credentials", str(VAR / "credentials.yml"), "--endpoints", str(VAR / "endpoints.yml")]
    server += ["--port", str(settings.port), "--interface", settings.host]
    return [actions, server]


def serve(settings: Settings, environment: Mapping[str, str]) -> int:
    """Run both servers until one ends or a signal comes; returns the exit code for the shell."""
    write_credentials(environment, VAR / "credentials.yml")
    write_endpoints(settings, VAR / "endpoints.yml")
    prepare(settings)
    return supervise(commands(settings), child_environment(settings))


def supervise(command_lines: Sequence[list[str]], environment: Mapping[str, str]) -> int:
    """Start all, wait for the first to end, then end the others. A stop by signal is a success."""
    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    children = [subprocess.Popen(line, env=dict(environment), start_new_session=True) for line in command_lines]
    while not stopped and all(child.poll() is None for child in children):
        time.sleep(0.2)
    codes = [child.poll() for child in children]
    end_all(children)
    return 0 if stopped else next((abs(code) or 1 for code in codes if code is not None), 1)


def end_all(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask every process group to stop, and kill what has not after GRACE_S."""
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
