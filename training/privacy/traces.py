"""Where a conversation leaves traces, and their removal: logs, needs and templates, hand-offs, feedback, tracker.

Messages, identities and a template's sources go with their conversation (the database cascades). Questions that were copied
into needs and templates are found by their `text_key`; a mined template that nobody decided on goes with its last source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.columns import col
from store.conversation_tables import Conversation, Identity, Message
from store.statements import in_parts
from store.status import Status
from store.tables import Feedback, Handoff
from store.template_tables import Decision, Need, Template, TemplateOrigin, TemplateSource
from training.cleaning.folding import text_key
from training.logs.courtesies import substance
from training.logs.dialogues import Role
from training.logs.stored import read_stored
from training.mining.cases import cases_of
from training.privacy.tracker_events import count_events, delete_events


@dataclass(frozen=True, slots=True)
class Traces:
    """What is to go: numbers of ingested conversations, and senders of the tracker."""

    conversation_ids: frozenset[int]
    senders: frozenset[str]


@dataclass(frozen=True, slots=True)
class TraceCounts:
    """How much of it there is, place by place."""

    conversations: int = 0
    messages: int = 0
    identities: int = 0
    template_sources: int = 0
    tracker_events: int = 0
    feedback: int = 0
    handoffs: int = 0

    @property
    def nothing(self) -> bool:
        """Whether every place is empty."""
        return not any(getattr(self, name) for name in self.__slots__)


def count(session: Session, traces: Traces) -> TraceCounts:
    """What stands in the database of these conversations and senders."""
    ids = sorted(traces.conversation_ids)
    return TraceCounts(
        conversations=_count(session, Conversation.id, ids),
        messages=_count(session, Message.conversation_id, ids),
        identities=_count(session, Identity.conversation_id, ids),
        template_sources=_count(session, TemplateSource.conversation_id, ids),
        tracker_events=count_events(session, traces.senders),
        feedback=_count(session, Feedback.conversation_id, sorted(traces.senders)),
        handoffs=_count(session, Handoff.conversation_id, sorted(traces.senders)),
    )


def remove(session: Session, traces: Traces) -> bool:
    """Delete all of it; the caller commits. Returns whether an answer template changed or went: then the index is old."""
    ids = sorted(traces.conversation_ids)
    has_changed = _remove_from_templates(session, ids)
    for chunk in in_parts(ids):
        session.execute(delete(TemplateSource).where(col(TemplateSource.conversation_id).in_(chunk)))
        session.execute(delete(Message).where(col(Message.conversation_id).in_(chunk)))
        session.execute(delete(Identity).where(col(Identity.conversation_id).in_(chunk)))
        session.execute(delete(Conversation).where(col(Conversation.id).in_(chunk)))
    has_changed |= _remove_unsupported(session)
    delete_events(session, traces.senders)
    for some in in_parts(sorted(traces.senders)):
        session.execute(delete(Feedback).where(col(Feedback.conversation_id).in_(some)))
        session.execute(delete(Handoff).where(col(Handoff.conversation_id).in_(some)))
    return has_changed


def _remove_from_templates(session: Session, ids: Sequence[int]) -> bool:
    """Take the person's questions out of needs and templates."""
    keys: set[int] = set()
    for chunk in in_parts(ids):
        for stored in read_stored(session, only=chunk):
            keys |= {text_key(substance(turn.text)) for turn in stored.dialogue.turns if turn.role is Role.CUSTOMER}
            keys |= {text_key(case.question) for case in cases_of([stored])}
    if not keys:
        return False
    has_changed = False
    for need in session.execute(select(Need)).scalars():
        kept = [text for text in need.examples if text_key(text) not in keys]
        if len(kept) < len(need.examples):
            need.examples = kept
    for template in session.execute(select(Template)).scalars():
        kept = [text for text in template.questions if text_key(text) not in keys]
        if len(kept) < len(template.questions):
            template.questions, has_changed = kept, True
    session.flush()
    return has_changed


def _remove_unsupported(session: Session) -> bool:
    """Delete mined templates without a source that nobody decided on."""
    query = select(Template).where(
        Template.status == Status.MINED,
        Template.origin == TemplateOrigin.LOGS,
        col(Template.id).not_in(select(TemplateSource.template_id)),
        col(Template.id).not_in(select(Decision.template_id)),
    )
    rows = session.execute(query).scalars().all()
    for row in rows:
        session.delete(row)
    session.flush()
    return bool(rows)


def _count(session: Session, column: object, values: Sequence[object]) -> int:
    total = 0
    for some in in_parts(values):
        total += session.execute(select(func.count()).where(col(column).in_(some))).scalar_one()
    return total
