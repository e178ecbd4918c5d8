"""The same rows of MASSIVE through Rasa's DIET and through our trainer, on the same machine.

    uv run python -m benchmarks.diet_massive                        # 20 minutes on two cores
    uv run python -m benchmarks.diet_massive --quick --out PATH     # a few rows and epochs, to see that it runs (2 minutes)

English and German, every tenth situation of the train partition; measured on all of dev in both, spans compared exactly. Rasa
and its TensorFlow live in processes of their own. Ours starts from random weights, which know as little as DIET's, and from both
pre-trained encoders.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import yaml

from benchmarks.massive import examples
from benchmarks.options import WORK_DIR, asked, percent, work_folder, write
from benchmarks.parsing import quiet
from benchmarks.speed import machine
from benchmarks.starts import QUICK, fine_tuned, some_of_each, starts
from benchmarks.stock_pipeline import StockSettings, train_apart
from benchmarks.transfer_english import FIGURES
from benchmarks.understanding import FALLBACK, best_intent
from nlu.parser import Parser
from nlu.types import Entity, Intent, Parse
from training.config import NluConfig
from training.data.dataset import Example
from training.evaluation.measure_nlu import ParsesTexts, measure_nlu

LANGUAGES = ("en", "de")
EVERY = 10
QUICK_EVERY = 400
DIET_EPOCHS = 25
SETTINGS = NluConfig(
    learning_rate=8e-4,
    epochs=20.0,
    batch_size=64,
    entity_weight=2.0,
    augment=0.1,
    swapped_values=0.3,
    kept_share=0.04,
    max_length=64,
    tagger_epochs=3,
)


def subset(rows: Sequence[Example], every: int) -> list[Example]:
    """Rows of every so manieth situation, in all their languages: what is left out is left out in each."""
    kept = set(sorted({row.situation for row in rows})[::every])
    return [row for row in rows if row.situation in kept]


def annotated(row: Example) -> str:
    """Rasa's notation of a row.

    >>> annotated(Example("wake me on friday", "en", "alarm_set", "1", ((11, 17, "date"),)))
    'wake me on [friday](date)'
    """
    text = row.text
    for start, end, label in sorted(row.spans, reverse=True):
        text = f"{text[:start]}[{text[start:end]}]({label}){text[end:]}"
    return text


def write_rasa(rows: Sequence[Example], folder: Path) -> None:
    """One `<language>.yml` each, as `training.data.dataset.read_nlu` and Rasa read it."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        found.setdefault(row.language, {}).setdefault(row.intent, []).append(f"- {annotated(row)}\n")
    for language, intents in found.items():
        blocks = [{"intent": intent, "examples": "".join(lines)} for intent, lines in sorted(intents.items())]
        text = yaml.safe_dump({"nlu": blocks}, allow_unicode=True, width=10_000)
        (folder / f"{language}.yml").write_text(text, "utf-8")


def as_parse(found: Mapping[str, Any]) -> Parse:
    """Rasa's parse as ours, before the fallback's threshold."""
    ranked = [Intent(one["name"], one["confidence"]) for one in found["intent_ranking"] if one["name"] != FALLBACK]
    entities = [
        Entity(one["entity"], one["start"], one["end"], one["value"], one.get("confidence_entity", 1.0))
        for one in found["entities"]
    ]
    return Parse(tuple(ranked or [Intent(best_intent(found), 0.0)]), tuple(entities))


class RasaParser:
    """A Rasa archive behind `ParsesTexts`."""

    def __init__(self, model: Path) -> None:
        quiet()
        import rasa.engine.recipes.default_components  # noqa: F401
        from rasa.core.agent import Agent
        from rasa.core.channels.channel import UserMessage

        self._loop = asyncio.new_event_loop()
        self._agent, self._message = Agent.load(str(model)), UserMessage

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """One parse a text."""
        found = (self._agent.processor.parse_message(self._message(text)) for text in texts)
        return [as_parse(self._loop.run_until_complete(one)) for one in found]


