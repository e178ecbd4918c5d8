"""Joint fine-tuning of the encoder on intents and entities, then the linear models beside it, weights and export."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from nlu.labels import Labels
from nlu.lexical import MODEL_NAME as LEXICAL_NAME
from nlu.model import JointModel
from nlu.parser import ParserSettings
from nlu.tagger import MODEL_NAME as TAGGER_NAME
from store.manifest import FILE_NAME as MANIFEST_NAME
from store.manifest import sha256
from training.adapters import adapted, has_prefix, merged
from training.checkpoints import copy_tokenizer, with_tokenizer
from training.config import NluConfig
from training.data.augment import Values
from training.data.codeswitch import CodeSwitch
from training.data.dataset import Example, labels_of
from training.export import export_joint
from training.export_checks import save_checks
from training.nlu.batches import IGNORED, Batches
from training.nlu.calibrate import calibrated
from training.nlu.lexical import train_lexical
from training.nlu.score import NluScore
from training.nlu.tagger import train_tagger
from training.processes import is_main, wait_for_all
from training.pruning import Teacher, joint_divergence, joint_teacher, pruned, save_joint
from training.subwords import SubwordSampler
from training.trainer import Looks, Objective, fit, forget_checkpoint, matrices_in, n_steps, seed_everything

TRUNK_NAME, TORCH_NAME = "trunk", "torch"
BASE_NAME = "base.sha256"


class NluObjective(Objective):
    """Cross entropy of intents and of tags; with `consistency` also what two samplings of a row do not agree in.

    With a teacher also how far the student's distributions are from its.
    """

    def __init__(
        self,
        model: JointModel,
        config: NluConfig,
        class_weights: torch.Tensor | None = None,
        teacher: Teacher | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self._config = config
        self._teacher = teacher
        self.register_buffer("_class_weights", class_weights, persistent=False)

    def embeddings(self) -> nn.Module:
        """The table that an adversarial step shifts."""
        return self.model.encoder.get_input_embeddings()  # type: ignore[operator,no-any-return]

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        """A batch of `training.nlu.batches` -> `intent`, `entity` and, where they are wanted, `consistency` and `distil`."""
        with matrices_in(self._config.bf16):
            output = self.model(batch["input_ids"], batch["attention_mask"])
            wanted = self._teacher(batch["input_ids"], batch["attention_mask"]) if self._teacher else None
        logits = output.intent_logits.float()
        losses = {
            "intent": functional.cross_entropy(
                logits,
                batch["intents"],
                weight=self._class_weights,  # type: ignore[arg-type]
                label_smoothing=self._config.label_smoothing,
            ),
            "entity": self._config.entity_weight
            * functional.cross_entropy(
                output.tag_logits.float().flatten(0, 1), batch["tags"].flatten(), ignore_index=IGNORED
            ),
        }
        if self._config.consistency:
            losses["consistency"] = self._config.consistency * symmetric_divergence(*logits.chunk(2))
        if wanted is not None:
            apart = joint_divergence(output, wanted, batch["attention_mask"], entity_weight=self._config.entity_weight)
            losses["distil"] = self._config.distil_weight * apart
        return losses


def symmetric_divergence(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean of both Kullback-Leibler divergences of two (n, k) logits, a scalar (R-Drop, arXiv:2106.14448)."""
    one, other = functional.log_softmax(left, -1), functional.log_softmax(right, -1)
    forth = functional.kl_div(one, other, log_target=True, reduction="batchmean")
    back = functional.kl_div(other, one, log_target=True, reduction="batchmean")
    return (forth + back) / 2


def class_weights_of(examples: Sequence[Example], labels: Labels, exponent: float) -> torch.Tensor | None:
    """(n_intents,) weights ~ share**-exponent, over all rows 1 in the mean; None for 0, where all rows count alike."""
    if not exponent:
        return None
    counts = Counter(row.intent for row in examples)
    found = torch.tensor([float(max(1, counts[name])) for name in labels.intents])
    weights = found**-exponent
    return weights * found.sum() / (weights * found).sum()


def split_for_calibration(
    examples: Sequence[Example], seed: int, *, share: float = NluConfig.kept_share
) -> tuple[list[Example], list[Example]]:
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
    n_wanted = round(share * len(examples))
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


@dataclass(frozen=True, slots=True)
class Begun:
    """A fine-tuning before its first step."""

    objective: NluObjective
    batches: Batches
    sampler: SubwordSampler
    values: Values
    learnt: list[Example]
    start: Path
    total: int


