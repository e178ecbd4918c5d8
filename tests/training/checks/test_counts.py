"""Languages, intents and entities with too few rows are named once each."""

from __future__ import annotations

from pathlib import Path

from training.checks.counts import few_problems
from training.checks.places import Place
from training.checks.samples import Sample


def rows(language: str, *intents: str, labels: tuple[str, ...] = ()) -> list[Sample]:
    """One row an intent, from line 1 on; each carries all `labels`."""
    spans = tuple((0, 1, label) for label in labels)
    return [
        Sample(Place(Path(f"{language}.yml"), line), language, f"text {line}", intent, spans)
        for line, intent in enumerate(intents, 1)
    ]


def named(samples: list[Sample], *, at_least: int, languages: tuple[str, ...] = ("de", "en")) -> list[str]:
    files = {language: Path(f"{language}.yml") for language in languages}
    return [str(each).replace("warning: ", "") for each in few_problems(samples, files, at_least=at_least)]


def test_a_language_below_the_count_is_named_and_one_at_the_count_is_not() -> None:
    samples = [*rows("de", "a", "a"), *rows("en", "a", "a", "a"), *rows("pl", "a", "a")]
    assert named(samples, at_least=3) == [
        "de.yml:1: the language de has 2 rows, expected 3 or more",
        "pl.yml:1: the language pl has 2 rows, expected 3 or more",
    ]


def test_a_language_whose_file_has_no_good_row_is_named() -> None:
    assert named(rows("en", "a", "a"), at_least=1) == ["de.yml:1: the language de has 0 rows, expected 1 or more"]


def test_single_rows_of_a_new_language_are_one_warning() -> None:
    samples = [*rows("en", "a", "a", "b", "b", "c", "c"), *rows("de", "b", "b", "c", "a")]
    assert named(samples, at_least=1) == ["de.yml:3: in de a single row stands for each of: a, c"]


def test_an_intent_counts_wherever_it_is_one_of_several() -> None:
    samples = rows("de", "a+b", "a", "b+c", "a")
    assert named(samples, at_least=1, languages=("de",)) == [
        "de.yml:3: the intent c has a single row: once it is learnt none is left to measure it"
    ]


def test_an_entity_of_one_row_is_named_however_often_it_stands_there() -> None:
    samples = [*rows("de", "a", "a", labels=("city",)), *rows("en", "a", labels=("town", "town")), *rows("en", "a")]
    assert named(samples, at_least=1) == ["en.yml:1: the entity town stands in a single row: a slip of the pen?"]
