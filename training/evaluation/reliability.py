"""Whether a confidence of 80 % is right four times in five: the bins of a reliability diagram, and how sure the ECE is.

The figure itself is `nlu.calibration.expected_calibration_error`; both use the same bins of equal width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import expected_calibration_error
from training.evaluation.metrics import Interval, resampled

N_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows whose confidence lies in [low, high): how many, their mean confidence and the share that is right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def reliability_bins(confidence: Sequence[float], correct: Sequence[bool], n_bins: int = N_BINS) -> tuple[Bin, ...]:
    """The bins that have rows, in their order (Guo et al. 2017, arXiv:1706.04599, figure 1).

    >>> [(one.low, one.n, one.accuracy) for one in reliability_bins([0.92, 0.98, 1.0, 0.5], [True, False, True, True])]
    [(0.5, 1, 1.0), (0.9, 3, 0.6666666666666666)]
    """
    sure, right = np.asarray(confidence, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    places = bins_of(sure, n_bins)
    return tuple(
        Bin(
            low=index / n_bins,
            high=(index + 1) / n_bins,
            n=int((places == index).sum()),
            confidence=float(sure[places == index].mean()),
            accuracy=float(right[places == index].mean()),
        )
        for index in sorted(set(places.tolist()))
    )


def bins_of(confidence: NDArray[np.float64], n_bins: int = N_BINS) -> NDArray[np.int64]:
    """(n,): the bin of each confidence; 1.0 belongs to the last one."""
    return np.minimum((confidence * n_bins).astype(np.int64), n_bins - 1)


def calibration_interval(confidence: Sequence[float], correct: Sequence[bool], n_bins: int = N_BINS) -> Interval:
    """95 % interval of the ECE by bootstrap.

    The ECE is a sum of absolute values, so that drawing rows anew makes it larger on average: the draws are moved onto the
    figure, or the interval of a well calibrated model would lie above it.
    """
    sure, right = np.asarray(confidence, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    gaps = np.eye(n_bins)[bins_of(sure, n_bins)] * (sure - right)[:, None]
    rows = np.concatenate([gaps, np.ones((len(sure), 1))], axis=1)
    draws = resampled([rows], _error_of_gaps)
    moved = draws - draws.mean() + expected_calibration_error(sure, right, n_bins)
    low, high = np.percentile(moved, [2.5, 97.5])
    return Interval(max(0.0, float(low)), min(1.0, float(high)))


def _error_of_gaps(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.abs(sums[:, :-1]).sum(axis=1) / sums[:, -1])
