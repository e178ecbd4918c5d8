"""chrF, BLEU and ROUGE-L by hand, where words have no spaces, and intervals that follow from the library's figures."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.text_metrics import (
    ReferencedText,
    chrf,
    chrf_of_counts,
    letter_counts,
    nearness,
    rouge_l,
    tokens,
)


def test_chrf_of_an_identical_text_is_one() -> None:
    assert chrf(["Ihr Paket ist da"], [["Ihr Paket ist da"]]) == pytest.approx(1.0)


def test_chrf_by_hand_for_one_shared_letter() -> None:
    # "ab" and "ac": one of two 1-grams, none of one 2-gram; longer orders do not exist and do not count.
    # Precision = recall = (1/2 + 0/1) / 2 = 1/4, so F2 = 1/4.
    assert chrf(["ab"], [["ac"]]) == pytest.approx(0.25, abs=1e-6)


def test_chrf_takes_the_nearer_of_several_references() -> None:
    assert chrf(["hello", "bye"], [["xyz", "hello"], ["bye"]]) == pytest.approx(1.0)


def test_chinese_and_japanese_are_cut_into_characters() -> None:
    assert tokens("订单48213已发货。", "zh") == ["订", "单", "48213", "已", "发", "货", "。"]
    assert tokens("荷物は?", "ja") == ["荷", "物", "は", "?"]
    assert tokens("Wo ist's?", "de") == ["Wo", "ist's", "?"]


def test_bleu_by_hand() -> None:
    # n-grams 4/5, 2/4, 1/3, 0/2; the last one is smoothed to 1 / (2 * 2); no brevity penalty.
    found = nearness([ReferencedText("a b c d e", ("a b c x e",), "en")])
    assert found.bleu == pytest.approx((4 / 5 * 2 / 4 * 1 / 3 * 1 / 4) ** 0.25)


def test_bleu_and_rouge_see_characters_in_chinese() -> None:
    # 3/4, 2/3, 1/2, and 0/1 smoothed to 1/2; as words the two would have nothing in common.
    found = nearness([ReferencedText("包裹到了", ("包裹到家",), "zh")])
    assert found.bleu == pytest.approx((3 / 4 * 2 / 3 * 1 / 2 * 1 / 2) ** 0.25)
    assert found.rouge_l == pytest.approx(3 / 4)


def test_rouge_l_keeps_the_order_and_allows_gaps() -> None:
    # Longest common subsequence "a c d": 2 * 3 / (4 + 5).
    assert rouge_l([*"abcd"], [*"acxdb"]) == pytest.approx(2 * 3 / 9)
    assert rouge_l(["a", "b"], ["b", "a"]) == pytest.approx(0.5)
    assert rouge_l([], ["a"]) == 0.0


def test_the_best_reference_counts() -> None:
    found = nearness([ReferencedText("guten Tag", ("auf Wiedersehen", "guten Tag"), "de")])
    assert found.rouge_l == 1.0


@pytest.mark.parametrize(
    "row",
    [
        ReferencedText(
            "Ihr Paket kommt am Freitag, {date}.", ("Das Paket ist am {date} da.", "Es kommt am {date}."), "de"
        ),
        ReferencedText("您的包裹 {date} 到。", ("包裹将在 {date} 送达。",), "zh"),
        ReferencedText("荷物は明日届きます", ("お荷物は {date} に届きます。", "明日届きます"), "ja"),
        ReferencedText("ab", ("abcdefgh",), "en"),
        ReferencedText("x", ("y",), "en"),
    ],
)
def test_counts_by_row_give_the_librarys_figures(row: ReferencedText) -> None:
    # Rows that are all alike are the same corpus however they are drawn: the interval is the figure.
    found = nearness([row] * 5)
    for figure, interval in (
        (found.chrf, found.chrf_95),
        (found.bleu, found.bleu_95),
        (found.rouge_l, found.rouge_l_95),
    ):
        assert (interval.low, interval.high) == pytest.approx((figure, figure), abs=1e-6)


def test_sums_of_counts_give_the_librarys_chrf_of_a_corpus() -> None:
    # One text is longer than its reference: its longer n-grams do not count against the others.
    rows = [
        ReferencedText("ein langer Satz ohne Ende", ("ja",), "de"),
        ReferencedText("Ihr Paket ist da", ("Ihr Paket kommt", "Das Paket ist heute da"), "de"),
        ReferencedText("包裹", ("包裹到了",), "zh"),
    ]
    sums = np.array([letter_counts(row) for row in rows]).sum(axis=0, keepdims=True)
    assert chrf_of_counts(sums)[0] == pytest.approx(chrf([row.text for row in rows], [row.references for row in rows]))


def test_an_interval_covers_what_was_measured() -> None:
    good = [
        ReferencedText(f"Ihre Bestellung {n} kommt heute an", (f"Ihre Bestellung {n} kommt heute an",), "de")
        for n in range(20)
    ]
    bad = [ReferencedText(f"unbekannte Nummer {n}", (f"Ihre Bestellung {n} kommt heute an",), "de") for n in range(20)]
    found = nearness([*good, *bad])
    for figure, interval in (
        (found.chrf, found.chrf_95),
        (found.bleu, found.bleu_95),
        (found.rouge_l, found.rouge_l_95),
    ):
        assert interval.low < figure < interval.high
        assert interval.high - interval.low < 0.5
