"""What was mined, as a table that a person reads in an hour: one block a need, its best templates by language below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from store.columns import col
from store.sessions import session_scope
from store.status import Status
from store.template_tables import Need, Template

N_QUESTIONS = 3
_WIDTH = 160


def write_table(engine: Engine, path: Path) -> Path:
    """Write the needs, most asked first, as Markdown."""
    with session_scope(engine) as session:
        lines = list(table_lines(session))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def table_lines(session: Session) -> Iterator[str]:
    """Markdown, one line at a time."""
    templates: dict[int, list[Template]] = {}
    query = select(Template).where(col(Template.need_id).is_not(None), Template.status != Status.RETIRED)
    for template in session.execute(query).scalars():
        templates.setdefault(template.need_id, []).append(template)
    needs = session.execute(select(Need).order_by(col(Need.n_questions).desc(), Need.id)).scalars().all()
    n_templates = sum(map(len, templates.values()))
    yield f"# {len(needs)} needs with {n_templates} templates"
    for need in needs:
        languages = ", ".join(f"{code or '?'} {count}" for code, count in need.languages.items())
        known = need.intent or f"new: {need.suggested_intent}"
        yield ""
        yield f"## {need.id}. {known} - {need.n_questions} questions in {need.n_conversations} conversations ({languages})"
        yield ""
        for question in need.examples[:N_QUESTIONS]:
            yield f"> {_short(question)}"
            yield ">"
        yield ""
        yield "| template | language | score | why | answer |"
        yield "|---|---|---|---|---|"
        yield from map(_row, _best_first(templates.get(need.id, ())))


def _best_first(templates: Iterable[Template]) -> list[Template]:
    return sorted(templates, key=lambda one: (one.language, -(one.score or 0.0)))


def _row(template: Template) -> str:
    numbers = {name: value for name, value in template.reasons.items() if isinstance(value, (int, float))}
    n_said = numbers.pop("n_conversations", 0)
    parts = ", ".join(f"{name} {value:.2f}" for name, value in numbers.items())
    score = "-" if template.score is None else f"{template.score:.2f}"
    text = template.text.replace("|", "\\|").replace("\n", " ")
    return f"| {template.id} | {template.language or '?'} | {score} | said in {n_said:.0f}: {parts} | {text} |"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}..."
