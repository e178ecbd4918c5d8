"""Joint fine-tuning of the encoder on intents and entities, then calibration and export to int8 ONNX."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from nlu.calibration import HALVES, fit_mixture
from nlu.encoding import PAD, Encoded, bio_tags, pad
from nlu.labels import Labels
from nlu.lexical import MODEL_NAME as LEXICAL_NAME
from nlu.model import JointModel
from nlu.parser import Parser, ParserSettings
from nlu.tagger import MODEL_NAME as TAGGER_NAME
from store.manifest import FILE_NAME as MANIFEST_NAME
from store.manifest import sha256
from training.config import NluConfig
from training.data.augment import Values
from training.data.dataset import INTENT_ONLY, Example, labels_of
from training.evaluation.metrics import span_counts
from training.export import copy_tokenizer, export_joint
from training.lexical import train_lexical
from training.loop import device, fit_steps, follow, forget_checkpoint, matrices_in, seed_everything
from training.subwords import UNKNOWN, SubwordSampler
from training.tagger import train_tagger

KEPT_SHARE = 0.04
TRUNK_NAME = "trunk"
BASE_NAME = "base.sha256"
FEWEST_TO_WEIGH = 100
"""On fewer rows the weights are not fitted but taken as they stand here: the first of each."""
LEXICAL_WEIGHTS = (3.0, *HALVES)
TAG_WEIGHTS = {
    "transition_weight": (0.5, 0.0, 0.25, 0.75, 1.0),
    "tagger_weight": (0.5, 0.0, 0.25, 0.75, 1.0, 1.5),
    "entity_threshold": (0.2, 0.0, 0.1, 0.3),
}
"""Tried on rows held back, in this order; of two that are as good the first is taken."""
SORTED_TOGETHER = 50
"""Batches whose rows are sorted by length before they are drawn."""


def split_for_calibration(examples: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Most rows to learn from, a few to fit the temperature on, drawn from the training set only.

    Whole situations are kept, where rows name one: on a row whose like was learnt the model is surer than on what it will
    meet. The last rows of an intent or an entity are never kept.
    """
    groups: dict[tuple[str, str | int], list[Example]] = {}
    for number, row in enumerate(examples):
        groups.setdefault((row.intent, row.situation or number), []).append(row)
    drawn = sorted(groups, key=str)
    random.Random(seed).shuffle(drawn)
    names = {
        key: {key[0], *(f"entity {label}" for row in rows for _, _, label in row.spans)} for key, rows in groups.items()
    }
    left = Counter(name for key in drawn for name in names[key])
    kept: set[tuple[str, str | int]] = set()
    n_wanted = round(KEPT_SHARE * len(examples))
    for key in drawn:
        if n_wanted <= 0:
            break
        if all(left[name] > 1 for name in names[key]):
            left.subtract(names[key])
            kept.add(key)
            n_wanted -= len(groups[key])
    return (
        [row for key, rows in groups.items() if key not in kept for row in rows],
        [row for key, rows in groups.items() if key in kept for row in rows],
    )


