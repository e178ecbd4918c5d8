"""What a person asks for in the review, as a name and its details, -> `store.decisions`: one way for terminal and page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot.console.drafts import Drafter
from store import decisions
from store.decisions import BadDecision
from store.template_tables import Action, Template

Files = Callable[[], Mapping[str, Template]]


def act(
    session: Session,
    template_id: str,
    asked: Mapping[str, Any],
    *,
    by: str,
    drafter: Drafter | None = None,
    files: Files = dict,
) -> Template:
    """Do it and give the template that comes of it.

    Args:
        session: the caller's; nothing is committed here.
        template_id: which template.
        asked: `action` (a value of `Action`), `revision` as it was seen, and what the action needs: `text`, `questions` (edit),
            `intent` (assign), `others` (merge), `language` (draft).
        by: who decides.
        drafter: writes drafts.
        files: the templates of data/templates as new rows by id; one that is decided on gets its row.

    Raises:
        BadDecision, Conflict: (ValueErrors) what was expected and what to do.
        NoDraft: (a ValueError) the writer has nothing to offer.
    """
    action, revision = _action(asked.get("action")), _revision(asked.get("revision"))
    others = _texts(asked, "others") if action is Action.MERGE else []
    decisions.adopt(session, [template_id, *others], files)
    if action is Action.APPROVE:
        return decisions.approve(session, template_id, by=by, revision=revision)
    if action is Action.RETIRE:
        return decisions.retire(session, template_id, by=by, revision=revision)
    if action is Action.RESTORE:
        return decisions.restore(session, template_id, by=by, revision=revision)
    if action is Action.ASSIGN:
        return decisions.assign(session, template_id, intent=_text(asked, "intent"), by=by, revision=revision)
    if action is Action.MERGE:
        return decisions.merge(session, template_id, others, by=by, revision=revision)
    if action is Action.EDIT:
        text = _text(asked, "text") if "text" in asked else None
        questions = _texts(asked, "questions") if "questions" in asked else None
        return decisions.edit(session, template_id, by=by, text=text, questions=questions, revision=revision)
    if drafter is None:
        raise BadDecision("draft: expected the writer's model, found none; see `uv run xenia doctor`")
    like = decisions.find(session, template_id)
    language = _text(asked, "language")
    return decisions.add_draft(session, like, language=language, text=drafter.draft(like, language), by=by)


def _action(value: object) -> Action:
    try:
        return Action(value)
    except ValueError:
        known = ", ".join(one.value for one in Action)
        raise BadDecision(f"action: expected one of {known}, found something else") from None


def _revision(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise BadDecision("revision: expected the number that was shown, found something else")


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise BadDecision(f"{name}: expected a text, found none")
    return value


def _texts(asked: Mapping[str, Any], name: str) -> list[str]:
    value = asked.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadDecision(f"{name}: expected a list of texts, found something else")
    return value
