"""What a step of pre-training sees: parallel requests, interface strings, support intents, and rows to guess words in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch

from nlu.encoding import PAD, Encoded, bio_tags, pad
from nlu.labels import Labels
from training.config import PretrainConfig
from training.data import corpora
from training.data.corpora import Utterance
from training.subwords import SubwordSampler

T = TypeVar("T")
NEIGHBOURHOOD = 12
"""The rows of a step are drawn from so many times as many of about their length."""
SERVED = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
IGNORED = -100
UNKNOWN, END = 3, 2
"""Ids of our own vocabularies (`training.vocabulary`); `<unk>` stands for a token that is to be guessed."""
SHOWN, EXCHANGED = 0.1, 0.1
"""Of the tokens to be guessed, shares that stay as they are and that become another one (arXiv:1810.04805, 3.1)."""


def near(groups: Sequence[T], n_groups: int, draw: random.Random) -> list[T]:
    """`n_groups` of a sorted sequence that stand near one another: of one length, so that little is spent on padding."""
    size = min(len(groups), NEIGHBOURHOOD * n_groups)
    start = draw.randint(0, len(groups) - size)
    return draw.sample(groups[start : start + size], min(n_groups, size))


def tensors(encoded: Sequence[Encoded]) -> dict[str, torch.Tensor]:
    """`input_ids` and `attention_mask`, (n, t) each."""
    return {
        "input_ids": torch.from_numpy(pad([one.input_ids for one in encoded], PAD)),
        "attention_mask": torch.from_numpy(pad([[1] * len(one.input_ids) for one in encoded], 0)),
    }


class Mixture:
    """Draws batch n of the pre-training from n alone."""

    def __init__(self, config: PretrainConfig, corpora_dir: Path, folder: Path) -> None:
        self._config = config
        self._parallel = [rows for _, rows in sorted(corpora.massive(corpora_dir, "train").items()) if len(rows) > 1]
        known = {row.language for group in self._parallel for row in group}
        groups = corpora.parallel_interface(corpora_dir)
        self._interface = [{key: text for key, text in group.items() if key in known} for group in groups]
        self._interface = [group for group in self._interface if len(group) > 1]
        self._parallel.sort(key=lambda group: sum(len(row.text) for row in group) / len(group))
        self._interface.sort(key=lambda group: sum(map(len, group.values())) / len(group))
        self._support = corpora.support_intents(corpora_dir)
        if not self._parallel or not self._interface:
            raise FileNotFoundError(missing(corpora_dir))
        rows = [row for group in self._parallel for row in group]
        self.labels = Labels(
            intents=tuple(sorted({row.label for row in rows})),
            entities=tuple(sorted({label for row in rows for _, _, label in row.spans})),
        )
        names = {"massive": rows, **self._support}
        self._ids = {name: {x: i for i, x in enumerate(sorted({r.label for r in rs}))} for name, rs in names.items()}
        self.sets = {name: len(ids) for name, ids in self._ids.items()}
        self._sampler = SubwordSampler(folder, max_length=config.max_length)

    def at(self, number: int) -> dict[str, Any]:
        """`parallel`, `other` and, where wanted, `masked`: rows as tensors, with what is to be learnt of them."""
        draw = random.Random(self._config.seed * 1_000_003 + number)
        batch = {"parallel": self._parallel_rows(draw), "other": self._other_rows(draw)}
        if self._config.n_masked:
            batch["masked"] = self._masked_rows(draw)
        return batch

    def _parallel_rows(self, draw: random.Random) -> dict[str, Any]:
        """Row i and row i + n / 2 are one request in two languages, with intent and slots."""
        pairs = [self._served_first(draw, group) for group in near(self._parallel, self._config.n_pairs, draw)]
        rows = [left for left, _ in pairs] + [right for _, right in pairs]
        encoded = [self._sampler.sample(row.text) for row in rows]
        tags = [bio_tags(one.offsets, row.spans, self.labels) for one, row in zip(encoded, rows, strict=True)]
        intents = torch.tensor([self._ids["massive"][row.label] for row in rows])
        return {**tensors(encoded), "intents": intents, "tags": torch.from_numpy(pad(tags, IGNORED))}

    def _served_first(self, draw: random.Random, group: list[Utterance]) -> tuple[Utterance, Utterance]:
        left = draw.choice([row for row in group if row.language in SERVED] or group)
        return left, draw.choice([row for row in group if row.language != left.language] or group)

    def _other_rows(self, draw: random.Random) -> dict[str, Any]:
        """`n_pairs` interface strings, as many counterparts, then support rows: by set their places and intents."""
        groups = near(self._interface, self._config.n_interface_pairs, draw)
        pairs = [[group[language] for language in draw.sample(sorted(group), 2)] for group in groups]
        texts = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
        n_support = self._config.n_support_rows if self._support else 0
        support: dict[str, tuple[list[int], list[int]]] = {}
        for name in draw.choices(sorted(self._support), k=n_support):
            row = draw.choice(self._support[name])
            places, intents = support.setdefault(name, ([], []))
            places.append(len(texts))
            intents.append(self._ids[name][row.label])
            texts.append(row.text)
        encoded = [self._sampler.sample(text) for text in texts]
        by_set = {name: {"places": torch.tensor(a), "intents": torch.tensor(b)} for name, (a, b) in support.items()}
        return {**tensors(encoded), "n_pairs": len(pairs), "support": by_set}

    def _masked_rows(self, draw: random.Random) -> dict[str, Any]:
        """Half texts alone, half a request behind its translation, where a word can be guessed from the other language."""
        rows: list[list[int]] = []
        for number, group in enumerate(near(self._parallel, self._config.n_masked, draw)):
            left, right = self._served_first(draw, group)
            ids = self._sampler.sample(left.text).input_ids
            if number % 2:
                ids = [*ids, END, *self._sampler.sample(right.text).input_ids[1:]]
            rows.append(ids)
        shown, wanted = zip(*(self._hidden(ids, draw) for ids in rows), strict=True)
        return {
            "input_ids": torch.from_numpy(pad(shown, PAD)),
            "attention_mask": torch.from_numpy(pad([[1] * len(ids) for ids in rows], 0)),
            "wanted": torch.from_numpy(pad(wanted, IGNORED)),
        }

    def _hidden(self, ids: Sequence[int], draw: random.Random) -> tuple[list[int], list[int]]:
        shown, wanted = list(ids), [IGNORED] * len(ids)
        places = [place for place, one in enumerate(ids) if one > UNKNOWN]
        for place in draw.sample(places, max(1, round(self._config.masked * len(places))) if places else 0):
            wanted[place] = ids[place]
            kind = draw.random()
            if kind >= SHOWN + EXCHANGED:
                shown[place] = UNKNOWN
            elif kind >= SHOWN:
                shown[place] = draw.randrange(UNKNOWN + 1, self._config.vocabulary_size)
        return shown, wanted


def missing(corpora_dir: Path) -> str:
    """What to say where the sets are not there."""
    return f"pre-training needs MASSIVE and ui_parallel in {corpora_dir}: not both were found there"
