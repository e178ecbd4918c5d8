"""A logged conversation as both readers hand it on, and what they say of a row that cannot be used.

The contract's JSON Lines hold one conversation a line:

    {"conversation_id": "c-1", "channel": "web", "started_at": "2025-03-01T09:30:00Z", "resolved": true, "rating": 5,
     "tags": ["refund"], "turns": [
        {"role": "customer", "text": "where is 48213?", "at": "2025-03-01T09:30:00Z", "language": "en",
         "label": {"intent": "track_order", "entities": [{"start": 9, "end": 14, "entity": "order_number"}],
                   "reviewed": true},
         "parse": {"intent": {"name": "track_order", "confidence": 0.97}, "entities": []}},
        {"role": "bot", "text": "...", "at": null, "language": "en",
         "metadata": {"answer_ids": ["track_order.how.en.1"], "written_by": "template"}}]}

`conversation_id`, `turns` and of each turn `role` and `text` must be there; the rest may be missing or null. Moments are
ISO 8601 (UTC where no zone is given) or seconds since 1970; offsets are characters of `text`, end exclusive; `rating`
goes from 1 (bad) to 5 (good). `label` counts only with `"reviewed": true`; without `entities` in it nobody looked for
any. `parse` is what the bot understood, in Rasa's form, and `metadata` the contract's reply metadata.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

Span = tuple[int, int, str]
"""(start, end, entity) in characters, end exclusive."""
GOOD_RATING = 4.0
REOPENED = "reopened"
"""The tag of a conversation to which the customer came back after it was closed."""


class UnreadableLogs(ValueError):
    """A source that holds no logs in a known form; the message says what was expected and quotes nothing of a log."""


class Role(str, Enum):
    """Who wrote a turn."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"


class Origin(str, Enum):
    """Who says that a label is right: a person who reviewed it, the customer who was asked, or only the model."""

    REVIEWED = "reviewed"
    CUSTOMER = "customer"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Label:
    """What a customer's turn means. `spans` is None where nobody looked for entities; confidence in [0, 1]."""

    intent: str
    spans: tuple[Span, ...] | None
    origin: Origin
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One message.

    Attributes:
        role: who wrote it.
        text: as written; empty where it had no words (a picture), `/intent` where a button was pressed.
        at: aware moment, or None.
        language: ISO 639-1 as logged, or None.
        label: of a customer's turn; a reviewed one where there is one, else what the bot understood.
        answer_ids: of a bot's turn: the templates or reply keys it said.
        written_by: of a bot's turn: `generator`, `template` or `handoff`; None where not logged.
    """

    role: Role
    text: str
    at: datetime | None = None
    language: str | None = None
    label: Label | None = None
    answer_ids: tuple[str, ...] = ()
    written_by: str | None = None

    @property
    def has_words(self) -> bool:
        """Whether somebody typed something: neither a button nor a message without text."""
        return bool(self.text.strip()) and not self.text.startswith("/")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation, turns in their order. `resolved` and `rating` (1 to 5) are None where nobody said."""

    conversation_id: str
    channel: str | None
    started_at: datetime | None
    resolved: bool | None
    rating: float | None
    tags: tuple[str, ...]
    turns: tuple[Turn, ...]

    @property
    def went_well(self) -> bool:
        """Resolved or well rated, and nothing said against it."""
        if self.resolved is False or (self.rating is not None and self.rating < GOOD_RATING):
            return False
        return self.resolved is True or self.rating is not None


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was left out: where it stands (`file:line`, `events row 7`) and why. Never quotes the row."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"
