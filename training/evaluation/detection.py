"""How well a score tells what is out of scope: AUROC and the false alarms at the threshold that catches 95 %.

A positive row is one that is out of scope, and a higher score means more so. FPR@95 is the share of customers with a
request we do serve who would be turned away so that 95 % of the others are noticed; lower is better
(Liang et al. 2018, arXiv:1706.02690, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.metrics import Interval

TRUE_POSITIVE_RATE = 0.95


@dataclass(frozen=True, slots=True)
class Detection:
    """Both figures, in [0, 1], with their 95 % intervals."""

    auroc: float
    auroc_95: Interval
    fpr_at_95: float
    fpr_at_95_95: Interval


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows by falling score: which are positive, and the last place of each run of equal scores."""

    positive: NDArray[np.bool_]
    ends: NDArray[np.int64]


def detection(
    scores: Sequence[float], positive: Sequence[bool], *, n_draws: int = 1000, seed: int = 7
) -> Detection | None:
    """Figures and intervals; None where one kind is missing. Positive and negative rows are drawn each among themselves.

    >>> found = detection([0.9, 0.4, 0.5, 0.1], [True, True, False, False])
    >>> (found.auroc, found.fpr_at_95) if found else None
    (0.75, 0.5)
    """
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    ranked = np.asarray(scores, dtype=np.float64)[order]
    rows = _Sorted(np.asarray(positive, dtype=np.bool_)[order], np.flatnonzero(np.diff(ranked, append=-np.inf)))
    kinds = [np.flatnonzero(rows.positive), np.flatnonzero(~rows.positive)]
    if min(map(len, kinds)) == 0:
        return None
    area, alarms = _curve(rows, np.ones(len(ranked)))
    generator = np.random.default_rng(seed)
    draws = np.empty((n_draws, 2))
    for place in range(n_draws):
        weights = np.zeros(len(ranked))
        for kind in kinds:
            weights[kind] = np.bincount(generator.integers(0, len(kind), len(kind)), minlength=len(kind))
        draws[place] = _curve(rows, weights)
    (low, low_alarms), (high, high_alarms) = np.percentile(draws, [2.5, 97.5], axis=0)
    return Detection(area, Interval(float(low), float(high)), alarms, Interval(float(low_alarms), float(high_alarms)))


def _curve(rows: _Sorted, weights: NDArray[np.float64]) -> tuple[float, float]:
    """AUROC and FPR@95 of weighted rows; equal scores count half, as on a straight piece of the curve."""
    caught = np.concatenate([[0.0], np.cumsum(weights * rows.positive)[rows.ends]])
    alarms = np.concatenate([[0.0], np.cumsum(weights * ~rows.positive)[rows.ends]])
    caught, alarms = caught / caught[-1], alarms / alarms[-1]
    area = float((np.diff(alarms) * (caught[1:] + caught[:-1]) / 2).sum())
    # The tolerance: 19 of 20 rows are 95 %, whatever floating point makes of 19 / 20.
    first = int(np.argmax(caught >= TRUE_POSITIVE_RATE - 1e-9))
    return area, float(alarms[first])
