"""Contrastive fine-tuning of the sentence encoder: what asks the same lies together, whatever the language.

Pairs: question and answer template (one topic), questions of one topic in two languages, utterances of one situation in
two languages, a text and its translation in the public sets. InfoNCE with in-batch negatives; a row that may mean the
same as another one (same topic, same situation, same intent where only the intent is known) is not its negative.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from nlu.encoding import PAD, pad
from nlu.model import load_encoder, sentence_vectors, states_and_embeddings
from retrieval.templates import AnswerTemplate, topic_of
from training.config import EncoderConfig
from training.data import corpora
from training.data.augment import augmented
from training.data.dataset import Example
from training.export import copy_tokenizer, export
from training.loop import device, fit_steps, follow, forget_checkpoint, matrices_in, seed_everything
from training.subwords import SubwordSampler

N_PARTS = 3
"""In so many parts, by length, the texts of a step are encoded."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts of one meaning. `fine` names the meaning exactly, `intent` roughly ("" where there is none)."""

    left: str
    right: str
    fine: str
    intent: str
    weak: bool


class SentenceModel(nn.Module):
    """States beside embeddings, mean over tokens, unit length: (n, t) ids and mask -> (n, 2 * hidden_size)."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Rows of length 1."""
        states = states_and_embeddings(self.encoder, input_ids, attention_mask)
        return sentence_vectors(states, attention_mask)


def masked_info_nce(left: torch.Tensor, right: torch.Tensor, same: torch.Tensor, temperature: float) -> torch.Tensor:
    """Symmetric InfoNCE of unit rows (n, d); `same[i, j]` (bool, n x n) takes row j out of row i's negatives."""
    scores = left @ right.T / temperature
    scores = scores.masked_fill(same & ~torch.eye(len(left), dtype=torch.bool, device=left.device), -1e4)
    target = torch.arange(len(left), device=left.device)
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def may_mean_the_same(pairs: Sequence[Pair]) -> torch.Tensor:
    """Bool (n, n): one meaning, or one intent where one of the two is only known by its intent."""
    rows = [
        [a.fine == b.fine or (bool(a.intent) and a.intent == b.intent and (a.weak or b.weak)) for b in pairs]
        for a in pairs
    ]
    return torch.tensor(rows)