def begin(
    config: NluConfig,
    labels: Labels,
    learnt: list[Example],
    *,
    checkpoint: Path,
    work_dir: Path,
    values: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    switch: CodeSwitch | None = None,
) -> Begun:
    """Model, batches and objective over the rows `learnt`, as `config` wants them."""
    start = with_tokenizer(checkpoint, work_dir / "start")
    model = JointModel.from_checkpoint(start, labels=labels)
    model.encoder = pruned(model.encoder, config.n_layers)
    teacher = joint_teacher(Path(config.teacher), labels, start) if config.teacher else None
    sampler = SubwordSampler(start, max_length=config.max_length)
    pools = Values(learnt, values, switch=switch)
    batches = Batches(learnt, labels, sampler, config, values=pools)
    total = n_steps(batches.n_batches, config)
    model.encoder = adapted(model.encoder, config, total=total)
    objective = NluObjective(model, config, class_weights_of(learnt, labels, config.class_weight), teacher)
    return Begun(objective, batches, sampler, pools, learnt, start, total)


def train_nlu(
    config: NluConfig,
    *,
    examples: Sequence[Example],
    checkpoint: Path,
    folder: Path,
    work_dir: Path,
    borrowed: Sequence[Example] = (),
    values: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    switch: CodeSwitch | None = None,
) -> Labels:
    """Fine-tune `checkpoint` on `examples` and write a folder that `nlu.parser.Parser` loads.

    `borrowed` rows are learnt from beside them; those of an intent or entity that `examples` do not have are left out.
    `values` by language and entity are drawn into the rows' entities, phrases of other languages by `switch`.
    """
    seed_everything(config.seed)
    labels = labels_of(examples)
    learnt, kept = split_for_calibration(examples, config.seed, share=config.kept_share)
    begun = begin(
        config,
        labels,
        [*learnt, *fitting(borrowed, labels)],
        checkpoint=checkpoint,
        work_dir=work_dir,
        values=values,
        switch=switch,
    )
    model, start, pools, learnt = begun.objective.model, begun.start, begun.values, begun.learnt
    score = NluScore(model, begun.sampler, labels, kept or learnt)
    fit(
        begun.objective,
        draw=begun.batches.at,
        total=begun.total,
        settings=config,
        work_dir=work_dir,
        title="nlu",
        looks=Looks(score, config.evaluate_every, config.patience) if config.evaluate_every else None,
        adversarial=config.adversarial,
    )
    model.encoder = merged(model.encoder)
    if is_main():
        model.cpu().eval()
        if not has_prefix(model.encoder):
            save_trunk(model, start, checkpoint, work_dir / TRUNK_NAME)
            save_joint(model, labels, start, work_dir / TORCH_NAME)
        checks = export_joint(model, folder, labels=labels, held=kept, sampler=begun.sampler, limit=config.export_loss)
        save_checks(checks, work_dir)
        _write_beside(folder, start, labels, config)
        train_lexical(learnt, labels, folder, n_ngrams=config.n_ngrams)
        train_tagger(learnt, labels, folder, config, values=pools)
        calibrated(folder, kept or learnt).save(folder)
    forget_checkpoint(work_dir)
    wait_for_all()
    return labels


def _write_beside(folder: Path, start: Path, labels: Labels, config: NluConfig) -> None:
    for name in (MANIFEST_NAME, LEXICAL_NAME, TAGGER_NAME):  # of the weights that are replaced now
        (folder / name).unlink(missing_ok=True)
    labels.save(folder)
    copy_tokenizer(start, folder)
    ParserSettings(max_length=config.max_length).save(folder)


def save_trunk(model: JointModel, start: Path, checkpoint: Path, folder: Path) -> None:
    """The fine-tuned encoder as a checkpoint of its own, from which the sentence encoder goes on."""
    model.encoder.save_pretrained(folder)  # type: ignore[operator]
    copy_tokenizer(start, folder, sampling=True)
    if (base := checkpoint / "model.safetensors").exists():  # written last: without it the folder is not taken
        (folder / BASE_NAME).write_text(sha256(base), "utf-8")


def fitting(rows: Iterable[Example], labels: Labels) -> list[Example]:
    """The rows whose intent and entities are among the labels."""
    return [
        row
        for row in rows
        if row.intent in labels.intents and all(label in labels.entities for _, _, label in row.spans)
    ]
