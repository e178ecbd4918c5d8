"""Rows of the review -> the JSON that its page shows."""

from __future__ import annotations

from typing import Any

from store.review_queue import QueuedNeed, SourceTurn
from store.template_tables import Decision, Template


def need_view(one: QueuedNeed) -> dict[str, Any]:
    """A need with all its templates."""
    return {
        "id": one.need.id,
        "name": one.name,
        "is_known": one.need.intent is not None,
        "is_topic": one.is_topic,
        "n_questions": one.need.n_questions,
        "n_conversations": one.need.n_conversations,
        "asked_in": one.need.languages,
        "questions": one.need.examples,
        "covered": list(one.covered),
        "missing": list(one.missing),
        "n_waiting": one.n_waiting,
        "templates": [template_view(template) for template in one.templates],
    }


def template_view(template: Template) -> dict[str, Any]:
    """A template as it stands, with the revision that a decision on it must name."""
    return {
        "id": template.id,
        "need": template.need_id,
        "language": template.language,
        "intent": template.intent,
        "text": template.text,
        "questions": list(template.questions),
        "status": template.status.value,
        "origin": template.origin.value,
        "score": template.score,
        "reasons": template.reasons,
        "merged_into": template.merged_into,
        "revision": template.revision,
    }


def source_view(turn: SourceTurn) -> dict[str, Any]:
    """A message of a conversation that a template comes from."""
    return {"role": turn.role, "text": turn.text, "language": turn.language, "is_answer": turn.is_answer}


def decision_view(decision: Decision) -> dict[str, Any]:
    """Who did what, when."""
    return {
        "action": decision.action.value,
        "by": decision.by,
        "at": decision.at.isoformat(),
        "before": decision.before,
        "after": decision.after,
    }
