"""How much our own n-grams and fastText weigh at each length: five numbers for each, by maximum likelihood.

Fitted on texts that the n-gram weights were not learnt from, so that the posterior is a probability: of the answers
given with 0.9, nine in ten should be right. Languages outside the spoken ones weigh `OUTSIDE_SHARE` in all (those that
only fastText knows `RARE_SHARE`), which is what makes a short text count to a spoken language first.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from nlu.fasttext_languages import FastTextLanguages
from nlu.language import Evidence, n_letters
from nlu.language_features import words_of
from nlu.language_model import LanguageModel, Weighing, script_of_class
from nlu.scripts import script_of
from training.language_id.messages import Sample, pieces

Row = tuple[NDArray[np.float64], NDArray[np.bool_], float]
"""Features of the candidates (`nlu.language.Evidence`), which of them are right, and how much the text counts."""

LENGTHS = (0, 5, 9, 17, 33)
OUTSIDE_SHARE = 0.04
RARE_SHARE = 0.02
ROMANISED_SHARE = 0.03
OWN_FACTOR = 4.0
"""An own utterance counts like this many rows of a public set."""

_START = np.array([0.7, 0.3, -1.0, -1.0, -2.0])
_RIDGE = 1e-3


def fit_weighings(model: LanguageModel, samples: Sequence[Sample], draw: random.Random) -> tuple[Weighing, ...]:
    """One weighing for each of `LENGTHS`, in their order."""
    settings = model.settings
    evidence = Evidence(settings.classes, settings.spoken)
    fasttext = FastTextLanguages()
    tables: dict[int, list[Row]] = defaultdict(list)
    weights = _weights(samples, settings.spoken)
    for sample in samples:
        for piece in pieces(sample, draw, 2):
            words = words_of(piece)
            script = script_of(" ".join(words))
            if script is None or script != script_of_class(sample.label):
                continue
            codes, features = evidence.of(script, model.logits(words), fasttext.probabilities(" ".join(words)))
            right = np.array([one == sample.language for one in codes])
            if right.any() and len(codes) > 1:
                at = max(index for index, start in enumerate(LENGTHS) if n_letters(words) >= start)
                tables[at].append((features, right, weights[sample.label, sample.source]))
    return tuple(_fit(tables[at], start) for at, start in enumerate(LENGTHS))


def _weights(samples: Sequence[Sample], spoken: Sequence[str]) -> dict[tuple[str, str], float]:
    """Weight of a row by class and source: the spoken languages alike, the others and the romanised by their shares."""
    factor = {"own": OWN_FACTOR, "massive": 1.0, "interface": 1.0}
    sizes: dict[str, float] = defaultdict(float)
    for sample in samples:
        sizes[sample.label] += factor[sample.source]
    romanised = [label for label in sizes if label.partition("-")[0] in spoken and "-" in label]
    rare = [label for label in sizes if label.startswith("other")]
    outside = [label for label in sizes if label.partition("-")[0] not in spoken and label not in rare]
    share = {label: OUTSIDE_SHARE / len(outside) for label in outside}
    share |= {label: RARE_SHARE / len(rare) for label in rare}
    share |= {label: ROMANISED_SHARE / len(romanised) for label in romanised}
    return {
        (label, source): share.get(label, 1 / len(spoken)) * factor[source] / size
        for label, size in sizes.items()
        for source in factor
    }


def _fit(rows: Sequence[Row], n_letters_from: int) -> Weighing:
    width = max(len(features) for features, _, _ in rows)
    table = np.zeros((len(rows), width, 5))
    absent = np.ones((len(rows), width), bool)
    right = np.zeros((len(rows), width), bool)
    for index, (features, is_right, _) in enumerate(rows):
        table[index, : len(features)] = features
        absent[index, : len(features)] = False
        right[index, : len(features)] = is_right
    weights = np.array([weight for _, _, weight in rows])
    weights /= weights.sum()

    def loss(factors: NDArray[np.float64]) -> float:
        scores = np.where(absent, -1e9, table @ factors)
        scores -= scores.max(axis=1, keepdims=True)
        exponent = np.exp(scores)
        likelihood = (exponent * right).sum(axis=1) / exponent.sum(axis=1)
        return float(-(weights * np.log(likelihood + 1e-12)).sum() + _RIDGE * ((factors - _START) ** 2).sum())

    best = minimize(loss, _START, method="L-BFGS-B", bounds=[(0.05, 3), (0, 3), (-9, 9), (-9, 9), (-9, 9)]).x
    own, fasttext, romanised, known, rare = (round(float(one), 4) for one in best)
    return Weighing(n_letters_from, own, fasttext, romanised, known, rare)
