"""Measures language identifiers on short messages: accuracy by length and language, time a message, resident memory.

    python -m benchmarks.language_identification            all: Markdown, and benchmarks/language_identification.json
    python -m benchmarks.language_identification xenia      some of them: Markdown only

Each identifier runs in a process of its own. An abstention counts as wrong. About three minutes on one core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.language_cases import BUCKETS, SOURCES, Case, read_cases
from benchmarks.language_detectors import DETECTORS
from benchmarks.memory import resident_mb
from training.language_id.messages import SPOKEN

JSON_PATH = Path(__file__).with_suffix(".json")
COMMAND = "python -m benchmarks.language_identification"
CORPORA_DIR, DATA_DIR = Path("../shared/data"), Path("data")
GOAL = 0.96
_KEY = "3-8"
_ONE = "--one"


def measure(names: Sequence[str] = tuple(DETECTORS)) -> dict[str, Any]:
    """Name -> figures of `measure_one`, each from a process of its own. Raises CalledProcessError where one fails."""
    cases = json.dumps([asdict(case) for case in read_cases(CORPORA_DIR, DATA_DIR)])
    figures: dict[str, Any] = {}
    for name in names:
        command = [sys.executable, "-m", "benchmarks.language_identification", _ONE, name]
        output = subprocess.run(command, check=True, input=cases, stdout=subprocess.PIPE, text=True)
        figures[name] = json.loads(output.stdout)
    return figures


def measure_one(name: str, cases: Sequence[Case]) -> dict[str, Any]:
    """Accuracies in [0, 1] (`buckets`, `languages`, `sources`, `romanised`, `outside`), `cpu_ms` a message, `resident_mb`.

    `buckets` are over the spoken languages by length; `languages` and `sources` are those of 3 to 8 words; `romanised`
    is Hindi and Arabic in Latin letters, `outside` other languages, by length. Memory (MB) is what loading and a pass add.
    """
    before = resident_mb(os.getpid())
    detect = DETECTORS[name]()
    for case in cases[:200]:
        detect(case.text)
    started = time.process_time()
    found = [detect(case.text) for case in cases]
    seconds = time.process_time() - started
    figures = _accuracies(cases, found)
    return figures | {
        "n": len(cases),
        "cpu_ms": 1000 * seconds / len(cases),
        "resident_mb": resident_mb(os.getpid()) - before,
    }


def _accuracies(cases: Sequence[Case], found: Sequence[str | None]) -> dict[str, Any]:
    hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for case, code in zip(cases, found, strict=True):
        right = code == case.language
        if case.language not in SPOKEN:
            hits["outside", case.bucket].append(right)
            continue
        hits["buckets", case.bucket].append(right)
        if case.romanised:
            hits["romanised", case.bucket].append(right)
        if case.bucket == _KEY:
            hits["languages", case.language].append(right)
            hits["sources", case.source].append(right)
    figures: dict[str, dict[str, float]] = defaultdict(dict)
    for (kind, key), hit in hits.items():
        figures[kind][key] = sum(hit) / len(hit)
    return dict(figures)


def as_benchmark(figures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The figures in the form of a benchmark file: two tables and the goal."""
    by_length, by_language = [], []
    for name, one in figures.items():
        lengths = [_percent(one["buckets"].get(bucket)) for bucket in BUCKETS]
        hard = [_percent(one[kind].get(_KEY)) for kind in ("romanised", "outside")]
        by_length.append([name, *lengths, *hard, f"{one['cpu_ms']:.2f}", f"{one['resident_mb']:.0f}"])
        languages = [_percent(one["languages"].get(code)) for code in SPOKEN]
        by_language.append([name, *languages, *(_percent(one["sources"].get(source)) for source in SOURCES)])
    tables = [
        {
            "title": "Accuracy by words (characters in Chinese and Japanese), %",
            "columns": ["identifier", *BUCKETS, f"romanised {_KEY}", f"other languages {_KEY}", "CPU ms", "MB"],
            "rows": by_length,
            "note": "Spoken languages; romanised: Hindi and Arabic in Latin letters. An abstention counts as wrong. "
            "(14): restricted to the spoken languages. fastText was trained on Tatoeba. CPU time a message, all "
            "threads; MB: resident, added by it.",
        },
        {
            "title": f"Accuracy on {_KEY} words by language and by source, %",
            "columns": ["identifier", *SPOKEN, *SOURCES],
            "rows": by_language,
            "note": "own: situations held out of data/nlu; maia: real support chats (en de fr nl pt).",
        },
    ]
    reached = figures["xenia"]["buckets"][_KEY] if "xenia" in figures else None
    goal = {
        "name": "Language of 3-8 words",
        "goal": f"at least {_percent(GOAL)} %",
        "figure": f"{_percent(reached)} %",
        "reached": None if reached is None else reached >= GOAL,
    }
    return {"title": "Language identification", "command": COMMAND, "tables": tables, "goals": [goal]}


def markdown(benchmark: Mapping[str, Any]) -> str:
    """The tables as Markdown."""
    lines: list[str] = []
    for one in benchmark["tables"]:
        lines += [f"**{one['title']}**", "", "| " + " | ".join(one["columns"]) + " |"]
        lines.append("|---" + "|---:" * (len(one["columns"]) - 1) + "|")
        lines += ["| " + " | ".join(row) + " |" for row in one["rows"]]
        lines += ["", one["note"], ""]
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


if __name__ == "__main__":
    if sys.argv[1:2] == [_ONE]:
        print(json.dumps(measure_one(sys.argv[2], [Case(**case) for case in json.load(sys.stdin)])))
    elif len(sys.argv) > 1:
        print(markdown(as_benchmark(measure(sys.argv[1:]))))
    else:
        result = as_benchmark(measure())
        JSON_PATH.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(markdown(result))
