"""A smaller student of a larger model of ours: fewer layers of it, and the teacher's distributions to learn from.

`pruned` thins out the layers of an encoder (arXiv:1910.01108, 3); a `Teacher` answers beside the student during its
training, and `divergence` or `squared_distance` pull the student to what it says. A joint model is kept in torch by
`save_joint`: the folder is a checkpoint of its encoder as well, so that one folder can be start and teacher.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from nlu.labels import FILE_NAME as LABELS_NAME
from nlu.labels import Labels
from nlu.model import JointModel, JointOutput
from training.checkpoints import copy_tokenizer
from training.encoder.sentences import Columns, SentenceGraph, sentence_model
from training.processes import device
from training.vocabulary import TOKENIZER_NAME

HEADS_NAME = "heads.safetensors"
ENCODER_PREFIX = "encoder."
TEMPERATURE = 2.0
"""Of both distributions of a distillation: what a teacher holds for less likely counts, too (arXiv:1503.02531, 2)."""


class Teacher:
    """A model that only answers. No module: it is neither saved with its student, nor counted or switched to training."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model.to(device()).eval().requires_grad_(False)

    @torch.no_grad()
    def __call__(self, *inputs: Any) -> Any:
        """What the model says, without a gradient."""
        return self._model(*inputs)


def kept_layers(n_layers: int, n_kept: int) -> tuple[int, ...]:
    """Places of the layers that stay, evenly spread, the first and the last among them (of one the first).

    Raises ValueError where there are not as many.

    >>> kept_layers(12, 6)
    (0, 2, 4, 7, 9, 11)
    >>> kept_layers(4, 2)
    (0, 3)
    """
    if not 1 <= n_kept <= n_layers:
        raise ValueError(f"n_layers: expected 1 to {n_layers}, as many as the checkpoint has, found {n_kept}")
    return tuple(round(place * (n_layers - 1) / max(1, n_kept - 1)) for place in range(n_kept))


def pruned(encoder: nn.Module, n_layers: int) -> nn.Module:
    """`encoder` with `n_layers` of its layers (`kept_layers`), changed in place; 0 keeps all.

    Raises ValueError for an encoder that is not of the BERT family (BERT, XLM-R, MiniLM, mE5 ...).
    """
    if not n_layers:
        return encoder
    stack = getattr(encoder, "encoder", None)
    layers = getattr(stack, "layer", None)
    if stack is None or not isinstance(layers, nn.ModuleList):
        raise ValueError(
            f"n_layers: expected an encoder of the BERT or XLM-R family, found {type(encoder).__name__}; set n_layers = 0"
        )
    stack.layer = nn.ModuleList(layers[place] for place in kept_layers(len(layers), n_layers))
    encoder.config.num_hidden_layers = n_layers  # type: ignore[union-attr]
    return encoder


def save_joint(model: JointModel, labels: Labels, start: Path, folder: Path) -> None:
    """The whole joint model in torch: encoder and heads, labels, and the tokenizer of the checkpoint `start`."""
    folder.mkdir(parents=True, exist_ok=True)
    model.encoder.save_pretrained(folder)  # type: ignore[operator]
    heads = {name: one for name, one in model.state_dict().items() if not name.startswith(ENCODER_PREFIX)}
    save_file({name: one.detach().cpu().contiguous() for name, one in heads.items()}, folder / HEADS_NAME)
    labels.save(folder)
    copy_tokenizer(start, folder, sampling=True)


def load_joint(folder: Path) -> JointModel:
    """The model of `save_joint`, float32, on the CPU; raises FileNotFoundError that names what is missing."""
    for name in (HEADS_NAME, LABELS_NAME):
        if not (folder / name).exists():
            raise FileNotFoundError(
                f"{folder / name} is missing: expected a joint model in torch, as `uv run xenia train --only nlu` leaves "
                "it in models/work/nlu/torch. Copy that folder to a place that no training clears, and name the copy."
            )
    model = JointModel.from_checkpoint(folder, labels=Labels.load(folder))
    found = {f"{ENCODER_PREFIX}{name}": one for name, one in model.encoder.state_dict().items()}
    model.load_state_dict(found | load_file(folder / HEADS_NAME))
    return model.eval()


def joint_teacher(folder: Path, labels: Labels, start: Path) -> Teacher:
    """The joint model of `folder` for a student with these labels and the tokenizer of the checkpoint `start`.

    Raises ValueError where labels or tokenizer are others.
    """
    model = load_joint(folder)
    known = Labels.load(folder)
    for name, theirs, ours in (
        ("intents", known.intents, labels.intents),
        ("entities", known.entities, labels.entities),
    ):
        if theirs != ours:
            raise ValueError(
                f"teacher: {folder} has other {name} than the training data: only there "
                f"{sorted(set(theirs) - set(ours))}, only here {sorted(set(ours) - set(theirs))}. Train it on this data."
            )
    _check_tokenizer(folder, start)
    return Teacher(model)


def sentence_teacher(folder: Path, start: Path, *, width: int) -> Teacher:
    """The sentence encoder of `folder`, as `training.encoder.sentences.Columns`, for a student whose vectors are `width` long.

    Raises ValueError where the width or the tokenizer is another.
    """
    graph = SentenceGraph(sentence_model(folder)).eval()
    _check_tokenizer(folder, start)
    with torch.no_grad():
        found = graph(torch.tensor([[0, 2]]), torch.ones(1, 2, dtype=torch.long)).shape[-1]
    if found != width:
        raise ValueError(
            f"teacher: {folder} gives vectors of {found} numbers, the student of {width}: expected the same. Take a "
            "teacher of the student's hidden_size (more layers make it larger), or thin it out with n_layers."
        )
    return Teacher(Columns(graph, width))


def _check_tokenizer(folder: Path, start: Path) -> None:
    theirs, ours = (json.loads((one / TOKENIZER_NAME).read_text("utf-8")) for one in (folder, start))
    if theirs["model"] != ours["model"]:
        raise ValueError(
            f"teacher: {folder / TOKENIZER_NAME} is another vocabulary than {start / TOKENIZER_NAME}, and both read the "
            "same ids. Take a teacher that comes from the same checkpoint family as the student."
        )


def divergence(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Mean over rows of KL(teacher | student) of (n, k) logits at `TEMPERATURE`, times its square, a scalar.

    The square keeps the gradients as large as those of the labels (arXiv:1503.02531, 2.1).
    """
    ours, theirs = (functional.log_softmax(one.float() / TEMPERATURE, -1) for one in (student, teacher))
    return TEMPERATURE**2 * functional.kl_div(ours, theirs, log_target=True, reduction="batchmean")


def joint_divergence(
    student: JointOutput, teacher: JointOutput, attention_mask: torch.Tensor, *, entity_weight: float
) -> torch.Tensor:
    """`divergence` of the intents, and of the tags of all real tokens with `entity_weight`."""
    real = attention_mask.bool()
    tags = divergence(student.tag_logits[real], teacher.tag_logits[real])
    return divergence(student.intent_logits, teacher.intent_logits) + entity_weight * tags


def squared_distance(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Mean over rows of the squared distance of (n, d) vectors: d times sentence-transformers' MSELoss, a scalar.

    Between unit rows that is 2 (1 - cosine), of a ranking loss's size whatever d is.
    """
    return functional.mse_loss(student, teacher) * student.shape[-1]
