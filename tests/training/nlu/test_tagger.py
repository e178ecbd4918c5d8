"""The tagger learns its rows, keeps no more features than it may, and learns where entities end inside of a word."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from nlu.encoding import TextEncoder, bio_tags
from nlu.tagger import SCRIPTS, Tagger
from tests.models import checkpoint, rows, tiny_nlu
from training.data.dataset import INTENT_ONLY, Example, labels_of
from training.nlu.tagger import train_tagger

SETTINGS = {"augment": 0.0, "swapped_values": 0.0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(checkpoint() / "tokenizer.json", tmp_path)
    return tmp_path


def _right(tagger: Tagger, folder: Path) -> float:
    labels, encoder = labels_of(rows()), TextEncoder(folder)
    hits: list[bool] = []
    for row in rows():
        offsets = encoder.encode(row.text).offsets
        found = tagger.logits(row.text, offsets).argmax(axis=1)
        there = np.array([left < right for left, right in offsets])
        hits += (found == bio_tags(offsets, row.spans, labels))[there].tolist()
    return float(np.mean(hits))


def test_tokens_it_learnt_get_their_tag(folder: Path) -> None:
    train_tagger(rows() * 4, labels_of(rows()), folder, tiny_nlu(**SETTINGS, tagger_epochs=6))
    assert _right(Tagger.load(folder), folder) > 0.97


def test_only_the_strongest_features_are_kept(folder: Path) -> None:
    train_tagger(rows() * 4, labels_of(rows()), folder, tiny_nlu(**SETTINGS, tagger_epochs=6, n_tag_features=150))
    with np.load(folder / "tagger.npz") as arrays:
        assert arrays["keys"].shape == (150,)
        assert (np.diff(arrays["keys"].astype(np.int64)) > 0).all()
    assert _right(Tagger.load(folder), folder) > 0.9


def test_an_entity_ends_inside_of_a_word_only_where_it_has_been_seen_to(folder: Path) -> None:
    # Japanese cities end before a particle without a space; German ones never inside of a word.
    tagger = train_tagger(rows() * 20, labels_of(rows()), folder, tiny_nlu(**SETTINGS))
    labels = labels_of(rows())
    inside, outside = labels.tags.index("I-city"), labels.tags.index("O")
    latin, other = (1 + SCRIPTS.index(name) for name in ("latin", "other"))
    assert tagger.transitions[latin, inside, outside] < tagger.transitions[other, inside, outside]


def test_rows_of_unknown_entities_teach_nothing(folder: Path) -> None:
    question = Example("wo ist 48213", "de", "track_order", INTENT_ONLY, ())
    labels = labels_of(rows())
    settings = tiny_nlu(**SETTINGS)
    with_question = train_tagger([*rows(), question], labels, folder, settings)
    without = train_tagger(rows(), labels, folder, settings)
    offsets = [(0, 2), (3, 6), (7, 12)]
    assert (with_question.logits(question.text, offsets) == without.logits(question.text, offsets)).all()


def test_a_domain_without_entities_has_a_tagger_too(folder: Path) -> None:
    bare = [Example(row.text, row.language, row.intent, row.situation, ()) for row in rows()]
    tagger = train_tagger(bare, labels_of(bare), folder, tiny_nlu(**SETTINGS))
    assert tagger.n_tags == 1
    assert tagger.logits("wo ist 48213", [(0, 2), (3, 6), (7, 12)]).shape == (3, 1)
