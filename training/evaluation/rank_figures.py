"""From the ranks of right hits to recall@1, 3, 5, 10 and MRR with intervals, by language and overall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data.questions import Question
from training.evaluation.metrics import ranking, resampled
from training.evaluation.outcomes import outcomes, split_fingerprint

DEPTH = 10
Rank = int | None
"""Place of the first right hit, from 1; None where it is not among the first ten."""

RECALLS = (1, 3, 5, 10)


def rank_values(ranks: Sequence[Rank]) -> dict[str, NDArray[np.float64]]:
    """Each query's share in each figure, (n,): recall@k is their mean, and so is MRR.

    >>> rank_values([2, None])["mrr"].tolist()
    [0.5, 0.0]
    """
    values = {f"recall_at_{k}": [rank is not None and rank <= k for rank in ranks] for k in RECALLS}
    inverse = [0.0 if rank is None else 1 / rank for rank in ranks]
    return {name: np.array(row, dtype=float) for name, row in (*values.items(), ("mrr", inverse))}


def rank_figures(ranks: Sequence[Rank]) -> dict[str, Any]:
    """All figures of one group of queries; each `*_95` is [low, high]."""
    return asdict(ranking(ranks)) | _intervals([ranks]) | {"n": len(ranks)}


def by_language(questions: Sequence[Question], ranks: Sequence[Rank]) -> dict[str, Any]:
    """Figures by language, their means, and each row's rank (0: none)."""
    grouped: dict[str, list[tuple[Question, Rank]]] = {}
    for question, rank in sorted(zip(questions, ranks, strict=True), key=lambda pair: pair[0].language):
        grouped.setdefault(question.language, []).append((question, rank))
    places = {language: [rank for _, rank in group] for language, group in grouped.items()}
    languages = {language: rank_figures(group) for language, group in places.items()}
    means = {name: float(np.mean([row[name] for row in languages.values()])) for name in rank_values([])}
    rows = {
        language: outcomes(
            split_fingerprint([[question.topic, question.text] for question, _ in group]),
            rank=[rank or 0 for rank in places[language]],
        )
        for language, group in grouped.items()
    }
    overall = means | _intervals(list(places.values())) | {"n": len(ranks)}
    return {"languages": languages, "overall": overall, "rows": rows}


def _intervals(groups: Sequence[Sequence[Rank]]) -> dict[str, list[float]]:
    """Of the mean of the groups; all figures from the same draws."""
    values = [rank_values(group) for group in groups]
    rows = [np.stack([*one.values(), np.ones(len(one["mrr"]))], axis=1) for one in values]
    low, high = np.percentile(resampled(rows, _means), [2.5, 97.5], axis=0)
    return {f"{name}_95": [float(low[place]), float(high[place])] for place, name in enumerate(values[0])}


def _means(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_draws, m): the last column counts rows."""
    return np.asarray(sums[:, :-1] / sums[:, -1:])
