"""What the speed benchmark counts and says: numbers by hand, a server of ten lines, no model."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.memory import pid_listening_on, resident_mb
from benchmarks.server import Server, measure_server
from benchmarks.speed_tables import presented
from benchmarks.stock_pipeline import StockSettings, thinned
from benchmarks.understanding import best_intent, understood
from training.data.dataset import Example
from training.data.questions import Question
from training.evaluation.report_benchmarks import benchmark


class Bot(BaseHTTPRequestHandler):
    """Answers every message; says that the writer wrote it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send([{"text": "ok", "metadata": {"written_by": "generator"}}])

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def _send(self, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Bot)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_question_is_asked_once_and_its_writer_read(url: str) -> None:
    questions = [Question("a.b", "de", f"Frage {number}") for number in range(3)]
    with closing(Server(url)) as server:
        figures = measure_server(server, questions, {"de": "hallo"}, n_warm_up=2)
    assert (figures["n_messages"], figures["n_written"]) == (3, 3)
    assert figures["written_by"] == {"generator": 3}
    assert 0 < figures["message_p50_ms"] <= figures["message_p95_ms"]
    assert figures["resident_mb"] == pytest.approx(resident_mb(os.getpid()), rel=0.2)


def test_the_process_that_listens_is_found(url: str) -> None:
    assert pid_listening_on(Server(url).port) == os.getpid()


def test_an_url_without_a_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="http://host:port"):
        Server("localhost:5005")


def test_thinning_keeps_the_first_of_each_stride_in_each_language(tmp_path: Path) -> None:
    for language in ("de", "en"):
        examples = "".join(f"- {language} {number}\\n" for number in range(5))
        text = f'nlu:\n- intent: greet\n  examples: "{examples}"\n'
        (tmp_path / f"{language}.yml").write_text(text, "utf-8")
    assert thinned(tmp_path, 2) == {"greet": ["- de 0", "- de 2", "- de 4", "- en 0", "- en 2", "- en 4"]}


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="keep_every"):
        StockSettings(keep_every=0)


def test_the_fallback_is_looked_through() -> None:
    ranking = [{"name": "nlu_fallback"}, {"name": "greet"}, {"name": "deny"}]
    assert best_intent({"intent": {"name": "nlu_fallback"}, "intent_ranking": ranking}) == "greet"


def test_accuracy_is_the_mean_of_the_languages() -> None:
    rows = [("de", "a"), ("de", "b"), ("en", "a")]
    examples = [Example("x", language, intent, "", ((0, 1, "city"),)) for language, intent in rows]
    parses: list[Mapping[str, Any]] = [
        {"intent": {"name": "a"}, "entities": [{"start": 0, "end": 1, "entity": "city"}]},
        {"intent": {"name": "a"}, "entities": []},
        {"intent": {"name": "a"}, "entities": [{"start": 0, "end": 1, "entity": "date"}]},
    ]
    figures = understood(examples, parses)
    assert figures["intent_accuracy"] == pytest.approx((0.5 + 1) / 2)
    assert (figures["worst_language"], figures["worst_intent_accuracy"]) == ("de", 0.5)
    assert figures["entity_f1"] == pytest.approx(2 * 1 / (2 + 3))


def model(p50: float) -> dict[str, object]:
    return {
        "n_messages": 2,
        "load_average_before": 0.25,
        "parse_p50_ms": p50,
        "parse_p95_ms": 9.0,
        "import_s": 16.0,
        "load_s": 5.0,
        "imported_mb": 300.0,
        "resident_mb": 500.0,
        "intent_accuracy": 0.877,
        "worst_intent_accuracy": 0.7,
        "entity_f1": 0.5,
        "languages": {"de": 0.7},
    }


def test_goals_say_what_was_reached_and_what_was_not_measured() -> None:
    trained = {"keep_every": 4, "epochs": 20, "n_rows": 9, "training_s": 60.0}
    shown = benchmark(presented({"xenia": model(7.0), "diet": model(7.5) | trained}, machine="a machine"), name="speed")
    assert [goal.sentence for goal in shown.goals] == [
        "a parse, p50: 7.0 ms (goal: under the stock pipeline's 7.5 ms), reached",
        "a whole message with a written reply, p50: – (goal: under 300 ms), not measured",
        "loading the model after the imports: 5.0 s (goal: under 5.0 s), not reached",
        "resident memory of the server: – (goal: under 1200 MB), not measured",
    ]
    title, lines, note = shown.tables[0]
    assert "2 held-out messages on a machine" in title
    assert "| intent accuracy, mean of the languages, % | 87.7 | 87.7 |" in lines
    assert "one row in 4 (9 rows), 20 epochs" in note