class PairSource:
    """Draws the pairs of a step: two of the six kinds are question and answer."""

    def __init__(self, examples: Sequence[Example], templates: Sequence[AnswerTemplate], corpora_dir: Path) -> None:
        self._by_situation: dict[tuple[str, str], list[Example]] = {}
        self._by_intent_language: dict[tuple[str, str], list[AnswerTemplate]] = {}
        self._topics: dict[str, dict[str, list[AnswerTemplate]]] = {}
        for example in examples:
            self._by_situation.setdefault((example.intent, example.situation), []).append(example)
        for template in templates:
            if not template.question_examples:
                continue
            self._by_intent_language.setdefault((template.intent, template.language), []).append(template)
            topic = topic_of(template)
            self._topics.setdefault(topic, {}).setdefault(template.language, []).append(template)
        self._answerable = [e for e in examples if (e.intent, e.language) in self._by_intent_language]
        self._situations = sorted(self._by_situation)
        self._parallel = [rows for _, rows in sorted(corpora.massive(corpora_dir, "train").items()) if len(rows) > 1]
        self._interface = corpora.parallel_interface(corpora_dir)

    @property
    def n_texts(self) -> int:
        """Texts of our own that an epoch should see about once."""
        questions = sum(
            len(t.question_examples) for langs in self._topics.values() for ts in langs.values() for t in ts
        )
        return questions + sum(map(len, self._by_situation.values()))

    def draw(self, size: int, draw: random.Random) -> list[Pair]:
        """`size` pairs of mixed kinds."""
        kinds = [
            self._question_answer,
            self._question_answer,
            self._question_question,
            self._utterances,
            self._weak,
        ]
        if self._interface:
            kinds.append(self._translation)
        return [kinds[index % len(kinds)](draw) for index in range(size)]

    def _question_answer(self, draw: random.Random) -> Pair:
        topic, languages = draw.choice(sorted(self._topics.items()))
        language = draw.choice(sorted(languages))
        other = language if draw.random() < 0.6 else draw.choice(sorted(languages))
        question = draw.choice([q for t in languages[language] for q in t.question_examples])
        answer = draw.choice(languages[other])
        return Pair(question, answer.text, topic, answer.intent, weak=False)

    def _question_question(self, draw: random.Random) -> Pair:
        topic, languages = draw.choice(sorted(self._topics.items()))
        left, right = (draw.choice(languages[language]) for language in draw.choices(sorted(languages), k=2))
        return Pair(
            draw.choice(left.question_examples),
            draw.choice(right.question_examples),
            topic,
            left.intent,
            weak=False,
        )

    def _utterances(self, draw: random.Random) -> Pair:
        intent, situation = draw.choice(self._situations)
        left, right = draw.choices(self._by_situation[intent, situation], k=2)
        varied = [augmented(row, draw).text if draw.random() < 0.4 else row.text for row in (left, right)]
        return Pair(varied[0], varied[1], f"{intent}@{situation}", intent, weak=True)

    def _weak(self, draw: random.Random) -> Pair:
        example = draw.choice(self._answerable)
        template = draw.choice(self._by_intent_language[example.intent, example.language])
        return Pair(example.text, draw.choice(template.question_examples), template.id, example.intent, weak=True)

    def _translation(self, draw: random.Random) -> Pair:
        if self._parallel and draw.random() < 0.5:
            left, right = draw.sample(draw.choice(self._parallel), 2)
            return Pair(left.text, right.text, f"massive:{left.text}", "", weak=False)
        group: Mapping[str, str] = draw.choice(self._interface)
        one, two = draw.sample(sorted(group), 2)
        return Pair(group[one], group[two], f"interface:{group[one]}", "", weak=False)


def train_encoder(
    config: EncoderConfig,
    *,
    examples: Sequence[Example],
    templates: Sequence[AnswerTemplate],
    corpora_dir: Path,
    checkpoint: Path,
    folder: Path,
    work_dir: Path,
) -> None:
    """Fine-tune `checkpoint` and write a folder that `retrieval.encoder.SentenceEncoder` loads."""
    seed_everything(config.seed)
    source = PairSource(examples, templates, corpora_dir)
    sampler = SubwordSampler(checkpoint, max_length=config.max_length)
    model = SentenceModel(load_encoder(checkpoint)).to(device())
    total = max(1, round(config.epochs * source.n_texts / config.batch_size))

    def encode(texts: Sequence[str]) -> torch.Tensor:
        rows = [sampler.sample(text).input_ids for text in texts]
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        n_each = math.ceil(len(order) / N_PARTS)  # rows of about one length together: little is spent on padding
        vectors = []
        for part in (order[at : at + n_each] for at in range(0, len(order), n_each)):
            input_ids = torch.from_numpy(pad([rows[index] for index in part], PAD)).to(device())
            with matrices_in(config.bf16):
                vectors.append(model(input_ids, (input_ids != PAD).long()).float())
        return torch.cat(vectors)[torch.tensor(order).argsort()]

    def losses_of(step: int) -> dict[str, torch.Tensor]:
        pairs = source.draw(config.batch_size, random.Random(config.seed * 1_000_003 + step))
        left, right = encode([pair.left for pair in pairs]), encode([pair.right for pair in pairs])
        return {"contrast": masked_info_nce(left, right, may_mean_the_same(pairs).to(left.device), config.temperature)}

    steps = fit_steps(model, losses_of=losses_of, total=total, fit=config, checkpoint_dir=work_dir)
    follow(steps, total=total, title="encoder", log_dir=work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    copy_tokenizer(checkpoint, folder)
    export(model.cpu().eval(), folder, outputs={"embedding": ("n",)})
    forget_checkpoint(work_dir)
