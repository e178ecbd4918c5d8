"""Figures of an evaluation: accuracy, macro F1, entity F1, ranking, and how sure each of them is.

Every figure is a share in [0, 1], higher is better; calibration stands in `reliability`, texts in `text_metrics`,
out-of-scope in `detection`. Entity F1 is the micro F1 of exact spans: an entity counts when start, end and label
are all right. That is what seqeval computes on BIO tags with one tag a character (`entity_report` gives its own
report), and needs no tokenizer, so that systems with different tokens can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

Span = tuple[int, int, str]
DRAWS_AT_ONCE = 64
"""Draws held in memory together: 64 of 50,000 rows are 26 MB."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval: `low` and `high` in the figure's own unit."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """Exact matches, spans found and spans there are, summed over texts."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """Share of the found that is right; 0.0 where nothing was found, as seqeval has it."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 0.0 where nothing is there."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """Micro F1; 1.0 where nothing is there and nothing was found."""
        total = self.found + self.there
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Quality of ranked lists, over queries."""

    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    recall_at_10: float
    mrr: float


def accuracy(expected: Sequence[str], found: Sequence[str]) -> float:
    """Share of rows whose label is right.

    >>> accuracy(["a", "b"], ["a", "a"])
    0.5
    """
    return sum(a == b for a, b in zip(expected, found, strict=True)) / max(1, len(expected))


def macro_f1(expected: Sequence[str], found: Sequence[str]) -> float:
    """Mean F1 of the labels that occur among `expected`, each label weighing the same."""
    labels = sorted(set(expected))
    return float(f1_score(list(expected), list(found), labels=labels, average="macro", zero_division=0.0))


def span_counts(expected: Sequence[AbstractSet[Span]], found: Sequence[AbstractSet[Span]]) -> SpanCounts:
    """Counts over texts; row i of both belongs to text i.

    >>> span_counts([{(0, 5, "city")}], [{(0, 5, "city"), (7, 9, "date")}])
    SpanCounts(right=1, found=2, there=1)
    """
    pairs = list(zip(expected, found, strict=True))
    return SpanCounts(
        right=sum(len(there & got) for there, got in pairs),
        found=sum(len(got) for _, got in pairs),
        there=sum(len(there) for there, _ in pairs),
    )


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Probability that a positive row scores above a negative one; None where one kind is missing."""
    if len(set(positive)) < 2:
        return None
    return float(roc_auc_score(list(positive), list(scores)))


def ranking(ranks: Sequence[int | None]) -> Ranking:
    """Of each query's first right hit the place, from 1; None where it is not in the list.

    >>> ranking([1, 2, None, 4])
    Ranking(recall_at_1=0.25, recall_at_3=0.5, recall_at_5=0.75, recall_at_10=0.75, mrr=0.4375)
    """
    n_queries = max(1, len(ranks))
    places = [rank for rank in ranks if rank is not None]
    return Ranking(
        recall_at_1=sum(rank <= 1 for rank in places) / n_queries,
        recall_at_3=sum(rank <= 3 for rank in places) / n_queries,
        recall_at_5=sum(rank <= 5 for rank in places) / n_queries,
        recall_at_10=sum(rank <= 10 for rank in places) / n_queries,
        mrr=sum(1 / rank for rank in places) / n_queries,
    )


def confusions(expected: Sequence[str], found: Sequence[str], *, top_k: int = 15) -> list[tuple[str, str, int]]:
    """The most frequent mistakes as (expected, found, count); equal counts by name.

    >>> confusions(["a", "a", "b"], ["b", "b", "b"])
    [('a', 'b', 2)]
    """
    wrong = Counter((a, b) for a, b in zip(expected, found, strict=True) if a != b)
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [(a, b, count) for (a, b), count in ordered[:top_k]]


def mean_of_first(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Statistic of rows (value, 1): their mean. `sums` is (n_draws, 2)."""
    return np.asarray(sums[:, 0] / sums[:, 1])


def f1_of_counts(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Statistic of rows (right, found, there): micro F1. `sums` is (n_draws, 3)."""
    total = sums[:, 1] + sums[:, 2]
    return np.where(total > 0, 2 * sums[:, 0] / np.maximum(total, 1), 1.0)


def f1_of_labels(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Statistic of the rows of `label_counts`: macro F1 of the labels that a draw expects. `sums` is (n_draws, 3 L)."""
    right, found, there = np.split(sums, 3, axis=1)
    f1 = 2 * right / np.maximum(found + there, 1)
    expected = there > 0
    return np.asarray((f1 * expected).sum(axis=1) / np.maximum(expected.sum(axis=1), 1))


def label_counts(expected: Sequence[str], found: Sequence[str]) -> NDArray[np.float64]:
    """(n_rows, 3 L): for each of L labels whether a row has it right, finds it and expects it."""
    labels = {label: place for place, label in enumerate(sorted({*expected, *found}))}
    wanted = np.eye(len(labels))[[labels[label] for label in expected]]
    got = np.eye(len(labels))[[labels[label] for label in found]]
    return np.concatenate([wanted * got, got, wanted], axis=1)


def resampled(
    groups: Sequence[NDArray[Any]],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] = mean_of_first,
    *,
    n_draws: int = 1000,
    seed: int = 7,
) -> NDArray[np.float64]:
    """(n_draws,): the mean over groups of `statistic`, each group's rows drawn anew with replacement.

    A group, (n_rows, k), is a language; it keeps its size, and `statistic` sees the sums of its rows, (n_draws, k). One that
    gives several figures, (n_draws, m), gets all of them from the same draws. Equal seeds give equal draws.
    """
    generator = np.random.default_rng(seed)
    figures: list[NDArray[np.float64]] = []
    for rows in groups:
        n_rows, values = len(rows), np.asarray(rows, dtype=np.float64)
        parts: list[NDArray[np.float64]] = []
        for begin in range(0, n_draws, DRAWS_AT_ONCE):
            drawn = generator.integers(0, n_rows, size=(min(DRAWS_AT_ONCE, n_draws - begin), n_rows))
            weights = np.stack([np.bincount(row, minlength=n_rows) for row in drawn]).astype(np.float64)
            parts.append(statistic(weights @ values))
        figures.append(np.concatenate(parts))
    return np.asarray(np.mean(figures, axis=0))


def bootstrap(
    groups: Sequence[NDArray[Any]],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] = mean_of_first,
    *,
    n_draws: int = 1000,
    seed: int = 7,
) -> Interval:
    """95 % interval of the mean over groups of `statistic` (Efron 1979, doi:10.1214/aos/1176344552)."""
    low, high = np.percentile(resampled(groups, statistic, n_draws=n_draws, seed=seed), [2.5, 97.5])
    return Interval(float(low), float(high))
