"""A server's index while others are written: each query sees one of them whole, and a broken one is never served."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.encoder import SentenceEncoder
from retrieval.index import IndexMismatch, build_index
from retrieval.live import LiveIndex
from retrieval.retriever import Retriever, RetrieverSettings
from retrieval.templates import AnswerTemplate
from store.status import Status
from tests.models import table_encoder

WORDS = {"parcel": (1, 0), "paket": (4, 3), "late": (0, 1)}
N_SWAPS = 10


@pytest.fixture
def encoder(tmp_path: Path) -> SentenceEncoder:
    return SentenceEncoder(table_encoder(tmp_path / "encoder", WORDS))


def _marked(version: int, text: str) -> AnswerTemplate:
    """The version stands in the source, which no search looks at, and in the id, so that all rows are new each time."""
    return AnswerTemplate(f"{text}.{version}", "en", "a", (), text, (), Status.APPROVED, str(version))


def _build(folder: Path, encoder: SentenceEncoder, version: int) -> None:
    build_index([_marked(version, text) for text in WORDS], encoder=encoder, folder=folder)


def _mark(live: LiveIndex) -> str:
    (mark,) = {template.source for template in live.current().templates}
    return mark


class Later:
    """Keeps a load until the test lets it run; and a clock that the test turns."""

    def __init__(self) -> None:
        self.loads: list[Callable[[], None]] = []
        self.now = 0.0

    def start(self, load: Callable[[], None]) -> None:
        self.loads.append(load)

    def run(self) -> int:
        loads, self.loads = self.loads, []
        for load in loads:
            load()
        return len(loads)


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def live(tmp_path: Path, encoder: SentenceEncoder, later: Later) -> LiveIndex:
    _build(tmp_path, encoder, 1)
    return LiveIndex(tmp_path, encoder=encoder, clock=lambda: later.now, start=later.start)


def test_a_new_index_is_looked_for_once_a_second(
    live: LiveIndex, tmp_path: Path, encoder: SentenceEncoder, later: Later
) -> None:
    _build(tmp_path, encoder, 2)
    later.now = 0.9
    live.current()
    assert later.loads == []
    later.now = 1.0
    live.current()
    assert len(later.loads) == 1


def test_the_old_one_serves_until_the_new_one_is_loaded(
    live: LiveIndex, tmp_path: Path, encoder: SentenceEncoder, later: Later
) -> None:
    _build(tmp_path, encoder, 2)
    later.now = 1.0
    assert _mark(live) == "1"
    later.now = 9.0
    assert _mark(live) == "1"
    assert later.run() == 1  # and no second load was begun beside it
    assert _mark(live) == "2"


def test_a_watched_index_is_new_for_the_first_query_after_the_change(tmp_path: Path, encoder: SentenceEncoder) -> None:
    loaded = threading.Event()

    def start(load: Callable[[], None]) -> None:
        load()
        loaded.set()

    _build(tmp_path, encoder, 1)
    live = LiveIndex(tmp_path, encoder=encoder, start=start)
    live.watch()
    _build(tmp_path, encoder, 2)
    assert loaded.wait(30)  # nobody has asked anything yet
    assert _mark(live) == "2"


def test_the_watching_thread_ends_with_its_index(tmp_path: Path, encoder: SentenceEncoder) -> None:
    _build(tmp_path, encoder, 1)
    live = LiveIndex(tmp_path, encoder=encoder)
    before = set(threading.enumerate())
    live.watch()
    (watching,) = set(threading.enumerate()) - before
    del live
    watching.join(30)
    assert not watching.is_alive()


def test_an_index_that_stays_is_not_loaded_again(live: LiveIndex, later: Later) -> None:
    for second in range(1, 5):
        later.now = second
        live.current()
    assert later.loads == []


def test_an_index_written_while_another_is_loaded_is_taken_up_next(
    live: LiveIndex, tmp_path: Path, encoder: SentenceEncoder, later: Later
) -> None:
    _build(tmp_path, encoder, 2)
    later.now = 1.0
    live.current()
    _build(tmp_path, encoder, 3)  # after the look, before the load: the load finds the third already
    later.run()
    later.now = 2.0
    assert _mark(live) == "3"
    later.run()
    assert _mark(live) == "3"


@pytest.mark.parametrize("broken", ["index.faiss", "templates.jsonl", "manifest.json"])
def test_a_broken_index_is_logged_once_and_the_old_one_stays_until_a_sound_one_comes(
    live: LiveIndex,
    tmp_path: Path,
    encoder: SentenceEncoder,
    later: Later,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    _build(tmp_path, encoder, 2)
    path = tmp_path / broken if broken == "manifest.json" else tmp_path / "v2" / broken
    path.write_bytes(path.read_bytes()[:-9])
    for second in range(1, 4):
        later.now = second
        assert _mark(live) == "1"
        with caplog.at_level(logging.ERROR):
            later.run()
    assert [record.getMessage() for record in caplog.records] == [
        f"The new answer index in {tmp_path} cannot be served: the old one stays"
    ]
    _build(tmp_path, encoder, 3)
    later.now = 5.0
    live.current()
    later.run()
    assert _mark(live) == "3"


def test_an_index_of_another_encoder_is_not_taken_up(
    live: LiveIndex, tmp_path: Path, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    other = SentenceEncoder(table_encoder(tmp_path / "other", {**WORDS, "late": (1, 1)}))
    _build(tmp_path, other, 2)
    later.now = 1.0
    live.current()
    later.run()
    assert _mark(live) == "1"
    assert "loaded is" in caplog.text


def test_a_folder_that_vanishes_leaves_the_index_that_is_loaded(live: LiveIndex, tmp_path: Path, later: Later) -> None:
    (tmp_path / "manifest.json").unlink()
    later.now = 1.0
    assert _mark(live) == "1"
    assert later.loads == []


def test_without_an_index_at_the_start_it_names_the_command(tmp_path: Path, encoder: SentenceEncoder) -> None:
    with pytest.raises(IndexMismatch, match="uv run xenia index"):
        LiveIndex(tmp_path / "nowhere", encoder=encoder)


def test_queries_during_ten_swaps_all_answer_and_each_sees_one_version(
    tmp_path: Path, encoder: SentenceEncoder
) -> None:
    """Threads ask without a pause while indices are written; the clock leaps, so that every query looks for a new one."""
    _build(tmp_path, encoder, 0)
    seconds = itertools.count()
    live = LiveIndex(tmp_path, encoder=encoder, clock=lambda: float(next(seconds)))
    settings = RetrieverSettings(top_k=3, threshold=-1.0)
    retriever = Retriever(encoder, live, settings)
    seen: set[str] = set()
    wrong: list[object] = []
    deadline = time.monotonic() + 30

    def ask() -> None:
        while str(N_SWAPS) not in seen and time.monotonic() < deadline:
            try:
                hits = retriever.retrieve("parcel", language="en")
            except Exception as error:  # whatever it is, the test must show it
                wrong.append(error)
                return
            marks = {hit.template.source for hit in hits}
            texts = [hit.template.text for hit in hits]
            if len(marks) != 1 or texts != ["parcel", "paket", "late"]:
                wrong.append((marks, texts))
            seen.update(marks)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in range(1, N_SWAPS + 1):
        _build(tmp_path, encoder, version)
        while str(version) not in seen and time.monotonic() < deadline and not wrong:
            time.monotonic()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert seen == {str(version) for version in range(N_SWAPS + 1)}


def test_a_retriever_loaded_from_folders_takes_up_a_new_index_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = table_encoder(tmp_path / "encoder", WORDS)
    encoder = SentenceEncoder(folder)
    _build(tmp_path / "index", encoder, 1)
    retriever = Retriever.load(folder, tmp_path / "index", RetrieverSettings(threshold=-1.0))
    loaded = threading.Event()
    monkeypatch.setattr("retrieval.live.logger.info", lambda *_: loaded.set())
    _build(tmp_path / "index", encoder, 2)
    assert loaded.wait(30)  # nobody has asked anything yet
    assert {hit.template.source for hit in retriever.retrieve("parcel", language="en")} == {"2"}
