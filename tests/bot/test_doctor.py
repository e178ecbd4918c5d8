"""The doctor's findings, on a machine set up in a folder: everything in order, and then one thing missing at a time."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.doctor import Finding, examine
from bot.settings import Settings
from nlu.labels import Labels
from retrieval.encoder import SentenceEncoder
from retrieval.index import build_index
from retrieval.templates import AnswerTemplate
from store.manifest import write_manifest
from store.schema import migrate
from store.sessions import engine
from store.status import Status
from tests.models import table_encoder, table_parser

VECTORS = {"parcel": (1, 0), "refund": (0, 1)}
TEMPLATE = AnswerTemplate("a", "en", "track", (), "parcel", (), Status.APPROVED, "test")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A machine in good order, in the working directory of the test."""
    monkeypatch.chdir(tmp_path)
    for name in ("encoder", "language", "nlu", "writer", "personal"):
        folder = Path("models/starter") / name
        folder.mkdir(parents=True)
        (folder / "weights.bin").write_bytes(name.encode())
        if name in ("nlu", "personal"):
            table_parser(folder, Labels(("track",), ()), intents={"parcel": (1,)}, tags={})
        write_manifest(folder)
    write_manifest(table_encoder(Path("models/starter/retrieval"), VECTORS))
    build_index([TEMPLATE], encoder=SentenceEncoder(Path("models/starter/retrieval")), folder=Path("models/index"))
    database = f"sqlite:///{tmp_path}/var/xenia.db"
    migrate(engine(database))
    return Settings(database_url=database, port=_free_port(), actions_port=_free_port())


def _failed(settings: Settings) -> list[Finding]:
    findings = list(examine(settings))
    assert all("\n" not in finding.advice for finding in findings)
    return [finding for finding in findings if not finding.ok]


def test_a_machine_in_order_has_no_finding_that_fails(settings: Settings) -> None:
    findings = list(examine(settings))
    assert [finding for finding in findings if not finding.ok or finding.advice] == []
    assert len(findings) == 11


@pytest.mark.parametrize(
    ("name", "stage"),
    [("encoder", "pretrain"), ("language", "language"), ("nlu", "nlu"), ("writer", "writer"), ("personal", "personal")],
)
def test_missing_weights_are_named_with_both_ways_to_get_them(settings: Settings, name: str, stage: str) -> None:
    shutil.rmtree(Path("models/starter") / name)
    (finding,) = _failed(settings)
    assert finding.subject == f"weights models/starter/{name}"
    assert f"git checkout models/starter/{name}" in finding.advice
    assert f"uv run xenia train --only {stage}" in finding.advice


def test_weights_without_a_manifest_count_as_missing(settings: Settings) -> None:
    Path("models/starter/nlu/manifest.json").unlink()
    (finding,) = _failed(settings)
    assert "manifest is missing" in finding.advice


@pytest.mark.parametrize("broken", ["weights.bin", "manifest.json"])
def test_damaged_weights_are_named_with_their_file_and_cure(settings: Settings, broken: str) -> None:
    path = Path("models/starter/writer") / broken
    path.write_bytes(path.read_bytes()[:-3])
    (finding,) = _failed(settings)
    assert finding.subject == "weights models/starter/writer"
    assert f"{broken} is damaged" in finding.advice
    assert "uv run xenia train --only writer" in finding.advice


def test_half_copied_weights_are_named(settings: Settings) -> None:
    Path("models/starter/language/weights.bin").unlink()
    (finding,) = _failed(settings)
    assert "weights.bin is missing though its manifest names it" in finding.advice


def test_an_encoder_that_lacks_a_file_shows_where_the_index_is_read(settings: Settings) -> None:
    folder = Path("models/starter/retrieval")
    (folder / "tokenizer.json").unlink()
    write_manifest(folder)
    (finding,) = _failed(settings)
    assert finding.subject == "answer index models/index"
    assert "tokenizer.json is missing" in finding.advice


@pytest.mark.parametrize("broken", ["index.faiss", "templates.jsonl", "manifest.json"])
def test_a_damaged_index_is_named_with_its_command(settings: Settings, broken: str) -> None:
    (path,) = Path("models/index").rglob(broken)
    path.write_bytes(path.read_bytes()[:-5])
    (finding,) = _failed(settings)
    assert finding.subject == "answer index models/index"
    assert f"{broken} is damaged" in finding.advice
    assert "uv run xenia index" in finding.advice


def test_a_missing_index_and_one_of_other_weights_are_named_with_the_command(settings: Settings) -> None:
    write_manifest(table_encoder(Path("models/starter/retrieval"), {**VECTORS, "refund": (1, 1)}))
    (finding,) = _failed(settings)
    assert "was built with encoder" in finding.advice
    assert "uv run xenia index" in finding.advice
    shutil.rmtree("models/index")
    (finding,) = _failed(settings)
    assert "there is no answer index" in finding.advice
    assert "uv run xenia index" in finding.advice


def test_a_database_without_tables_is_named_with_its_command(settings: Settings, tmp_path: Path) -> None:
    empty = Settings(
        database_url=f"sqlite:///{tmp_path}/empty.db", port=settings.port, actions_port=settings.actions_port
    )
    (finding,) = _failed(empty)
    assert finding.subject == "database"
    assert "no such table: orders" in finding.advice
    assert "check DATABASE_URL, then run `uv run xenia seed`" in finding.advice


@pytest.mark.parametrize(
    "url", ["postgresql://xenia:secret@127.0.0.1:1/xenia", "sqlite://", "postgresql+nodriver://h/x"]
)
def test_a_database_that_cannot_be_reached_is_a_finding_that_keeps_its_password(settings: Settings, url: str) -> None:
    away = Settings(database_url=url, port=settings.port, actions_port=settings.actions_port)
    (finding,) = _failed(away)
    assert finding.subject == "database"
    assert "DATABASE_URL" in finding.advice
    assert "secret" not in finding.advice


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with closing(socket.socket()) as held:
        held.bind(("0.0.0.0", 0))
        held.listen()
        yield held


@pytest.mark.parametrize("name", ["port", "actions_port"])
def test_an_occupied_port_is_named_with_its_variable(settings: Settings, listener: socket.socket, name: str) -> None:
    port = listener.getsockname()[1]
    ports = {"port": settings.port, "actions_port": settings.actions_port, name: port}
    (finding,) = _failed(Settings(database_url=settings.database_url, **ports))
    assert finding.subject == f"port {port}"
    assert f"stop it or set {name.upper()}" in finding.advice


def test_another_python_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    (finding,) = _failed(settings)
    assert finding.subject == "Python 3.12.1"
    assert "3.10" in finding.advice


def test_several_troubles_are_all_named_in_the_order_to_mend_them(settings: Settings, listener: socket.socket) -> None:
    shutil.rmtree("models/starter/encoder")
    (Path("models/index") / "manifest.json").write_text(json.dumps({"encoder": "x"}))
    port = listener.getsockname()[1]
    crowded = Settings(database_url=settings.database_url, port=port, actions_port=settings.actions_port)
    assert [finding.subject for finding in _failed(crowded)] == [
        "weights models/starter/encoder",
        "answer index models/index",
        f"port {port}",
    ]


def test_weights_of_two_trainings_are_named(settings: Settings) -> None:
    folder = Path("models/starter/nlu")
    Labels(("track", "cancel"), ()).save(folder)
    write_manifest(folder)
    (finding,) = _failed(settings)
    assert "lexical.npz knows 1 labels, labels.json 2" in finding.advice
    assert "xenia train --only nlu" in finding.advice
