"""Out-of-scope figures against numbers worked out by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from training.evaluation.detection import detection


def test_false_alarms_at_the_threshold_that_catches_nineteen_of_twenty() -> None:
    positive = [0.5] * 10 + [0.8] * 9 + [0.1]
    negative = [0.9, 0.5, 0.3, 0.0]
    found = detection([*positive, *negative], [True] * 20 + [False] * 4)
    assert found is not None
    # The threshold is 0.5: two of the four in scope lie at or above it.
    assert found.fpr_at_95 == 0.5


def test_the_last_positive_counts_where_more_than_one_in_twenty_would_be_lost() -> None:
    positive = [0.5] * 17 + [0.1] * 2
    found = detection([*positive, 0.9, 0.3, 0.2, 0.0], [True] * 19 + [False] * 4)
    assert found is not None
    assert found.fpr_at_95 == 0.75


def test_figures_are_scikit_learns_with_ties() -> None:
    generator = np.random.default_rng(3)
    positive = generator.random(300) < 0.3
    scores = np.round(generator.random(300) * 0.7 + positive * 0.3, 2)
    found = detection(scores.tolist(), positive.tolist())
    assert found is not None
    assert found.auroc == pytest.approx(roc_auc_score(positive, scores))
    alarms, caught, _ = roc_curve(positive, scores, drop_intermediate=False)
    assert found.fpr_at_95 == pytest.approx(alarms[caught >= 0.95].min())


def test_the_interval_is_as_wide_as_hanley_and_mcneils() -> None:
    generator = np.random.default_rng(5)
    positive = np.arange(400) < 200
    scores = generator.normal(size=400) + positive
    found = detection(scores.tolist(), positive.tolist())
    assert found is not None
    area = found.auroc
    # doi:10.1148/radiology.143.1.7063747, equal numbers of both kinds.
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    error = np.sqrt((area * (1 - area) + 199 * (first - area**2) + 199 * (second - area**2)) / 200**2)
    assert found.auroc_95.high - found.auroc_95.low == pytest.approx(2 * 1.96 * error, rel=0.15)
    assert found.auroc_95.low < area < found.auroc_95.high


def test_kinds_that_never_mix_have_no_width() -> None:
    found = detection([0.9, 0.8, 0.2, 0.1, 0.15], [True, True, False, False, False])
    assert found is not None
    assert (found.auroc, found.auroc_95.low, found.fpr_at_95, found.fpr_at_95_95.high) == (1.0, 1.0, 0.0, 0.0)


def test_one_kind_alone_cannot_be_told() -> None:
    assert detection([0.1, 0.2], [False, False]) is None
    assert detection([0.1, 0.2], [True, True]) is None
