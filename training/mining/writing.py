"""Needs and their templates -> the database. Mining again replaces what nobody has decided on.

A template that a person approved, edited, retired or merged stays as it is and keeps its need; what the logs say of it
anew (score, reasons, questions, sources) is brought up to date. Templates are known again by language and wording.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.columns import col
from store.status import Status
from store.template_tables import Decision, Need, Template, TemplateOrigin, TemplateSource
from training.cleaning.folding import text_key
from training.mining.mined import MinedNeed
from training.mining.variants import Variant

N_QUESTIONS = 12
"""Question examples of a template: those whose answer it was first."""
_Known = dict[tuple[str, int], Template]


def write_needs(session: Session, needs: Sequence[MinedNeed]) -> None:
    """Replace what was mined before by `needs`; the caller commits."""
    decided = _forget_undecided(session)
    for need in needs:
        row = _need_row(session, need, decided)
        for language, variants in need.variants.items():
            for variant in variants:
                _write_template(session, row, need, language=language, variant=variant, decided=decided)
        session.flush()
    unused = select(Template.need_id).where(col(Template.need_id).is_not(None))
    session.execute(delete(Need).where(col(Need.id).not_in(unused)).execution_options(synchronize_session=False))


def _forget_undecided(session: Session) -> _Known:
    """Delete mined templates that nobody touched, and give those that stay."""
    touched = select(Decision.template_id)
    kept: _Known = {}
    for row in session.execute(select(Template)).scalars().all():
        is_untouched = row.status is Status.MINED and row.origin is TemplateOrigin.LOGS
        if is_untouched and not session.execute(touched.where(Decision.template_id == row.id).limit(1)).first():
            session.delete(row)
        else:
            kept[row.language, text_key(row.text)] = row
    session.flush()
    return kept


def _need_row(session: Session, need: MinedNeed, decided: _Known) -> Need:
    """The need of a decided template that was mined for it again, or a new one."""
    found = (
        decided.get((language, text_key(variant.text)))
        for language, group in need.variants.items()
        for variant in group
    )
    row: Need | None = next((one.need for one in found if one is not None and one.need is not None), None)
    if row is None:
        row = Need()
        session.add(row)
    row.intent, row.suggested_intent = need.intent, need.suggested_intent
    row.n_questions, row.n_conversations = need.n_questions, need.n_conversations
    row.languages, row.examples = dict(need.languages), list(need.questions)
    session.flush()
    return row


def _write_template(
    session: Session, row: Need, need: MinedNeed, *, language: str, variant: Variant, decided: _Known
) -> None:
    template = decided.get((language, text_key(variant.text)))
    if template is None:
        template = Template(
            id=_free_id(session, f"need{row.id}.{language or 'xx'}"),
            language=language,
            intent=need.intent or need.suggested_intent or f"need_{row.id}",
            text=variant.text,
            status=Status.MINED,
            origin=TemplateOrigin.LOGS,
        )
        session.add(template)
    own = [one.case.question for one in variant.members]
    template.need_id = row.id
    template.questions = list(dict.fromkeys([*own, *need.questions]))[:N_QUESTIONS]
    template.score = variant.score
    template.reasons = {
        **variant.reasons,
        "n_conversations": variant.n_conversations,
    }
    session.flush()
    session.execute(delete(TemplateSource).where(TemplateSource.template_id == template.id))
    for message_id, conversation_id in {
        one.case.message_id: one.case.conversation_id for one in variant.members
    }.items():
        session.add(TemplateSource(template_id=template.id, message_id=message_id, conversation_id=conversation_id))
    session.flush()


def _free_id(session: Session, stem: str) -> str:
    number = 1
    while session.get(Template, f"{stem}.{number}") is not None:
        number += 1
    return f"{stem}.{number}"
