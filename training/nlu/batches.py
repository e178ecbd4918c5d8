"""The batches of the joint fine-tuning: rows varied and segmented anew, the same for the same batch number."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence

import torch

from nlu.encoding import Encoded, bio_tags, pad
from nlu.labels import Labels
from training.config import NluConfig
from training.data.augment import Values
from training.data.dataset import INTENT_ONLY, Example
from training.subwords import SubwordSampler

IGNORED = -100
"""Tag of a token that teaches nothing (torch's own mark)."""
SORTED_TOGETHER = 50
"""Batches whose rows are sorted by length before they are drawn."""


class Batches:
    """Batch n: rows of about one length of a shuffled pass. How often a language is seen is `language_exponent`'s."""

    def __init__(
        self,
        examples: Sequence[Example],
        labels: Labels,
        sampler: SubwordSampler,
        config: NluConfig,
        *,
        values: Values | None = None,
    ) -> None:
        self._examples = list(examples)
        self._labels = labels
        self._values = values or Values(examples)
        self._sampler = sampler
        self._config = config
        self._lengths = [len(sampler.best(row.text).input_ids) for row in self._examples]
        self._size = min(config.batch_size, len(self._examples))
        self._n_each = _balanced(Counter(row.language for row in self._examples), config.language_exponent)
        self.n_batches = max(config.min_steps, round(config.epochs * len(self._examples) / self._size))
        self._epoch = -1
        self._order: list[list[int]] = []

    def at(self, number: int) -> dict[str, torch.Tensor]:
        """`input_ids`, `attention_mask` (n, t), `intents` (n,), `tags` (n, t) with -100 at padding.

        With `consistency` the rows stand there twice, one sampling below the other.
        """
        draw = random.Random(self._config.seed * 1_000_003 + number)
        rows = [self._varied(self._examples[index], draw) for index in self._indices(number)]
        rows = rows * 2 if self._config.consistency else rows
        encoded = [self._sampler.sample(row.text) for row in rows]
        tags = [self._tags(one, row) for one, row in zip(encoded, rows, strict=True)]
        return {
            "input_ids": self._dropped(encoded, number),
            "attention_mask": torch.from_numpy(pad([[1] * len(one.input_ids) for one in encoded], 0)),
            "intents": torch.tensor([self._labels.intent_id(row.intent) for row in rows]),
            "tags": torch.from_numpy(pad(tags, IGNORED)),
        }

    def _varied(self, row: Example, draw: random.Random) -> Example:
        config = self._config
        return self._values.varied(
            row,
            draw,
            swapped=config.swapped_values,
            augment=config.augment,
            switched=config.switched,
            romanised=config.romanised,
        )

    def _dropped(self, encoded: Sequence[Encoded], number: int) -> torch.Tensor:
        """Replace a share of the tokens by the unknown one, so that no single word decides."""
        input_ids = torch.from_numpy(pad([one.input_ids for one in encoded], self._sampler.pad_id))
        is_text = torch.from_numpy(pad([[start < end for start, end in one.offsets] for one in encoded], 0)).bool()
        generator = torch.Generator().manual_seed(self._config.seed * 1_000_003 + number)
        hit = (torch.rand(input_ids.shape, generator=generator) < self._config.token_dropout) & is_text
        return torch.where(hit, torch.full_like(input_ids, self._sampler.unknown_id), input_ids)

    def _tags(self, encoded: Encoded, row: Example) -> list[int]:
        """A row of unknown entities (a template's question) teaches the intent only."""
        if row.situation == INTENT_ONLY:
            return [IGNORED] * len(encoded.input_ids)
        return bio_tags(encoded.offsets, row.spans, self._labels)

    def _indices(self, number: int) -> list[int]:
        per_epoch = math.ceil(len(self._examples) / self._size)
        if number // per_epoch != self._epoch:
            self._epoch = number // per_epoch
            self._order = self._shuffled(random.Random(self._config.seed + self._epoch))
        return self._order[number % per_epoch]

    def _shuffled(self, draw: random.Random) -> list[list[int]]:
        """An epoch's batches, each of rows of about one length, so that little is spent on padding."""
        order = self._drawn(draw)
        stretch = SORTED_TOGETHER * self._size
        batches: list[list[int]] = []
        for start in range(0, len(order), stretch):
            rows = sorted(order[start : start + stretch], key=self._lengths.__getitem__)
            batches += [rows[at : at + self._size] for at in range(0, len(rows), self._size)]
        draw.shuffle(batches)
        return batches

    def _drawn(self, draw: random.Random) -> list[int]:
        """Row numbers of an epoch, as many as there are rows: each language's own number of them, none twice too early."""
        by_language: dict[str, list[int]] = {}
        for index, row in enumerate(self._examples):
            by_language.setdefault(row.language, []).append(index)
        order: list[int] = []
        for language, indices in by_language.items():
            n = self._n_each[language]
            full, rest = divmod(n, len(indices))
            order += indices * full + draw.sample(indices, rest)
        draw.shuffle(order)
        return order


def _balanced(sizes: Mapping[str, int], exponent: float) -> dict[str, int]:
    """Rows of each language in an epoch, in all as many as there are; a share p becomes ~ p**exponent.

    >>> _balanced({"en": 90, "ka": 10}, 0.5)
    {'en': 75, 'ka': 25}
    """
    total = sum(sizes.values())
    weights = {language: (size / total) ** exponent for language, size in sizes.items()}
    whole = sum(weights.values())
    found = {language: max(1, round(total * weight / whole)) for language, weight in weights.items()}
    largest = max(found, key=lambda language: found[language])
    found[largest] += total - sum(found.values())
    return found
