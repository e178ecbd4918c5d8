"""Marks that would be read otherwise than meant are errors, brackets that may be brackets a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.checks.annotations import annotation_problems, span_problems
from training.checks.places import Place, Severity
from training.data.dataset import plain_and_spans

HERE = Place(Path("de.yml"), 6)


@pytest.mark.parametrize(
    "annotated",
    [
        "[4711](order_no",
        "[4711(order_no)",
        "4711](order_no)",
        "[4711]{}",
        '[4711]{"entity": ""}',
        '[4711][{"entity": "order_no"}]',
        "[4711](order_no:1)",
        "[ ](order_no)",
    ],
)
def test_a_broken_annotation_is_an_error(annotated: str) -> None:
    assert Severity.ERROR in {each.severity for each in annotation_problems(HERE, annotated, frozenset())}


@pytest.mark.parametrize("annotated", ["siehe [so] hier", "na gut :]", "[4711] (bestellt)", ""])
def test_plain_brackets_are_a_warning_and_stay_in_the_text(annotated: str) -> None:
    (problem,) = annotation_problems(HERE, annotated, frozenset())
    assert problem.severity is Severity.WARNING
    assert plain_and_spans(annotated) == (annotated, ())


def test_an_entity_that_is_not_declared_names_those_that_are() -> None:
    (problem,) = annotation_problems(HERE, "[Köln](town)", frozenset({"date", "city"}))
    assert str(problem) == "de.yml:6: unknown entity 'town': expected one of city, date"


# "wo ist 48213" has 12 characters.
@pytest.mark.parametrize(
    ("spans", "messages"),
    [
        (((7, 12, "n"),), []),
        (((7, 13, "n"),), ["the entity 'n' at 7-13 lies outside of its text of 12 characters"]),
        (((-1, 2, "n"),), ["the entity 'n' at -1-2 lies outside of its text of 12 characters"]),
        (((9, 8, "n"),), ["the entity 'n' at 9-8 lies outside of its text of 12 characters"]),
        (((7, 7, "n"),), ["the entity 'n' at 7-7 holds no text"]),
        (((6, 7, "n"),), ["the entity 'n' at 6-7 holds no text"]),
        (((7, 12, "n"), (0, 8, "m")), ["the entity 'n' at 7-12 overlaps the one before it, which ends at 8"]),
        (((7, 12, "n"), (0, 7, "m")), ["the entity 'm' at 0-7 has white space at its edge"]),
        (((7, 12, ""),), ["the span 7-12 names no entity"]),
    ],
)
def test_spans_must_lie_in_their_text(spans: tuple[tuple[int, int, str], ...], messages: list[str]) -> None:
    assert [each.message for each in span_problems(HERE, "wo ist 48213", spans)] == messages
