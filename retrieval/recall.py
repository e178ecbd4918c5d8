"""Recall of an approximate FAISS index against exact search, and how many lists a query must read to reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

K = 10
GOAL = 0.95
"""Recall@10 that a customer's question is to have."""
OWN_ROWS_GOAL = 0.97
"""Asked of an index's own rows when it is built: a question lies a little farther from its list than a stored row does."""
N_QUERIES = 400
# A cosine that differs by less is the same: two of the same text, one of them found.
_SAME = 1e-6
# Less than this by twice as many lists: what is missing is lost to the codes.
_GAIN = 0.002
_SEED = 11


@dataclass(frozen=True, slots=True)
class Recall:
    """`nprobe`: lists a query reads (0: the search is exact); `at_10`: recall@10 so reached, in [0, 1]."""

    nprobe: int
    at_10: float


def best_nprobe(
    index: Any, rows: NDArray[Any], ids: NDArray[Any], *, n_lists: int, goal: float = OWN_ROWS_GOAL
) -> Recall:
    """Double `nprobe` until recall@10 is at least `goal`, or no longer grows; sets it on `index` (a FAISS IVF).

    Queries are N_QUERIES of the index's own rows (float32 (n, dim), ids int64 (n,)), each without itself among its
    neighbours. Where coding errors bound recall, the first `nprobe` within a hundredth of the best is taken.
    """
    chosen = np.random.default_rng(_SEED).choice(len(rows), min(N_QUERIES, len(rows)), replace=False)
    wanted = exact_scores(rows, chosen)
    row_of = np.argsort(ids)
    sorted_ids = ids[row_of]
    tried: list[Recall] = []
    for nprobe in _doubling(n_lists):
        index.nprobe = nprobe
        found = index.search(rows[chosen], K + 1)[1]
        places = np.where(found < 0, -1, row_of[np.searchsorted(sorted_ids, np.maximum(found, sorted_ids[0]))])
        tried.append(Recall(nprobe, recall_at(places, wanted, rows, chosen)))
        if tried[-1].at_10 >= goal or (nprobe >= 16 and tried[-1].at_10 - tried[-2].at_10 < _GAIN):
            break
    best = max(one.at_10 for one in tried)
    taken = next(one for one in tried if one.at_10 >= (goal if best >= goal else best - 0.01))
    index.nprobe = taken.nprobe
    return taken


def exact_scores(rows: NDArray[Any], chosen: NDArray[Any]) -> NDArray[Any]:
    """The cosines of the K nearest other rows of each chosen row, best first: (n_chosen, min(K, n - 1))."""
    k = min(K + 1, len(rows))
    scores, found = faiss.knn(rows[chosen], rows, k, metric=faiss.METRIC_INNER_PRODUCT)
    return np.stack(
        [_without_itself(score, place, own)[: k - 1] for score, place, own in zip(scores, found, chosen, strict=True)]
    )


def recall_at(places: NDArray[Any], wanted: NDArray[Any], rows: NDArray[Any], chosen: NDArray[Any]) -> float:
    """Share of the nearest rows that were found; `places` (n_chosen, K + 1) are row numbers, -1 for none.

    A found row counts when its true cosine is at least that of the last wanted one: rows of the same text are one
    another's equals, whichever was found.
    """
    if not wanted.size:
        return 1.0
    n_found = 0
    for place, scores, own in zip(places, wanted, chosen, strict=True):
        others = [one for one in place.tolist() if one not in (-1, own)][: len(scores)]
        n_found += int((rows[others] @ rows[own] >= scores[-1] - _SAME).sum())
    return n_found / wanted.size


def _without_itself(scores: NDArray[Any], places: NDArray[Any], own: int) -> NDArray[Any]:
    kept: NDArray[Any] = scores[places != own]
    return kept


def _doubling(n_lists: int) -> list[int]:
    return [2**power for power in range(n_lists.bit_length()) if 2**power < n_lists] + [n_lists]
