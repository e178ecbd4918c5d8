"""MASSIVE, trained on English rows alone: what the other 23 languages get, with and without cross-lingual pre-training.

    uv run python -m benchmarks.transfer_english                        # 35 minutes on two cores, and 35 more the first time
    uv run python -m benchmarks.transfer_english --quick --out PATH     # a few rows and steps, to see that it runs

One architecture and one vocabulary from three starts: random weights; the pre-training on texts and translations alone, which
saw no label of any public set (made here the first time, kept in var/benchmarks); and the shipped starter encoder, whose
pre-training also learnt MASSIVE's labels in all languages, so that its figures are not of a transfer alone. Other benchmarks
take the starts from here.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from transformers import XLMRobertaConfig, XLMRobertaModel

from benchmarks.massive import examples
from nlu.parser import Parser
from training.checkpoints import copy_tokenizer
from training.config import NluConfig, PretrainConfig, load_config
from training.data.corpora import lines, slots_of
from training.data.dataset import Example
from training.evaluation.measure_nlu import measure_nlu
from training.nlu.train import train_nlu
from training.pretrain.train import pretrain
from training.trainer import seed_everything

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
QUICK: dict[str, Any] = {"epochs": 0.01, "min_steps": 2, "batch_size": 16, "n_ngrams": 500, "n_tag_features": 500}
QUICK_PRETRAINING: dict[str, Any] = {
    "steps": 2, "static_steps": 2, "n_pairs": 8, "n_interface_pairs": 4, "n_masked": 4, "static_pairs": 16,
}  # fmt: skip
QUICK_ROWS = 200
ENCODER = Path("models/starter/encoder")
WORK_DIR = Path("var/benchmarks")
TAUGHT = "en"
PUBLISHED = ["XLM-R base, 270M (from memory; 50 languages, test partition)", "–", "70.6", "50.3", "38.7", "–"]
FIGURES = ("intent_accuracy", "entity_f1", "exact_match")


@dataclass(frozen=True, slots=True)
class Start:
    """An encoder to fine-tune, and its name in a table."""

    name: str
    folder: Path


def random_start(encoder: Path, folder: Path) -> Start:
    """`encoder`'s architecture and vocabulary with new weights, embeddings too."""
    seed_everything(SETTINGS.seed)
    XLMRobertaModel(XLMRobertaConfig.from_pretrained(encoder), add_pooling_layer=False).float().save_pretrained(folder)
    copy_tokenizer(encoder, folder, sampling=True)
    return Start("random weights", folder)


def label_free_start(encoder: Path, work_dir: Path, *, corpora_dir: Path, quick: bool = False) -> Start:
    """`encoder`'s architecture and vocabulary, pre-trained without a label; taken from `work_dir` where it lies there.

    An interrupted pre-training is gone on with.
    """
    shape = XLMRobertaConfig.from_pretrained(encoder)
    config = replace(
        load_config().pretrain,
        vocabulary_size=shape.vocab_size,
        hidden_size=shape.hidden_size,
        n_layers=shape.num_hidden_layers,
        n_heads=shape.num_attention_heads,
        feed_forward=shape.intermediate_size,
        **(QUICK_PRETRAINING if quick else {}),
    )
    stated = repr(config).encode() + (encoder / "tokenizer.json").read_bytes()
    folder = work_dir / f"label_free-{hashlib.sha256(stated).hexdigest()[:12]}"
    if not (folder / "model.safetensors").exists():
        _pretrain_without_labels(config, encoder, folder, corpora_dir)
    return Start("pre-trained without labels", folder)


