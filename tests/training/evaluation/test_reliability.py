"""The bins of a reliability diagram and the interval of the calibration error."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.calibration import expected_calibration_error
from training.evaluation.reliability import Bin, calibration_interval, reliability_bins


def test_bins_hold_their_rows_confidence_and_accuracy() -> None:
    first, last = reliability_bins([0.31, 0.39, 0.35, 1.0], [True, False, False, True])
    assert (first.low, first.high, first.n) == (0.3, 0.4, 3)
    assert first.confidence == pytest.approx(0.35)
    assert first.accuracy == pytest.approx(1 / 3)
    assert last == Bin(low=0.9, high=1.0, n=1, confidence=1.0, accuracy=1.0)


def test_the_gaps_of_the_bins_are_the_calibration_error() -> None:
    generator = np.random.default_rng(2)
    confidence = generator.random(500)
    correct = generator.random(500) < confidence**2
    bins = reliability_bins(confidence.tolist(), correct.tolist())
    gap = sum(one.n * abs(one.confidence - one.accuracy) for one in bins) / 500
    assert gap == pytest.approx(expected_calibration_error(confidence, correct.astype(float)))


def test_rows_that_are_all_alike_have_no_width() -> None:
    interval = calibration_interval([0.95] * 30, [False] * 30)
    assert interval.low == pytest.approx(0.95)
    assert interval.high == pytest.approx(0.95)


def test_the_interval_is_as_wide_as_the_accuracy_is_unsure() -> None:
    # One bin, half of 400 right at 0.95: the gap is 0.45 with an error of sqrt(0.25 / 400) = 0.025.
    interval = calibration_interval([0.95] * 400, [True, False] * 200)
    assert (interval.low, interval.high) == pytest.approx((0.45 - 1.96 * 0.025, 0.45 + 1.96 * 0.025), abs=0.006)


def test_the_interval_lies_around_the_figure_of_a_calibrated_model() -> None:
    generator = np.random.default_rng(4)
    confidence = generator.random(400)
    correct = generator.random(400) < confidence
    figure = expected_calibration_error(confidence, correct.astype(float))
    interval = calibration_interval(confidence.tolist(), correct.tolist())
    assert interval.low < figure < interval.high
    assert figure - interval.low == pytest.approx(interval.high - figure, rel=0.35)
