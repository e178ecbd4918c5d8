"""Speed, memory and accuracy of Xenia beside Rasa's stock pipeline, on this machine and in this run.

    uv run python -m benchmarks.speed                               both models, each in a process of its own
    uv run python -m benchmarks.speed --url http://localhost:5005   and a running server (`make run`)
    uv run python -m benchmarks.speed --part diet|xenia|server      one part; the others' figures are kept

Figures go to benchmarks/speed.json (docs/results.md takes them from there) and as Markdown to stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

from benchmarks.parsing import measure_model
from benchmarks.server import Server, measure_server
from benchmarks.speed_tables import presented
from benchmarks.stock_pipeline import StockSettings, train_apart
from training.data.dataset import read_nlu
from training.data.questions import read_questions
from training.evaluation.report_benchmarks import benchmark

FIGURES_PATH = Path("benchmarks/speed.json")
TESTS_DIR = Path("tests/data")
MODEL_PATH = Path("models/bot/xenia.tar.gz")
RESPONDER = "bot.nlg.MultilingualResponder"
GREETING = "greet"


class Part(str, Enum):
    """What is measured on its own."""

    DIET = "diet"
    XENIA = "xenia"
    SERVER = "server"


def measure_diet(settings: StockSettings) -> dict[str, Any]:
    """Train the stock pipeline (or take the kept model) and measure it."""
    model = train_apart(settings)
    figures = measure_model(model.path, read_nlu(TESTS_DIR / "nlu"))
    stated = {"keep_every": settings.keep_every, "epochs": settings.epochs}
    return {**figures, **stated, "n_rows": model.n_rows, "training_s": model.training_s}


def measure_xenia(model: Path) -> dict[str, Any]:
    """Measure the trained bot with its responder."""
    return measure_model(model, read_nlu(TESTS_DIR / "nlu"), nlg=RESPONDER)


def measure_running(url: str, *, n_messages: int) -> dict[str, Any]:
    """Ask a running server `n_messages` held-out questions, drawn with a seed, every language alike."""
    questions = read_questions(TESTS_DIR / "questions")
    random.Random(7).shuffle(questions)
    by_language: dict[str, list[Any]] = {}
    for question in questions:
        by_language.setdefault(question.language, []).append(question)
    each = max(1, n_messages // len(by_language))
    chosen = [question for rows in zip(*by_language.values(), strict=False) for question in rows]
    greetings: dict[str, str] = {}
    for row in read_nlu(Path("data/nlu")):
        if row.intent == GREETING:
            greetings.setdefault(row.language, row.text)
    with closing(Server(url)) as server:
        return measure_server(server, chosen[: each * len(by_language)], greetings)


def keep(part: Part, figures: dict[str, Any], path: Path = FIGURES_PATH) -> dict[str, Any]:
    """Put one part's figures into the file, leave the others', and make tables and goals anew."""
    kept: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    parts = {**kept.get("parts", {}), part.value: figures}
    data = {**presented(parts, machine=machine()), "parts": parts}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return data


def machine() -> str:
    """Processor, number of cores of this process and memory, in words."""
    text = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    name = next((line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")), "CPU")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{name}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GB"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 0 when all of it was measured."""
    asked = _parsed(arguments)
    if asked.part is None:
        parts = [Part.DIET, Part.XENIA, *([Part.SERVER] if asked.url else [])]
        given = list(sys.argv[1:] if arguments is None else arguments)
        command = [sys.executable, "-m", "benchmarks.speed", *given, "--part"]
        codes = [subprocess.run([*command, part.value], check=False).returncode for part in parts]
        return max(codes)
    part = Part(asked.part)
    busy = os.getloadavg()[0]
    if part is Part.DIET:
        figures = measure_diet(StockSettings(keep_every=asked.keep_every, epochs=asked.epochs))
    elif part is Part.XENIA:
        figures = measure_xenia(asked.model)
    else:
        figures = measure_running(asked.url, n_messages=asked.messages)
    shown = benchmark(keep(part, {**figures, "load_average_before": busy}), name="speed")
    for title, lines, note in shown.tables:
        print("\n".join(["", title, "", *lines, "", note]).rstrip())
    print("\n" + "\n".join(goal.sentence for goal in shown.goals))
    return 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    defaults = asdict(StockSettings())
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=[part.value for part in Part], help="one part only")
    parser.add_argument("--keep-every", type=int, default=defaults["keep_every"], help="DIET learns one row in so many")
    parser.add_argument("--epochs", type=int, default=defaults["epochs"], help="DIET's epochs")
    parser.add_argument("--model", type=Path, default=MODEL_PATH, help="the trained bot")
    parser.add_argument("--url", default=None, help="a running server, for the part `server`")
    parser.add_argument("--messages", type=int, default=98, help="questions asked over HTTP")
    asked = parser.parse_args(arguments)
    if asked.part == Part.SERVER.value and not asked.url:
        parser.error("--part server needs --url http://host:port of a running server (start one with `make run`)")
    return asked


if __name__ == "__main__":
    raise SystemExit(main())
