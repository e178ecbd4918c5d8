"""The whole of `xenia erase`: a person out of every place that Xenia keeps, and a receipt that proves it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from store.columns import col, utc_now
from store.conversation_tables import Conversation, Identity
from store.sessions import session_scope
from store.statements import in_parts
from training.logs.rows import row_id
from training.privacy.person import Person, digests_in
from training.privacy.seen import models_that_saw
from training.privacy.traces import TraceCounts, Traces, count, remove
from training.privacy.tracker_events import senders_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was removed, and what a second pass found (nothing, or the erasure failed).

    Attributes:
        at: when.
        person: a keyed hash of whom; nobody reads from it who it was, and the same request gives the same.
        found: what stood there before, place by place.
        left: what a second search found afterwards.
        index_entries: answer templates of the index that changed or went, and those that afterwards differ from the database.
        models: folders of models that had learnt from these conversations, and from how many of them. Weights cannot be
            cleaned of a row: train them again.
    """

    at: datetime
    person: str
    found: TraceCounts
    left: TraceCounts
    index_entries: tuple[int, int]
    models: Mapping[str, int]

    @property
    def is_proven(self) -> bool:
        """Whether the second search found nothing."""
        return self.left.nothing and not self.index_entries[1]

    def to_json(self) -> str:
        """For the file; holds nothing personal."""
        record: dict[str, Any] = {
            "at": self.at.isoformat(),
            "person": self.person,
            "found": {**asdict(self.found), "index_entries": self.index_entries[0]},
            "left": {**asdict(self.left), "index_entries": self.index_entries[1]},
            "models_that_learnt_from_it": dict(self.models),
        }
        return json.dumps(record, indent=1) + "\n"

    def lines(self) -> list[str]:
        """In words."""
        counts = {**asdict(self.found), "index_entries": self.index_entries[0]}
        left = {**asdict(self.left), "index_entries": self.index_entries[1]}
        found = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
        return [
            f"removed: {found or 'nothing: no place knew this person'}",
            "second search: nothing found" if self.is_proven else f"second search: STILL THERE: {left}",
            *(
                f"learnt from {number} of these conversations: {folder}; train it again"
                for folder, number in self.models.items()
            ),
        ]


class ServedIndex(Protocol):
    """The index of the served templates (`bot.library.Library`)."""

    def forget(self) -> int:
        """Bring it up to date, versions before this one removed; how many templates changed or went."""

    def n_behind(self) -> int:
        """How many of its templates differ from those that are to be served."""


def erase(
    person: Person, *, engine: Engine, secret: bytes, models_dir: Path, index: ServedIndex | None = None
) -> Receipt:
    """Remove the person; what was removed cannot be brought back.

    Args:
        person: whom.
        engine: a database at the newest schema; Rasa's tracker may lie in it.
        secret: the installation's (`training.redaction.secret`): the one that the logs were ingested with.
        models_dir: below it lie the models that may have learnt from the logs.
        index: of the answer templates, brought up to date where one of them changed; None where nothing is served.
    """
    with session_scope(engine) as session:
        traces = _traces(session, person, secret)
        found = count(session, traces)
        seen = _row_ids(session, traces)
        is_old = remove(session, traces)
    with session_scope(engine) as session:
        again = _traces(session, person, secret)
        both = Traces(traces.conversation_ids | again.conversation_ids, traces.senders | again.senders)
        left = count(session, both)
    n_changed = index.forget() if index and is_old else 0
    return Receipt(
        at=utc_now(),
        person=_name(person, secret),
        found=found,
        left=left,
        index_entries=(n_changed, index.n_behind() if index and is_old else 0),
        models={str(folder): number for folder, number in models_that_saw(seen, models_dir)},
    )


def write_receipt(receipt: Receipt, folder: Path) -> Path:
    """One file a request, named by its moment."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"erasure-{receipt.at:%Y%m%dT%H%M%S}-{receipt.person[:8]}.json"
    path.write_text(receipt.to_json(), "utf-8")
    return path


def _traces(session: Session, person: Person, secret: bytes) -> Traces:
    wanted = person.digests(secret)
    query = select(Identity.conversation_id).where(col(Identity.digest).in_(wanted))
    return Traces(
        frozenset(session.execute(query).scalars()),
        senders_of(session, lambda event: bool(wanted & digests_in(event, secret)), ids=frozenset(person.customer_ids)),
    )


def _row_ids(session: Session, traces: Traces) -> frozenset[str]:
    """The names that the conversations have in the lists beside trained weights."""
    keys: list[str] = []
    for part in in_parts(sorted(traces.conversation_ids)):
        keys += session.execute(select(Conversation.key).where(col(Conversation.id).in_(part))).scalars().all()
    return frozenset(map(row_id, [*keys, *traces.senders]))


def _name(person: Person, secret: bytes) -> str:
    return hmac.new(secret, "\n".join(sorted(person.digests(secret))).encode(), "sha256").hexdigest()
