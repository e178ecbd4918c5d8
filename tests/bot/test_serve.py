"""The processes of `make run`: what they are told, and that none survives the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from bot import serve
from bot.settings import Settings
from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex, build_index
from retrieval.templates import AnswerTemplate
from store.sessions import engine
from store.status import Status
from tests.models import table_encoder

DEADLINE_S = 30.0


# --- files and command lines


def _endpoints(settings: Settings, tmp_path: Path) -> dict[str, dict[str, object]]:
    path = tmp_path / "var" / "endpoints.yml"
    serve.write_endpoints(settings, path)
    content: dict[str, dict[str, object]] = yaml.safe_load(path.read_text("utf-8"))
    return content


def test_endpoints_of_sqlite_name_the_file(tmp_path: Path) -> None:
    assert _endpoints(Settings(database_url="sqlite:///var/xenia.db", actions_port=5066), tmp_path) == {
        "action_endpoint": {"url": "http://localhost:5066/webhook"},
        "nlg": {"type": "bot.nlg.MultilingualResponder"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "var/xenia.db"},
    }


def test_endpoints_of_postgresql_name_host_user_and_the_password_as_it_is(tmp_path: Path) -> None:
    url = "postgresql+psycopg2://xenia:p%40ss%2Fword@db.example:5433/shop?sslmode=require"
    assert _endpoints(Settings(database_url=url), tmp_path)["tracker_store"] == {
        "type": "SQL",
        "dialect": "postgresql+psycopg2",
        "db": "shop",
        "url": "db.example",
        "port": 5433,
        "username": "xenia",
        "password": "p@ss/word",
        "query": {"sslmode": "require"},
    }


def test_what_a_url_leaves_out_is_left_out(tmp_path: Path) -> None:
    tracker = _endpoints(Settings(database_url="postgresql://localhost/shop"), tmp_path)["tracker_store"]
    assert tracker == {"type": "SQL", "dialect": "postgresql", "db": "shop", "url": "localhost"}


def test_only_the_owner_reads_the_password(tmp_path: Path) -> None:
    _endpoints(Settings(database_url="postgresql://a:b@c/d"), tmp_path)
    assert (tmp_path / "var" / "endpoints.yml").stat().st_mode & 0o077 == 0


def test_both_servers_get_their_ports_and_files() -> None:
    actions, server = serve.commands(Settings(port=6005, actions_port=6055, host="0.0.0.0"))
    assert actions[0] == server[0] == sys.executable
    assert actions[actions.index("-p") + 1] == "6055"
    assert actions[actions.index("--actions") + 1] == "bot.actions"
    assert "6005" in server
    assert "0.0.0.0" in server
    assert {"var/credentials.yml", "var/endpoints.yml", "models/bot/xenia.tar.gz"} <= set(server)


def test_no_command_line_shows_a_secret() -> None:
    settings = Settings(
        database_url="postgresql://u:hidden@h/d", api_token="hidden", shop_url="https://s", shop_token="hidden"
    )
    assert "hidden" not in str(serve.commands(settings))


def test_children_know_the_database_and_nothing_calls_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_TOKEN", "kept")
    environment = serve.child_environment(Settings(database_url="sqlite:///x.db"))
    assert environment["DATABASE_URL"] == "sqlite:///x.db"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["SLACK_TOKEN"] == "kept"
    assert os.getcwd() in environment["PYTHONPATH"].split(os.pathsep)


# --- the trained bot


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with everything a bot is trained from, an hour old, and a bot made just now."""
    monkeypatch.chdir(tmp_path)
    for name in ("config.yml", "domain.yml", "data/nlu/de.yml", "models/starter/nlu/model.onnx"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (time.time() - 3600,) * 2)
    (tmp_path / "models/bot").mkdir()
    encoder = SentenceEncoder(table_encoder(tmp_path / "models/starter/retrieval", {"parcel": (1.0, 0.0)}))
    for path in (tmp_path / "models/starter/retrieval").iterdir():
        os.utime(path, (time.time() - 3600,) * 2)
    build_index([], encoder=encoder, folder=tmp_path / "models/index")
    with tarfile.open(tmp_path / "models/bot/xenia.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "config.yml")
    return tmp_path


def test_a_bot_newer_than_its_sources_is_kept(project: Path) -> None:
    model = serve.newest_model()
    assert model == Path("models/bot/xenia.tar.gz")
    assert not serve.is_outdated(model)


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu/de.yml", "models/starter/nlu/model.onnx"])
def test_a_bot_older_than_any_of_its_sources_is_outdated(project: Path, name: str) -> None:
    os.utime(project / name, (time.time() + 60,) * 2)
    assert serve.is_outdated(serve.newest_model())


def test_a_new_source_file_makes_it_outdated_and_other_files_do_not(project: Path) -> None:
    later = (time.time() + 60,) * 2
    (project / "README.md").write_text("x")
    os.utime(project / "README.md", later)
    assert not serve.is_outdated(serve.newest_model())
    (project / "data/nlu/ja.yml").write_text("x")
    os.utime(project / "data/nlu/ja.yml", later)
    assert serve.is_outdated(serve.newest_model())


def test_a_missing_or_damaged_bot_counts_as_none(project: Path) -> None:
    path = project / "models/bot/xenia.tar.gz"
    path.write_bytes(b"not an archive")
    assert serve.newest_model() is None
    path.unlink()
    assert serve.newest_model() is None
    assert serve.is_outdated(None)


@pytest.mark.parametrize(("shop_url", "n_orders"), [(None, True), ("https://shop.example", False)])
def test_preparing_seeds_the_demo_shop_only_where_no_other_shop_is_named(
    project: Path, shop_url: str | None, n_orders: bool
) -> None:
    settings = Settings(database_url=f"sqlite:///{project}/var/xenia.db", shop_url=shop_url)
    serve.prepare(settings)
    serve.prepare(settings)
    with engine(settings.database_url).connect() as connection:
        assert (connection.execute(text("SELECT count(*) FROM orders")).scalar_one() > 0) is n_orders


def test_an_edited_template_and_another_encoder_make_the_index_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(serve.__file__).parent.parent))
    settings = Settings(database_url=f"sqlite:///{project}/var/xenia.db")
    template = AnswerTemplate("a.b.en.1", "en", "a", ("parcel",), "Here.", (), Status.APPROVED, "test")
    (project / "data/templates").mkdir()
    (project / "data/templates/en.jsonl").write_text(template.to_json() + "\n", "utf-8")
    monkeypatch.setattr(serve, "is_outdated", lambda model: False)
    serve.prepare(settings)
    folder = project / "models/starter/retrieval"
    assert TemplateIndex.load(project / "models/index", encoder=SentenceEncoder(folder)).templates == (template,)
    table_encoder(folder, {"parcel": (0.0, 1.0, 0.0)})
    serve.prepare(settings)
    assert len(TemplateIndex.load(project / "models/index", encoder=SentenceEncoder(folder))) == 1


