"""The writer on every answer template: how often its own text may leave, how near it is to a person's.

Within a language it is asked to say a template of that language; across languages it gets the template of
another one and writes in its own words. Each text goes the served way (`generation.reply`), through all
checks; what is counted stands in `writer_figures`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tqdm import tqdm

from generation.checks import Check
from generation.placeholders import restore
from generation.prompt import Source, build_prompt
from generation.reply import Reply, ReplyRequest, ReplySource, ReplyWriter, WrittenBy
from generation.writer import Writer
from retrieval.templates import AnswerTemplate, topic_of
from training.evaluation.writer_figures import Task, Written, is_faithful, speaks, summary


class RecordingWriter(Writer):
    """The served writer, which also keeps the text it wrote last (None: nothing came in time)."""

    last: str | None = None

    def write(self, prompt: str, *, max_tokens: int = 96) -> str | None:
        """As the served one."""
        self.last = super().write(prompt, max_tokens=max_tokens)
        return self.last


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
    identify: Callable[[str], str | None],
    n_rows: int | None = None,
    seed: int = 7,
) -> dict[str, Any]:
    """Figures within and across languages; `n_rows` draws that many tasks of each kind, None takes all.

    `identify` gives the language of a text, None where it cannot tell.
    """
    replies = ReplyWriter(writer, checks, nearest_notice=lambda _reply, _answer: "")
    figures: dict[str, Any] = {}
    for name, tasks in (("within", within(templates)), ("across", across(templates, seed=seed))):
        chosen = tasks if n_rows is None else random.Random(seed).sample(tasks, min(n_rows, len(tasks)))
        bar = tqdm(chosen, desc=f"writer, {name}", disable=None)
        rows = [written(writer, replies, task, values_in(task.language), identify=identify) for task in bar]
        figures[name] = summary(rows)
    return figures


def written(
    writer: RecordingWriter,
    replies: ReplyWriter,
    task: Task,
    values: Mapping[str, str],
    *,
    identify: Callable[[str], str | None],
) -> Written:
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
    return Written(
        task,
        text,
        passed=reply is not None and reply.written_by is WrittenBy.GENERATOR,
        failed=failed,
        right_language=speaks(text, task.language, identify),
        faithful=is_faithful(text, template=source.text, message=message, values=values),
    )
