"""Metrics against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.calibration import expected_calibration_error
from training.evaluation.metrics import (
    SpanCounts,
    accuracy,
    auroc,
    bootstrap,
    confusions,
    f1_of_counts,
    f1_of_labels,
    label_counts,
    macro_f1,
    mean_of_first,
    ranking,
    resampled,
    span_counts,
)


def test_accuracy_counts_equal_labels() -> None:
    assert accuracy(["a", "b", "c", "c"], ["a", "c", "c", "b"]) == 0.5


def test_macro_f1_weighs_each_expected_label_the_same() -> None:
    # a: precision 1/2, recall 1 -> 2/3; b: precision 1, recall 2/3 -> 4/5.
    assert macro_f1(["a", "b", "b", "b"], ["a", "b", "b", "a"]) == pytest.approx((2 / 3 + 4 / 5) / 2)
    # `x` is expected nowhere and has no weight.
    assert macro_f1(["a", "b"], ["a", "x"]) == pytest.approx((1 + 0) / 2)


def test_span_counts_ask_for_start_end_and_label() -> None:
    expected = [{(0, 3, "city"), (5, 9, "date")}, {(0, 4, "city")}, set()]
    found = [{(0, 3, "city"), (5, 8, "date")}, {(0, 4, "date")}, {(1, 2, "city")}]
    counts = span_counts(expected, found)
    assert counts == SpanCounts(right=1, found=4, there=3)
    assert counts.f1 == pytest.approx(2 / 7)


def test_nothing_there_and_nothing_found_is_right() -> None:
    assert span_counts([set()], [set()]).f1 == 1.0


def test_precision_and_recall_of_spans() -> None:
    counts = SpanCounts(right=3, found=4, there=6)
    assert (counts.precision, counts.recall) == (0.75, 0.5)
    assert (SpanCounts(0, 0, 2).precision, SpanCounts(0, 2, 0).recall) == (0.0, 0.0)


def test_calibration_error_is_the_weighted_gap_of_the_bins() -> None:
    # bin 0.9-1.0: mean confidence 0.95, accuracy 1/2, weight 2/3; bin 0.5-0.6: 0.55 against 1, weight 1/3.
    confidence, correct = np.array([0.93, 0.97, 0.55]), np.array([1, 0, 1])
    assert expected_calibration_error(confidence, correct) == pytest.approx(0.45 * 2 / 3 + 0.45 / 3)


def test_auroc_is_the_share_of_ordered_pairs() -> None:
    # positives 0.9 and 0.4, negatives 0.5 and 0.1: three of four pairs are in order.
    assert auroc([0.9, 0.4, 0.5, 0.1], [True, True, False, False]) == pytest.approx(0.75)


def test_auroc_needs_both_kinds() -> None:
    assert auroc([0.1, 0.2], [False, False]) is None


def test_ranking_counts_places_from_one() -> None:
    quality = ranking([1, 3, 4, None, 2])
    assert quality.recall_at_1 == pytest.approx(1 / 5)
    assert quality.recall_at_3 == pytest.approx(3 / 5)
    assert quality.recall_at_5 == pytest.approx(4 / 5)
    assert ranking([5, 6]).recall_at_5 == 0.5
    assert ranking([6, 10, 11]).recall_at_10 == pytest.approx(2 / 3)
    assert quality.mrr == pytest.approx((1 + 1 / 3 + 1 / 4 + 1 / 2) / 5)


def test_confusions_are_ordered_by_count_then_name() -> None:
    expected = ["a", "a", "b", "c", "c"]
    found = ["b", "b", "a", "a", "c"]
    assert confusions(expected, found) == [("a", "b", 2), ("b", "a", 1), ("c", "a", 1)]
    assert confusions(expected, found, top_k=1) == [("a", "b", 2)]


def test_bootstrap_is_the_same_for_the_same_seed() -> None:
    rows = np.array([[1, 1]] * 30 + [[0, 1]] * 10)
    assert bootstrap([rows]) == bootstrap([rows])
    assert bootstrap([rows]) != bootstrap([rows], seed=8)


def test_bootstrap_covers_what_the_normal_approximation_does() -> None:
    # 300 of 400 right: 0.75 +- 1.96 * sqrt(0.75 * 0.25 / 400) = 0.7076 .. 0.7924
    rows = np.array([[1, 1]] * 300 + [[0, 1]] * 100)
    interval = bootstrap([rows], mean_of_first)
    assert interval.low == pytest.approx(0.7076, abs=0.006)
    assert interval.high == pytest.approx(0.7924, abs=0.006)


def test_bootstrap_of_certain_rows_has_no_width() -> None:
    interval = bootstrap([np.array([[1, 1]] * 5), np.array([[0, 1]] * 50)])
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_bootstrap_of_counts_gives_f1() -> None:
    # Every text has 1 right of 2 found and 1 there: 2 * 1 / 3, whatever is drawn.
    interval = bootstrap([np.array([[1, 2, 1]] * 8)], f1_of_counts)
    assert interval.low == interval.high == pytest.approx(2 / 3)


def test_macro_f1_follows_from_counts_of_labels() -> None:
    expected, found = ["a", "b", "b", "b", "a"], ["a", "b", "b", "a", "x"]
    sums = label_counts(expected, found).sum(axis=0, keepdims=True)
    # a: 1 of 2 found and 2 there -> 1/2; b: 2 of 2 and 3 -> 4/5; `x` is expected nowhere.
    assert f1_of_labels(sums) == pytest.approx((1 / 2 + 4 / 5) / 2) == pytest.approx(macro_f1(expected, found))


def test_several_figures_come_from_the_same_draws() -> None:
    rows = np.array([[1, 0, 1]] * 5 + [[0, 1, 1]] * 5)
    draws = resampled([rows], lambda sums: sums[:, :2] / sums[:, 2:], n_draws=200)
    assert draws.shape == (200, 2)
    assert draws.sum(axis=1) == pytest.approx(1.0)
    assert draws[:, 0].std() > 0.1


def test_draws_are_the_mean_of_the_groups_however_large_they_are() -> None:
    draws = resampled([np.array([[1, 1]] * 3), np.array([[0, 1]] * 300)], n_draws=70)
    assert draws.tolist() == [0.5] * 70
