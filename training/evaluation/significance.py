"""Whether a difference between two evaluations is more than chance: three tests, each for what the reports kept.

`mcnemar` and `paired` need the outcomes of the same rows; `unpaired` makes do with two intervals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.metrics import resampled

Z_95 = 1.959964
"""97.5 % quantile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Test:
    """95 % interval of after minus before, in the figure's unit, and the two-sided p-value that there is no difference."""

    __test__ = False  # not one of pytest's

    low: float
    high: float
    p_value: float


def mcnemar(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    """Exact two-sided p-value of two rows of 0 and 1 (McNemar 1947, doi:10.1007/BF02295996; the binomial form).

    Only rows where the two differ count; five better and none worse is 2 / 2**5.

    >>> mcnemar(np.array([0, 0, 0, 0, 0, 1]), np.array([1, 1, 1, 1, 1, 1]))
    0.0625
    """
    n_better, n_worse = int((after > before).sum()), int((after < before).sum())
    n_differ = n_better + n_worse
    tail = sum(math.comb(n_differ, k) for k in range(min(n_better, n_worse) + 1))
    return min(1.0, 2 * tail / 2**n_differ)


def paired(
    before: Sequence[NDArray[np.float64]],
    after: Sequence[NDArray[np.float64]],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    n_draws: int = 2000,
    seed: int = 7,
) -> Test:
    """Bootstrap of the same rows on both sides (Koehn 2004, aclanthology.org/W04-3250).

    Group i of both, (n_rows, k), is one language; `statistic` sees sums as in `metrics.resampled`. The p-value is twice the
    share of draws on the rarer side of zero; it is never below 2 / (n_draws + 1).
    """
    width = before[0].shape[1]
    both = [np.concatenate(pair, axis=1) for pair in zip(before, after, strict=True)]
    draws = resampled(
        both, lambda sums: statistic(sums[:, width:]) - statistic(sums[:, :width]), n_draws=n_draws, seed=seed
    )
    rarer = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    low, high = np.percentile(draws, [2.5, 97.5])
    return Test(float(low), float(high), min(1.0, 2 * (rarer + 1) / (n_draws + 1)))


def unpaired(before: float, after: float, before_95: Sequence[float], after_95: Sequence[float]) -> Test:
    """Normal approximation from two 95 % intervals of independent rows; on the same rows it errs on the careful side."""
    error = math.hypot(*((bounds[1] - bounds[0]) / (2 * Z_95) for bounds in (before_95, after_95)))
    difference = after - before
    if error == 0:
        return Test(difference, difference, 1.0 if difference == 0 else 0.0)
    p_value = math.erfc(abs(difference) / error / math.sqrt(2))
    return Test(difference - Z_95 * error, difference + Z_95 * error, p_value)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values of several questions at once, so that one in twenty is not "better" by luck (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted
