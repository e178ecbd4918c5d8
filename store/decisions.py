"""What a person may do with an answer template, each act recorded with who did it and when.

Acts compare the revision that the person saw: of two people who decide on one template at once, the later one is told.
Merging keeps the chosen template and retires the others, whose questions and sources go over to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.status import Status
from store.template_tables import Action, Decision, Template, TemplateOrigin, TemplateSource

MAX_TEXT = 4000
MAX_QUESTIONS = 63
_INTENT = re.compile(r"\w[\w.+-]{0,79}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BRACE = re.compile(r"[{}]")
_RECORDED = ("text", "questions", "status", "intent", "language", "merged_into")


class Conflict(ValueError):
    """Somebody else changed the template meanwhile; the message says so and what to do."""


class BadDecision(ValueError):
    """What was asked for cannot be done; the message says what was expected."""


def adopt(session: Session, template_ids: Sequence[str], files: Callable[[], Mapping[str, Template]]) -> None:
    """Give templates of the files a row of their own, so that they can be decided on; ids that have one keep theirs.

    `files` gives rows of no session by id; it is called only where an id has no row.
    """
    if without := [one for one in dict.fromkeys(template_ids) if session.get(Template, one) is None]:
        rows = files()
        session.add_all(rows[one] for one in without if one in rows)
        session.flush()


def approve(session: Session, template_id: str, *, by: str, revision: int | None = None) -> Template:
    """Let it be served. Raises BadDecision for an unknown id, Conflict."""
    return _change(session, template_id, Action.APPROVE, by=by, revision=revision, status=Status.APPROVED)


def retire(session: Session, template_id: str, *, by: str, revision: int | None = None) -> Template:
    """Never serve it again; it can be restored. Raises BadDecision, Conflict."""
    return _change(session, template_id, Action.RETIRE, by=by, revision=revision, status=Status.RETIRED)


def restore(session: Session, template_id: str, *, by: str, revision: int | None = None) -> Template:
    """Back among those that wait for a decision. Raises BadDecision, Conflict."""
    return _change(
        session, template_id, Action.RESTORE, by=by, revision=revision, status=Status.MINED, merged_into=None
    )


def edit(
    session: Session,
    template_id: str,
    *,
    by: str,
    text: str | None = None,
    questions: Sequence[str] | None = None,
    revision: int | None = None,
) -> Template:
    """Another wording or other question examples. Raises BadDecision for an empty or overlong one, Conflict."""
    values: dict[str, Any] = {}
    if text is not None:
        values["text"] = checked_text(text)
    if questions is not None:
        cleaned = list(dict.fromkeys(" ".join(one.split()) for one in questions if one.strip()))
        if len(cleaned) > MAX_QUESTIONS:
            raise BadDecision(
                f"questions: expected at most {MAX_QUESTIONS}, found {len(cleaned)}; leave the less typical out"
            )
        values["questions"] = cleaned
    if not values:
        raise BadDecision("edit: expected a text or questions, found neither")
    return _change(session, template_id, Action.EDIT, by=by, revision=revision, **values)


def assign(session: Session, template_id: str, *, intent: str, by: str, revision: int | None = None) -> Template:
    """Give it an intent. Raises BadDecision for what cannot be the name of one, Conflict."""
    if not _INTENT.fullmatch(intent.strip()):
        raise BadDecision("intent: expected letters, digits and _ . + - (80 at most), found something else")
    return _change(session, template_id, Action.ASSIGN, by=by, revision=revision, intent=intent.strip())


def merge(
    session: Session, kept_id: str, other_ids: Sequence[str], *, by: str, revision: int | None = None
) -> Template:
    """Retire the others; their questions and sources go over to the kept one.

    Raises BadDecision where one is unknown, in another language, or the kept one itself, Conflict.
    """
    kept = find(session, kept_id)
    others = [find(session, other) for other in dict.fromkeys(other_ids)]
    if not others or kept in others:
        raise BadDecision("merge: expected other templates than the one that is kept, found none or itself")
    if strange := [other.id for other in others if other.language != kept.language]:
        raise BadDecision(
            f"merge: expected templates in {kept.language}, found {', '.join(strange)} in another language"
        )
    questions = list(kept.questions)
    have = {source.message_id for source in kept.sources}
    for other in others:
        questions += [one for one in other.questions if one not in questions]
        for source in other.sources:
            if source.message_id not in have:
                have.add(source.message_id)
                moved = TemplateSource(message_id=source.message_id, conversation_id=source.conversation_id)
                kept.sources.append(moved)
    merged = _change(session, kept_id, Action.MERGE, by=by, revision=revision, questions=questions[:MAX_QUESTIONS])
    for other in others:
        _change(session, other.id, Action.MERGE, by=by, status=Status.RETIRED, merged_into=kept_id)
    return merged


def add_draft(session: Session, like: Template, *, language: str, text: str, by: str) -> Template:
    """A template in a language that lacked one, waiting for approval; `like` gives intent, need and questions."""
    stem = like.id.rsplit(".", 2)[0]
    number = 1
    while session.get(Template, f"{stem}.{language}.{number}") is not None:
        number += 1
    draft = Template(
        id=f"{stem}.{language}.{number}",
        need_id=like.need_id,
        language=language,
        intent=like.intent,
        text=checked_text(text),
        questions=[],
        status=Status.MINED,
        origin=TemplateOrigin.DRAFT,
        reasons={"drafted_from": like.id},
    )
    session.add(draft)
    session.add(Decision(template_id=draft.id, action=Action.DRAFT, by=_who(by), after=_state(draft)))
    session.flush()
    return draft


def history(session: Session, template_id: str) -> list[Decision]:
    """All decisions on a template, oldest first."""
    query = select(Decision).where(Decision.template_id == template_id).order_by(Decision.id)
    return list(session.execute(query).scalars())


def find(session: Session, template_id: str) -> Template:
    """The template; raises BadDecision for an unknown id."""
    found: Template | None = session.get(Template, template_id)
    if found is None:
        raise BadDecision(f"template: expected a known id, found {template_id!r}; see `uv run xenia review --list`")
    return found


def checked_text(text: str) -> str:
    """A template's text on clean lines; raises BadDecision where it is empty, too long or has a half placeholder."""
    cleaned = "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
    if not 1 <= len(cleaned) <= MAX_TEXT:
        raise BadDecision(f"text: expected 1 to {MAX_TEXT} characters, found {len(cleaned)}")
    if _BRACE.search(_PLACEHOLDER.sub("", cleaned)):
        raise BadDecision("text: expected placeholders such as {order_number}, found a brace that belongs to none")
    return cleaned


def _change(
    session: Session, template_id: str, action: Action, *, by: str, revision: int | None = None, **values: Any
) -> Template:
    template = find(session, template_id)
    if revision is not None and template.revision != revision:
        raise Conflict(
            f"{template_id}: expected revision {revision}, found {template.revision}; load it again, then decide"
        )
    who, before = _who(by), _state(template)
    for name, value in values.items():
        setattr(template, name, value)
    after = _state(template)
    changed = [name for name in _RECORDED if before[name] != after[name]]
    session.add(
        Decision(
            template_id=template_id,
            action=action,
            by=who,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    )
    session.flush()
    return template


def _state(template: Template) -> dict[str, Any]:
    found = {name: getattr(template, name) for name in _RECORDED}
    return {**found, "status": template.status.value, "questions": list(template.questions)}


def _who(by: str) -> str:
    name = by.strip()
    if not name or len(name) > 120:
        raise BadDecision("by: expected the name of who decides (120 characters at most), found none or a longer one")
    return name
