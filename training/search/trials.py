"""One trial of a search: a short training with given settings, and its score on rows that it did not learn from.

The scores, higher is better: nlu, `NluScore.score` on situations kept aside; encoder, recall@1 of questions taken out of
their templates; writer, minus the loss per character on templates of topics kept aside; pretrain, minus the sum of the losses
on batches that no training draws. What is kept aside does not depend on the settings, so that trials can be compared, and
nothing of `tests/data` is read: the figures reported of a model stay those of unseen rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import torch

from retrieval.encoder import SentenceEncoder
from retrieval.templates import AnswerTemplate, topic_of
from training.adapters import adapted
from training.config import EncoderConfig, Fit, NluConfig, PretrainConfig, WriterConfig
from training.data.dataset import labels_of
from training.data.questions import Question
from training.encoder.train import train_encoder
from training.evaluation.measure_retrieval import found_in, indices_by_language, rank_of
from training.nlu.score import NluScore
from training.nlu.train import begin, fitting, split_for_calibration
from training.pretrain.batches import Mixture
from training.pretrain.static import OwnTexts, train_static
from training.pretrain.train import PretrainObjective, build_vocabulary, place_positions
from training.processes import device
from training.sources import borrowed_rows, switch_of
from training.stages import FOLDERS, Run, Stage, encoder_of
from training.trainer import NumberedBatches, fit, seed_everything
from training.transfer.setup import data_of
from training.writer.rows import Row, RowSource
from training.writer.train import IGNORED, WriterBatches, WriterObjective, writer_start

T = TypeVar("T", bound=Fit)
SPLIT_SEED = 11
KEPT_SHARE = 0.1
N_HELD_BATCHES, HELD_SIZE = 8, 32
SCALED = ("epochs", "steps", "static_steps", "min_steps")
"""Settings that say how long a training is."""
FIRST_HELD = 10_000_000
"""Number of a batch that no training reaches."""


def shortened(config: T, share: float) -> T:
    """The same training over `share` of its steps, at least one; `epochs` stays a fraction."""
    there = {entry.name for entry in fields(config)} & set(SCALED)
    scaled = {name: getattr(config, name) * share for name in there}
    whole = {name: max(1, round(value)) if name != "epochs" else value for name, value in scaled.items()}
    return replace(config, **whole)  # type: ignore[arg-type]


def score_of(stage: Stage, run: Run, config: Fit, work_dir: Path) -> float:
    """Train `config` in `work_dir`, where an interrupted training is gone on with, and score it; NaN where it diverged."""
    return float(TRIALS[stage](run, config, work_dir))


def _nlu(run: Run, config: NluConfig, work_dir: Path) -> float:
    seed_everything(config.seed)
    data = data_of(run)
    labels = labels_of(data.examples)
    learnt, kept = split_for_calibration(data.examples, SPLIT_SEED, share=KEPT_SHARE)
    learnt += fitting(borrowed_rows(config, data, run.corpora_dir), labels)
    begun = begin(
        config,
        labels,
        learnt,
        checkpoint=encoder_of(run, config),
        work_dir=work_dir,
        values=data.values,
        switch=switch_of(config, data, run.corpora_dir),
    )
    fit(
        begun.objective,
        draw=begun.batches.at,
        total=begun.total,
        settings=config,
        work_dir=work_dir,
        title="nlu trial",
        adversarial=config.adversarial,
    )
    with torch.no_grad():
        return NluScore(begun.objective.model.eval(), begun.sampler, labels, kept or learnt)()["score"]


def _encoder(run: Run, config: EncoderConfig, work_dir: Path) -> float:
    data = data_of(run)
    rest, questions = without_a_question(data.templates)
    folder = work_dir / FOLDERS[Stage.ENCODER]
    train_encoder(
        replace(config, export_loss=1.0),  # a trial that is half trained is scored, not refused
        examples=data.examples,
        templates=rest,
        corpora_dir=run.corpora_dir,
        # Never from the encoder that learnt intents: it has learnt those of the questions kept aside.
        checkpoint=encoder_of(run, config),
        folder=folder,
        work_dir=work_dir,
        answered=data.answered,
    )
    encoder = SentenceEncoder(folder, n_threads=torch.get_num_threads())
    indices = indices_by_language(rest, encoder)
    vectors = encoder.encode([question.text for question in questions])
    ranks = [rank_of(one, found_in(indices[one.language], row)) for one, row in zip(questions, vectors, strict=True)]
    return sum(rank == 1 for rank in ranks) / len(ranks)


def without_a_question(templates: Sequence[AnswerTemplate]) -> tuple[list[AnswerTemplate], list[Question]]:
    """One question of each template that has two or more, and the templates without it. Raises ValueError for none."""
    draw = random.Random(SPLIT_SEED)
    rest: list[AnswerTemplate] = []
    questions: list[Question] = []
    for template in sorted(templates, key=lambda one: one.id):
        if len(template.question_examples) > 1:
            text = draw.choice(template.question_examples)
            questions.append(Question(topic_of(template), template.language, text))
            others = tuple(one for one in template.question_examples if one != text)
            template = replace(template, question_examples=others)
        rest.append(template)
    if not questions:
        raise ValueError(
            "expected templates with two question examples or more, so that one can be kept aside; found none"
        )
    return rest, questions


def _writer(run: Run, config: WriterConfig, work_dir: Path) -> float:
    data = data_of(run)
    topics = sorted({topic_of(template) for template in data.templates})
    if len(topics) < 2:
        raise ValueError(f"expected templates of two topics or more, so that one can be kept aside; found {topics}")
    held = set(random.Random(SPLIT_SEED).sample(topics, max(1, round(KEPT_SHARE * len(topics)))))
    seed_everything(config.seed)
    learnt = RowSource(
        templates=[template for template in data.templates if topic_of(template) not in held],
        replies=data.replies,
        examples=data.examples,
        corpora_dir=run.corpora_dir,
        answered=data.answered,
    )
    # Not `train_writer`: its export compares hundreds of replies and refuses a model that is half trained.
    model, tokenizer = writer_start(config, learnt, work_dir / "torch")
    model = adapted(model, config, total=config.steps)
    batches = WriterBatches(config, learnt, tokenizer)
    objective = WriterObjective(model, config)
    fit(objective, draw=batches.at, total=config.steps, settings=config, work_dir=work_dir, title="writer trial")
    kept = RowSource(
        templates=[template for template in data.templates if topic_of(template) in held],
        replies={},
        examples=data.examples,
        corpora_dir=work_dir / "none",
    )
    draw = random.Random(SPLIT_SEED)
    rows = [kept.batch(HELD_SIZE, draw) for _ in range(N_HELD_BATCHES)]
    return -loss_per_character(model, tokenizer, rows, config)


@torch.no_grad()
def loss_per_character(model: Any, tokenizer: Any, batches: Sequence[Sequence[Row]], config: WriterConfig) -> float:
    """Nats that a reply's character costs the writer in torch: comparable between vocabularies, unlike a token's."""
    model.eval().to(device())

    def ids(texts: list[str], longest: int) -> Any:
        return tokenizer(texts, truncation=True, max_length=longest, padding=True, return_tensors="pt").to(device())

    nats, n_characters = 0.0, 0
    for rows in batches:
        prompts = ids([row.prompt for row in rows], config.max_input)
        replies = ids([row.reply for row in rows], config.max_output)
        labels = replies["input_ids"].masked_fill(replies["attention_mask"] == 0, IGNORED)
        loss = model(input_ids=prompts["input_ids"], attention_mask=prompts["attention_mask"], labels=labels).loss
        nats += float(loss) * int((labels != IGNORED).sum())
        n_characters += sum(len(row.reply) for row in rows)
    return nats / n_characters


def _pretrain(run: Run, config: PretrainConfig, work_dir: Path) -> float:
    seed_everything(config.seed)
    data = data_of(run)
    replies = {language: one["replies"] for language, one in data.replies.items()}
    own = OwnTexts(examples=data.examples, templates=data.templates, replies=replies)
    folder = work_dir / FOLDERS[Stage.PRETRAIN]
    if not (folder / "tokenizer.json").exists():
        build_vocabulary(config, run.corpora_dir, folder, own)
    embeddings = train_static(config, corpora_dir=run.corpora_dir, folder=folder, work_dir=work_dir / "static", own=own)
    mixture = Mixture(config, run.corpora_dir, folder)
    objective = PretrainObjective(config, sets=mixture.sets, n_tags=len(mixture.labels.tags))
    with torch.no_grad():
        objective.trunk.get_input_embeddings().weight.copy_(embeddings)
        place_positions(objective.trunk)
    fit(objective, draw=mixture.at, total=config.steps, settings=config, work_dir=work_dir, title="pretrain trial")
    return -_held_loss(run, config, objective, folder)


@torch.no_grad()
def _held_loss(run: Run, config: PretrainConfig, trained: PretrainObjective, folder: Path) -> float:
    """Mean sum of losses, with the temperature and on batches of the size of the run's own configuration."""
    own = run.config.pretrain
    mixture = Mixture(replace(own, vocabulary_size=config.vocabulary_size), run.corpora_dir, folder)
    held = NumberedBatches(lambda number: mixture.at(FIRST_HELD + number), n_batches=N_HELD_BATCHES, seed=SPLIT_SEED)
    objective = PretrainObjective(
        replace(config, temperature=own.temperature), sets=mixture.sets, n_tags=len(mixture.labels.tags)
    )
    objective.load_state_dict(trained.state_dict())
    losses = [torch.stack(list(objective.eval()(**held[number]).values())).sum() for number in range(len(held))]
    return float(torch.stack(losses).mean())


TRIALS: dict[Stage, Callable[[Run, Any, Path], float]] = {
    Stage.NLU: _nlu,
    Stage.ENCODER: _encoder,
    Stage.WRITER: _writer,
    Stage.PRETRAIN: _pretrain,
}
