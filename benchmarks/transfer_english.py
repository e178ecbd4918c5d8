"""MASSIVE, trained on English rows alone: what the other 23 languages get, with and without cross-lingual pre-training.

    uv run python -m benchmarks.transfer_english                        # 35 minutes on two cores, and 35 more the first time
    uv run python -m benchmarks.transfer_english --quick --out PATH     # a few rows and steps, to see that it runs

One architecture and one vocabulary from three starts: random weights; the pre-training on texts and translations alone, which
saw no label of any public set (made here the first time, kept in var/benchmarks); and the shipped starter encoder, whose
pre-training also learnt MASSIVE's labels in all languages, so that its figures are not of a transfer alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.massive import examples
from benchmarks.options import asked, percent, work_folder, write
from benchmarks.starts import QUICK, fine_tuned, some_of_each, starts
from nlu.parser import Parser
from training.config import NluConfig
from training.evaluation.measure_nlu import measure_nlu

SETTINGS = NluConfig(
    learning_rate=8e-4,
    epochs=10.0,
    batch_size=128,
    entity_weight=2.0,
    augment=0.1,
    swapped_values=0.3,
    token_dropout=0.05,
    kept_share=0.03,
    max_length=64,
    tagger_epochs=2,
)
QUICK_ROWS = 200
TAUGHT = "en"
PUBLISHED = ["XLM-R base, 270M (from memory; 50 languages, test partition)", "–", "70.6", "50.3", "38.7", "–"]
FIGURES = ("intent_accuracy", "entity_f1", "exact_match")


def means(languages: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Mean over the languages that were not taught, of each of `FIGURES`.

    >>> means({"en": {"intent_accuracy": 1.0, "entity_f1": 1.0, "exact_match": 1.0},
    ...        "de": {"intent_accuracy": 0.5, "entity_f1": 0.25, "exact_match": 0.0}})
    {'intent_accuracy': 0.5, 'entity_f1': 0.25, 'exact_match': 0.0}
    """
    others = [figures for language, figures in languages.items() if language != TAUGHT]
    return {name: sum(one[name] for one in others) / len(others) for name in FIGURES}


def tables(measured: Mapping[str, Mapping[str, Any]], seconds: Mapping[str, float]) -> list[dict[str, Any]]:
    """`measured[start][language]` -> the means beside the published ones, and each language."""
    rows = [
        [
            name,
            percent(languages[TAUGHT]["intent_accuracy"]),
            *map(percent, means(languages).values()),
            f"{seconds[name]:.0f}",
        ]
        for name, languages in measured.items()
    ]
    n_others = len(next(iter(measured.values()))) - 1
    shown = ["intent accuracy %", "slot F1 %", "exact match %"]
    each = [
        [language, *(percent(of[language][figure]) for figure in FIGURES[:2] for of in measured.values())]
        for language in next(iter(measured.values()))
    ]
    return [
        {
            "title": f"Trained on English rows alone: mean of the {n_others} other languages, MASSIVE dev",
            "columns": ["start", "English, intent accuracy %", *shown, "training, s"],
            "rows": [*rows, PUBLISHED],
            "note": "One architecture, one vocabulary; fine-tuned on English rows of the train partition. The pre-training "
            "without labels saw texts and translations of that partition and interface strings. The starter's also learnt "
            "its intents and slots in all languages: what a user gets, but no zero-shot figure. XLM-R's are from memory.",
        },
        {
            "title": "The same by language",
            "columns": [
                "language",
                *(f"{figure}, {name}" for figure in shown[:2] for name in measured),
            ],
            "rows": each,
        },
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Fine-tune from each start, measure, write the figures."""
    options = asked(__doc__ or "", Path("benchmarks/transfer_english.json"), given)
    rows = examples(options.corpora, "train", frozenset({TAUGHT}))
    dev = examples(options.corpora, "dev")
    config = SETTINGS
    if options.quick:
        rows, dev, config = some_of_each(rows, QUICK_ROWS), some_of_each(dev, 5), replace(config, **QUICK)
    measured, seconds = {}, {}
    with work_folder(options.quick) as work:
        for start in starts(options.encoder, Path(work), corpora_dir=options.corpora, quick=options.quick):
            folder = Path(work) / "transfer_english"
            seconds[start.name] = fine_tuned(config, rows, start, folder)
            parser = Parser(folder, n_threads=torch.get_num_threads())
            measured[start.name] = measure_nlu(parser, dev)["languages"]
    write(
        {
            "title": "MASSIVE: English rows alone, 23 other languages",
            "command": "uv run python -m benchmarks.transfer_english",
            "tables": tables(measured, seconds),
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
