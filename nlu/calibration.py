"""Honest confidences: a temperature (arXiv:1706.04599) and the share of the lexical model, fitted on unlearnt rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[Any], temperature: float = 1.0) -> NDArray[Any]:
    """Probabilities over the last axis.

    >>> softmax(np.array([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    scaled = logits / temperature
    exponent = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(exponent / exponent.sum(axis=-1, keepdims=True))


def negative_log_likelihood(logits: NDArray[Any], target: NDArray[Any], temperature: float) -> float:
    """Mean over rows of -log p(target)."""
    chosen = softmax(logits, temperature)[np.arange(len(target)), target]
    return float(-np.log(np.clip(chosen, 1e-12, None)).mean())


def fit_temperature(logits: NDArray[Any], target: NDArray[Any]) -> float:
    """The temperature in [0.25, 4] with the lowest negative log likelihood, by a grid in log space.

    >>> confident = np.array([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0], [4.0, 0.0]])
    >>> 3.4 < fit_temperature(confident, np.array([0, 0, 0, 1])) < 3.9
    True
    """
    grid = np.exp(np.linspace(np.log(0.25), np.log(4.0), 161))
    return float(min(grid, key=lambda temperature: negative_log_likelihood(logits, target, temperature)))


@dataclass(frozen=True, slots=True)
class Mixture:
    """Logits of both intent models: (encoder + `lexical_weight` * lexical) / `temperature`."""

    temperature: float
    lexical_weight: float


HALVES = tuple(half / 2 for half in range(17))


def fit_mixture(
    encoder: NDArray[Any], lexical: NDArray[Any], target: NDArray[Any], *, weights: Sequence[float] = HALVES
) -> Mixture:
    """The mixture of two (n, n_intents) logits with the lowest negative log likelihood, of the `weights` given.

    >>> right, wrong = np.array([[2.0, 0.0], [0.0, 2.0]]), np.array([[0.0, 2.0], [2.0, 0.0]])
    >>> fit_mixture(right, wrong, np.array([0, 1])).lexical_weight, fit_mixture(wrong, right, np.array([0, 1])).lexical_weight
    (0.0, 8.0)
    """

    def likelihood(one: Mixture) -> float:
        return negative_log_likelihood(encoder + one.lexical_weight * lexical, target, one.temperature)

    mixtures = [Mixture(fit_temperature(encoder + weight * lexical, target), weight) for weight in weights]
    return min(mixtures, key=likelihood)


def expected_calibration_error(confidence: NDArray[Any], correct: NDArray[Any], n_bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by their rows; in [0, 1], lower is better.

    >>> round(expected_calibration_error(np.array([0.95, 0.95]), np.array([1, 0])), 2)
    0.45
    """
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    gaps = [
        abs(confidence[bins == index].mean() - correct[bins == index].mean()) * (bins == index).mean()
        for index in range(n_bins)
        if (bins == index).any()
    ]
    return float(sum(gaps))
