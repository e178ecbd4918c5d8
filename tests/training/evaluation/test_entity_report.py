"""seqeval itself against our count of spans, on BIO tags with one tag a character."""

from __future__ import annotations

import random

import pytest
from seqeval.metrics import f1_score as seqeval_f1

from training.evaluation.entity_report import bio_tags, seqeval_report
from training.evaluation.metrics import Span, span_counts

LABELS = ("city", "date", "product")


def drawn(draw: random.Random, length: int) -> set[Span]:
    """Spans apart from each other, some side by side, some of one character."""
    spans: set[Span] = set()
    at = 0
    while at < length:
        end = min(length, at + draw.choice((1, 2, 3, 5)))
        if draw.random() < 0.5:
            spans.add((at, end, draw.choice(LABELS)))
        at = end
    return spans


def disturbed(draw: random.Random, spans: set[Span], length: int) -> set[Span]:
    """A parse that is often right: some spans lost, some shorter, some of another label, now and then all new."""
    if draw.random() < 0.2:
        return drawn(draw, length)
    changed: set[Span] = set()
    for start, end, label in spans:
        fate = draw.random()
        if fate < 0.6:
            changed.add((start, end, label))
        elif fate < 0.75 and end - start > 1:
            changed.add((start, end - 1, label))
        elif fate < 0.9:
            changed.add((start, end, draw.choice(LABELS)))
    return changed


def test_span_f1_is_seqevals_on_characters() -> None:
    draw = random.Random(7)
    lengths = [draw.randint(1, 30) for _ in range(300)]
    expected = [drawn(draw, length) for length in lengths]
    found = [disturbed(draw, spans, length) for spans, length in zip(expected, lengths, strict=True)]
    reference = seqeval_f1(
        [bio_tags(length, spans) for length, spans in zip(lengths, expected, strict=True)],
        [bio_tags(length, spans) for length, spans in zip(lengths, found, strict=True)],
    )
    assert 0.3 < reference < 0.9
    assert span_counts(expected, found).f1 == pytest.approx(reference, abs=1e-12)


def test_the_report_by_label_is_the_count_by_label() -> None:
    draw = random.Random(8)
    texts = ["x" * draw.randint(1, 30) for _ in range(200)]
    expected = [drawn(draw, len(text)) for text in texts]
    found = [disturbed(draw, spans, len(text)) for spans, text in zip(expected, texts, strict=True)]
    report = seqeval_report(texts, expected, found)
    assert set(report) == {*LABELS, "micro avg", "macro avg", "weighted avg"}
    for label in LABELS:
        counts = span_counts(
            [{span for span in spans if span[2] == label} for spans in expected],
            [{span for span in spans if span[2] == label} for spans in found],
        )
        row = report[label]
        assert (row.precision, row.recall, row.f1) == pytest.approx((counts.precision, counts.recall, counts.f1))
        assert row.n == counts.there


def test_a_report_by_hand() -> None:
    report = seqeval_report(
        ["nach Rom am 3. Mai"], [{(5, 8, "city"), (12, 18, "date")}], [{(5, 8, "city"), (12, 14, "date")}]
    )
    assert (report["city"].f1, report["date"].f1, report["micro avg"].f1) == (1.0, 0.0, 0.5)


def test_a_label_that_is_never_found_is_no_warning() -> None:
    report = seqeval_report(["Rom"], [{(0, 3, "city")}], [set()])
    assert (report["city"].precision, report["city"].recall) == (0.0, 0.0)


def test_nothing_to_look_for_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one entity"):
        seqeval_report(["Rom"], [set()], [{(0, 3, "city")}])


@pytest.mark.parametrize(
    ("spans", "reason"), [({(0, 4, "city")}, "within 0 and 3"), ({(0, 2, "city"), (1, 3, "date")}, "over another")]
)
def test_spans_that_no_tags_can_hold_are_errors(spans: set[Span], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bio_tags(3, spans)
