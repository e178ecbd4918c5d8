"""Texts a second of each trainer, on this machine's GPU where it has one, else on its CPU, and what bounds it.

    uv run python -m benchmarks.throughput                          # 5 minutes on two cores, 3 on a GPU
    CUDA_VISIBLE_DEVICES= uv run python -m benchmarks.throughput    # the CPU of a machine with a GPU
    uv run python -m benchmarks.throughput --quick --out PATH       # 3 steps each, to see that it runs

30 steps after 5 that warm up, through `training.trainer.fit`: what is measured is what a training does. Figures of other
devices that stand in the file are kept. On a GPU matrix products run in bfloat16, with and without torch.compile.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import nn

from benchmarks.options import asked, write
from benchmarks.speed import machine
from nlu.model import JointModel
from retrieval.templates import AnswerTemplate, read_templates
from training.config import Fit, TrainingConfig, load_config
from training.data.dataset import Example, labels_of, read_nlu, read_replies
from training.encoder.pairs import PairSource, Text
from training.encoder.sentences import SentenceGraph, sentence_model
from training.encoder.train import N_MINED, EncoderBatches, EncoderObjective
from training.nlu.batches import Batches
from training.nlu.train import NluObjective
from training.pretrain.batches import Mixture
from training.pretrain.static import Groups, OwnTexts, StaticBatches, StaticObjective
from training.pretrain.train import PretrainObjective
from training.subwords import SubwordSampler
from training.trainer import Objective, fit
from training.writer.rows import RowSource
from training.writer.train import WriterBatches, WriterObjective, writer_model, writer_tokenizer

WARM_UP, STEPS = 5, 30
QUICK_STEPS = 3
WRITER = Path("models/starter/writer")
DATA_DIR = Path("data")
PEAKS = {
    "H100 PCIe": 756e12, "H100": 989e12, "H200": 989e12, "B200": 2250e12, "A100": 312e12, "L40S": 362e12, "L4": 121e12,
    "RTX 4090": 165e12,
}  # fmt: skip
"""Dense bfloat16 operations a second by a part of the device's name (NVIDIA's data sheets, without sparsity)."""


@dataclass(frozen=True, slots=True)
class Own:
    """Our own data, and the vocabulary and models that a trainer starts from."""

    config: TrainingConfig
    examples: Sequence[Example]
    templates: Sequence[AnswerTemplate]
    corpora_dir: Path
    encoder: Path
    writer: Path


@dataclass(frozen=True, slots=True)
class Workload:
    """A trainer's objective and batches; `weights` are those that each token is multiplied with, forth and in labels."""

    objective: Objective
    draw: Callable[[int], dict[str, Any]]
    settings: Fit
    weights: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Count:
    """Texts of a batch, and tokens of its inputs and labels without padding."""

    texts: int = 0
    tokens: int = 0
    label_tokens: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.texts + other.texts, self.tokens + other.tokens, self.label_tokens + other.label_tokens)


@dataclass(frozen=True, slots=True)
class Pace:
    """Medians over the steps: seconds to draw a batch and for the step itself; means of texts and operations a step."""

    draw_s: float
    step_s: float
    texts: float
    operations: float

    @property
    def texts_per_s(self) -> float:
        """Texts a second, drawing and stepping one after the other as a training without workers does."""
        return self.texts / (self.draw_s + self.step_s)

    def share_of(self, peak: float | None) -> float | None:
        """Share of the peak while a step runs; None where it is not known or nothing is multiplied."""
        return self.operations / self.step_s / peak if peak and self.operations else None


def pretrain_workload(own: Own) -> Workload:
    """The trunk with its four signals."""
    config = own.config.pretrain
    mixture = Mixture(config, own.corpora_dir, own.encoder)
    objective = PretrainObjective(config, sets=mixture.sets, n_tags=len(mixture.labels.tags))
    return Workload(objective, mixture.at, config, (multiplied(objective.trunk), 0))


def static_workload(own: Own) -> Workload:
    """Embeddings alone: sums of table rows, nothing is multiplied with weights."""
    config = own.config.pretrain
    groups = Groups(own.corpora_dir, OwnTexts(own.examples, own.templates))
    sampler = SubwordSampler(own.encoder, max_length=config.max_length)
    objective = StaticObjective(config, {name: len(ids) for name, ids in groups.ids.items()})
    return Workload(objective, StaticBatches(config, groups, sampler).at, config.static_fit(), (0, 0))


