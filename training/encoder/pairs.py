"""Pairs of texts that mean the same, for the contrastive training of the sentence encoder.

Kinds: question and answer template (one topic), questions of one topic in two languages, utterances of one situation in
two languages, an utterance and a template's question of its intent, a text and its translation in the public sets, and
what an agent answered to a customer in logged dialogues. Answers bring hard negatives: the templates that the encoder, as
it stands before the training, takes for an answer as well (`training.encoder.negatives`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from retrieval.templates import AnswerTemplate, topic_of
from training.data import corpora
from training.data.augment import augmented
from training.data.dataset import Example
from training.logs.rows import Answered


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its meaning: `fine` names it exactly, `intent` roughly ("" where there is none).

    `weak`: only the intent is known for sure.
    """

    text: str
    fine: str
    intent: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts of one meaning, and texts that are near it and mean something else."""

    left: str
    right: str
    fine: str
    intent: str
    weak: bool
    hard: tuple[Text, ...] = ()


def may_mean_the_same(pairs: Sequence[Pair]) -> torch.Tensor:
    """Bool (n, n + m), the pairs and behind them all their hard negatives in order.

    True: one meaning, or one intent where one of the two is only known by its intent.
    """
    others: list[Pair | Text] = [*pairs, *(one for pair in pairs for one in pair.hard)]
    rows = [
        [a.fine == b.fine or (bool(a.intent) and a.intent == b.intent and (a.weak or b.weak)) for b in others]
        for a in pairs
    ]
    return torch.tensor(rows)


class PairSource:
    """Draws the pairs of a batch: two of its kinds are question and answer."""

    def __init__(
        self,
        examples: Sequence[Example],
        templates: Sequence[AnswerTemplate],
        corpora_dir: Path,
        *,
        answered: Sequence[Answered] = (),
        hard: Mapping[str, Sequence[Text]] | None = None,
        n_hard: int = 0,
    ) -> None:
        """`hard` by question are near texts of other meanings, of which `n_hard` are drawn to each answer."""
        self._answered, self._hard, self._n_hard = list(answered), hard or {}, n_hard
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
        return questions + sum(map(len, self._by_situation.values())) + len(self._answered)

    def draw(self, size: int, draw: random.Random) -> list[Pair]:
        """`size` pairs of mixed kinds."""
        kinds = [self._question_answer, self._question_answer, self._question_question] if self._topics else []
        kinds += [self._utterances] if self._situations else []
        kinds += [self._weak] if self._answerable else []
        kinds += [self._translation] if self._interface else []
        kinds += [self._logged] if self._answered else []
        return [kinds[index % len(kinds)](draw) for index in range(size)]

    def _question_answer(self, draw: random.Random) -> Pair:
        topic, languages = draw.choice(sorted(self._topics.items()))
        language = draw.choice(sorted(languages))
        other = language if draw.random() < 0.6 else draw.choice(sorted(languages))
        question = draw.choice([q for t in languages[language] for q in t.question_examples])
        answer = draw.choice(languages[other])
        near = self._hard.get(question, ())
        hard = tuple(draw.sample(near, min(self._n_hard, len(near))))
        return Pair(question, answer.text, topic, answer.intent, weak=False, hard=hard)

    def _logged(self, draw: random.Random) -> Pair:
        row = draw.choice(self._answered)
        return Pair(row.question, row.answer, f"log:{row.answer}", row.intent or "", weak=bool(row.intent))

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
