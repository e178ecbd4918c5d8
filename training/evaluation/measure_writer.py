"""The writer on every answer template: how often its own text may leave, how near it is to a person's.

Within a language it is asked to say a template of that language; across languages it gets the template of
another one and writes in its own words. Each text goes the served way (`generation.reply`), through all
checks.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from generation.checks import Check
from generation.placeholders import restore
from generation.prompt import Source, build_prompt
from generation.reply import Reply, ReplyRequest, ReplySource, ReplyWriter, WrittenBy
from generation.writer import Writer
from retrieval.templates import AnswerTemplate, topic_of
from training.evaluation.metrics import chrf


class RecordingWriter(Writer):
    """The served writer, which also keeps the text it wrote last (None: nothing came in time)."""

    last: str | None = None

    def write(self, prompt: str, *, max_tokens: int = 96) -> str | None:
        """As the served one."""
        self.last = super().write(prompt, max_tokens=max_tokens)
        return self.last


@dataclass(frozen=True, slots=True)
class Task:
    """Say `source` in `language`; `references` are the texts of that topic in that language."""

    source: AnswerTemplate
    language: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a task. `text` has its placeholders back; `failed` names the checks it did not pass."""

    task: Task
    text: str
    passed: bool
    failed: tuple[str, ...]


def within(templates: Sequence[AnswerTemplate]) -> list[Task]:
    """Each template in its own language."""
    return [Task(template, template.language, (template.text,)) for template in templates]


def across(templates: Sequence[AnswerTemplate], *, seed: int = 7) -> list[Task]:
    """For each topic and language one template of another language, drawn with `seed`."""
    topics: dict[str, dict[str, list[AnswerTemplate]]] = {}
    for template in templates:
        topics.setdefault(topic_of(template), {}).setdefault(template.language, []).append(template)
    draw = random.Random(seed)
    tasks: list[Task] = []
    for _, languages in sorted(topics.items()):
        for language, own in sorted(languages.items()):
            others = [one for other, ones in sorted(languages.items()) if other != language for one in ones]
            if others:
                tasks.append(Task(draw.choice(others), language, tuple(one.text for one in own)))
    return tasks


def measure_writer(
    writer: RecordingWriter,
    checks: Sequence[Check],
    templates: Sequence[AnswerTemplate],
    values_in: Callable[[str], Mapping[str, str]],
    *,
    n_rows: int | None = None,
    seed: int = 7,
) -> dict[str, Any]:
    """Figures within and across languages; `n_rows` draws that many tasks of each kind, None takes all."""
    replies = ReplyWriter(writer, checks, nearest_notice=lambda _reply, _answer: "")
    figures: dict[str, Any] = {}
    for name, tasks in (("within", within(templates)), ("across", across(templates, seed=seed))):
        chosen = tasks if n_rows is None else random.Random(seed).sample(tasks, min(n_rows, len(tasks)))
        bar = tqdm(chosen, desc=f"writer, {name}", disable=None)
        rows = [written(writer, replies, task, values_in(task.language)) for task in bar]
        figures[name] = summary(rows)
    return figures


def written(writer: RecordingWriter, replies: ReplyWriter, task: Task, values: Mapping[str, str]) -> Written:
    """Ask for one reply; the first question example of the source is the message."""
    source = task.source
    message = source.question_examples[0] if source.question_examples else ""
    request = ReplyRequest(
        language=task.language,
        intent=source.intent,
        message=message,
        sources=(ReplySource(source.id, source.language, source.text),),
        values=values,
    )
    writer.last = None
    reply: Reply | None = replies.write(request)
    prompt = build_prompt(
        language=task.language,
        intent=source.intent,
        sources=[Source(source.language, source.text)],
        message=message,
    )
    text = restore(writer.last or "", prompt.sentinels)
    failed = ("unfillable",) if reply is None else tuple(n for n, why in reply.checks.items() if why != "ok")
    return Written(task, text, reply is not None and reply.written_by is WrittenBy.GENERATOR, failed)


def summary(rows: Sequence[Written]) -> dict[str, Any]:
    """By language and overall: share that passed all checks, share word for word as a reference, chrF."""
    grouped: dict[str, list[Written]] = {}
    for row in rows:
        grouped.setdefault(row.task.language, []).append(row)
    failed = Counter(name for row in rows for name in row.failed)
    return {
        "languages": {language: _figures(group) for language, group in sorted(grouped.items())},
        "overall": _figures(rows),
        "failed_checks": dict(sorted(failed.items(), key=lambda item: (-item[1], item[0]))),
    }


def _figures(rows: Sequence[Written]) -> dict[str, Any]:
    return {
        "n": len(rows),
        "passed": sum(row.passed for row in rows) / max(1, len(rows)),
        "identical": sum(row.text in row.task.references for row in rows) / max(1, len(rows)),
        "chrf": chrf([row.text for row in rows], [row.task.references for row in rows]),
    }