def nlu_workload(own: Own) -> Workload:
    """Intents and entities of our own utterances."""
    config, labels = own.config.nlu, labels_of(own.examples)
    model = JointModel.from_checkpoint(own.encoder, labels=labels)
    sampler = SubwordSampler(own.encoder, max_length=config.max_length)
    batches = Batches(own.examples, labels, sampler, config)
    return Workload(NluObjective(model, config), batches.at, config, (multiplied(model), 0))


def encoder_workload(own: Own) -> Workload:
    """Pairs with hard negatives; these are drawn at random, which costs what mined ones cost."""
    config = own.config.encoder
    draw = random.Random(config.seed)
    texts = [Text(one.text, one.id, one.intent) for one in own.templates]
    hard = {question: draw.choices(texts, k=N_MINED) for one in own.templates for question in one.question_examples}
    source = PairSource(own.examples, own.templates, own.corpora_dir, hard=hard, n_hard=config.hard_negatives)
    graph = SentenceGraph(sentence_model(own.encoder))
    with torch.no_grad():
        width = int(graph(torch.tensor([[0, 2]]), torch.tensor([[1, 1]])).shape[-1])
    batches = EncoderBatches(config, source, SubwordSampler(own.encoder, max_length=config.max_length))
    return Workload(EncoderObjective(graph, config, width), batches.at, config, (multiplied(graph), 0))


def writer_workload(own: Own) -> Workload:
    """Replies from prompts; the decoder's tokens also go through the output layer."""
    config = own.config.writer
    source = RowSource(
        templates=own.templates,
        replies=read_replies(DATA_DIR / "replies"),
        examples=own.examples,
        corpora_dir=own.corpora_dir,
    )
    model = writer_model(config)
    batches = WriterBatches(config, source, writer_tokenizer(own.writer))
    output = config.vocabulary_size * config.hidden_size
    weights = (multiplied(model.encoder), multiplied(model.decoder) + output)
    return Workload(WriterObjective(model, config), batches.at, config, weights)


WORKLOADS: dict[str, Callable[[Own], Workload]] = {
    "pretrain": pretrain_workload,
    "static": static_workload,
    "nlu": nlu_workload,
    "encoder": encoder_workload,
    "writer": writer_workload,
}


def multiplied(model: nn.Module) -> int:
    """Weights of matrix products: all matrices but the tables that are only looked up in."""
    tables = {id(one.weight) for one in model.modules() if isinstance(one, (nn.Embedding, nn.EmbeddingBag))}
    return sum(one.numel() for one in model.parameters() if one.ndim > 1 and id(one) not in tables)


def counted(batch: object) -> Count:
    """Texts and tokens of a batch of any trainer."""
    if isinstance(batch, list):
        return sum(map(counted, batch), Count())
    if not isinstance(batch, Mapping):
        return Count()
    if "offsets" in batch:
        return Count(len(batch["offsets"]), len(batch["ids"]))
    found = sum(map(counted, batch.values()), Count())
    if "attention_mask" in batch:
        found += Count(len(batch["attention_mask"]), int(batch["attention_mask"].sum()))
    if "labels" in batch:
        found += Count(label_tokens=int((batch["labels"] >= 0).sum()))
    return found


class Clock:
    """A trainer's `draw` that remembers when each batch was asked for and given; between two of them lies one step."""

    def __init__(self, draw: Callable[[int], dict[str, Any]]) -> None:
        self._draw = draw
        self.asked_s: list[float] = []
        self.drawn_s: list[float] = []
        self.given_s: list[float] = []
        self.counts: list[Count] = []

    def __call__(self, number: int) -> dict[str, Any]:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.asked_s.append(time.perf_counter())
        batch = self._draw(number)
        self.drawn_s.append(time.perf_counter())
        self.counts.append(counted(batch))
        self.given_s.append(time.perf_counter())
        return batch

    def pace(self, warm_up: int, weights: tuple[int, int]) -> Pace:
        """Over the steps after `warm_up`; 6 operations a weight and token: 2 forth, 4 back (arXiv:2001.08361, 2.1)."""
        places = range(warm_up, len(self.asked_s) - 1)
        counts = [self.counts[place] for place in places]
        inputs, labels = weights
        return Pace(
            draw_s=median(self.drawn_s[place] - self.asked_s[place] for place in places),
            step_s=median(self.asked_s[place + 1] - self.given_s[place] for place in places),
            texts=sum(one.texts for one in counts) / len(counts),
            operations=sum(6 * (inputs * one.tokens + labels * one.label_tokens) for one in counts) / len(counts),
        )