def _pretrain_without_labels(config: PretrainConfig, encoder: Path, folder: Path, corpora_dir: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    copy_tokenizer(encoder, folder, sampling=True)
    with tempfile.TemporaryDirectory() as sets:
        without_labels(corpora_dir, Path(sets))
        pretrain(config, corpora_dir=Path(sets), folder=folder, work_dir=folder.with_name(f"{folder.name}-work"))


def without_labels(corpora_dir: Path, folder: Path) -> None:
    """Write MASSIVE's train partition with one intent and no slots into `folder`, beside the interface strings.

    With one class and one tag the losses of intents and slots are 0: texts and translations are all there is to learn.
    """
    (folder / "massive").mkdir(parents=True)
    for path in sorted((corpora_dir / "massive").glob("*.jsonl.gz")):
        with gzip.open(folder / "massive" / path.name, "wt", encoding="utf-8", compresslevel=1) as out:
            for record in map(json.loads, lines(path)):
                if record["partition"] == "train":
                    kept = {name: record[name] for name in ("id", "locale", "partition")}
                    text, _ = slots_of(record["annot_utt"])
                    row = {**kept, "intent": "request", "annot_utt": text}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / "ui_parallel.jsonl.gz").symlink_to((corpora_dir / "ui_parallel.jsonl.gz").resolve())


def starts(encoder: Path, work_dir: Path, *, corpora_dir: Path, quick: bool = False) -> list[Start]:
    """All three, in the order of what they know."""
    return [
        random_start(encoder, work_dir / "random"),
        label_free_start(encoder, work_dir, corpora_dir=corpora_dir, quick=quick),
        Start("starter encoder, pre-trained with MASSIVE's labels too", encoder),
    ]


def fine_tuned(config: NluConfig, rows: Sequence[Example], start: Start, folder: Path) -> float:
    """Train into `folder` from the beginning, whatever lies there; seconds it took."""
    work_dir = folder.with_name(f"{folder.name}-work")
    for old in (folder, work_dir):
        shutil.rmtree(old, ignore_errors=True)
    began = time.monotonic()
    train_nlu(config, examples=rows, checkpoint=start.folder, folder=folder, work_dir=work_dir)
    return time.monotonic() - began


def some_of_each(rows: Sequence[Example], n_each: int) -> list[Example]:
    """`n_each` rows of each language, evenly spread: neighbours in MASSIVE ask for much the same."""
    kept: dict[str, list[Example]] = {}
    for row in rows:
        kept.setdefault(row.language, []).append(row)
    return [row for group in kept.values() for row in group[:: max(1, len(group) // n_each)][:n_each]]


def means(languages: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Mean over the languages that were not taught, of each of `FIGURES`.

    >>> means({"en": {"intent_accuracy": 1.0, "entity_f1": 1.0, "exact_match": 1.0},
    ...        "de": {"intent_accuracy": 0.5, "entity_f1": 0.25, "exact_match": 0.0}})
    {'intent_accuracy': 0.5, 'entity_f1': 0.25, 'exact_match': 0.0}
    """
    others = [figures for language, figures in languages.items() if language != TAUGHT]
    return {name: sum(one[name] for one in others) / len(others) for name in FIGURES}


def percent(share: float) -> str:
    """`0.8549` -> `85.5`."""
    return f"{100 * share:.1f}"


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


def asked(
    doc: str, out: Path, given: Sequence[str] | None, *, encoder: Path = ENCODER, options: Sequence[str] = ()
) -> argparse.Namespace:
    """`quick`, `out`, `corpora`, `encoder` and further `options` that take a value; a quick run never writes to `out`."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few rows and steps; its figures say nothing")
    parser.add_argument("--out", type=Path, help=f"where the figures go (default: {out})")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/data"), help="folder of the public sets")
    parser.add_argument("--encoder", type=Path, default=encoder, help="encoder whose architecture and words are used")
    for name in options:
        parser.add_argument(f"--{name}", default=None)
    found = parser.parse_args(given)
    if found.quick and found.out is None:
        parser.error(f"--quick needs --out PATH: what it measures must not stand in {out}")
    found.out = found.out or out
    return found


def work_folder(quick: bool) -> Any:
    """Context with the folder to work in: var/benchmarks, or one that is gone afterwards."""
    return tempfile.TemporaryDirectory() if quick else nullcontext(str(WORK_DIR))


def write(result: Mapping[str, Any], out: Path) -> None:
    """The figures as docs/results.md takes them."""
    out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


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
