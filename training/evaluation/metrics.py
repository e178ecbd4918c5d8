"""Figures of an evaluation: accuracy, macro F1, entity F1, ranking, chrF, and how sure each of them is.

Every figure is a share in [0, 1], higher is better; calibration has its own in `nlu.calibration`. Entity F1
is the micro F1 of exact spans: an entity counts when start, end and label are all right. That is what seqeval
computes on BIO tags with one tag a character, and needs no tokenizer, so that systems with different tokens
can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics import CHRF
from sklearn.metrics import f1_score, roc_auc_score

Span = tuple[int, int, str]


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
    def f1(self) -> float:
        """Micro F1; 1.0 where nothing is there and nothing was found."""
        total = self.found + self.there
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Quality of ranked lists, over queries."""

    recall_at_1: float
    recall_at_3: float
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
    Ranking(recall_at_1=0.25, recall_at_3=0.5, mrr=0.4375)
    """
    n_queries = max(1, len(ranks))
    places = [rank for rank in ranks if rank is not None]
    return Ranking(
        recall_at_1=sum(rank <= 1 for rank in places) / n_queries,
        recall_at_3=sum(rank <= 3 for rank in places) / n_queries,
        mrr=sum(1 / rank for rank in places) / n_queries,
    )


def chrf(texts: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """Corpus chrF as a share in [0, 1] (n-grams up to 6, beta 2; Popović 2015, aclanthology.org/W15-3049).

    `references[i]` are the accepted texts of row i, one or more; rows with fewer repeat their last one.
    """
    if not texts:
        return 0.0
    width = max(map(len, references))
    streams = [[row[min(place, len(row) - 1)] for row in references] for place in range(width)]
    return float(CHRF().corpus_score(list(texts), streams).score) / 100


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


def bootstrap(
    groups: Sequence[NDArray[np.float64]],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]] = mean_of_first,
    *,
    n_draws: int = 1000,
    seed: int = 7,
) -> Interval:
    """95 % interval of the mean over groups of `statistic` (Efron 1979, doi:10.1214/aos/1176344552).

    A group, (n_rows, k), is a language; its rows are drawn with replacement, each group keeping its size, and
    `statistic` sees their sums, (n_draws, k). Equal seeds give equal intervals.
    """
    generator = np.random.default_rng(seed)
    total = np.zeros(n_draws)
    for rows in groups:
        n_rows = len(rows)
        weights = generator.multinomial(n_rows, np.full(n_rows, 1 / n_rows), size=n_draws)
        total += statistic(weights @ rows)
    low, high = np.percentile(total / len(groups), [2.5, 97.5])
    return Interval(float(low), float(high))
