"""Short ways to write turns and dialogues."""

from __future__ import annotations

from training.logs.dialogues import Dialogue, Label, Origin, Role, Turn


def said(text: str, intent: str | None = None, confidence: float = 0.95, origin: Origin = Origin.MODEL) -> Turn:
    label = Label(intent, (), origin, confidence) if intent else None
    return Turn(Role.CUSTOMER, text, language="en", label=label)


def bot(text: str, *ids: str, by: str | None = "template") -> Turn:
    return Turn(Role.BOT, text, language="en", answer_ids=ids, written_by=by)


def agent(text: str) -> Turn:
    return Turn(Role.AGENT, text, language="en")


def dialogue(*turns: Turn, resolved: bool | None = None, rating: float | None = None, name: str = "c-1") -> Dialogue:
    return Dialogue(name, "web", None, resolved, rating, (), turns)
