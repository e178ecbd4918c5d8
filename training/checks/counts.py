"""What there is too little of to learn it or to measure it: languages, intents and entities with a row or a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from training.checks.places import Problem, Severity
from training.checks.samples import Sample


def few_problems(samples: Iterable[Sample], languages: Mapping[str, Path], *, at_least: int) -> Iterator[Problem]:
    """Warnings; `languages[code]` is the file of a language, which may have no row at all."""
    rows = list(samples)
    by_language: dict[str, list[Sample]] = {language: [] for language in languages}
    for row in rows:
        by_language.setdefault(row.language, []).append(row)
    for language, own in by_language.items():
        if len(own) < at_least:
            file = languages[language] if language in languages else own[0].place.file
            count = f"{len(own)} rows" if len(own) != 1 else "a single row"
            message = f"the language {language} has {count}, expected {at_least} or more"
            yield Problem(file, 1, message, Severity.WARNING)
    single = single_rows((intent, row) for row in rows for intent in row.intent.split("+"))
    for intent, row in single.items():
        message = f"the intent {intent} has a single row: once it is learnt none is left to measure it"
        yield row.place.problem(message, Severity.WARNING)
    for language, own in by_language.items():
        yield from _single_in_language(language, own, frozenset(single))
    marked = ((label, row) for row in rows for _, _, label in row.spans or ())
    for label, row in single_rows(marked).items():
        yield row.place.problem(f"the entity {label} stands in a single row: a slip of the pen?", Severity.WARNING)


def single_rows(named: Iterable[tuple[str, Sample]]) -> dict[str, Sample]:
    """The names that stand at one row only, with that row."""
    first: dict[str, Sample] = {}
    repeated: set[str] = set()
    for name, row in named:
        if first.setdefault(name, row) is not row:
            repeated.add(name)
    return {name: row for name, row in first.items() if name not in repeated}


def _single_in_language(language: str, rows: Iterable[Sample], known: frozenset[str]) -> Iterator[Problem]:
    """One warning for all intents that have more rows in another language: a new language has many of them."""
    single = single_rows((intent, row) for row in rows for intent in row.intent.split("+"))
    names = [name for name in single if name not in known]
    if names:
        message = f"in {language} a single row stands for each of: {', '.join(sorted(names))}"
        yield single[names[0]].place.problem(message, Severity.WARNING)
