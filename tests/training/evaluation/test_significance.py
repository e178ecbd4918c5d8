"""Tests of a difference against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.metrics import f1_of_counts, mean_of_first
from training.evaluation.significance import holm, mcnemar, paired, unpaired


def rows(values: list[int]) -> np.ndarray:
    return np.array([[value, 1.0] for value in values])


def test_mcnemar_looks_at_the_rows_that_differ() -> None:
    before = np.array([0] * 12 + [1] * 2 + [1] * 50 + [0] * 50)
    after = np.array([1] * 12 + [0] * 2 + [1] * 50 + [0] * 50)
    # 2 * (C(14,0) + C(14,1) + C(14,2)) / 2**14
    assert mcnemar(before, after) == pytest.approx(2 * (1 + 14 + 91) / 16384)
    assert mcnemar(after, before) == mcnemar(before, after)


def test_mcnemar_of_equal_rows_is_one() -> None:
    assert mcnemar(np.array([1, 0]), np.array([1, 0])) == 1.0
    assert mcnemar(np.array([1, 0]), np.array([0, 1])) == 1.0


def test_the_paired_bootstrap_sees_that_rows_belong_together() -> None:
    # 100 rows; ten get better, none worse. The difference has the error sqrt(0.1 * 0.9 / 100) = 0.03.
    before, after = rows([0] * 50 + [1] * 50), rows([1] * 10 + [0] * 40 + [1] * 50)
    test = paired([before], [after], mean_of_first, seed=8)
    assert (test.low, test.high) == pytest.approx((0.1 - 1.96 * 0.03, 0.1 + 1.96 * 0.03), abs=0.015)
    assert test.p_value == pytest.approx(2 / 2001)


def test_the_paired_bootstrap_shows_nothing_where_nothing_changed() -> None:
    test = paired([rows([0, 1, 1])], [rows([0, 1, 1])], mean_of_first)
    assert (test.low, test.high, test.p_value) == (0.0, 0.0, 1.0)


def test_the_paired_bootstrap_is_over_the_mean_of_the_groups() -> None:
    # One group gains everything, the other, much larger, nothing: the mean of the two gains a half.
    small, large = rows([0] * 4), rows([1] * 400)
    test = paired([small, large], [rows([1] * 4), large], mean_of_first)
    assert (test.low, test.high) == (0.5, 0.5)


def test_the_paired_bootstrap_takes_counts_as_well() -> None:
    before, after = np.array([[0, 1, 1]] * 20), np.array([[1, 1, 1]] * 20)
    assert paired([before], [after], f1_of_counts).low == 1.0


def test_two_intervals_are_compared_by_their_widths() -> None:
    # Errors 0.03 and 0.04 make 0.05; 0.1 is two of it: p = 0.0455.
    bounds = [[0.5 - 1.959964 * error, 0.5 + 1.959964 * error] for error in (0.03, 0.04)]
    test = unpaired(0.5, 0.6, *bounds)
    assert test.p_value == pytest.approx(0.0455, abs=1e-4)
    assert (test.low, test.high) == pytest.approx((0.1 - 1.96 * 0.05, 0.1 + 1.96 * 0.05), abs=1e-4)


def test_figures_without_width_differ_or_do_not() -> None:
    assert unpaired(1.0, 1.0, [1.0, 1.0], [1.0, 1.0]).p_value == 1.0
    assert unpaired(1.0, 0.5, [1.0, 1.0], [0.5, 0.5]).p_value == 0.0


def test_holm_multiplies_and_never_falls() -> None:
    # Sorted 0.01 * 4, 0.02 * 3, 0.025 * 2 -> 0.06 (not below the one before), 0.9.
    assert holm([0.9, 0.01, 0.025, 0.02]) == pytest.approx([0.9, 0.04, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []
