"""The lexical model learns its rows, keeps no more n-grams than it may, and its file says what the fit said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.lexical import LexicalModel, ngrams
from tests.models import rows
from training.data.dataset import Example, labels_of
from training.nlu.lexical import train_lexical


def test_rows_it_learnt_get_their_intent(tmp_path: Path) -> None:
    labels = labels_of(rows())
    train_lexical(rows(), labels, tmp_path, n_ngrams=5000)
    model = LexicalModel.load(tmp_path)
    for row in rows():
        assert labels.intents[int(np.argmax(model.logits(row.text)))] == row.intent, row.text


def test_only_the_strongest_n_grams_are_kept_and_they_suffice(tmp_path: Path) -> None:
    labels = labels_of(rows())
    train_lexical(rows(), labels, tmp_path, n_ngrams=120)
    with np.load(tmp_path / "lexical.npz") as arrays:
        assert arrays["keys"].shape == (120,)
        assert arrays["weights"].shape == (120, len(labels.intents))
        assert (np.diff(arrays["keys"].astype(np.int64)) > 0).all()
    model = LexicalModel.load(tmp_path)
    right = [labels.intents[int(np.argmax(model.logits(row.text)))] == row.intent for row in rows()]
    assert np.mean(right) > 0.9


@pytest.mark.parametrize("n_intents", [1, 2])
def test_one_or_two_intents_are_learnt_too(tmp_path: Path, n_intents: int) -> None:
    examples = [
        Example(text, "de", text.split()[0], "", ()) for text in ("hallo du", "storno bitte", "hallo", "storno")
    ]
    examples = [row for row in examples if row.intent in ("hallo", "storno")[:n_intents]]
    labels = labels_of(examples)
    model = train_lexical(examples, labels, tmp_path, n_ngrams=100)
    for row in examples:
        assert labels.intents[int(np.argmax(model.logits(row.text)))] == row.intent


def test_weights_are_whole_numbers_within_a_hundredth_of_the_fit(tmp_path: Path) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    from training.nlu.lexical import REGULARISATION

    labels = labels_of(rows())
    model = train_lexical(rows(), labels, tmp_path, n_ngrams=100_000)
    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True)
    vectors = vectorizer.fit_transform([row.text for row in rows()])
    reference = LinearSVC(C=REGULARISATION).fit(vectors, [labels.intent_id(row.intent) for row in rows()])
    wanted = reference.decision_function(vectorizer.transform([rows()[3].text]))[0]
    assert model.logits(rows()[3].text) == pytest.approx(wanted, abs=0.05)
