"""Times a loaded Rasa model message by message, and weighs it.

Both systems go through the same call, `Agent.processor.parse_message`, in a process of their own with Rasa's
logging off (its debug log costs more than the work). What only the measuring needs is imported after the weighing.
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
from training.data.dataset import Example

N_WARM_UP = 20


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

    `nlg` names the class of the responder that is loaded with it, as in endpoints.yml. Raises
    FileNotFoundError that says how to make the model.
    """
    if not model.exists():
        raise FileNotFoundError(f"{model} is missing: there is no trained bot. Run `make run` or `uv run rasa train`.")
    began = time.perf_counter()
    quiet()
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
    after_mb = resident_mb(os.getpid())
    from benchmarks.understanding import understood

    return {
        "n_messages": len(examples),
        "parse_p50_ms": float(np.percentile(times, 50)),
        "parse_p95_ms": float(np.percentile(times, 95)),
        "import_s": import_s,
        "load_s": load_s,
        "imported_mb": before_mb,
        "resident_mb": after_mb,
        **understood(examples, parses),
    }
