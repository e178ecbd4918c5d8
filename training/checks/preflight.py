"""The check before a training: whatever a company's own data holds, found with file and line before an hour is spent.

`training.check_data` holds our own tree to the rules of data/README.md; this asks only what a training needs. It refuses
(Severity.ERROR) what cannot be learnt as it stands or would make the figures false: a file that cannot be read, an empty
label, a broken mark, one text with two intents, a held-out text. It lists (WARNING) what may be meant. Rows that come
from logs have no file to be mended in: of those, a row with an error is LEFT_OUT and the training goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from training.checks.annotations import span_problems
from training.checks.characters import character_problems
from training.checks.counts import few_problems
from training.checks.places import Place, Problem, Severity
from training.checks.samples import Difference, Sample, leak_problems, repeats
from training.checks.sources import LANGUAGE_CODE, Texts
from training.data.dataset import Example

FEW_ROWS = 10


def preflight(
    *,
    data_dir: Path,
    tests_dir: Path | None = None,
    examples: Iterable[Example] = (),
    source: str = "logs",
    at_least: int = FEW_ROWS,
) -> list[Problem]:
    """Every problem of `data_dir` (`nlu`, `templates`, `replies`) and of further `examples`, sorted by file and line.

    `tests_dir` holds what is held out (`nlu`, `questions`). A problem of an example stands at `source` and the example's
    number, from 1, and does not quote its text. A language with fewer than `at_least` utterances is a warning.
    """
    texts = Texts()
    texts.read_utterances(data_dir)
    texts.read_templates(data_dir)
    texts.read_replies(data_dir)
    if tests_dir is not None:
        texts.read_held_out(tests_dir)
    given = list(_given(examples, source, texts.problems))
    utterances = [*texts.utterances, *given]
    if not texts.files and not given:
        texts.problems.append(Problem(data_dir / "nlu", 1, "expected <language>.yml with utterances, found none"))
    found = [
        *texts.problems,
        *_conflicts([*texts.utterances, *texts.questions, *given]),
        *_conflicts(sample for sample in texts.held_out if sample.intent),
        *_leaks([*utterances, *texts.questions], texts.held_out),
        *few_problems(utterances, texts.files, at_least=at_least),
    ]
    return sorted({_left_out(each) if each.file == Path(source) else each for each in found})


def without_left_out(
    examples: Sequence[Example], problems: Iterable[Problem], *, source: str = "logs"
) -> list[Example]:
    """The examples given to `preflight` that may be trained on: all but those with a problem LEFT_OUT."""
    out = {each.line for each in problems if each.severity is Severity.LEFT_OUT and each.file == Path(source)}
    return [example for number, example in enumerate(examples, 1) if number not in out]


def _left_out(problem: Problem) -> Problem:
    return replace(problem, severity=Severity.LEFT_OUT) if problem.severity is Severity.ERROR else problem


def _given(examples: Iterable[Example], source: str, problems: list[Problem]) -> Iterator[Sample]:
    for number, row in enumerate(examples, 1):
        where = Place(Path(source), number)
        faults = [*span_problems(where, row.text, row.spans), *character_problems(where, row.text)]
        if not row.text.strip():
            faults.append(where.problem("the text is empty"))
        if not all(part.strip() for part in row.intent.split("+")):
            faults.append(where.problem("the intent, or a label of it, is empty"))
        problems += faults
        if all(fault.severity is not Severity.ERROR for fault in faults):
            yield Sample(where, row.language, row.text, row.intent, row.spans, is_private=True)


def _conflicts(samples: Iterable[Sample]) -> Iterator[Problem]:
    """One text with two labels: an error for two intents, where not even the punctuation tells them apart."""
    for repeat in repeats(samples):
        is_same_text = repeat.sample.text.casefold() == repeat.first.text.casefold()
        if repeat.difference is Difference.INTENT and is_same_text:
            yield repeat.sample.place.problem(repeat.message)
        elif repeat.difference is not Difference.NONE:
            yield repeat.sample.place.problem(repeat.message, Severity.WARNING)


def _leaks(trained: Iterable[Sample], held_out: Sequence[Sample]) -> Iterator[Problem]:
    """Within a language: `ok` is asked in many. A file that names no language may hold any."""
    rows, kept = _by_language(trained), _by_language(held_out)
    for language, own in rows.items():
        yield from leak_problems(own, kept.get(language, ()) if LANGUAGE_CODE.fullmatch(language) else held_out)


def _by_language(samples: Iterable[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.language, []).append(sample)
    return found
