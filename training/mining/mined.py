"""Cases -> needs with their templates, most asked first. Nothing is read from or written to a database here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.cleaning.folding import text_key
from training.logs.courtesies import sentences
from training.mining.answers import Candidate, Refusal, candidate_of
from training.mining.cases import Case
from training.mining.intents import SMALL_TALK, Parses, known_intent, suggested_names
from training.mining.needs import cluster, vectors_of
from training.mining.variants import Variant, variants_of

N_TYPICAL = 12
"""Questions kept with a need, nearest to its centre first."""
FEWEST_PASTED, SHARE_PASTED = 4, 0.2
"""A sentence that answers so many needs, and this share of all, is pasted into chats whatever was asked."""


class EncodesTexts(Protocol):
    """A sentence encoder."""

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """Unit rows (n, dim) in the order of the texts."""


@dataclass(frozen=True, slots=True)
class MiningSettings:
    """How needs are told apart and how many templates each gets.

    Attributes:
        joined_at: mean cosine from which on two groups of answered questions are one need.
        nearest: lowest cosine of one with its need's centre.
        min_questions: needs asked less often are left out.
        variants: templates for each need and language, at most.
        min_score: a template with a lower score is not kept; one that was said in a single conversation only where the need
            has no other.
        max_needs: the most frequent ones are kept.
    """

    joined_at: float = 0.5
    nearest: float = 0.45
    min_questions: int = 3
    variants: int = 3
    min_score: float = 0.34
    max_needs: int = 250

    def __post_init__(self) -> None:
        """Raises ValueError naming the setting."""
        for name in ("joined_at", "nearest"):
            if not -1 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: expected a cosine from -1 to 1, found {getattr(self, name)}")
        for name in ("min_questions", "variants", "max_needs"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, found {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class MinedNeed:
    """A need and its templates by language; `questions` are typical ones, most typical first."""

    questions: tuple[str, ...]
    n_questions: int
    n_conversations: int
    languages: dict[str, int]
    intent: str | None
    suggested_intent: str | None
    variants: dict[str, list[Variant]]


@dataclass(slots=True)
class MiningReport:
    """Counts of one mining: what went in, what was left out and why."""

    n_conversations: int = 0
    n_cases: int = 0
    n_clustered: int = 0
    n_candidates: int = 0
    n_needs: int = 0
    n_templates: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """In words."""
        refused = ", ".join(f"{count} {reason}" for reason, count in self.refused.most_common()) or "none"
        return [
            f"conversations: {self.n_conversations}, answered questions in them: {self.n_cases}",
            f"answers that can be said to everybody: {self.n_candidates}; left out: {refused}",
            f"needs: {self.n_needs} with {self.n_clustered} of the questions; templates to review: {self.n_templates}",
        ]


def needs_of(
    cases: Sequence[Case],
    *,
    encoder: EncodesTexts,
    parse: Parses | None,
    settings: MiningSettings,
    report: MiningReport,
    macros: Collection[int] = frozenset(),
) -> list[MinedNeed]:
    """Needs that have a template; `report` is counted up. `macros`: `text_key`s of courtesies that agents paste."""
    report.n_cases = len(cases)
    cases = [case for case in cases if case.need]
    if not cases:
        return []
    questions = encoder.encode([case.need for case in cases])
    answers = _Answers.of(cases, encoder=encoder, macros=macros)
    vectors = vectors_of(questions, answers.rows(len(cases), questions.shape[1]))
    found = cluster(vectors, joined_at=settings.joined_at, nearest=settings.nearest, min_size=settings.min_questions)
    if pasted := pasted_everywhere(cases, found.labels):
        answers = _Answers.of(cases, encoder=encoder, macros={*macros, *pasted}, known=answers)
    answers.count(found.labels, report)
    needs: list[MinedNeed] = []
    for label, centre in enumerate(found.centres):
        members = np.flatnonzero(found.labels == label)
        variants = answers.variants(members, settings)
        if variants:
            typical = members[np.argsort(-(vectors[members] @ centre), kind="stable")]
            need = _need([cases[number] for number in typical], variants, parse)
            if need.intent not in SMALL_TALK:
                needs.append(need)
        if len(needs) == settings.max_needs:
            break
    report.n_needs = len(needs)
    report.n_templates = sum(len(group) for need in needs for group in need.variants.values())
    return _named(needs, encoder)


def pasted_everywhere(cases: Sequence[Case], labels: NDArray[Any]) -> set[int]:
    """`text_key`s of sentences that say nothing of what was asked: word for word in a share of all needs."""
    needs_with: defaultdict[int, set[int]] = defaultdict(set)
    for case, label in zip(cases, labels.tolist(), strict=True):
        if label >= 0:
            for key in {text_key(one) for part in case.parts for one in sentences(part)}:
                needs_with[key].add(label)
    fewest = max(FEWEST_PASTED, SHARE_PASTED * (int(labels.max(initial=-1)) + 1))
    return {key for key, needs in needs_with.items() if len(needs) >= fewest}


@dataclass(frozen=True, slots=True)
class _Answers:
    """The candidates by the number of their case, or why there is none, and the vectors of their texts."""

    candidates: dict[int, Candidate]
    refused: dict[int, Refusal]
    vectors: dict[int, NDArray[Any]]
    newest: datetime | None

    @classmethod
    def of(
        cls, cases: Sequence[Case], *, encoder: EncodesTexts, macros: Collection[int], known: _Answers | None = None
    ) -> _Answers:
        """`known` were made before: a text that stayed the same is not encoded again."""
        candidates: dict[int, Candidate] = {}
        refused: dict[int, Refusal] = {}
        for number, case in enumerate(cases):
            made = candidate_of(case, macros=macros)
            if isinstance(made, Refusal):
                refused[number] = made
            else:
                candidates[number] = made
        vectors = (
            {}
            if known is None
            else {
                number: vector
                for number, vector in known.vectors.items()
                if number in candidates and candidates[number].text == known.candidates[number].text
            }
        )
        if new := [number for number in candidates if number not in vectors]:
            vectors |= dict(zip(new, encoder.encode([candidates[number].text for number in new]), strict=True))
        return cls(candidates, refused, vectors, max((case.at for case in cases if case.at), default=None))

    def rows(self, n: int, dim: int) -> NDArray[Any]:
        """(n, dim): zeros where a case has no candidate."""
        rows = np.zeros((n, dim), dtype=np.float32)
        for number, vector in self.vectors.items():
            rows[number] = vector
        return rows

    def count(self, labels: NDArray[Any], report: MiningReport) -> None:
        """Those of cases that belong to a need."""
        report.n_clustered = int((labels >= 0).sum())
        report.n_candidates = sum(bool(labels[number] >= 0) for number in self.candidates)
        report.refused.update(reason.value for number, reason in self.refused.items() if labels[number] >= 0)

    def variants(self, members: NDArray[Any], settings: MiningSettings) -> dict[str, list[Variant]]:
        """The best variants by language of the cases with these numbers."""
        by_language: dict[str, list[int]] = {}
        for number in members.tolist():
            if number in self.candidates:
                by_language.setdefault(self.candidates[number].case.answer_language, []).append(number)
        variants: dict[str, list[Variant]] = {}
        for language, numbers in by_language.items():
            best = variants_of(
                [self.candidates[number] for number in numbers],
                np.stack([self.vectors[number] for number in numbers]),
                newest=self.newest,
            )
            good = [one for one in best if one.score >= settings.min_score]
            if kept := [one for one in good if one.n_conversations > 1] or good[:1]:
                variants[language] = kept[: settings.variants]
        return variants


def _need(typical: Sequence[Case], variants: dict[str, list[Variant]], parse: Parses | None) -> MinedNeed:
    questions = tuple(dict.fromkeys(case.question for case in typical))
    return MinedNeed(
        questions=questions[:N_TYPICAL],
        n_questions=len(typical),
        n_conversations=len({case.conversation_id for case in typical}),
        languages=dict(Counter(case.question_language for case in typical).most_common()),
        intent=known_intent(questions, parse) if parse else None,
        suggested_intent=None,
        variants=variants,
    )


def _named(needs: list[MinedNeed], encoder: EncodesTexts) -> list[MinedNeed]:
    """Needs without a known intent get a suggested name."""
    names = suggested_names({number: need.questions for number, need in enumerate(needs)}, encoder.encode)
    return [need if need.intent else replace(need, suggested_intent=names[number]) for number, need in enumerate(needs)]
