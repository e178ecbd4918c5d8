"""Questions of all languages -> needs: clusters of questions that mean the same, by their sentence vectors.

Spherical k-means (FAISS) finds many small groups, also among hundreds of thousands of questions in minutes; groups whose
centres are near are then joined (average linkage, SciPy), so that the number of needs follows from the data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

N_EACH = 8
"""Questions a group before joining, about; of few questions there are more groups."""
MAX_GROUPS = 4096
N_ITERATIONS = 15


@dataclass(frozen=True, slots=True)
class Clustering:
    """`labels` (n,) int: the need of each question, -1 for none. `centres` (n_needs, dim) unit rows."""

    labels: NDArray[Any]
    centres: NDArray[Any]


def cluster(
    vectors: NDArray[Any], *, joined_at: float = 0.45, nearest: float = 0.35, min_size: int = 3, seed: int = 7
) -> Clustering:
    """Cluster unit rows.

    Args:
        vectors: (n, dim) float32 of length 1.
        joined_at: mean cosine of two groups from which on they are one need, in [-1, 1].
        nearest: a question whose cosine with its centre is lower belongs to no need.
        min_size: needs with fewer questions are none.
        seed: of the first centres.
    """
    n, dim = vectors.shape
    if not n:
        return Clustering(np.zeros(0, dtype=np.int64), np.zeros((0, dim), dtype=np.float32))
    groups, centres = _groups(vectors, seed)
    if len(centres) > 1:
        tree = linkage(centres, method="average", metric="cosine")
        groups = fcluster(tree, 1 - joined_at, criterion="distance")[groups] - 1
    centres = _centres(vectors, groups, int(groups.max()) + 1)
    groups = np.where(np.einsum("nd,nd->n", vectors, centres[groups]) >= nearest, groups, -1)
    kept = [label for label in range(len(centres)) if (groups == label).sum() >= min_size]
    kept.sort(key=lambda label: -int((groups == label).sum()))
    numbers = np.full(len(centres) + 1, -1, dtype=np.int64)
    numbers[kept] = np.arange(len(kept))
    labels = numbers[groups]
    return Clustering(labels, _centres(vectors, labels, len(kept)))


def _groups(vectors: NDArray[Any], seed: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """k-means labels (n,) without empty groups, and the centres (k, dim)."""
    n, dim = vectors.shape
    k = min(n, MAX_GROUPS, max(n // N_EACH, math.ceil(2 * math.sqrt(n))))
    means = faiss.Kmeans(
        dim, k, niter=N_ITERATIONS, spherical=True, seed=seed, min_points_per_centroid=1, max_points_per_centroid=256
    )
    means.train(vectors)
    _, found = means.index.search(vectors, 1)
    _, labels = np.unique(found[:, 0], return_inverse=True)
    return labels, _centres(vectors, labels, int(labels.max()) + 1)


def _centres(vectors: NDArray[Any], labels: NDArray[Any], count: int) -> NDArray[Any]:
    """Unit mean of each label's rows; rows labelled -1 belong to none."""
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    inside = labels >= 0
    np.add.at(sums, labels[inside], vectors[inside])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return sums / np.maximum(lengths, 1e-9)