# --- supervision, with real processes


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """`supervise` takes over two signals of its process, which here is pytest's."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _sh(script: str) -> list[str]:
    return ["sh", "-c", script]


def _pid(path: Path) -> int:
    deadline = time.monotonic() + DEADLINE_S
    while not path.exists() or not path.read_text().strip():
        assert time.monotonic() < deadline, f"{path} was not written"
        time.sleep(0.02)
    return int(path.read_text())


def _is_gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that its parent has not looked at counts as ended)."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_when_one_ends_the_others_are_ended_with_what_they_started(tmp_path: Path) -> None:
    long = _sh(f"echo $$ > {tmp_path}/child; sleep 300 & echo $! > {tmp_path}/grandchild; wait")
    brief = _sh(f"until test -s {tmp_path}/grandchild; do sleep 0.05; done; exit 3")
    assert serve.supervise([long, brief], os.environ) == 3
    assert _is_gone(_pid(tmp_path / "child"))
    assert _is_gone(_pid(tmp_path / "grandchild"))


@pytest.mark.parametrize(("ending", "code"), [("exit 0", 1), ("exit 7", 7), ("kill -KILL $$", 9)])
def test_a_server_that_ends_by_itself_is_a_failure(ending: str, code: int) -> None:
    assert serve.supervise([_sh("exec sleep 300"), _sh(ending)], os.environ) == code


def test_one_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "GRACE_S", 0.3)
    deaf = _sh(f"trap '' TERM; echo $$ > {tmp_path}/deaf; while true; do sleep 0.1; done")
    brief = _sh(f"until test -s {tmp_path}/deaf; do sleep 0.05; done; exit 5")
    began = time.monotonic()
    assert serve.supervise([deaf, brief], os.environ) == 5
    assert time.monotonic() - began < DEADLINE_S
    assert _is_gone(_pid(tmp_path / "deaf"))


def test_children_see_the_environment_they_are_given(tmp_path: Path) -> None:
    line = _sh(f"echo $GREETING > {tmp_path}/seen")
    serve.supervise([line], {"PATH": os.environ["PATH"], "GREETING": "xenia"})
    assert (tmp_path / "seen").read_text() == "xenia\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_and_is_a_success(tmp_path: Path, number: signal.Signals) -> None:
    lines = [_sh(f"echo $$ > {tmp_path}/{name}; exec sleep 300") for name in ("actions", "server")]
    script = f"import os, sys\nfrom bot.serve import supervise\nsys.exit(supervise({lines!r}, os.environ))"
    supervisor = subprocess.Popen([sys.executable, "-c", script], cwd=Path(serve.__file__).parents[1])
    try:
        children = [_pid(tmp_path / name) for name in ("actions", "server")]
        supervisor.send_signal(number)
        assert supervisor.wait(DEADLINE_S) == 0
    finally:
        supervisor.kill()
    assert all(map(_is_gone, children))
