"""Contrastive fine-tuning of the sentence encoder: what asks the same lies together, whatever the language.

sentence-transformers' model and losses, fitted by `training.trainer`: in-batch negatives both ways beside hard ones, over
the full width of a vector and halves of it, so that an index can be made smaller by cutting its vectors.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from retrieval.templates import AnswerTemplate
from training.adapters import adapted, has_prefix, merged
from training.checkpoints import copy_tokenizer, with_tokenizer
from training.config import EncoderConfig
from training.contrast import MaskedRankingLoss, narrowing
from training.data.dataset import Example
from training.encoder.negatives import hard_negatives
from training.encoder.pairs import PairSource, may_mean_the_same
from training.encoder.sentences import (
    Columns,
    SentenceGraph,
    column,
    replace_transformer,
    save_sentences,
    sentence_model,
    transformer_of,
)
from training.export import export_sentences
from training.export_checks import FEWEST_ROWS, save_checks
from training.logs.rows import Answered
from training.processes import is_main, wait_for_all
from training.pruning import Teacher, pruned, sentence_teacher, squared_distance
from training.subwords import SubwordSampler
from training.trainer import Objective, fit, forget_checkpoint, matrices_in, n_steps, seed_everything

N_MINED = 4
"""Hard negatives kept of each question; each time it is drawn, `hard_negatives` of them stand beside it."""
HELD_SHARE, N_HELD = 0.02, 200
"""Share of the utterances, and at most how many, that are kept aside for the comparison of the export."""


class EncoderObjective(Objective):
    """The ranking loss over columns of texts; with a teacher also how far their vectors are from its."""

    def __init__(self, graph: SentenceGraph, config: EncoderConfig, width: int, teacher: Teacher | None = None) -> None:
        super().__init__()
        self._config = config
        self._teacher = teacher
        self.columns = Columns(graph, width)
        ranking = MaskedRankingLoss(self.columns, scale=1 / config.temperature)  # type: ignore[arg-type]
        self._loss: nn.Module = narrowing(self.columns, ranking, width=width, halvings=config.narrow_widths)

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        """`columns` (left, right and perhaps hard negatives) with `same` -> `contrast` and, with a teacher, `distil`."""
        with matrices_in(self._config.bf16):
            encoded = [self.columns(one) for one in batch["columns"]]
            ours = [one["sentence_embedding"] for one in encoded]
            loss = self._loss(encoded, {"same": batch["same"]})
            theirs = [self._teacher(one)["sentence_embedding"] for one in batch["columns"]] if self._teacher else []
        losses = {"contrast": loss / (1 + self._config.narrow_widths)}
        if theirs:
            losses["distil"] = self._config.distil_weight * squared_distance(torch.cat(ours), torch.cat(theirs))
        return losses


class EncoderBatches:
    """Draws batch n from n alone."""

    def __init__(self, config: EncoderConfig, source: PairSource, sampler: SubwordSampler) -> None:
        self._config, self._source, self._sampler = config, source, sampler
        self.n_batches = max(1, round(config.epochs * source.n_texts / config.batch_size))

    def at(self, number: int) -> dict[str, Any]:
        """Two columns of texts, a third one where a pair brings hard negatives, and who may mean the same."""
        pairs = self._source.draw(self._config.batch_size, random.Random(self._config.seed * 1_000_003 + number))
        hard = [one.text for pair in pairs for one in pair.hard]
        texts = [[pair.left for pair in pairs], [pair.right for pair in pairs], *([hard] if hard else [])]
        return {"columns": [column(one, self._sampler) for one in texts], "same": may_mean_the_same(pairs)}


def train_encoder(
    config: EncoderConfig,
    *,
    examples: Sequence[Example],
    templates: Sequence[AnswerTemplate],
    corpora_dir: Path,
    checkpoint: Path,
    folder: Path,
    work_dir: Path,
    answered: Sequence[Answered] = (),
) -> None:
    """Fine-tune `checkpoint` and write a folder that `retrieval.encoder.SentenceEncoder` loads.

    `answered` are questions and answers of logged dialogues. The model in torch stays in `work_dir`.
    """
    seed_everything(config.seed)
    start = with_tokenizer(checkpoint, work_dir / "start")
    sampler = SubwordSampler(start, max_length=config.max_length)
    model = sentence_model(start)
    replace_transformer(model, pruned(transformer_of(model), config.n_layers))
    graph = SentenceGraph(model)
    examples, held = kept_aside(examples, config.seed)
    mined = hard_negatives(graph, sampler, templates, n_each=N_MINED) if config.hard_negatives else {}
    source = PairSource(examples, templates, corpora_dir, answered=answered, hard=mined, n_hard=config.hard_negatives)
    batches = EncoderBatches(config, source, sampler)
    total = n_steps(batches.n_batches, config)
    replace_transformer(model, adapted(transformer_of(model), config, total=total))
    width = int(graph(*_nothing()).shape[-1])
    teacher = sentence_teacher(Path(config.teacher), start, width=width) if config.teacher else None
    fit(
        EncoderObjective(graph, config, width, teacher),
        draw=batches.at,
        total=total,
        settings=config,
        work_dir=work_dir,
        title="encoder",
    )
    replace_transformer(model, merged(transformer_of(model)))
    if is_main():
        if not has_prefix(transformer_of(model)):
            save_sentences(model.cpu(), start, work_dir / "torch")
        texts = [row.text for row in held]
        checks = export_sentences(graph.cpu().eval(), folder, held=texts, sampler=sampler, limit=config.export_loss)
        save_checks(checks, work_dir)
        copy_tokenizer(start, folder)
    forget_checkpoint(work_dir)
    wait_for_all()


def kept_aside(examples: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Utterances to learn from, and others for the comparison of the export; none where they would be too few."""
    n_held = min(N_HELD, round(HELD_SHARE * len(examples)))
    held = set(random.Random(seed).sample(range(len(examples)), n_held)) if n_held >= FEWEST_ROWS else set()
    return (
        [row for number, row in enumerate(examples) if number not in held],
        [examples[number] for number in sorted(held)],
    )


@torch.no_grad()
def _nothing() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor([[0, 2]]), torch.tensor([[1, 1]])
