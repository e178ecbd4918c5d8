"""From utterances beside their parses to figures: accuracy, exact match, entity F1, calibration, out-of-scope.

`measure_nlu` decides what is a row and a group; here each figure gets its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import expected_calibration_error
from training.data.dataset import Example
from training.evaluation.detection import detection
from training.evaluation.metrics import (
    Interval,
    Span,
    bootstrap,
    f1_of_counts,
    f1_of_labels,
    label_counts,
    macro_f1,
    span_counts,
)
from training.evaluation.outcomes import outcomes, split_fingerprint
from training.evaluation.reliability import calibration_interval, reliability_bins


@dataclass(frozen=True, slots=True)
class Judged:
    """A held-out utterance beside what was found in it; `out_of_scope` is that intent's probability."""

    example: Example
    intent: str
    confidence: float
    out_of_scope: float
    spans: frozenset[Span]

    @property
    def correct(self) -> bool:
        """The best intent is the right one."""
        return self.intent == self.example.intent

    @property
    def exact(self) -> bool:
        """Intent and all entities are right, and nothing else was found."""
        return self.correct and self.spans == frozenset(self.example.spans)


def nlu_figures(groups: Sequence[Sequence[Judged]], out_of_scope: str) -> dict[str, Any]:
    """All figures of groups (languages) with rows; each `*_95` is [low, high]."""
    rows = [row for group in groups for row in group]
    expected, found = [row.example.intent for row in rows], [row.intent for row in rows]
    spans = span_counts([frozenset(row.example.spans) for row in rows], [row.spans for row in rows])
    shares = {
        "intent_accuracy": [np.array([[row.correct, 1] for row in group], dtype=float) for group in groups],
        "exact_match": [np.array([[row.exact, 1] for row in group], dtype=float) for group in groups],
    }
    figures: dict[str, Any] = {"n": len(rows)}
    for name, parts in shares.items():
        figures[name] = float(np.mean([part[:, 0].mean() for part in parts]))
        figures[f"{name}_95"] = _bounds(bootstrap(parts))
    return figures | {
        "intent_macro_f1": macro_f1(expected, found),
        "intent_macro_f1_95": _bounds(bootstrap([label_counts(expected, found)], f1_of_labels)),
        "n_entities": spans.there,
        "entity_f1": spans.f1,
        "entity_f1_95": _bounds(bootstrap([_span_rows(rows)], f1_of_counts)),
        **_calibration(rows),
        **_out_of_scope(rows, out_of_scope),
    }


def kept_outcomes(rows: Sequence[Judged]) -> dict[str, str]:
    """The rows of one language as columns of `outcomes`."""
    right, found, there = _span_rows(rows).T.astype(int).tolist()
    asked = [(row.example.text, row.example.intent, sorted(row.example.spans)) for row in rows]
    return outcomes(
        split_fingerprint(asked),
        intent=[row.correct for row in rows],
        exact=[row.exact for row in rows],
        entities_right=right,
        entities_found=found,
        entities_there=there,
    )


def _calibration(rows: Sequence[Judged]) -> dict[str, Any]:
    confidence, correct = [row.confidence for row in rows], [row.correct for row in rows]
    return {
        "ece": expected_calibration_error(np.array(confidence), np.array(correct, dtype=float)),
        "ece_95": _bounds(calibration_interval(confidence, correct)),
        "reliability": [asdict(one) for one in reliability_bins(confidence, correct)],
    }


def _out_of_scope(rows: Sequence[Judged], out_of_scope: str) -> dict[str, Any]:
    """By the probability of that intent, and by doubt: one minus the highest probability."""
    outside = [row.example.intent == out_of_scope for row in rows]
    scores = {"": [row.out_of_scope for row in rows], "_by_doubt": [1 - row.confidence for row in rows]}
    figures: dict[str, Any] = {}
    for suffix, score in scores.items():
        one = detection(score, outside)
        figures[f"out_of_scope_auroc{suffix}"] = one.auroc if one else None
        figures[f"out_of_scope_auroc{suffix}_95"] = _bounds(one.auroc_95) if one else None
        figures[f"out_of_scope_fpr_at_95{suffix}"] = one.fpr_at_95 if one else None
        figures[f"out_of_scope_fpr_at_95{suffix}_95"] = _bounds(one.fpr_at_95_95) if one else None
    return figures


def _span_rows(rows: Sequence[Judged]) -> NDArray[np.float64]:
    """(n, 3): right, found and there of each text."""
    counts = [span_counts([frozenset(row.example.spans)], [row.spans]) for row in rows]
    return np.array([[one.right, one.found, one.there] for one in counts], dtype=float)


def _bounds(interval: Interval) -> list[float]:
    return [interval.low, interval.high]
