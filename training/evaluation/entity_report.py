"""Entities as seqeval counts them: spans become BIO tags, one a character, and its report is by label.

`metrics.span_counts` gives the same figures faster and is what an evaluation uses; here is the library's own word
for whoever wants to compare with a publication (github.com/chakki-works/seqeval).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from seqeval.metrics import classification_report

from training.evaluation.metrics import Span

OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class LabelReport:
    """Precision, recall and F1 in [0, 1] and the number of entities there; one label, or an average of them."""

    precision: float
    recall: float
    f1: float
    n: int


def bio_tags(length: int, spans: AbstractSet[Span]) -> list[str]:
    """Tags of a text of `length` characters; raises ValueError for a span outside of it or over another one.

    >>> bio_tags(5, {(1, 3, "city"), (3, 5, "city")})
    ['O', 'B-city', 'I-city', 'B-city', 'I-city']
    """
    tags = [OUTSIDE] * length
    for start, end, label in sorted(spans):
        if not 0 <= start < end <= length:
            raise ValueError(f"expected a span within 0 and {length}, found {start} to {end} ({label}). Mend the row.")
        if any(tag != OUTSIDE for tag in tags[start:end]):
            raise ValueError(
                f"expected spans apart, found {start} to {end} ({label}) over another one. Keep one of them."
            )
        tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tags


def seqeval_report(
    texts: Sequence[str], expected: Sequence[AbstractSet[Span]], found: Sequence[AbstractSet[Span]]
) -> dict[str, LabelReport]:
    """seqeval's `classification_report`: a row for each label and its `micro avg`, `macro avg` and `weighted avg`.

    Row i of all three belongs to text i. Raises ValueError where nothing is expected anywhere: seqeval has no report then.
    """
    if not any(expected):
        raise ValueError("expected at least one entity to look for, found none. Give rows with annotated entities.")
    lengths = [len(text) for text in texts]
    report = classification_report(
        [bio_tags(length, spans) for length, spans in zip(lengths, expected, strict=True)],
        [bio_tags(length, spans) for length, spans in zip(lengths, found, strict=True)],
        output_dict=True,
        zero_division=0,
    )
    return {
        name: LabelReport(
            precision=float(row["precision"]),
            recall=float(row["recall"]),
            f1=float(row["f1-score"]),
            n=int(row["support"]),
        )
        for name, row in report.items()
    }
