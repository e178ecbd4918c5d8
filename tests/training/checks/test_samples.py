"""Two rows of one text are compared by what they are labelled, not by where their punctuation moved the spans."""

from __future__ import annotations

from pathlib import Path

from training.checks.places import Place
from training.checks.samples import Difference, Sample, leak_problems, repeats


def sample(line: int, text: str, intent: str = "a", *, language: str = "de", is_private: bool = False) -> Sample:
    """A row whose digits are an order number."""
    digits = [at for at, character in enumerate(text) if character.isdecimal()]
    spans = ((digits[0], digits[-1] + 1, "order_number"),) if digits else ()
    return Sample(Place(Path(f"{language}.yml"), line), language, text, intent, spans, is_private=is_private)


def differences(*samples: Sample) -> list[tuple[int, Difference]]:
    return [(repeat.sample.place.line, repeat.difference) for repeat in repeats(samples)]


def test_each_later_row_is_compared_with_the_first_of_its_language() -> None:
    rows = [sample(1, "Wo?"), sample(2, "wo"), sample(3, "WO", "b"), sample(4, "wo", "b", language="nl")]
    assert differences(*rows) == [(2, Difference.NONE), (3, Difference.INTENT)]


def test_punctuation_before_an_entity_makes_no_difference() -> None:
    assert differences(sample(1, "wo ist 48213"), sample(2, "¡¿Wo ist 48213?!")) == [(2, Difference.NONE)]


def test_an_unmarked_value_differs_and_a_text_without_annotations_does_not() -> None:
    marked = sample(1, "wo ist 48213")
    unmarked = Sample(Place(Path("de.yml"), 2), "de", "wo ist 48213", "a", ())
    asked = Sample(Place(Path("de.jsonl"), 3), "de", "wo ist 48213", "a")
    assert differences(marked, unmarked, asked) == [(2, Difference.ENTITIES), (3, Difference.NONE)]


def test_the_order_of_several_intents_makes_no_difference() -> None:
    assert differences(sample(1, "hi", "a+b"), sample(2, "hi", "b+a"), sample(3, "hi", "a")) == [
        (2, Difference.NONE),
        (3, Difference.INTENT),
    ]


def test_a_held_out_text_is_known_by_other_digits_and_a_private_one_is_not_quoted() -> None:
    trained = [sample(1, "wo ist 48213"), sample(2, "Wo ist 1?", is_private=True), sample(3, "wo ist es")]
    problems = leak_problems(trained, [sample(9, "wo ist 7")])
    assert [str(each) for each in problems] == [
        "de.yml:1: 'wo ist 48213' is held out at de.yml:9 ('wo ist 7')",
        "de.yml:2: this text is held out at de.yml:9",
    ]
