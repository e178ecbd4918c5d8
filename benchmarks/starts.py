"""Encoders of one architecture and vocabulary for benchmarks to start from (random, pre-trained without labels, shipped),
and a fine-tuning from them.

The shipped encoder's pre-training learnt the labels of public sets (MASSIVE, Banking77, CLINC150, train partitions): what is
measured on labels of those must not start from it, or must say so.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transformers import XLMRobertaConfig, XLMRobertaModel

from training.checkpoints import copy_tokenizer
from training.config import NluConfig, PretrainConfig, load_config
from training.data.corpora import lines, slots_of
from training.data.dataset import Example
from training.nlu.train import train_nlu
from training.pretrain.train import pretrain
from training.trainer import seed_everything

QUICK: dict[str, Any] = {"epochs": 0.01, "min_steps": 2, "batch_size": 16, "n_ngrams": 500, "n_tag_features": 500}
"""Settings of a fine-tuning that only shows that it runs."""
QUICK_PRETRAINING: dict[str, Any] = {
    "steps": 2, "static_steps": 2, "n_pairs": 8, "n_interface_pairs": 4, "n_masked": 4, "static_pairs": 16,
}  # fmt: skip
SEED = 7


@dataclass(frozen=True, slots=True)
class Start:
    """An encoder to fine-tune, and its name in a table."""

    name: str
    folder: Path


def random_start(encoder: Path, folder: Path) -> Start:
    """`encoder`'s architecture and vocabulary with new weights, embeddings too."""
    seed_everything(SEED)
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


def fine_tuned(
    config: NluConfig, rows: Sequence[Example], start: Start, folder: Path, *, resume: bool = False
) -> float:
    """Train into `folder`, from the beginning whatever lies there unless it is to `resume`; seconds of this process."""
    work_dir = folder.with_name(f"{folder.name}-work")
    for old in () if resume else (folder, work_dir):
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
