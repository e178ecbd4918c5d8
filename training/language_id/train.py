"""Trains `nlu.language`'s own model: `xenia train --only language`. Three minutes on one core, no torch.

Learns n-gram weights on the LEARN fold, then fits on the CALIBRATE fold how much they and fastText weigh by length.
The same data gives the same file.
"""

from __future__ import annotations

import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import scipy.sparse  # type: ignore[import-untyped]

from nlu.language import FOLDER
from nlu.language_features import ngrams, words_of
from nlu.language_model import LanguageModel, Settings
from nlu.scripts import script_of
from store.manifest import write_manifest
from training.language_id.messages import (
    OWN_WEIGHT,
    SPOKEN,
    Fold,
    Sample,
    interface_samples,
    language_file,
    massive_samples,
    own_samples,
    pieces,
    romanised_samples,
    with_classes,
)
from training.language_id.softmax_regression import Fitted, Rates, fit_softmax
from training.language_id.weighing import fit_weighings

N_NGRAMS = 48_000
FEWEST_TEXTS = 3
THRESHOLD = 0.5
SEED = 7
_BALANCE = 0.7
"""A class of n texts weighs n ** (1 - 0.7): rare languages are heard, frequent ones not drowned."""
_NEUTRAL_LANGUAGES, _NEUTRAL_SHARE = 6, 0.45
"""A Latin word is neutral where six languages have it and none has 45 % of its (relative) use."""

LICENCES_OF_DATA = {"own utterances": "Apache-2.0", "MASSIVE 1.1": "CC BY 4.0", "ui_parallel": "MIT / BSD-3-Clause"}

Row = tuple[list[str], str]


def train_language(folder: Path, corpora_dir: Path, data_dir: Path) -> Settings:
    """Write `language.npz` and its manifest into `folder`; returns the settings saved with the weights."""
    samples = with_classes(
        chain(own_samples(data_dir), massive_samples(corpora_dir, "train"), interface_samples(corpora_dir))
    )
    draw = random.Random(SEED)
    learnt = [sample for sample in samples if sample.fold is Fold.LEARN]
    rows = _rows([*learnt, *romanised_samples(learnt, draw)], draw)
    classes = sorted({label for _, label in rows})
    vocabulary = choose_ngrams(rows)
    fitted = _fit(rows, classes, vocabulary)
    scale = float(np.quantile(np.abs(fitted.weights), 0.9995)) / 127
    weights = np.clip(np.round(fitted.weights / scale), -127, 127).astype(np.int8)
    neutral = neutral_words(learnt, language_file(data_dir)["neutral"].split())

    def model_with(settings: Settings) -> LanguageModel:
        return LanguageModel(settings, vocabulary, weights, fitted.bias)

    settings = Settings(SPOKEN, tuple(classes), tuple(neutral), (), scale, THRESHOLD)
    kept = [sample for sample in samples if sample.fold is Fold.CALIBRATE]
    weighings = fit_weighings(model_with(settings), kept, random.Random(SEED))
    settings = Settings(SPOKEN, tuple(classes), tuple(neutral), weighings, scale, THRESHOLD)
    model_with(settings).save(folder)
    write_manifest(folder, stage="language", licences=LICENCES_OF_DATA)
    return settings


def _rows(samples: Sequence[Sample], draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    for sample in samples:
        own = sample.source == "own"
        for _ in range(OWN_WEIGHT if own else 1):
            for piece in pieces(sample, draw, 2 if own else 1):
                words = words_of(piece)
                if words:
                    rows.append((words, sample.label))
    return rows


def choose_ngrams(rows: Sequence[Row]) -> list[str]:
    """The n-grams that are most frequent in some class, in relation to its texts."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    n_texts = Counter(label for _, label in rows)
    for words, label in rows:
        counts[label].update(ngrams(words))
    share: dict[str, float] = {}
    for label, found in counts.items():
        for ngram, n in found.items():
            if n >= FEWEST_TEXTS:
                share[ngram] = max(share.get(ngram, 0.0), n / n_texts[label])
    return sorted(share, key=lambda ngram: (-share[ngram], ngram))[:N_NGRAMS]


def neutral_words(samples: Sequence[Sample], given: Sequence[str]) -> list[str]:
    """`given`, and Latin words of two letters or more that many spoken languages use about equally."""
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    n_texts: Counter[str] = Counter()
    for sample in samples:
        language = sample.label.partition("-")[0]
        if language in SPOKEN and sample.source != "massive":
            n_texts[language] += 1
            for word in set(words_of(sample.text)):
                uses[word][language] += 1
    found = set(given)
    for word, by_language in uses.items():
        if len(word) > 1 and len(by_language) >= _NEUTRAL_LANGUAGES and script_of(word) == "Latn":
            shares = [n / n_texts[language] for language, n in by_language.items()]
            if max(shares) <= _NEUTRAL_SHARE * sum(shares):
                found.add(word)
    return sorted(found)


def _fit(rows: Sequence[Row], classes: Sequence[str], vocabulary: Sequence[str]) -> Fitted:
    row_of = {ngram: index for index, ngram in enumerate(vocabulary)}
    class_of = {label: index for index, label in enumerate(classes)}
    indices, values, ends = array("i"), array("f"), array("q", [0])
    for words, _ in rows:
        counts = Counter(row_of[ngram] for ngram in ngrams(words) if ngram in row_of)
        norm = np.sqrt(max(1, sum(counts.values())))
        indices.extend(counts.keys())
        values.extend(n / norm for n in counts.values())
        ends.append(len(indices))
    matrix = scipy.sparse.csr_matrix(
        (np.frombuffer(values, np.float32), np.frombuffer(indices, np.int32), np.frombuffer(ends, np.int64)),
        shape=(len(rows), len(vocabulary)),
    )
    target = np.array([class_of[label] for _, label in rows])
    weights = 1 / np.bincount(target)[target] ** _BALANCE
    return fit_softmax(
        matrix, target, row_weights=(weights / weights.mean()).astype(np.float32), rates=Rates(seed=SEED)
    )


if __name__ == "__main__":
    train_language(FOLDER, Path("../shared/data"), Path("data"))
