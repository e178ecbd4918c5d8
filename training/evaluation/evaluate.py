"""The whole evaluation: the four stages on what no training has seen, as one JSON-able dictionary.

Held out are `tests/data/nlu/<language>.yml` (utterances of other situations than the training set's) and
`tests/data/questions/<language>.jsonl`. The writer has no such split: its templates are data, and what is
measured is whether it says them. `report` turns the result into docs/results.md, `publish` writes it beside the
weights, `compare` sets it beside an earlier one.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from generation.checks import served_checks
from nlu.language import LanguageIdentifier
from nlu.parser import Parser
from retrieval.encoder import SentenceEncoder
from retrieval.retriever import Retriever, RetrieverSettings
from store.manifest import weights_digest
from training.data.dataset import read_nlu
from training.data.questions import read_questions
from training.evaluation.measure_language import Message, measure_language
from training.evaluation.measure_nlu import measure_nlu
from training.evaluation.measure_retrieval import measure_retrieval
from training.evaluation.measure_writer import RecordingWriter, measure_writer

WRITER_TIME_LIMIT_S = 30.0
"""Wide, so that a busy machine does not change a figure of quality; benchmarks/ measure the time."""


class Part(str, Enum):
    """What can be evaluated on its own."""

    LANGUAGE = "language"
    NLU = "nlu"
    RETRIEVAL = "retrieval"
    WRITER = "writer"


@dataclass(frozen=True, slots=True)
class EvaluationPaths:
    """Folders, relative to the repository's root."""

    models_dir: Path = Path("models/starter")
    index_dir: Path = Path("models/index")
    data_dir: Path = Path("data")
    tests_dir: Path = Path("tests/data")


def evaluate(
    paths: EvaluationPaths | None = None,
    *,
    parts: Sequence[Part] = tuple(Part),
    retriever_settings: RetrieverSettings | None = None,
    values_in: Callable[[str], Mapping[str, str]] | None = None,
    writer_rows: int | None = None,
) -> dict[str, Any]:
    """Measure `parts`; keys of the result are their names, and `about` (when, where, which weights, how long).

    `values_in` gives the placeholders' values in a language (default: `facts.yml`, amounts with a euro sign);
    `writer_rows` bounds the writer's tasks of each kind. Raises FileNotFoundError or IndexMismatch naming the
    command that makes what is missing.
    """
    places = paths or EvaluationPaths()
    measures: dict[Part, Callable[[], dict[str, Any]]] = {
        Part.LANGUAGE: lambda: _language(places),
        Part.NLU: lambda: _nlu(places),
        Part.RETRIEVAL: lambda: _retrieval(places, retriever_settings or RetrieverSettings()),
        Part.WRITER: lambda: _writer(places, values_in or plain_values(places.data_dir / "facts.yml"), writer_rows),
    }
    result: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for part in dict.fromkeys(parts):
        began = time.monotonic()
        result[part.value] = measures[part]()
        seconds[part.value] = round(time.monotonic() - began, 1)
    about = {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "models": str(places.models_dir),
        "weights": {part.value: weights_digest(places.models_dir / part.value) for part in dict.fromkeys(parts)},
        "python": platform.python_version(),
        "seconds": seconds,
    }
    return {"about": about, **result}


def plain_values(facts_path: Path) -> Callable[[str], Mapping[str, str]]:
    """The facts as strings, the same in every language: checks compare them, nobody reads them."""
    facts: Mapping[str, Any] = yaml.safe_load(facts_path.read_text("utf-8"))["facts"]
    values = {name: f"{raw['amount']} €" if isinstance(raw, Mapping) else str(raw) for name, raw in facts.items()}
    return lambda _language: values


def _language(places: EvaluationPaths) -> dict[str, Any]:
    messages = [Message(row.text, row.language) for row in read_nlu(places.tests_dir / "nlu")]
    messages += [Message(one.text, one.language) for one in read_questions(places.tests_dir / "questions")]
    return measure_language(LanguageIdentifier(places.models_dir / "language").identify, messages)


def _nlu(places: EvaluationPaths) -> dict[str, Any]:
    seen = {row.text.casefold() for row in read_nlu(places.data_dir / "nlu")}
    return measure_nlu(Parser(places.models_dir / "nlu"), read_nlu(places.tests_dir / "nlu"), seen)


def _retrieval(places: EvaluationPaths, settings: RetrieverSettings) -> dict[str, Any]:
    retriever = Retriever.load(places.models_dir / "retrieval", places.index_dir, settings)
    questions = read_questions(places.tests_dir / "questions")
    return measure_retrieval(retriever, Parser(places.models_dir / "nlu"), questions)


def _writer(
    places: EvaluationPaths, values_in: Callable[[str], Mapping[str, str]], n_rows: int | None
) -> dict[str, Any]:
    encoder = SentenceEncoder(places.models_dir / "retrieval")
    retriever = Retriever.load(places.models_dir / "retrieval", places.index_dir, RetrieverSettings())
    identifier = LanguageIdentifier(places.models_dir / "language")
    checks = served_checks(identify=identifier.code_of, similarity=encoder.similarity)
    writer = RecordingWriter(places.models_dir / "writer", time_limit_s=WRITER_TIME_LIMIT_S)
    return measure_writer(
        writer, checks, retriever.index.templates, values_in, identify=identifier.code_of, n_rows=n_rows
    )
