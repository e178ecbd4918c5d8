"""Rules for the answer templates (`data/templates`), their facts (`data/facts.yml`) and the held-out questions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.templates import AnswerTemplate
from training.checks.domain import Domain
from training.checks.fold import fold
from training.checks.places import (
    Place,
    Problem,
    Unreadable,
    entries,
    json_lines,
    json_object,
    place,
    read_yaml,
    section,
)
from training.checks.replies import Line, placeholder_problem, usual_placeholders

_ID = re.compile(r"(?P<topic>(?P<intent>[a-z0-9_]+)\.[a-z0-9_]+)\.(?P<language>[a-z]{2})\.[1-9][0-9]*")
_QUESTION_FIELDS = {"topic", "language", "question"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of `data/templates`; `topic` is its id without language and number, shared by all languages."""

    place: Place
    topic: str
    template: AnswerTemplate


@dataclass(frozen=True, slots=True)
class Question:
    """One line of `tests/data/questions`: a question that no training sees, and the topic of its answer."""

    place: Place
    topic: str
    text: str


def parsed_templates(path: Path, problems: list[Problem]) -> Iterator[tuple[Place, AnswerTemplate]]:
    """The templates of a file, whatever their ids look like; a line that is none goes to `problems`."""
    for where, line in json_lines(path):
        try:
            template = AnswerTemplate.from_json(line)
        except (ValueError, TypeError) as error:
            problems.append(where.problem(f"no answer template: {error}"))
            continue
        texts = [template.id, template.language, template.intent, *template.question_examples]
        if not all(isinstance(each, str) for each in texts):
            fields = "`id`, `language`, `intent` and `question_examples`"
            problems.append(where.problem(f"no answer template: expected texts in {fields}, found {texts}"))
            continue
        yield where, template


def read_answers(path: Path, problems: list[Problem]) -> list[Answer]:
    """The templates of one language, by the rule of our ids; a line that is none goes to `problems`."""
    answers: list[Answer] = []
    for where, template in parsed_templates(path, problems):
        named = _ID.fullmatch(template.id)
        if not named:
            problems.append(where.problem(f"id {template.id!r}: expected <intent>.<name>.<language>.<number>"))
            continue
        if (named["intent"], named["language"]) != (template.intent, template.language):
            problems.append(where.problem(f"id {template.id!r} is not of {template.intent} in {template.language}"))
        if template.language != path.stem:
            problems.append(where.problem(f"a template in {template.language!r} stands in the file of {path.stem}"))
        answers.append(Answer(where, named["topic"], template))
    return answers


def read_questions(path: Path, problems: list[Problem]) -> list[Question]:
    """The held-out questions of one language; a line that is none goes to `problems`."""
    questions: list[Question] = []
    for where, line in json_lines(path):
        try:
            record = json_object(where, line)
        except Unreadable as error:
            problems.append(error.problem)
            continue
        if set(record) != _QUESTION_FIELDS or record["language"] != path.stem or not str(record["question"]).strip():
            fields = ", ".join(sorted(_QUESTION_FIELDS))
            problems.append(where.problem(f"expected {fields} in {path.stem}, found {line}"))
            continue
        questions.append(Question(where, str(record["topic"]), str(record["question"])))
    return questions


def answer_problems(answers: Iterable[Answer], domain: Domain, languages: dict[str, Path]) -> Iterator[Problem]:
    """Every fault of the templates of all languages; `languages[code]` is the file where that language's stand."""
    topics: dict[str, list[Answer]] = defaultdict(list)
    found = list(answers)
    yield from repeated_ids((answer.place, answer.template) for answer in found)
    for answer in found:
        topics[answer.topic].append(answer)
        if answer.template.intent not in domain.situations:
            yield answer.place.problem(f"unknown intent {answer.template.intent!r}")
        if not answer.template.question_examples or not all(map(str.strip, answer.template.question_examples)):
            yield answer.place.problem(f"{answer.template.id} has no question_examples, or an empty one")
    for topic, group in topics.items():
        for language in sorted(set(languages) - {answer.template.language for answer in group}):
            yield Problem(languages[language], 1, f"topic {topic} is missing; {group[0].place} has it")
        lines = [Line(answer.place, answer.template.text) for answer in group]
        expected = usual_placeholders([lines])
        for line in lines:
            yield from line.faults()
            yield from placeholder_problem(line, f"topic {topic}", expected)


def repeated_ids(templates: Iterable[tuple[Place, AnswerTemplate]]) -> Iterator[Problem]:
    """Ids that stand twice, in whichever files."""
    ids: dict[str, Place] = {}
    for where, template in templates:
        if (first := ids.setdefault(template.id, where)) is not where:
            yield where.problem(f"id {template.id!r} stands already at {first}")


def example_problems(answers: Iterable[Answer]) -> Iterator[Problem]:
    """The same question (but for case and punctuation) twice in one language."""
    seen: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        for question in answer.template.question_examples:
            key = answer.template.language, fold(question, digits=False)
            if first := seen.get(key):
                yield answer.place.problem(f"{question!r} stands already at {first.place} for {first.topic}")
            seen.setdefault(key, answer)


def question_problems(questions: Iterable[Question], topics: set[str]) -> Iterator[Problem]:
    """Held-out questions that no template answers."""
    for question in questions:
        if question.topic not in topics:
            yield question.place.problem(f"topic {question.topic!r} has no template in data/templates")


def fact_problems(answers: Iterable[Answer], path: Path) -> Iterator[Problem]:
    """Placeholders without a value, and values that no template states; raises Unreadable."""
    facts = entries(section(read_yaml(path), "facts"))
    used: set[str] = set()
    for answer in answers:
        used |= set(answer.template.placeholders)
        for name in sorted(set(answer.template.placeholders) - set(facts)):
            yield answer.place.problem(f"the placeholder {{{name}}} has no value in data/facts.yml")
    for name in sorted(set(facts) - used):
        yield place(facts[name]).problem(f"the fact {name} is used by no template")