def paced(work: Workload, *, steps: int, compiled: bool = False) -> Pace:
    """Fit for a while and say how fast it went."""
    clock = Clock(work.draw)
    with tempfile.TemporaryDirectory() as folder:
        fit(
            work.objective,
            draw=clock,
            total=WARM_UP + steps + 1,
            settings=replace(work.settings, compile=compiled),
            work_dir=Path(folder),
            title="throughput",
        )
    return clock.pace(WARM_UP, work.weights)


def peak_of(device: str) -> float | None:
    """Operations a second of a GPU's name by its longest known part; None for any other device.

    >>> peak_of("NVIDIA H100 80GB HBM3"), peak_of("NVIDIA L40S"), peak_of("AMD EPYC")
    (989000000000000.0, 362000000000000.0, None)
    """
    known = sorted((name for name in PEAKS if name in device), key=len)
    return PEAKS[known[-1]] if known else None


def shown(trainer: str, kind: str, pace: Pace, device: str) -> list[str]:
    """A table's row."""
    share = pace.share_of(peak_of(device))
    return [
        trainer,
        kind,
        f"{pace.texts_per_s:.0f}",
        f"{1000 * pace.draw_s:.1f}",
        f"{1000 * pace.step_s:.1f}",
        "drawing batches" if pace.draw_s > pace.step_s else "the step",
        "–" if share is None else f"{100 * share:.2f}",
    ]


def tables(parts: Mapping[str, Sequence[Sequence[str]]]) -> list[dict[str, Any]]:
    """A table for each device."""
    columns = ["trainer", "numbers", "texts/s", "drawing a batch, ms", "step, ms", "bound by", "share of peak %"]
    return [
        {
            "title": f"Training on {device}",
            "columns": columns,
            "rows": [list(row) for row in rows],
            "note": "Batch sizes of the configuration; a text is one sequence (a pair is two). Medians of the steps after "
            "warming up; batches are drawn in the training's own process (`workers` draws them beside it). Share of peak, while "
            "a step runs: 6 operations a weight and token over the card's dense bfloat16 peak, without attention scores and "
            "padding.",
        }
        for device, rows in parts.items()
    ]


def keep(row: list[str], device: str, out: Path) -> None:
    """Put a row into the file, in place of what the same device gave for it before; all others are kept."""
    before: dict[str, list[list[str]]] = json.loads(out.read_text("utf-8"))["parts"] if out.exists() else {}
    others = [one for one in before.get(device, []) if one[:2] != row[:2]]
    parts = {**before, device: [*others, row]}
    write(
        {
            "title": "Throughput of the trainers",
            "command": "uv run python -m benchmarks.throughput",
            "tables": tables(parts),
            "parts": parts,
        },
        out,
    )


def main(given: Sequence[str] | None = None) -> int:
    """Measure each trainer and write its figures at once, so that one that fails takes none of the others with it."""
    options = asked(__doc__ or "", Path("benchmarks/throughput.json"), given, options=["config", "writer", "only"])
    if options.only not in (None, *WORKLOADS):
        raise ValueError(f"--only: expected one of {', '.join(WORKLOADS)}, found {options.only!r}: name one of them")
    config = load_config(Path(options.config)) if options.config else load_config()
    own = Own(
        config=config,
        examples=read_nlu(DATA_DIR / "nlu"),
        templates=read_templates((DATA_DIR / "templates").glob("*.jsonl")),
        corpora_dir=options.corpora,
        encoder=options.encoder,
        writer=Path(options.writer or WRITER),
    )
    on_gpu = torch.cuda.is_available()
    device = torch.cuda.get_device_name() if on_gpu else machine()
    kinds = {"bfloat16": False, "bfloat16, compiled": True} if on_gpu else {"float32": False}
    for name, make in WORKLOADS.items():
        if options.only not in (None, name):
            continue
        for kind, compiled in kinds.items():
            pace = paced(make(own), steps=QUICK_STEPS if options.quick else STEPS, compiled=compiled)
            keep(shown(name, kind, pace, device), device, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
