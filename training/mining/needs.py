"""Answered questions of all languages -> needs: clusters of those that ask the same and are answered alike.

What a question means shows in its answer too ("and where is that?"), so a case's vector is the sum of both
(`vectors_of`). Cases are joined by the mean cosine between their groups (average linkage, SciPy), so that the number of
needs follows from the data; of more cases than `MAX_GROUPS`, spherical k-means (FAISS) makes that many small groups first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

MAX_GROUPS = 4096
N_ITERATIONS = 15
ANSWER_WEIGHT = 1.5
"""Of an answer beside its question."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """`labels` (n,) int: the need of each question, -1 for none. `centres` (n_needs, dim) unit rows."""

    labels: NDArray[Any]
    centres: NDArray[Any]


def vectors_of(questions: NDArray[Any], answers: NDArray[Any]) -> NDArray[Any]:
    """Unit rows (n, dim) of cases, from unit rows of their questions and answers; a case without a general answer has zeros."""
    both = questions + ANSWER_WEIGHT * answers
    return np.asarray(both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def cluster(
    vectors: NDArray[Any], *, joined_at: float = 0.5, nearest: float = 0.45, min_size: int = 3, seed: int = 7
) -> Clustering:
    """Cluster unit rows.

    Args:
        vectors: (n, dim) float32 of length 1.
        joined_at: mean cosine between the members of two groups from which on they are one need, in [-1, 1].
        nearest: a question whose cosine with its centre is lower belongs to no need.
        min_size: needs with fewer questions are none.
        seed: of the first centres.
    """
    n, dim = vectors.shape
    if not n:
        return Clustering(np.zeros(0, dtype=np.int64), np.zeros((0, dim), dtype=np.float32))
    groups = np.arange(n) if n <= MAX_GROUPS else _groups(vectors, seed)
    if groups.max() > 0:
        means = _means(vectors, groups, int(groups.max()) + 1)
        apart = np.clip(1 - means @ means.T, 0, 2)
        np.fill_diagonal(apart, 0)
        tree = linkage(squareform(apart, checks=False), method="average")
        groups = fcluster(tree, 1 - joined_at, criterion="distance")[groups] - 1
    centres = _centres(vectors, groups, int(groups.max()) + 1)
    groups = np.where(np.einsum("nd,nd->n", vectors, centres[groups]) >= nearest, groups, -1)
    kept = [label for label in range(len(centres)) if (groups == label).sum() >= min_size]
    kept.sort(key=lambda label: -int((groups == label).sum()))
    numbers = np.full(len(centres) + 1, -1, dtype=np.int64)
    numbers[kept] = np.arange(len(kept))
    labels = numbers[groups]
    return Clustering(labels, _centres(vectors, labels, len(kept)))


def _groups(vectors: NDArray[Any], seed: int) -> NDArray[Any]:
    """k-means labels (n,) without empty groups."""
    means = faiss.Kmeans(
        vectors.shape[1],
        MAX_GROUPS,
        niter=N_ITERATIONS,
        spherical=True,
        seed=seed,
        min_points_per_centroid=1,
        max_points_per_centroid=256,
    )
    means.train(vectors)
    _, found = means.index.search(vectors, 1)
    return np.asarray(np.unique(found[:, 0], return_inverse=True)[1])


def _means(vectors: NDArray[Any], labels: NDArray[Any], count: int) -> NDArray[Any]:
    """Mean of each label's rows: the product of two is the mean cosine between their members."""
    inside = labels >= 0
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, labels[inside], vectors[inside])
    return sums / np.maximum(np.bincount(labels[inside], minlength=count), 1)[:, None].astype(np.float32)


def _centres(vectors: NDArray[Any], labels: NDArray[Any], count: int) -> NDArray[Any]:
    """Unit mean of each label's rows; rows labelled -1 belong to none."""
    means = _means(vectors, labels, count)
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9))
