"""The tagger: what it sees of a token, scores worked out by hand, and where in a word an entity may end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.labels import Labels
from nlu.parser import Parser, ParserSettings
from nlu.tagger import SCRIPTS, Tagger, bucket, features, joints
from tests.models import table_parser, table_tagger

LABELS = Labels(intents=("track",), entities=("city",))
O, B, I = range(3)


def _has(text: str, offsets: list[tuple[int, int]], token: int, *names: str) -> bool:
    return {bucket(name) for name in names} <= set(features(text, offsets)[token])


def test_a_token_shows_its_word_and_its_neighbours_in_lower_case_without_diacritics() -> None:
    text, offsets = "nach Köln bitte", [(0, 0), (0, 4), (5, 7), (7, 9), (10, 15), (0, 0)]
    for token in (2, 3):
        assert _has(text, offsets, token, "wkoln", "anach", "bbitte", "enach koln", "qko", "rln")
    assert _has(text, offsets, 2, "Ako10")
    assert not _has(text, offsets, 3, "Ako10")
    assert features(text, offsets)[0] == features(text, offsets)[5] == []


@pytest.mark.parametrize(
    ("text", "word"), [("東京へ", "京"), ("どこのコーヒー", "コーヒー"), ("मेरी दुकान", "दुकान"), ("bei 48213", "00000")]
)
def test_words_are_ideographs_kana_runs_letters_with_their_signs_and_numbers(text: str, word: str) -> None:
    seen = {name for index in range(len(text)) for name in features(text, [(index, index + 1)])[0]}
    assert bucket(f"w{word}") in seen


def test_it_looks_no_further_than_a_window_and_its_margin() -> None:
    near, far = "lieferung nach köln", "x " * 100_000
    start = len(far)
    offsets = [(start + 15, start + 19)]
    assert features(far + near + " " + far, offsets)[0] == features(far[:100] + near + " " + far, [(115, 119)])[0]


def test_joints_tell_the_inside_of_a_word_by_its_script() -> None:
    text = "kolyenin باليوم 東京"
    offsets = [(0, 0), (0, 5), (5, 8), (9, 11), (11, 15), (16, 17), (17, 18), (0, 0)]
    latin, arabic, other = (1 + SCRIPTS.index(name) for name in ("latin", "arabic", "other"))
    assert joints(text, offsets).tolist() == [0, 0, latin, 0, arabic, 0, other, 0]
    assert joints("AB-12", [(0, 2), (2, 3), (3, 5)]).tolist() == [0, 0, 0]


def test_scores_are_the_sum_of_the_features_rows() -> None:
    tagger = table_tagger({"wkoln": (0.0, 0.5, -0.25), "anach": (0.0, 0.75, 0.0)}, n_tags=3)
    scores = tagger.logits("nach Köln", [(0, 0), (0, 4), (5, 9)])
    assert scores.tolist() == [pytest.approx([0, 0, 0]), pytest.approx([0, 0, 0]), pytest.approx([0, 1.25, -0.25])]
    assert table_tagger({}, n_tags=3).logits("nach", [(0, 4)]).tolist() == [[0, 0, 0]]


def test_its_file_says_the_same_and_a_broken_one_names_the_mend(tmp_path: Path) -> None:
    tagger = table_tagger({"wkoln": (0.0, 0.5, -0.25)}, n_tags=3)
    tagger.save(tmp_path)
    assert (Tagger.load(tmp_path).logits("Köln", [(0, 4)]) == tagger.logits("Köln", [(0, 4)])).all()
    with pytest.raises(ValueError, match=r"tagger\.npz: its arrays do not fit .* xenia train --only nlu"):
        Tagger(
            keys=np.zeros(2, np.uint32), weights=np.zeros((1, 3), np.int8), scale=np.ones(3, np.float32),
            bias=np.zeros(3, np.float32), transitions=np.zeros((1 + len(SCRIPTS), 3, 3), np.float32),
        )  # fmt: skip


def test_the_parser_adds_its_scores_by_their_weight(tmp_path: Path) -> None:
    # The encoder says O by 1; the neighbour "nach" says B by 0.6, which only counts when it is doubled.
    tags = {"nach": (9.0, 0.0, 0.0), "köln": (1.0, 0.0, 0.0)}
    for weight, wanted in ((1.0, []), (2.0, ["köln"])):
        folder = table_parser(
            tmp_path / str(weight),
            LABELS,
            intents={"köln": (1,)},
            tags=tags,
            settings=ParserSettings(tagger_weight=weight),
            tagger={"anach": (0.0, 0.6, 0.0)},
        )
        assert [entity.value for entity in Parser(folder).parse(["nach köln"])[0].entities] == wanted


def test_a_hindi_vowel_sign_is_the_inside_of_its_word() -> None:
    devanagari = 1 + SCRIPTS.index("devanagari")
    assert joints("दिल्ली", [(0, 2), (2, 4), (4, 6)]).tolist() == [0, devanagari, devanagari]


def test_a_token_without_characters_has_no_score() -> None:
    tagger = Tagger(
        keys=np.zeros(0, np.uint32), weights=np.zeros((0, 3), np.int8), scale=np.ones(3, np.float32),
        bias=np.array([1.0, 2.0, 3.0], np.float32), transitions=np.zeros((1 + len(SCRIPTS), 3, 3), np.float32),
    )  # fmt: skip
    assert tagger.logits("ab", [(0, 0), (0, 2)]).tolist() == [[0, 0, 0], [1, 2, 3]]
