"""All answer templates that the index is built from: the files of `data/templates`, and what was mined and decided on.

A template of the files that somebody edited or retired in the review has a row in the database, and the row counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from retrieval.templates import PLACEHOLDER, AnswerTemplate, read_templates
from store.status import Status
from store.template_tables import Template, TemplateOrigin

MINED_SOURCE = "logs"


def library(session: Session, files: Iterable[Path], *, min_score: float | None = None) -> list[AnswerTemplate]:
    """Templates of the files and of the database, in a stable order.

    Args:
        session: a database at the newest schema.
        files: JSON Lines of templates.
        min_score: mined templates with at least this score (those of the files have none) are taken along; None: none is.

    Raises ValueError naming file and line of what cannot be read.
    """
    templates = {
        template.id: template
        for template in read_templates(files)
        if template.status is not Status.MINED or min_score is not None
    }
    for row in session.execute(select(Template).order_by(Template.id)).scalars():
        is_wanted = row.status is not Status.MINED or (
            min_score is not None and row.score is not None and row.score >= min_score
        )
        if is_wanted:
            templates[row.id] = template_of(row)
    return list(templates.values())


def template_of(row: Template) -> AnswerTemplate:
    """A row as the contract's answer template."""
    return AnswerTemplate(
        id=row.id,
        language=row.language,
        intent=row.intent,
        question_examples=tuple(row.questions),
        text=row.text,
        placeholders=tuple(dict.fromkeys(PLACEHOLDER.findall(row.text))),
        status=row.status,
        source=MINED_SOURCE if row.origin is TemplateOrigin.LOGS else row.origin.value,
    )


def row_of(template: AnswerTemplate) -> Template:
    """A template of the files as a row, so that it can be decided on."""
    return Template(
        id=template.id,
        language=template.language,
        intent=template.intent,
        text=template.text,
        questions=list(template.question_examples),
        status=template.status,
        origin=TemplateOrigin.FILES,
        reasons={},
    )
