"""The tables of answer templates: customer needs, the templates mined for them, their sources, and what people decided.

`Template` becomes `retrieval.templates.AnswerTemplate` in `retrieval.library`; a template of `data/templates` that somebody
edits or retires gets a row here too, and the row counts.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import relationship

from store.columns import Record, UtcDateTime, enum_column_type, utc_now
from store.status import Status
from store.tables import mapper_registry


class TemplateOrigin(str, Enum):
    """Who wrote it: agents in the logs, our writer as a draft, a person in the review, or the files of `data/templates`."""

    LOGS = "logs"
    DRAFT = "draft"
    PERSON = "person"
    FILES = "files"


class Action(str, Enum):
    """What a person did with a template."""

    APPROVE = "approve"
    EDIT = "edit"
    MERGE = "merge"
    RETIRE = "retire"
    RESTORE = "restore"
    ASSIGN = "assign"
    DRAFT = "draft"


@mapper_registry.mapped
class Need(Record):
    """What several customers asked for, in whatever language: a cluster of questions.

    `intent` is the known intent that fits, None where none does; then `suggested_intent` proposes a name.
    `examples` are the most typical questions, redacted.
    """

    __tablename__ = "needs"

    id: int = Column(Integer, primary_key=True)
    intent: str | None = Column(String(80))
    suggested_intent: str | None = Column(String(80))
    n_questions: int = Column(Integer, nullable=False)
    n_conversations: int = Column(Integer, nullable=False)
    languages: dict[str, int] = Column(JSON, nullable=False, default=dict)
    examples: list[str] = Column(JSON, nullable=False, default=list)
    mined_at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)


@mapper_registry.mapped
class Template(Record):
    """An answer template and what speaks for it. `score` in [0, 1], higher is better; `reasons` are its parts by name."""

    __tablename__ = "templates"

    id: str = Column(String(120), primary_key=True)
    need_id: int | None = Column(ForeignKey("needs.id", ondelete="SET NULL"), index=True)
    language: str = Column(String(8), nullable=False)
    intent: str = Column(String(80), nullable=False)
    text: str = Column(Text, nullable=False)
    questions: list[str] = Column(JSON, nullable=False, default=list)
    status: Status = Column(enum_column_type(Status), nullable=False, default=Status.MINED)
    origin: TemplateOrigin = Column(enum_column_type(TemplateOrigin), nullable=False, default=TemplateOrigin.LOGS)
    score: float | None = Column(Float)
    reasons: dict[str, Any] = Column(JSON, nullable=False, default=dict)
    merged_into: str | None = Column(String(120))
    updated_at: datetime = Column(UtcDateTime, nullable=False, default=utc_now, onupdate=utc_now)
    revision: int = Column(Integer, nullable=False)
    need: Need | None = relationship("Need")
    sources: list[TemplateSource] = relationship("TemplateSource", cascade="all, delete-orphan")

    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": revision}


@mapper_registry.mapped
class TemplateSource(Record):
    """A template was mined from this message of an agent, which answered in this conversation."""

    __tablename__ = "template_sources"

    template_id: str = Column(ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)
    message_id: int = Column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: int = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)


@mapper_registry.mapped
class Decision(Record):
    """What somebody did with a template, when; `before` and `after` hold the fields that changed. Never changed itself."""

    __tablename__ = "decisions"

    id: int = Column(Integer, primary_key=True)
    template_id: str = Column(String(120), nullable=False, index=True)
    action: Action = Column(enum_column_type(Action), nullable=False)
    by: str = Column(String(120), nullable=False)
    at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)
    before: dict[str, Any] = Column(JSON, nullable=False, default=dict)
    after: dict[str, Any] = Column(JSON, nullable=False, default=dict)
