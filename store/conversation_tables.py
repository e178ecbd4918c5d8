"""The tables of ingested support logs: imports, rejected rows, conversations, messages, and whom they concern.

What stands here is redacted: no text, name or number of a customer as it was written. A person is found again by
`Identity.digest`, a keyed hash of an e-mail address, a telephone, customer or order number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from store.columns import Record, UtcDateTime, utc_now
from store.tables import mapper_registry


@mapper_registry.mapped
class Import(Record):
    """One source, read by `xenia ingest`. `next_row` is where an interrupted run goes on; finished once it has an end.

    `source_key` tells the same source again: a digest of its name, content and options.
    """

    __tablename__ = "imports"

    id: int = Column(Integer, primary_key=True)
    source_key: str = Column(String(64), nullable=False, unique=True)
    name: str = Column(String(255), nullable=False)
    namespace: str = Column(String(64), nullable=False)
    started_at: datetime = Column(UtcDateTime, nullable=False, default=utc_now)
    finished_at: datetime | None = Column(UtcDateTime)
    next_row: int = Column(Integer, nullable=False, default=1)
    n_conversations: int = Column(Integer, nullable=False, default=0)
    n_messages: int = Column(Integer, nullable=False, default=0)
    n_redacted: dict[str, int] = Column(JSON, nullable=False, default=dict)


@mapper_registry.mapped
class RejectedRow(Record):
    """A row of a source that could not be used: where it stands and why, nothing of what it says."""

    __tablename__ = "rejected_rows"

    import_id: int = Column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    row: int = Column(Integer, primary_key=True)
    place: str = Column(String(500), nullable=False)
    reason: str = Column(Text, nullable=False)


@mapper_registry.mapped
class Conversation(Record):
    """A logged conversation. `key` is a keyed hash of the source's namespace and its id there.

    `reopened`: the customer came back after it was closed.
    """

    __tablename__ = "conversations"

    id: int = Column(Integer, primary_key=True)
    key: str = Column(String(32), nullable=False, unique=True)
    import_id: int = Column(ForeignKey("imports.id", ondelete="CASCADE"), nullable=False, index=True)
    channel: str | None = Column(String(80))
    started_at: datetime | None = Column(UtcDateTime, index=True)
    resolved: bool | None = Column(Boolean)
    rating: float | None = Column(Float)
    reopened: bool = Column(Boolean, nullable=False, default=False)
    tags: list[str] = Column(JSON, nullable=False, default=list)


@mapper_registry.mapped
class Message(Record):
    """One redacted message. `row` and `part` say where its source had it, and order a conversation whose moments are unknown.

    `text_key` is the same for messages that say the same (`training.cleaning.folding.text_key`), `near_group` for those that
    nearly do (`training.ingest.linking`; None for a wording that is like no other). `label` and `reply` keep
    what a log of Xenia's own knows of it (reviewed intent and spans; answer ids and who wrote it).
    """

    __tablename__ = "messages"

    id: int = Column(Integer, primary_key=True)
    conversation_id: int = Column(ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    row: int = Column(Integer, nullable=False)
    part: int = Column(Integer, nullable=False)
    role: str = Column(String(16), nullable=False)
    text: str = Column(Text, nullable=False)
    language: str | None = Column(String(8))
    at: datetime | None = Column(UtcDateTime)
    text_key: int = Column(BigInteger, nullable=False)
    near_group: int | None = Column(Integer)
    label: dict[str, Any] | None = Column(JSON)
    reply: dict[str, Any] | None = Column(JSON)

    __table_args__ = (
        UniqueConstraint("conversation_id", "row", "part", name="uq_messages_place"),
        Index("ix_messages_text_key", "text_key"),
        Index("ix_messages_near_group", "near_group"),
    )


@mapper_registry.mapped
class Identity(Record):
    """A conversation concerns whoever has this e-mail address, telephone, customer or order number; only its digest is kept."""

    __tablename__ = "identities"

    conversation_id: int = Column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    digest: str = Column(String(64), primary_key=True)
    kind: str = Column(String(32), nullable=False)

    __table_args__ = (Index("ix_identities_digest", "digest"),)