class Batches:
    """The rows of a step, drawn from the step number alone: an epoch is a shuffled pass, languages balanced by data."""

    def __init__(
        self,
        examples: Sequence[Example],
        labels: Labels,
        sampler: SubwordSampler,
        config: NluConfig,
        *,
        values: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        self._examples = list(examples)
        self._labels = labels
        self._values = Values(examples, values)
        self._sampler = sampler
        self._config = config
        self._lengths = [len(sampler.best(row.text).input_ids) for row in self._examples]
        self._size = min(config.batch_size, len(self._examples))
        self.n_steps = max(config.min_steps, round(config.epochs * len(self._examples) / self._size))
        self._epoch = -1
        self._order: list[list[int]] = []

    def at(self, step: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """`input_ids` (n, t), intent ids (n,), tag ids (n, t) with -100 at padding."""
        draw = random.Random(self._config.seed * 1_000_003 + step)
        varied = self._values.varied
        rows = [
            varied(self._examples[index], draw, swapped=self._config.swapped_values, augment=self._config.augment)
            for index in self._indices(step)
        ]
        encoded = [self._sampler.sample(row.text) for row in rows]
        tags = [self._tags(one, row) for one, row in zip(encoded, rows, strict=True)]
        input_ids = torch.from_numpy(pad([one.input_ids for one in encoded], PAD))
        return (
            self._dropped(input_ids, step),
            torch.tensor([self._labels.intent_id(row.intent) for row in rows]),
            torch.from_numpy(pad(tags, -100)),
        )

    def _dropped(self, input_ids: torch.Tensor, step: int) -> torch.Tensor:
        """Replace a share of the tokens by `<unk>`, so that no single word decides."""
        generator = torch.Generator().manual_seed(self._config.seed * 1_000_003 + step)
        hit = (torch.rand(input_ids.shape, generator=generator) < self._config.token_dropout) & (input_ids > UNKNOWN)
        return torch.where(hit, torch.full_like(input_ids, UNKNOWN), input_ids)

    def _tags(self, encoded: Encoded, row: Example) -> list[int]:
        """A row of unknown entities (a template's question) teaches the intent only."""
        if row.situation == INTENT_ONLY:
            return [-100] * len(encoded.input_ids)
        return bio_tags(encoded.offsets, row.spans, self._labels)

    def _indices(self, step: int) -> list[int]:
        per_epoch = math.ceil(len(self._examples) / self._size)
        if step // per_epoch != self._epoch:
            self._epoch = step // per_epoch
            self._order = self._shuffled(random.Random(self._config.seed + self._epoch))
        return self._order[step % per_epoch]

    def _shuffled(self, draw: random.Random) -> list[list[int]]:
        """An epoch's batches, each of rows of about one length, so that little is spent on padding."""
        order = list(range(len(self._examples)))
        draw.shuffle(order)
        stretch = SORTED_TOGETHER * self._size
        batches: list[list[int]] = []
        for start in range(0, len(order), stretch):
            rows = sorted(order[start : start + stretch], key=self._lengths.__getitem__)
            batches += [rows[at : at + self._size] for at in range(0, len(rows), self._size)]
        draw.shuffle(batches)
        return batches


def train_nlu(
    config: NluConfig,
    *,
    examples: Sequence[Example],
    checkpoint: Path,
    folder: Path,
    work_dir: Path,
    borrowed: Sequence[Example] = (),
    values: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> Labels:
    """Fine-tune `checkpoint` on `examples` and write a folder that `nlu.parser.Parser` loads.

    `borrowed` rows are learnt from beside them; those of an intent or entity that `examples` do not have are left out.
    `values` by language and entity are drawn into the rows' entities.
    """
    seed_everything(config.seed)
    labels = labels_of(examples)
    learnt, kept = split_for_calibration(examples, config.seed)
    learnt += [row for row in borrowed if _fits(row, labels)]
    model = JointModel.from_checkpoint(checkpoint, n_intents=len(labels.intents), n_tags=len(labels.tags)).to(device())
    sampler = SubwordSampler(checkpoint, max_length=config.max_length)
    batches = Batches(learnt, labels, sampler, config, values=values)

    def losses_of(step: int) -> dict[str, torch.Tensor]:
        input_ids, intents, tags = (tensor.to(device()) for tensor in batches.at(step))
        with matrices_in(config.bf16):
            output = model(input_ids, (input_ids != PAD).long())
        intent = functional.cross_entropy(output.intent_logits.float(), intents, label_smoothing=config.label_smoothing)
        entity = functional.cross_entropy(output.tag_logits.float().flatten(0, 1), tags.flatten(), ignore_index=-100)
        return {"intent": intent, "entity": config.entity_weight * entity}

    steps = fit_steps(model, losses_of=losses_of, total=batches.n_steps, fit=config, checkpoint_dir=work_dir)
    follow(steps, total=batches.n_steps, title="nlu", log_dir=work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (MANIFEST_NAME, LEXICAL_NAME, TAGGER_NAME):  # of the weights that are replaced now
        (folder / name).unlink(missing_ok=True)
    labels.save(folder)
    copy_tokenizer(checkpoint, folder)
    ParserSettings(max_length=config.max_length).save(folder)
    save_trunk(model, checkpoint, work_dir / TRUNK_NAME)
    export_joint(model.cpu().eval(), folder)
    train_lexical(learnt, labels, folder, n_ngrams=config.n_ngrams)
    train_tagger(learnt, labels, folder, config, values=values)
    calibrated(folder, kept or learnt).save(folder)
    forget_checkpoint(work_dir)
    return labels


def save_trunk(model: JointModel, checkpoint: Path, folder: Path) -> None:
    """The fine-tuned encoder as a checkpoint of its own, from which the sentence encoder goes on."""
    model.encoder.save_pretrained(folder)  # type: ignore[operator]
    copy_tokenizer(checkpoint, folder, sampling=True)
    if (base := checkpoint / "model.safetensors").exists():  # written last: without it the folder is not taken
        (folder / BASE_NAME).write_text(sha256(base), "utf-8")


def _fits(row: Example, labels: Labels) -> bool:
    return row.intent in labels.intents and all(label in labels.entities for _, _, label in row.spans)


def calibrated(folder: Path, rows: Sequence[Example]) -> ParserSettings:
    """The settings of `folder`, with the weights of its models fitted on `rows`, which none of them should have learnt from.

    Of few rows only the temperature is learnt.
    """
    parser = Parser(folder, n_threads=torch.get_num_threads())
    encoded = [parser.encoder.encode(row.text) for row in rows]
    found = [parser.logits([one]) for one in encoded]
    mixture = fit_mixture(
        np.concatenate([intents for intents, _ in found]),
        np.stack([parser.lexical_logits(row.text) for row in rows]),
        np.array([parser.labels.intent_id(row.intent) for row in rows]),
        weights=LEXICAL_WEIGHTS if len(rows) >= FEWEST_TO_WEIGH else LEXICAL_WEIGHTS[:1],
    )
    known = [
        (row, one, parser.tag_parts(row.text, one, tags[0]))
        for row, one, (_, tags) in zip(rows, encoded, found, strict=True)
        if row.situation != INTENT_ONLY
    ]
    there = [set(row.spans) for row, _, _ in known]

    def entity_f1(settings: ParserSettings) -> float:
        entities = [parser.entities(row.text, one, parts, settings) for row, one, parts in known]
        spans = [{(entity.start, entity.end, entity.label) for entity in one} for one in entities]
        return span_counts(there, spans).f1

    settings = replace(parser.settings, temperature=mixture.temperature, lexical_weight=mixture.lexical_weight)
    for name, weights in TAG_WEIGHTS.items():
        weights = weights if len(known) >= FEWEST_TO_WEIGH else weights[:1]
        tried = [replace(settings, **{name: weight}) for weight in weights]  # type: ignore[arg-type]
        settings = max(tried, key=entity_f1)
    return settings
