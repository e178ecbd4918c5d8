"""The check of all our data (`make check`): everything under `data/` and `tests/data/`, in every language.

    python -m training.check_data [root]   # exit 0: no fault; 1: one line a fault, `file:line: message`; 2: bad usage

The rules stand in `training.checks`; this module knows where the files are. It needs no Rasa.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from training.checks.annotations import annotation_problems
from training.checks.domain import Domain, read_domain
from training.checks.personal import personal_problems
from training.checks.places import Problem, Unreadable
from training.checks.replies import Replies, read_replies, reply_problems
from training.checks.samples import Sample, leak_problems, repeats
from training.checks.templates import (
    Answer,
    Question,
    answer_problems,
    example_problems,
    fact_problems,
    question_problems,
    read_answers,
    read_questions,
)
from training.checks.utterances import MIN_UTTERANCES, Row, count_problems, label_problems, read_rows
from training.checks.values import value_problems

_SETS = ("data/nlu/*.yml", "data/replies/*.yml", "data/templates/*.jsonl")
_Read = TypeVar("_Read")


@dataclass(slots=True)
class _Data:
    """All files of a tree by language; what could not be read is in `unreadable` and left out."""

    root: Path
    languages: tuple[str, ...]
    trained: dict[str, list[Row]] = field(default_factory=dict)
    held_out: dict[str, list[Row]] = field(default_factory=dict)
    replies: dict[str, Replies] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    questions: dict[str, list[Question]] = field(default_factory=dict)
    unreadable: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        """Read every file of every language, missing ones included."""
        lines = self.unreadable
        for language in self.languages:
            self._keep(self.trained, f"data/nlu/{language}.yml", lambda path: list(read_rows(path, lines)))
            self._keep(self.held_out, f"tests/data/nlu/{language}.yml", lambda path: list(read_rows(path, lines)))
            self._keep(self.replies, f"data/replies/{language}.yml", read_replies)
            self._keep(self.answers, f"data/templates/{language}.jsonl", lambda path: read_answers(path, lines))
            self._keep(
                self.questions,
                f"tests/data/questions/{language}.jsonl",
                lambda path: read_questions(path, lines),
            )

    def _keep(self, into: dict[str, _Read], name: str, read: Callable[[Path], _Read]) -> None:
        path = self.root / name
        try:
            into[path.stem] = read(path)
        except Unreadable as error:
            self.unreadable.append(error.problem)


def problems(root: Path) -> list[Problem]:
    """Every fault of the data under `root`, sorted by file (relative to `root`) and line; empty for a clean tree."""
    try:
        domain = read_domain(root)
    except Unreadable as error:
        found = [error.problem]
    else:
        spoken = sorted({path.stem for pattern in _SETS for path in root.glob(pattern)})
        data = _Data(root, tuple(spoken))
        data.read()
        found = [*data.unreadable, *_found(data, domain)]
        if not spoken:
            found.append(Problem(root / "data/nlu", 1, "expected <language>.yml files, found none"))
    return sorted({_relative(each, root) for each in found})


UNWRITTEN = ("input_", "logged_")
"""Intents without utterances: a channel sends them in place of a message that is none (bot/channels/text.py), or the
retriever sets them (bot/pipeline.py)."""


def _relative(problem: Problem, root: Path) -> Problem:
    """The same with all paths, those in its message too, as seen from the root; in our own data all are errors."""
    message = problem.message.replace(f"{root}/", "")
    return Problem(problem.file.relative_to(root), problem.line, message)


def _found(data: _Data, domain: Domain) -> Iterator[Problem]:
    known = set(domain.situations)
    spoken = {intent for intent in domain.intents if not intent.startswith(UNWRITTEN)}
    for intent in sorted(spoken - known):
        yield Problem(data.root / "data/situations.yml", 1, f"intent {intent} of domain.yml has no situations")
    for intent in sorted(known - domain.intents) if domain.intents else ():
        yield Problem(data.root / "domain.yml", 1, f"intent {intent} of data/situations.yml is not declared")
    yield from reply_problems(data.replies.values(), domain)
    answers = [answer for each in data.answers.values() for answer in each]
    files = {language: data.root / f"data/templates/{language}.jsonl" for language in data.answers}
    yield from answer_problems(answers, domain, files)
    yield from example_problems(answers)
    yield from question_problems(
        (question for each in data.questions.values() for question in each),
        {answer.topic for answer in answers},
    )
    try:
        yield from fact_problems(answers, data.root / "data/facts.yml")
    except Unreadable as error:
        yield error.problem
    for language in data.languages:
        yield from _utterance_problems(data, domain, language)
    yield from personal_problems(data.root)
    for path in sorted((data.root / "data/values").glob("*.yml")):
        try:
            yield from value_problems(path, domain)
        except Unreadable as error:
            yield error.problem


def _utterance_problems(data: _Data, domain: Domain, language: str) -> Iterator[Problem]:
    trained, held_out = data.trained.get(language, []), data.held_out.get(language, [])
    yield from label_problems(trained, domain, held_out=False)
    yield from label_problems(held_out, domain, held_out=True)
    if trained:
        yield from count_problems(trained, domain, data.root / f"data/nlu/{language}.yml", at_least=MIN_UTTERANCES)
    if held_out:
        yield from count_problems(held_out, domain, data.root / f"tests/data/nlu/{language}.yml", at_least=1)
    rows = [[row.sample() for row in side if _is_marked_well(row)] for side in (trained, held_out)]
    for side in rows:
        yield from (repeat.sample.place.problem(repeat.message) for repeat in repeats(side))
    answers, questions = data.answers.get(language, []), data.questions.get(language, [])
    yield from leak_problems(
        [
            *rows[0],
            *(Sample(each.place, language, asked) for each in answers for asked in each.template.question_examples),
        ],
        [*rows[1], *(Sample(each.place, language, each.text) for each in questions)],
    )


def _is_marked_well(row: Row) -> bool:
    return not any(annotation_problems(row.place, row.annotated, frozenset()))


def main(arguments: list[str] | None = None) -> int:
    """Print every problem of a tree (the working directory unless named) and how many; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.check_data", description="Check data/ and tests/data/.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(), help="folder that holds data/ (default: here)")
    root: Path = parser.parse_args(arguments).root
    found = problems(root.resolve())
    for problem in found:
        print(problem)
    if found:
        files = Counter(problem.file for problem in found)
        print(f"{len(found)} problems in {len(files)} files; the rules stand in data/README.md", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
