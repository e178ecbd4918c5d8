"""Times a loaded Rasa model message by message, and measures what it understands on the held-out split.

Both systems go through the same call, `Agent.processor.parse_message`, in a process of their own with Rasa's
logging off (its debug log costs more than the work).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.memory import resident_mb
from training.dataset import Example
from training.metrics import Span, accuracy, span_counts

N_WARM_UP = 20
FALLBACK = "nlu_fallback"


def quiet() -> None:
    """Telemetry and logging off; to be called before Rasa is imported."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)


def measure_model(model: Path, examples: Sequence[Example], *, nlg: str | None = None) -> dict[str, Any]:
    """Load time, time of a parse (milliseconds), memory and accuracy of one model archive.

    `nlg` names the class of the responder that is loaded with it, as in endpoints.yml. Raises FileNotFoundError
    that says how to make the model.
    """
    if not model.exists():
        raise FileNotFoundError(
            f"{model} is missing: there is no trained bot. Run `make run` or `uv run rasa train`."
        )
    quiet()
    began = time.perf_counter()
    import rasa.engine.recipes.default_components  # noqa: F401
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.endpoints import EndpointConfig

    if nlg is not None:
        import bot.nlg
        import bot.pipeline  # noqa: F401
    import_s, before_mb = time.perf_counter() - began, resident_mb(os.getpid())

    began = time.perf_counter()
    agent = Agent.load(str(model), generator=EndpointConfig.from_dict({"type": nlg}) if nlg else None)
    load_s = time.perf_counter() - began

    async def parse_all() -> tuple[list[float], list[Mapping[str, Any]]]:
        for example in examples[:N_WARM_UP]:
            await agent.processor.parse_message(UserMessage(example.text))
        gc.collect()
        times, parses = [], []
        for example in examples:
            start = time.perf_counter()
            parses.append(await agent.processor.parse_message(UserMessage(example.text)))
            times.append(1000 * (time.perf_counter() - start))
        return times, parses

    times, parses = asyncio.run(parse_all())
    return {
        "n_messages": len(examples),
        "parse_p50_ms": float(np.percentile(times, 50)),
        "parse_p95_ms": float(np.percentile(times, 95)),
        "import_s": import_s,
        "load_s": load_s,
        "imported_mb": before_mb,
        "resident_mb": resident_mb(os.getpid()),
        **understood(examples, parses),
    }


def understood(examples: Sequence[Example], parses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Intent accuracy (mean and worst of the languages) and entity F1, before the fallback's threshold."""
    found = [best_intent(parse) for parse in parses]
    languages: dict[str, float] = {}
    for language in sorted({example.language for example in examples}):
        chosen = [place for place, example in enumerate(examples) if example.language == language]
        languages[language] = accuracy([examples[i].intent for i in chosen], [found[i] for i in chosen])
    spans = span_counts(
        [frozenset(example.spans) for example in examples], [spans_of(parse) for parse in parses]
    )
    worst = min(languages, key=lambda language: languages[language])
    return {
        "intent_accuracy": sum(languages.values()) / len(languages),
        "worst_intent_accuracy": languages[worst],
        "worst_language": worst,
        "entity_f1": spans.f1,
        "languages": languages,
    }


def best_intent(parse: Mapping[str, Any]) -> str:
    """The most probable intent that the model learnt."""
    ranked = [one["name"] for one in parse.get("intent_ranking", []) if one["name"] != FALLBACK]
    return str(ranked[0]) if ranked else str((parse.get("intent") or {}).get("name"))


def spans_of(parse: Mapping[str, Any]) -> frozenset[Span]:
    """Entities of a parse as spans."""
    return frozenset((one["start"], one["end"], one["entity"]) for one in parse.get("entities", []))
