"""Training of the linear intent model over n-grams (`nlu.lexical`): a linear SVM, cut to its strongest n-grams.

One against the rest, squared hinge loss (liblinear, JMLR 9:1871-1874, 2008). A first fit over all n-grams says which of them
matter; the second one, on those alone, is what is kept, so that serving sees the vectors that were learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.labels import Labels
from nlu.lexical import LexicalModel, key_of, ngrams
from training.data.dataset import Example

REGULARISATION = 0.5
FEW_ROWS = 1000
"""Below so many rows an n-gram that stands in one row only counts as well."""


def train_lexical(examples: Sequence[Example], labels: Labels, folder: Path, *, n_ngrams: int) -> LexicalModel:
    """Fit on the rows' texts and write `lexical.npz`; at most `n_ngrams` are kept."""
    texts = [row.text for row in examples]
    target = np.array([labels.intent_id(row.intent) for row in examples])
    vectorizer = TfidfVectorizer(
        analyzer=ngrams, sublinear_tf=True, min_df=2 if len(texts) >= FEW_ROWS else 1, dtype=np.float32
    )
    rows = vectorizer.fit_transform(texts)
    names = vectorizer.get_feature_names_out()
    if len(names) > n_ngrams:
        weights, _ = _fit(rows, target, len(labels.intents))
        importance = np.abs(weights).max(axis=1) * np.sqrt(rows.getnnz(axis=0))
        kept = set(names[np.argsort(-importance, kind="stable")[:n_ngrams]])
        vectorizer.set_params(vocabulary=sorted(kept), min_df=1)
        rows = vectorizer.fit_transform(texts)
        names = vectorizer.get_feature_names_out()
    weights, bias = _fit(rows, target, len(labels.intents))
    model = _packed(names, np.asarray(vectorizer.idf_, np.float32), weights, bias)
    model.save(folder)
    return model


def _fit(rows: Any, target: NDArray[Any], n_intents: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Weights (n_ngrams, n_intents) and bias (n_intents,)."""
    weights, bias = np.zeros((rows.shape[1], n_intents)), np.full(n_intents, -1.0)
    present = np.unique(target)
    if len(present) < 2:
        return weights, bias
    fitted = LinearSVC(C=REGULARISATION).fit(rows, target)
    if len(present) == 2:  # liblinear gives one plane for two classes
        weights[:, present] = np.stack([-fitted.coef_[0], fitted.coef_[0]], axis=1)
        bias[present] = -fitted.intercept_[0], fitted.intercept_[0]
    else:
        weights[:, present] = fitted.coef_.T
        bias[present] = fitted.intercept_
    return weights, bias


def _packed(names: NDArray[Any], idf: NDArray[Any], weights: NDArray[Any], bias: NDArray[Any]) -> LexicalModel:
    """int8 weights, rows in the order of their keys; of two n-grams with one key the first stays."""
    keys, order = np.unique(np.array([key_of(name) for name in names], dtype=np.uint32), return_index=True)
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    return LexicalModel(
        keys=keys,
        idf=idf[order],
        weights=np.round(weights[order] / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
