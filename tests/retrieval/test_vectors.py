"""The same promises from each structure: what is removed is gone, what is there is found and given back, also from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.recall import Recall
from retrieval.structures import Structure
from retrieval.vectors import Vectors, build, empty, read

# Cosines as a coded vector gives them may be off by so much.
KINDS = {"Flat": 1e-6, "IVF8,Flat": 1e-6, "IVF8,SQ8": 0.02, "IVF8,PQ8": 0.2}


@pytest.fixture(scope="module")
def rows() -> NDArray[Any]:
    """9,984 unit rows (what a product quantizer's training asks for) of width 16 in 50 clusters."""
    draws = np.random.default_rng(5)
    centroids = draws.standard_normal((50, 16))
    found = (centroids[draws.integers(50, size=9984)] + 0.4 * draws.standard_normal((9984, 16))).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


@pytest.fixture(scope="module")
def ids(rows: NDArray[Any]) -> NDArray[Any]:
    return np.arange(len(rows), dtype=np.int64) * 64 + 3


@pytest.mark.parametrize(("kind", "error"), KINDS.items())
def test_every_kind_finds_removes_gives_back_and_returns_from_disk(
    rows: NDArray[Any], ids: NDArray[Any], tmp_path: Path, kind: str, error: float
) -> None:
    vectors: Vectors = build(Structure.of_kind(kind), rows, ids)
    scores, found = vectors.search(rows[:1], 5)
    assert (int(found[0, 0]), float(scores[0, 0])) == (3, pytest.approx(1.0, abs=error))
    vectors.remove(np.array([3, 4, 67], dtype=np.int64))  # 4 was never there
    assert len(vectors) == len(rows) - 2
    vectors.add(rows[:1], np.array([5], dtype=np.int64))
    vectors.save(tmp_path / "index.faiss")
    again = read(tmp_path / "index.faiss", vectors.structure, n_trained=vectors.n_trained, recall=vectors.recall)
    assert len(again) == len(rows) - 1
    found = again.search(rows[:2], 5)[1]
    assert int(found[0, 0]) == 5
    assert not {3, 67} & set(found.ravel().tolist())
    assert again.rows(np.array([131, 5], dtype=np.int64)) == pytest.approx(rows[[2, 0]], abs=2 * error)
    again.remove(np.array([5], dtype=np.int64))
    assert int(again.search(rows[:1], 1)[1][0, 0]) != 5


def test_lists_are_read_as_recall_asked_for_and_the_kind_says(rows: NDArray[Any], ids: NDArray[Any]) -> None:
    vectors = build(Structure.of_kind("IVF8,Flat"), rows, ids)
    assert 0.95 <= vectors.recall.at_10 <= 1.0
    assert 1 <= vectors.recall.nprobe <= 8
    assert vectors.n_trained == 9984


def test_a_file_of_another_kind_than_the_manifests_is_refused(tmp_path: Path) -> None:
    empty(4).save(tmp_path / "index.faiss")
    with pytest.raises(RuntimeError, match="expected IVF8,Flat, found IndexIDMap2"):
        read(tmp_path / "index.faiss", Structure(8, "Flat"), n_trained=9, recall=Recall(1, 1.0))


def test_a_loaded_index_reads_as_many_lists_as_when_it_was_saved(
    rows: NDArray[Any], ids: NDArray[Any], tmp_path: Path
) -> None:
    vectors = build(Structure.of_kind("IVF8,Flat"), rows, ids)
    vectors.save(tmp_path / "index.faiss")
    # With one list only members of the nearest list are found, with eight all of them.
    few, all_lists = (
        read(tmp_path / "index.faiss", Structure(8, "Flat"), n_trained=9984, recall=Recall(nprobe, 1.0))
        for nprobe in (1, 8)
    )
    assert (all_lists.search(rows[:1], len(rows))[1] >= 0).sum() == len(rows)
    assert (few.search(rows[:1], len(rows))[1] >= 0).sum() < len(rows) / 2
    assert faiss.read_index(str(tmp_path / "index.faiss")).ntotal == len(rows)
