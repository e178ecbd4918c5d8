"""Calibration against numbers worked out by hand."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from nlu.calibration import (
    Mixture,
    expected_calibration_error,
    fit_mixture,
    fit_temperature,
    negative_log_likelihood,
    softmax,
)


def test_softmax_of_a_log_ratio_is_that_ratio() -> None:
    assert softmax(np.array([log(3.0), 0.0])) == pytest.approx([0.75, 0.25])


def test_temperature_divides_the_logits() -> None:
    assert softmax(np.array([log(3.0), 0.0]), 2.0) == pytest.approx([sqrt(3) / (1 + sqrt(3)), 1 / (1 + sqrt(3))])


def test_softmax_of_large_logits_stays_finite_and_works_on_the_last_axis() -> None:
    probabilities = softmax(np.array([[[1e4, 0.0]], [[-1e4, -1e4]]]))
    assert probabilities == pytest.approx(np.array([[[1.0, 0.0]], [[0.5, 0.5]]]))


def test_negative_log_likelihood_is_the_mean_over_rows() -> None:
    logits = np.array([[log(3.0), 0.0], [0.0, 0.0]])
    assert negative_log_likelihood(logits, np.array([0, 1]), 1.0) == pytest.approx((log(4 / 3) + log(2)) / 2)


def test_fitted_temperature_is_where_confidence_equals_accuracy() -> None:
    # Two classes, logit 4 for the first, right in 9 of 10 rows: the optimum gives 0.9, so 4 / T = ln 9.
    logits = np.tile([4.0, 0.0], (10, 1))
    target = np.array([0] * 9 + [1])
    assert fit_temperature(logits, target) == pytest.approx(4 / log(9), rel=0.02)


@pytest.mark.parametrize(("target", "bound"), [([0, 0], 0.25), ([1, 1], 4.0)])
def test_temperature_stays_in_its_bounds(target: list[int], bound: float) -> None:
    assert fit_temperature(np.array([[4.0, 0.0], [4.0, 0.0]]), np.array(target)) == pytest.approx(bound)


def test_calibration_error_weighs_each_bin_by_its_rows() -> None:
    # Bin 0.9-1.0: |0.95 - 1/2| on 2 of 3 rows; bin 0.5-0.6: |0.55 - 1| on 1 of 3.
    confidence, correct = np.array([0.95, 0.95, 0.55]), np.array([1, 0, 1])
    assert expected_calibration_error(confidence, correct) == pytest.approx(0.45 * 2 / 3 + 0.45 / 3)


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    assert expected_calibration_error(np.array([1.0, 0.9]), np.array([1, 1])) == pytest.approx(0.05)


def test_mixture_weighs_two_models_that_are_right_in_turn() -> None:
    # Each model is sure of one row and blind in the other: only together is every row right.
    encoder = np.array([[3.0, 0.0], [0.0, 0.0]])
    lexical = np.array([[0.0, 0.0], [0.0, 1.0]])
    mixture = fit_mixture(encoder, lexical, np.array([0, 1]))
    assert mixture == Mixture(temperature=pytest.approx(0.25), lexical_weight=8.0)
    mixed = (encoder + mixture.lexical_weight * lexical) / mixture.temperature
    assert negative_log_likelihood(mixed, np.array([0, 1]), 1.0) < 0.01
