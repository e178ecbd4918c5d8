"""Plots show the figures, and the same figures give the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.evaluation.plots import intent_accuracy, recall_heat_map, reliability_diagram, write_plots

BINS = [
    {"low": 0.4, "high": 0.5, "n": 4, "confidence": 0.45, "accuracy": 0.25},
    {"low": 0.9, "high": 1.0, "n": 16, "confidence": 0.95, "accuracy": 0.9},
]
NLU: dict[str, Any] = {
    "languages": {
        "de": {"intent_accuracy": 0.5, "intent_accuracy_95": [0.4, 0.7]},
        "fr": {"intent_accuracy": 0.75, "intent_accuracy_95": [0.7, 0.8]},
    },
    "overall": {"intent_accuracy": 0.625, "reliability": BINS, "ece": 0.08},
}
CELLS = {"de": {"de": 1.0, "en": 0.25}, "en": {"de": 0.5}}


def test_a_second_run_gives_the_same_bytes(tmp_path: Path) -> None:
    evaluation = {"nlu": NLU, "retrieval": {"across": CELLS}}
    first, second = (write_plots(evaluation, tmp_path / name) for name in ("one", "two"))
    assert [plot.path.name for plot in first] == ["intent_accuracy.svg", "reliability.svg", "recall_across.svg"]
    assert [plot.part for plot in first] == ["nlu", "nlu", "retrieval"]
    for one, two in zip(first, second, strict=True):
        assert one.path.read_bytes() == two.path.read_bytes()
        assert b"<dc:date>" not in one.path.read_bytes()
        assert len(one.path.read_bytes()) < 150_000


def test_what_was_not_measured_is_not_plotted(tmp_path: Path) -> None:
    assert write_plots({"language": {}}, tmp_path) == []
    old = NLU | {"overall": {"intent_accuracy": 0.625}}
    assert [plot.path.name for plot in write_plots({"nlu": old}, tmp_path)] == ["intent_accuracy.svg"]


def test_bars_stand_from_the_best_language_to_the_worst_with_their_intervals() -> None:
    axes = intent_accuracy(NLU).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["fr", "de"]
    assert [bar.get_height() for bar in axes.patches] == [75, 50]
    (whiskers,) = axes.collections
    bounds = [bound for segment in whiskers.get_segments() for bound in segment[:, 1]]
    assert bounds == pytest.approx([70, 80, 40, 70])


def test_the_reliability_diagram_has_a_bar_for_each_bin() -> None:
    upper, lower = reliability_diagram(NLU["overall"]).axes
    assert [bar.get_height() for bar in upper.patches] == [0.25, 0.9]
    assert [bar.get_x() + bar.get_width() / 2 for bar in upper.patches] == pytest.approx([0.45, 0.95])
    assert [bar.get_height() for bar in lower.patches] == [4, 16]
    assert upper.get_title() == "Calibration of the intent, all languages: ECE 8.0 %"


def test_the_heat_map_has_the_question_in_the_row_and_leaves_a_missing_pair_blank() -> None:
    axes = recall_heat_map(CELLS).axes[0]
    shares = np.ma.filled(axes.images[0].get_array(), np.nan)
    assert shares[0].tolist() == [100, 25]
    assert shares[1, 0] == 50
    assert np.isnan(shares[1, 1])
    assert [text.get_text() for text in axes.texts] == ["100", "25", "50"]
