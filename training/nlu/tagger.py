"""Training of the linear tagger (`nlu.tagger`): multinomial logistic regression by Adagrad (JMLR 12:2121-2159, 2011).

Over all features first; then the strongest alone, so that serving sees what was learnt from. Values of entities are drawn
anew in every pass, so that the neighbours count and not the value alone.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from nlu.encoding import TextEncoder, bio_tags
from nlu.labels import Labels
from nlu.tagger import N_BUCKETS, SCRIPTS, Tagger, features, joints
from training.config import NluConfig
from training.data.augment import Values
from training.data.dataset import INTENT_ONLY, Example

BATCH_SIZE = 256
LEARNING_RATE = 0.1


def train_tagger(
    examples: Sequence[Example],
    labels: Labels,
    folder: Path,
    config: NluConfig,
    *,
    values: Values | None = None,
) -> Tagger:
    """Fit on the rows whose entities are known and write `tagger.npz`; tokens are those of `folder`'s tokenizer."""
    known = [row for row in examples if row.situation != INTENT_ONLY]
    fit = _Fit(known, labels, TextEncoder(folder, max_length=config.max_length), config, values)
    for number in range(config.tagger_epochs - 1):
        fit.run(LEARNING_RATE / (1 + number))
    fit.keep_strongest(config.n_tag_features)
    fit.run(LEARNING_RATE / config.tagger_epochs)
    tagger = fit.packed()
    tagger.save(folder)
    return tagger


class _Fit:
    """The weights while they are learnt, a row for each bucket."""

    def __init__(
        self,
        rows: Sequence[Example],
        labels: Labels,
        encoder: TextEncoder,
        config: NluConfig,
        values: Values | None,
    ) -> None:
        self._rows, self._labels, self._encoder, self._config = rows, labels, encoder, config
        self._values = values or Values(rows)
        self._draw = random.Random(config.seed)
        n_tags = len(labels.tags)
        self._table = torch.nn.EmbeddingBag(N_BUCKETS, n_tags, mode="sum", sparse=True)
        torch.nn.init.zeros_(self._table.weight)
        self._bias = torch.nn.Parameter(torch.zeros(n_tags))
        self._n_seen = np.zeros(N_BUCKETS, dtype=np.int64)
        self._kept = np.ones(N_BUCKETS, dtype=bool)
        self._n_after = np.ones((1 + len(SCRIPTS), n_tags, n_tags))

    def run(self, rate: float) -> None:
        """One pass over the rows, each drawn anew."""
        optimizer = torch.optim.Adagrad([self._table.weight, self._bias], lr=rate)
        order = list(range(len(self._rows)))
        self._draw.shuffle(order)
        for at in range(0, len(order), BATCH_SIZE):
            tokens, tags = self._batch([self._varied(self._rows[index]) for index in order[at : at + BATCH_SIZE]])
            if not tags:
                continue
            starts = torch.from_numpy(np.cumsum([0, *map(len, tokens[:-1])]))
            buckets = torch.tensor([bucket for token in tokens for bucket in token], dtype=torch.long)
            scores = self._table(buckets, starts) + self._bias
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(scores, torch.tensor(tags)).backward()
            optimizer.step()

    def keep_strongest(self, n: int) -> None:
        """Forget all but `n` features: those that part the tags most, and in most places."""
        weights = self._table.weight.detach().numpy()
        importance = (weights.max(axis=1) - weights.min(axis=1)) * np.sqrt(self._n_seen)
        self._kept[:] = False
        self._kept[np.argsort(-importance, kind="stable")[:n]] = True
        self._kept &= importance > 0
        with torch.no_grad():
            self._table.weight[torch.from_numpy(~self._kept)] = 0

    def packed(self) -> Tagger:
        """int8 weights of what is kept."""
        keys = np.flatnonzero(self._kept)
        weights = self._table.weight.detach().numpy()[keys]
        scale = np.maximum(np.abs(weights).max(axis=0, initial=0), 1e-9) / 127
        after = self._n_after / self._n_after.sum(axis=2, keepdims=True)
        anywhere = self._n_after.sum(axis=(0, 1)) / self._n_after.sum()
        return Tagger(
            keys=keys.astype(np.uint32),
            weights=np.round(weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=self._bias.detach().numpy(),
            transitions=np.log(after / anywhere).astype(np.float32),
        )

    def _varied(self, row: Example) -> Example:
        return self._values.varied(row, self._draw, swapped=self._config.swapped_values, augment=self._config.augment)

    def _batch(self, rows: Sequence[Example]) -> tuple[list[list[int]], list[int]]:
        """Features and tag of all tokens that have characters."""
        tokens: list[list[int]] = []
        tags: list[int] = []
        for row in rows:
            offsets = self._encoder.encode(row.text).offsets
            row_tags = bio_tags(offsets, row.spans, self._labels)
            after = np.array(row_tags, dtype=np.intp)
            np.add.at(self._n_after, (joints(row.text, offsets)[1:], after[:-1], after[1:]), 1)
            for token, tag in zip(features(row.text, offsets), row_tags, strict=True):
                if token:
                    self._n_seen[token] += 1
                    tokens.append([bucket for bucket in token if self._kept[bucket]])
                    tags.append(tag)
        return tokens, tags