def measure(parser: ParsesTexts, rows: Sequence[Example]) -> dict[str, Any]:
    """What a table needs of `measure_nlu`: `languages` and `overall`, each `FIGURES`."""
    found = measure_nlu(parser, rows)
    languages = {language: {name: one[name] for name in FIGURES} for language, one in found["languages"].items()}
    return {"languages": languages, "overall": {name: found["overall"][name] for name in FIGURES}}


def measure_stock(model: Path, *, corpora_dir: Path, quick: bool) -> dict[str, Any]:
    """`measure` of a Rasa archive in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.diet_massive", "--model", str(model)]
        command += ["--out", str(out), "--corpora", str(corpora_dir), *(["--quick"] if quick else [])]
        subprocess.run(command, check=True)
        figures: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return figures


def held_out(corpora_dir: Path, *, quick: bool) -> list[Example]:
    """The dev partition in both languages; a few rows of it where it shall be quick."""
    rows = examples(corpora_dir, "dev", frozenset(LANGUAGES))
    return some_of_each(rows, 10) if quick else rows


def tables(
    measured: Mapping[str, Mapping[str, Any]], seconds: Mapping[str, float], *, n_learnt: int, n_measured: int
) -> list[dict[str, Any]]:
    """One row a system."""
    rows = [
        [
            name,
            *(percent(figures["languages"][language]["intent_accuracy"]) for language in LANGUAGES),
            *(percent(figures["overall"][figure]) for figure in FIGURES),
            f"{seconds[name]:.0f}",
        ]
        for name, figures in measured.items()
    ]
    return [
        {
            "title": f"{n_learnt} rows of MASSIVE ({' and '.join(LANGUAGES)}), measured on {n_measured} of dev",
            "columns": [
                "system",
                *(f"intent accuracy {language} %" for language in LANGUAGES),
                "intent accuracy %",
                "entity F1 %",
                "exact match %",
                "training, s",
            ],
            "rows": rows,
            "note": f"On {machine()}; every {EVERY}th situation of the train partition. DIET: Rasa's stock pipeline, "
            f"{DIET_EPOCHS} epochs, random seed 7; ours: {SETTINGS.epochs:.0f} epochs with the linear models beside the encoder, "
            "calibration and export. Only random weights know as little as DIET before; the starter's pre-training learnt all "
            "of MASSIVE's train partition with its labels. Micro F1 of exact spans.",
        }
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Train both, measure both, write the figures; with `--model` only measure that archive."""
    options = asked(__doc__ or "", Path("benchmarks/diet_massive.json"), given, options=["model"])
    dev = held_out(options.corpora, quick=options.quick)
    if options.model:
        write(measure(RasaParser(Path(options.model)), dev), options.out)
        return 0
    every, epochs, config = EVERY, DIET_EPOCHS, SETTINGS
    if options.quick:
        every, epochs, config = QUICK_EVERY, 2, replace(config, **QUICK)
    rows = subset(examples(options.corpora, "train", frozenset(LANGUAGES)), every)
    data_dir = WORK_DIR / f"diet_massive{'_quick' if options.quick else ''}"
    write_rasa(rows, data_dir)
    stock = train_apart(StockSettings(keep_every=1, epochs=epochs, data_dir=data_dir))
    name = f"Rasa's DIET, {epochs} epochs"
    measured = {name: measure_stock(stock.path, corpora_dir=options.corpora, quick=options.quick)}
    seconds = {name: stock.training_s}
    with work_folder(options.quick) as work:
        for start in starts(options.encoder, Path(work), corpora_dir=options.corpora, quick=options.quick):
            name = f"Xenia, {start.name}"
            seconds[name] = fine_tuned(config, rows, start, Path(work) / "diet_massive_nlu")
            parser = Parser(Path(work) / "diet_massive_nlu", n_threads=torch.get_num_threads())
            measured[name] = measure(parser, dev)
    write(
        {
            "title": "MASSIVE through Rasa's DIET and through ours",
            "command": "uv run python -m benchmarks.diet_massive",
            "tables": tables(measured, seconds, n_learnt=len(rows), n_measured=len(dev)),
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
