"""The files that a training learns from, read to the end whatever is wrong in them: texts with their places, and faults.

Unlike `training.check_data` it needs no situations, no domain and no rule for ids: any company's tree will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from retrieval.templates import AnswerTemplate
from training.checks.annotations import annotation_problems
from training.checks.characters import character_problems
from training.checks.places import Place, Problem, Severity, Unreadable
from training.checks.replies import Line, placeholder_problem, read_variants, usual_placeholders
from training.checks.samples import Sample
from training.checks.templates import parsed_templates, read_questions, repeated_ids
from training.checks.utterances import read_rows

LANGUAGE_CODE = re.compile(r"[a-z]{2}")
"""ISO 639-1, the name of a file without `.yml`."""
_FORMATS_OF_RASA = frozenset({".yml", ".yaml", ".json"})


@dataclass(slots=True)
class Texts:
    """Rows without an error, by what they are used for, and every problem met on the way.

    `questions` are the example questions of answer templates: rows of the intent whose entities nobody annotated.
    `files[language]` is the file of its utterances.
    """

    utterances: list[Sample] = field(default_factory=list)
    questions: list[Sample] = field(default_factory=list)
    held_out: list[Sample] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read_utterances(self, data_dir: Path) -> None:
        """`nlu/<language>.yml`; a file of Rasa's that lies where no training looks for it is a problem."""
        folder = data_dir / "nlu"
        for path in sorted(folder.glob("*.yml")):
            self.files[path.stem] = path
            if not LANGUAGE_CODE.fullmatch(path.stem):
                hint = f"the file's name is no language: expected en.yml, de.yml ... (ISO 639-1), found {path.name}"
                self.problems.append(Problem(path, 1, hint, Severity.WARNING))
            self.utterances += self._rows(path)
        for path in sorted({*data_dir.glob("nlu.*"), *folder.rglob("*")} - set(self.files.values())):
            if path.suffix in _FORMATS_OF_RASA:
                severity = Severity.WARNING if self.files else Severity.ERROR
                hint = f"a training does not read this file: move its rows to {folder}/<language>.yml, such as en.yml"
                self.problems.append(Problem(path, 1, hint, severity))

    def read_templates(self, data_dir: Path) -> None:
        """`templates/*.jsonl`."""
        found: list[tuple[Place, AnswerTemplate]] = []
        for path in sorted((data_dir / "templates").glob("*.jsonl")):
            try:
                found += parsed_templates(path, self.problems)
            except Unreadable as error:
                self.problems.append(error.problem)
        self.problems += repeated_ids(found)
        for where, template in found:
            self.problems += _template_problems(where, template)
            for question in filter(str.strip, template.question_examples):
                self.questions.append(Sample(where, template.language, question, template.intent))

    def read_replies(self, data_dir: Path) -> None:
        """`replies/*.yml`; nothing of them is kept, they have no label."""
        by_key: dict[str, list[Line]] = {}
        for path in sorted((data_dir / "replies").glob("*.yml")):
            try:
                variants = read_variants(path)
            except Unreadable as error:
                self.problems.append(error.problem)
                continue
            for key, lines in variants.items():
                by_key.setdefault(key, []).extend(lines)
        for key, lines in by_key.items():
            expected = usual_placeholders([lines])
            for line in lines:
                self.problems += chain(line.faults(), character_problems(line.place, line.text))
                unlike = placeholder_problem(line, f"reply {key}", expected)
                self.problems += (replace(each, severity=Severity.WARNING) for each in unlike)

    def read_held_out(self, tests_dir: Path) -> None:
        """`nlu/<language>.yml` and `questions/<language>.jsonl`, where present."""
        for path in sorted((tests_dir / "nlu").glob("*.yml")):
            self.held_out += self._rows(path)
        for path in sorted((tests_dir / "questions").glob("*.jsonl")):
            try:
                questions = read_questions(path, self.problems)
            except Unreadable as error:
                self.problems.append(error.problem)
                continue
            self.held_out += (Sample(each.place, path.stem, each.text) for each in questions)

    def _rows(self, path: Path) -> Iterator[Sample]:
        try:
            for row in read_rows(path, self.problems):
                marks = annotation_problems(row.place, row.annotated, frozenset())
                faults = [*marks, *character_problems(row.place, row.annotated)]
                self.problems += faults
                if row.annotated and all(fault.severity is not Severity.ERROR for fault in faults):
                    yield row.sample()
        except Unreadable as error:
            self.problems.append(error.problem)


def _template_problems(where: Place, template: AnswerTemplate) -> Iterator[Problem]:
    yield from Line(where, template.text).faults()
    if not template.intent.strip():
        yield where.problem("the intent of the template is empty")
    for text in (template.text, *template.question_examples):
        yield from character_problems(where, text)
        if not text.strip() and text is not template.text:
            yield where.problem("a question example is empty", Severity.WARNING)
