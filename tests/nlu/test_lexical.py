"""The lexical model: which n-grams a text has, and logits worked out by hand."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

from nlu.lexical import LexicalModel, ngrams
from tests.models import table_lexical


def test_a_word_gives_its_n_grams_between_spaces_itself_and_the_pair_it_makes() -> None:
    assert Counter(ngrams("zu ab")) == Counter(
        (
            *(" ", "z", "u", " ", " z", "zu", "u ", " zu", "zu ", " zu ", "w:zu"),
            *(" ", "a", "b", " ", " a", "ab", "b ", " ab", "ab ", " ab ", "w:ab", "b:zu ab"),
        )
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Où est ma FAÇON", "ou est ma facon"),
        ("sipariş İPTAL", "siparis iptal"),
        ("złe żółw", "zle zolw"),
        ("straße", "strasse"),
        ("ещё", "еще"),
        ("Nr. 48213", "nr. 10022"),
        ("ｎｒ．４８", "nr.48"),
    ],
)
def test_case_latin_diacritics_and_digits_do_not_count(one: str, other: str) -> None:
    assert ngrams(one) == ngrams(other)


@pytest.mark.parametrize(
    ("text", "words"), [("है।", ["है", "।"]), ("مرحبا؟", ["مرحبا", "؟"]), ("荷物、まだ", ["荷物", "、", "まだ"])]
)
def test_vowel_signs_belong_to_their_word_and_punctuation_stands_alone(text: str, words: list[str]) -> None:
    assert [ngram[2:] for ngram in ngrams(text) if ngram.startswith("w:")] == words


def test_logits_are_the_unit_vector_of_log_counts_times_the_weights() -> None:
    model = table_lexical({"w:zu": (1.0, 0.0), "a": (0.0, -0.5)}, n_intents=2)
    # "zu" once, "a" three times: (1, 1 + ln 3) over its length.
    count = 1 + log(3)
    length = sqrt(1 + count * count)
    assert model.logits("zu aaa") == pytest.approx([1 / length, -0.5 * count / length], rel=1e-5)


def test_a_text_without_a_known_n_gram_has_the_bias() -> None:
    model = table_lexical({"w:zu": (1.0, 0.0)}, n_intents=2)
    assert model.logits("").tolist() == [0.0, 0.0]
    assert model.logits("???").tolist() == [0.0, 0.0]
    assert table_lexical({}, n_intents=2).logits("zu").tolist() == [0.0, 0.0]


def test_what_was_saved_says_the_same(tmp_path: Path) -> None:
    model = table_lexical({"w:zu": (1.0, 0.25), " z": (0.5, 0.0)}, n_intents=2)
    model.save(tmp_path)
    assert LexicalModel.load(tmp_path).logits("zu zu").tolist() == model.logits("zu zu").tolist()


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match=r"lexical\.npz: its arrays do not fit .* xenia train --only nlu"):
        LexicalModel(
            keys=np.zeros(3, np.uint32),
            idf=np.ones(3, np.float32),
            weights=np.zeros((2, 4), np.int8),
            scale=np.ones(4, np.float32),
            bias=np.zeros(4, np.float32),
        )
