"""Recall on rows of a circle, where neighbours are known."""

from __future__ import annotations

import faiss
import numpy as np
import pytest

from retrieval.recall import best_nprobe, exact_scores, recall_at

ANGLES = np.deg2rad(np.array([0.0, 1.0, 3.0, 10.0]))
ROWS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)
OWN = np.array([0])


def test_exact_neighbours_leave_the_query_itself_out() -> None:
    assert exact_scores(ROWS, OWN) == pytest.approx(np.cos(ANGLES[1:])[None], abs=1e-6)


@pytest.mark.parametrize(("places", "share"), [([0, 1, 2, 3], 1.0), ([0, 1, 3, -1], 2 / 3), ([-1, -1, -1, -1], 0.0)])
def test_recall_is_the_share_of_the_nearest_that_was_found(places: list[int], share: float) -> None:
    assert recall_at(np.array([places]), exact_scores(ROWS, OWN), ROWS, OWN) == pytest.approx(share)


def test_a_row_of_the_same_text_counts_for_the_other() -> None:
    rows = ROWS[[0, 1, 1, 3]]
    wanted = exact_scores(rows, OWN)[:, :1]  # the nearest one alone: row 1 or row 2
    assert recall_at(np.array([[0, 2]]), wanted, rows, OWN) == 1.0
    assert recall_at(np.array([[0, 3]]), wanted, rows, OWN) == 0.0


def _lists(rows: np.ndarray, ids: np.ndarray, kind: str) -> faiss.Index:
    index = faiss.index_factory(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    index.train(rows)
    index.add_with_ids(rows, ids)
    return index


def test_as_few_lists_are_read_as_reach_the_goal() -> None:
    rows = np.random.default_rng(3).standard_normal((800, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = np.random.default_rng(4).permutation(800) * 64 + 7  # in no order, none is a row number
    index = _lists(rows, ids, "IVF16,Flat")
    modest, high, all_lists = (best_nprobe(index, rows, ids, n_lists=16, goal=goal) for goal in (0.5, 0.95, 1.0))
    assert 0.5 <= modest.at_10 < 0.95 <= high.at_10
    assert modest.nprobe < high.nprobe <= 16
    assert (all_lists.nprobe, all_lists.at_10) == (16, 1.0)
    assert index.nprobe == 16


def test_where_codes_are_too_coarse_the_best_is_reported_and_not_paid_for_twice() -> None:
    rows = np.random.default_rng(3).standard_normal((9984, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = _lists(rows, np.arange(9984), "IVF16,PQ1np")
    found = best_nprobe(index, rows, np.arange(9984), n_lists=16)
    assert found.at_10 < 0.95
    assert index.nprobe == found.nprobe < 16
