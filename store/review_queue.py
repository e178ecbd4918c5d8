"""What waits for a decision, as the terminal and the web console show it: needs with their templates and languages.

The answers of `data/templates` can be decided on as well: they are shown by topic, as needs that nobody was counted for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.columns import col
from store.conversation_tables import Conversation, Message
from store.status import Status
from store.template_tables import Need, Template, TemplateSource

N_SOURCES = 20


@dataclass(frozen=True, slots=True)
class QueuedNeed:
    """A need and its templates, those that wait for a decision first, then by score.

    `covered` languages have an approved template, `missing` ones are served and have none. `is_topic`: it is a topic of
    data/templates and stands in no table.
    """

    need: Need
    templates: tuple[Template, ...]
    covered: tuple[str, ...]
    missing: tuple[str, ...]
    is_topic: bool = False

    @property
    def n_waiting(self) -> int:
        """Templates that nobody approved or retired yet."""
        return sum(one.status is Status.MINED for one in self.templates)

    @property
    def name(self) -> str:
        """The known or suggested intent."""
        return self.need.intent or self.need.suggested_intent or f"need {self.need.id}"


@dataclass(frozen=True, slots=True)
class SourceTurn:
    """A redacted message of a conversation that a template comes from; `is_answer` marks the one it was mined from."""

    role: str
    text: str
    language: str | None
    is_answer: bool


def queue(
    session: Session, languages: Sequence[str], *, search: str = "", only_waiting: bool = False
) -> list[QueuedNeed]:
    """Needs, most asked first.

    Args:
        session: a database at the newest schema.
        languages: the served ones, ISO 639-1.
        search: words that stand in an intent, a template's text or a typical question, case aside; "" for all.
        only_waiting: whether needs without a template that waits are left out.
    """
    by_need: dict[int, list[Template]] = {}
    for template in session.execute(select(Template).where(col(Template.need_id).is_not(None))).scalars():
        by_need.setdefault(template.need_id, []).append(template)
    found = []
    for need in session.execute(select(Need).order_by(col(Need.n_questions).desc(), Need.id)).scalars():
        one = _queued(need, by_need.get(need.id, []), languages)
        if (one.n_waiting or not only_waiting) and _fits(one, search.casefold()):
            found.append(one)
    return found


def library_queue(
    session: Session, languages: Sequence[str], files: Mapping[str, Template], *, search: str = ""
) -> list[QueuedNeed]:
    """Topics of the templates in `files` (by id, rows of no session), as a decision left them, and of drafts for them.

    A topic is an id without language and number; its need stands in no table.
    """
    rows = dict(files)
    for row in session.execute(select(Template).where(col(Template.need_id).is_(None))).scalars():
        rows[row.id] = row
    by_topic: dict[str, list[Template]] = {}
    for template in rows.values():
        by_topic.setdefault(template.id.rsplit(".", 2)[0], []).append(template)
    found = []
    for number, (topic, templates) in enumerate(sorted(by_topic.items()), 1):
        examples = next((one.questions for one in templates if one.language == languages[0]), templates[0].questions)
        need = Need(id=-number, intent=topic, n_questions=0, n_conversations=0, languages={}, examples=list(examples))
        one = replace(_queued(need, templates, languages), is_topic=True)
        if _fits(one, search.casefold()):
            found.append(one)
    return found


def sources(session: Session, template_id: str) -> list[list[SourceTurn]]:
    """The conversations that a template was mined from, newest first, at most twenty."""
    query = (
        select(TemplateSource)
        .join(Conversation, Conversation.id == TemplateSource.conversation_id)
        .where(TemplateSource.template_id == template_id)
        .order_by(col(Conversation.started_at).desc(), col(Conversation.id).desc())
        .limit(N_SOURCES)
    )
    found: list[list[SourceTurn]] = []
    for source in session.execute(query).scalars():
        turns: Any = session.execute(
            select(Message).where(Message.conversation_id == source.conversation_id).order_by(Message.id)
        ).scalars()
        found.append([SourceTurn(turn.role, turn.text, turn.language, turn.id == source.message_id) for turn in turns])
    return found


def _queued(need: Need, templates: list[Template], languages: Sequence[str]) -> QueuedNeed:
    covered = {one.language for one in templates if one.status is Status.APPROVED}
    order = {Status.MINED: 0, Status.APPROVED: 1, Status.RETIRED: 2}
    return QueuedNeed(
        need=need,
        templates=tuple(sorted(templates, key=lambda one: (order[one.status], -(one.score or 0.0), one.id))),
        covered=tuple(sorted(covered)),
        missing=tuple(code for code in languages if code not in covered),
    )


def _fits(one: QueuedNeed, search: str) -> bool:
    if not search:
        return True
    texts = [one.name, *one.need.examples, *(template.text for template in one.templates)]
    return any(search in text.casefold() for text in texts)
