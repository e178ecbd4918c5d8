"""Small changes make no other message; different messages stay apart, and chains of small changes do not drift."""

from __future__ import annotations

import random

import numpy as np
import pytest

from training.cleaning.near_duplicates import Sketcher, bands, groups, jaccard, shingle_hashes

BASE = "Your parcel was handed to the carrier this morning and will reach you within three working days"


def test_a_changed_ending_joins_and_another_message_does_not() -> None:
    texts = [BASE, "How do I return a lamp that arrived broken?", f"{BASE}, thanks!", BASE.upper(), "How do I pay?"]
    assert groups(texts) == [0, 1, 0, 0, 2]


def test_japanese_without_spaces_is_grouped_too() -> None:
    long = "お荷物は本日中に配送業者へお渡しいたしますので到着まで今しばらくお待ちくださいますようお願い申し上げます"
    assert groups([long, f"{long}。なお", "返品の方法を教えてください"]) == [0, 0, 1]


def test_the_jaccard_index_is_the_one_of_five_grams() -> None:
    # abcdef: abcde bcdef; abcdefgh: abcde bcdef cdefg defgh
    assert jaccard(shingle_hashes("abcdef"), shingle_hashes("abcdefgh")) == 0.5
    assert len(shingle_hashes("ab")) == 1


def test_the_threshold_decides() -> None:
    # 12 letters have 8 shingles, 14 have 10: 8 / 10
    pair = ["abcdefghijkl", "abcdefghijklmn"]
    assert groups(pair, threshold=0.8) == [0, 0]
    assert groups(pair, threshold=0.81) == [0, 1]


def test_a_chain_does_not_drift_from_its_first_member() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    chain = [letters[start : start + 20] for start in range(7)]
    # 20 letters have 16 shingles; a shift by one shares 15 of 17 (0.88), by two 14 of 18 (0.78)
    assert groups(chain) == [0, 0, 1, 1, 2, 2, 3]


def test_a_text_joins_the_most_alike_group() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    first, second = letters[:20], letters[2:22]
    assert groups([first, second, letters[1:22]]) == [0, 1, 1]


def test_bands_bring_up_the_pairs_at_the_threshold() -> None:
    for threshold in (0.5, 0.7, 0.8, 0.9):
        n_bands, rows = bands(threshold)
        assert n_bands * rows <= 64
        assert 1 - (1 - threshold**rows) ** n_bands >= 0.99


@pytest.mark.parametrize("threshold", [0.0, 1.1])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold: expected more than 0"):
        groups(["a"], threshold=threshold)


def test_no_texts_have_no_groups() -> None:
    assert groups([]) == []


def test_near_duplicates_meet_in_a_band_and_others_hardly_ever() -> None:
    draw = random.Random(3)
    letters = "abcdefghijklmnop "

    def text() -> str:
        return "".join(draw.choices(letters, k=120))

    pairs = [(one, one[:-6] + text()[:6]) for one in (text() for _ in range(200))]
    assert all(jaccard(shingle_hashes(one), shingle_hashes(other)) > 0.8 for one, other in pairs)
    sketcher = Sketcher(0.8)
    (first, bits), (second, others) = (sketcher.sketch([pair[side] for pair in pairs]) for side in (0, 1))
    assert first.shape == (200, 12)
    assert (first == second).any(1).sum() >= 196
    assert (first == np.roll(second, 1, axis=0)).any(1).sum() == 0
    assert sketcher.may_be_alike(bits, others).sum() >= 198
    assert sketcher.may_be_alike(bits, np.roll(others, 1)).sum() <= 2
    assert (sketcher.sketch(["ab"])[0] == sketcher.sketch(["ab", pairs[0][0]])[0][:1]).all()
    assert sketcher.sketch([])[0].shape == (0, 12)
