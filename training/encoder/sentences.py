"""The sentence encoder in torch: a SentenceTransformer, whatever it starts from.

Ours has one module, token states beside input embeddings, each averaged (`nlu.model.sentence_vectors`); a checkpoint that
brings its own `modules.json` (mE5, MiniLM, LaBSE ...) keeps its pooling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import nn

from nlu.encoding import pad
from nlu.model import load_encoder, sentence_vectors, states_and_embeddings
from training.checkpoints import copy_tokenizer
from training.subwords import SubwordSampler

MODULES_NAME = "modules.json"
N_PARTS = 3
"""In so many parts, by length, the texts of a column are encoded."""


class StatesBesideEmbeddings(nn.Module):
    """(n, t) ids and mask -> `sentence_embedding` (n, 2 * hidden_size) of length 1."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        """Adds `sentence_embedding` to the features."""
        mask = features["attention_mask"]
        states = states_and_embeddings(self.encoder, features["input_ids"], mask)
        return {**features, "sentence_embedding": sentence_vectors(states, mask)}


def sentence_model(checkpoint: Path) -> SentenceTransformer:
    """The model of a checkpoint, float32, on the CPU; raises FileNotFoundError that says what is missing."""
    if (checkpoint / MODULES_NAME).exists():
        return SentenceTransformer(str(checkpoint), device="cpu")
    return SentenceTransformer(modules=[StatesBesideEmbeddings(load_encoder(checkpoint))], device="cpu")


def transformer_of(model: SentenceTransformer) -> nn.Module:
    """The encoder inside, for adapters and for the checkpoint that a later training starts from."""
    first = model[0]
    found: nn.Module = first.encoder if isinstance(first, StatesBesideEmbeddings) else first.auto_model
    return found


def replace_transformer(model: SentenceTransformer, encoder: nn.Module) -> None:
    """Put another encoder of the same shape in its place."""
    first = model[0]
    if isinstance(first, StatesBesideEmbeddings):
        first.encoder = encoder
    else:
        first.auto_model = encoder


def save_sentences(model: SentenceTransformer, start: Path, folder: Path) -> None:
    """The model as a checkpoint that a later training starts from; `start` has its tokenizer."""
    if isinstance(model[0], StatesBesideEmbeddings):
        model[0].encoder.save_pretrained(folder)  # type: ignore[operator]
    else:
        model.save(str(folder), create_model_card=False)
    copy_tokenizer(start, folder, sampling=True)


class SentenceGraph(nn.Module):
    """(n, t) ids and mask -> unit rows (n, d): what is exported."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Rows of length 1."""
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        for module in self.model:
            features = module(features)
        return nn.functional.normalize(features["sentence_embedding"].float(), dim=-1)


class Columns(nn.Module):
    """Encodes a column of texts in parts of about one length, so that little is spent on padding.

    sentence-transformers' losses call it as they would a model.
    """

    def __init__(self, graph: SentenceGraph, width: int) -> None:
        super().__init__()
        self.graph, self._width = graph, width

    def get_embedding_dimension(self) -> int:
        """Numbers of a vector."""
        return self._width

    get_sentence_embedding_dimension = get_embedding_dimension

    def forward(self, features: dict[str, Any]) -> dict[str, torch.Tensor]:
        """`parts` of ids and masks, `order` of their rows -> `sentence_embedding` (n, d) as the texts lay.

        A column that has its vectors already comes back as it is: several losses share one pass.
        """
        if "sentence_embedding" in features:
            return {"sentence_embedding": features["sentence_embedding"]}
        vectors = torch.cat([self.graph(one["input_ids"], one["attention_mask"]) for one in features["parts"]])
        return {"sentence_embedding": vectors[features["order"]]}


def column(texts: Sequence[str], sampler: SubwordSampler) -> dict[str, Any]:
    """One column of a batch, drawn and padded; see `Columns`."""
    rows = [sampler.sample(text).input_ids for text in texts]
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
    n_each = math.ceil(len(order) / N_PARTS)
    parts = []
    for part in (order[at : at + n_each] for at in range(0, len(order), n_each)):
        ids = [rows[index] for index in part]
        mask = torch.from_numpy(pad([[1] * len(one) for one in ids], 0))
        parts.append({"input_ids": torch.from_numpy(pad(ids, sampler.pad_id)), "attention_mask": mask})
    return {"parts": parts, "order": torch.tensor(order).argsort()}
