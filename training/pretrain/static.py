"""First step of pre-training: subword embeddings alone, trained as a bag of subwords on parallel texts.

A mean of embeddings costs a thousandth of a transformer's step, so a few minutes on a CPU show it millions of texts: words
of different languages that stand in the same sentences come to lie together (cf. arXiv:1711.09154 and
sentence-transformers' StaticEmbedding). The transformer then starts from these embeddings, and both heads see their mean
beside the contextual states.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from retrieval.templates import AnswerTemplate
from training.config import PretrainConfig
from training.contrast import info_nce
from training.data import corpora
from training.data.dataset import Example
from training.subwords import SubwordSampler
from training.trainer import Objective, fit, seed_everything


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """Our own training data, whose groups are parallel in meaning: situations, topics and reply keys."""

    examples: Sequence[Example] = ()
    templates: Sequence[AnswerTemplate] = ()
    replies: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)

    def by_language(self) -> dict[str, list[str]]:
        """All texts by language."""
        texts: dict[str, list[str]] = {}
        for example in self.examples:
            texts.setdefault(example.language, []).append(example.text)
        for template in self.templates:
            texts.setdefault(template.language, []).extend([template.text, *template.question_examples])
        for language, keys in self.replies.items():
            texts.setdefault(language, []).extend(text for variants in keys.values() for text in variants)
        return texts


class StaticObjective(Objective):
    """Mean of subword embeddings (`bag`), and linear intent heads on it."""

    def __init__(self, config: PretrainConfig, heads: dict[str, int]) -> None:
        super().__init__()
        self._temperature = config.temperature
        self.bag = nn.EmbeddingBag(config.vocabulary_size, config.hidden_size, mode="mean")
        nn.init.normal_(self.bag.weight, std=0.1)
        self.heads = nn.ModuleDict({name: nn.Linear(config.hidden_size, size) for name, size in heads.items()})

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        """`pairs` (row i and row i + n / 2 are of one meaning) and `labelled`, each flat `ids` with `offsets`."""
        vectors = functional.normalize(self.bag(batch["pairs"]["ids"], batch["pairs"]["offsets"]), dim=-1)
        left, right = vectors.chunk(2)
        logits = self.heads[batch["set"]](self.bag(batch["labelled"]["ids"], batch["labelled"]["offsets"]))
        return {
            "contrast": info_nce(left, right, self._temperature),
            "intent": functional.cross_entropy(logits, batch["intents"], label_smoothing=0.05),
        }


class Groups:
    """Groups of texts of one meaning, and labelled texts; draws pairs across languages."""

    def __init__(self, corpora_dir: Path, own: OwnTexts) -> None:
        massive = [[row.text for row in rows] for _, rows in sorted(corpora.massive(corpora_dir, "train").items())]
        known = {row.language for rows in corpora.massive(corpora_dir, "train").values() for row in rows}
        interface = [
            [text for language, text in group.items() if language in known]
            for group in corpora.parallel_interface(corpora_dir)
        ]
        situations: dict[str, list[str]] = {}
        for example in own.examples:
            situations.setdefault(f"{example.intent}@{example.situation}", []).append(example.text)
        topics: dict[str, list[str]] = {}
        for template in own.templates:
            topic = ".".join(template.id.split(".")[:-2])
            topics.setdefault(topic, []).append(template.text)
            topics.setdefault(f"{topic}?", []).extend(template.question_examples)
        replies: dict[str, list[str]] = {}
        for texts in own.replies.values():
            for key, variants in texts.items():
                replies.setdefault(key, []).extend(variants)
        self.kinds = [
            [group for group in kind if len(group) > 1]
            for kind in (massive, interface, [*situations.values()], [*topics.values(), *replies.values()])
        ]
        self.weights = [0.35, 0.35, 0.2, 0.1]
        labelled = {name: [(row.text, row.label) for row in rows] for name, rows in self._sets(corpora_dir).items()}
        labelled["own"] = [(example.text, example.intent) for example in own.examples]
        labelled["own"] += [(q, template.intent) for template in own.templates for q in template.question_examples]
        self.labelled = {name: rows for name, rows in labelled.items() if rows}
        self.ids = {
            name: {label: index for index, label in enumerate(sorted({label for _, label in rows}))}
            for name, rows in self.labelled.items()
        }

    @staticmethod
    def _sets(corpora_dir: Path) -> dict[str, list[corpora.Utterance]]:
        massive = [row for rows in corpora.massive(corpora_dir, "train").values() for row in rows]
        return {"massive": massive, **corpora.support_intents(corpora_dir)}

    def pairs(self, n_pairs: int, draw: random.Random) -> tuple[list[str], list[str]]:
        """Two texts of one meaning each, from `n_pairs` different groups of one kind."""
        kind = draw.choices(self.kinds, self.weights)[0] or self.kinds[1]
        chosen = draw.sample(kind, min(n_pairs, len(kind)))
        drawn = [draw.sample(group, 2) for group in chosen]
        return [left for left, _ in drawn], [right for _, right in drawn]


class StaticBatches:
    """Draws batch n of the embeddings' training from n alone."""

    def __init__(self, config: PretrainConfig, groups: Groups, sampler: SubwordSampler) -> None:
        self._config, self._groups, self._sampler = config, groups, sampler

    def at(self, number: int) -> dict[str, Any]:
        """`pairs`, and labelled texts of one set with their `intents`."""
        draw = random.Random(self._config.seed * 1_000_003 + number)
        left, right = self._groups.pairs(self._config.static_pairs, draw)
        name = draw.choice(sorted(self._groups.labelled))
        rows = draw.choices(self._groups.labelled[name], k=self._config.static_pairs // 4)
        return {
            "pairs": self._flat([*left, *right]),
            "set": name,
            "labelled": self._flat([text for text, _ in rows]),
            "intents": torch.tensor([self._groups.ids[name][label] for _, label in rows]),
        }

    def _flat(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        rows = [self._sampler.sample_ids(text) for text in texts]
        offsets = torch.tensor([0, *(len(row) for row in rows[:-1])]).cumsum(0)
        return {"ids": torch.tensor([one for row in rows for one in row]), "offsets": offsets}


def train_static(
    config: PretrainConfig, *, corpora_dir: Path, folder: Path, work_dir: Path, own: OwnTexts
) -> torch.Tensor:
    """Train for `config.static_steps` in this process alone; returns the embeddings (vocabulary_size, hidden_size)."""
    seed_everything(config.seed)
    groups = Groups(corpora_dir, own)
    batches = StaticBatches(config, groups, SubwordSampler(folder, max_length=config.max_length))
    objective = StaticObjective(config, {name: len(ids) for name, ids in groups.ids.items()})
    fit(
        objective,
        draw=batches.at,
        total=config.static_steps,
        settings=config.static_fit(),
        work_dir=work_dir,
        title="static",
    )
    return objective.bag.weight.detach().cpu().clone()
