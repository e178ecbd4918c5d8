"""Events of Rasa's tracker -> the turns of one session. Knows how Rasa and our NLG write an event, and no database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from training.logs.dialogues import Dialogue, Label, Origin, Role, Turn
from training.logs.fields import BadField, language_code, moment, parsed_label, reply_metadata, text_of

HANDOFF = "handoff"
ROLES = {"user": Role.CUSTOMER, "bot": Role.BOT, "agent": Role.AGENT}
"""Types of events that say something, and who says it."""


class Session:
    """Turns between two boundaries, event by event."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._channel: str | None = None

    def add(self, row: Any) -> None:
        """One event; raises BadField. A bot's message without text (buttons, a picture) says nothing and is passed over."""
        try:
            data = json.loads(row.data)
        except (TypeError, ValueError, RecursionError):
            raise BadField("data: expected JSON of an event, found none") from None
        if not isinstance(data, dict):
            raise BadField("data: expected JSON of an event, found something else")
        role = ROLES[row.type_name]
        if role is not Role.CUSTOMER:
            if data.get("text") is not None:
                self.turns.append(_said(role, data, row.timestamp))
            return
        channel = data.get("input_channel")
        self._channel = self._channel or (channel if isinstance(channel, str) else None)
        turn = _typed(data, row.timestamp)
        if not self._is_confirmation(turn, data):
            self.turns.append(turn)

    def dialogue(self, sender: str, start: datetime | None, *, rating: float | None) -> Dialogue:
        """What was gathered."""
        tags = (HANDOFF,) if any(turn.written_by == HANDOFF for turn in self.turns) else ()
        return Dialogue(sender, self._channel, start, None, rating, tags, tuple(self.turns))

    def _is_confirmation(self, turn: Turn, data: dict[str, Any]) -> bool:
        """Whether the event repeats a message after the customer said what it was about (bot.actions.conversation).

        The message then stands once, with the intent that the customer confirmed.
        """
        if turn.label is None or not (data.get("metadata") or {}).get("repeats"):
            return False
        for index in range(len(self.turns) - 1, -1, -1):
            if self.turns[index].role is Role.CUSTOMER and self.turns[index].text == turn.text:
                confirmed = Label(turn.label.intent, None, Origin.CUSTOMER, 1.0)
                self.turns[index] = replace(self.turns[index], label=confirmed)
                return True
        return False


def _typed(data: dict[str, Any], timestamp: float | None) -> Turn:
    text = text_of(data, "text")
    parse = data.get("parse_data")
    language = parse.get("language") if isinstance(parse, dict) else None
    code = language.get("code") if isinstance(language, dict) else None
    at = moment(timestamp, "timestamp")
    return Turn(Role.CUSTOMER, text, at, language_code(code), parsed_label(parse, text))


def _said(role: Role, data: dict[str, Any], timestamp: float | None) -> Turn:
    """Rasa keeps the NLG's metadata one level down."""
    outer = data.get("metadata")
    metadata = outer.get("metadata") if isinstance(outer, dict) else None
    ids, written_by = reply_metadata(metadata)
    code = metadata.get("language") if isinstance(metadata, dict) else None
    return Turn(
        role,
        text_of(data, "text"),
        moment(timestamp, "timestamp"),
        language_code(code),
        answer_ids=ids,
        written_by=written_by,
    )
