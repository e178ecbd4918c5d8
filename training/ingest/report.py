"""What an import brought: counts for a person to read, and the rejected rows as a file. Nothing of the texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.conversation_tables import Conversation, Import, Message, RejectedRow

_NUMBERS = re.compile(r"\d+")
N_REASONS = 10


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Counts of one import.

    Attributes:
        n_conversations: conversations whose newest version came from this import.
        n_messages: their messages.
        n_duplicates: messages that say what another one says, numbers and names aside.
        n_near: messages whose wording is nearly that of another, here or in an earlier import.
        n_redacted: values replaced, by kind.
        n_rejected: rows that could not be used.
        reasons: how many rows were rejected for what, most frequent first.
        was_finished: the same source had been read to its end before, and nothing was done.
        rejects_path: where the rejected rows are listed, None without any.
    """

    n_conversations: int
    n_messages: int
    n_duplicates: int
    n_near: int
    n_redacted: Mapping[str, int]
    n_rejected: int
    reasons: Mapping[str, int]
    was_finished: bool = False
    rejects_path: Path | None = None

    def lines(self) -> list[str]:
        """The counts in words."""
        redacted = ", ".join(f"{count} {kind}" for kind, count in sorted(self.n_redacted.items())) or "none"
        shown = list(self.reasons.items())[:N_REASONS]
        return [
            *(["read before to its end: nothing to do"] if self.was_finished else []),
            f"conversations: {self.n_conversations} with {self.n_messages} messages, {self.n_duplicates} of them repeat another, "
            f"{self.n_near} are nearly like another",
            f"personal values replaced: {redacted}",
            f"rejected rows: {self.n_rejected}{f', listed in {self.rejects_path}' if self.rejects_path else ''}",
            *(f"  {count} x {reason}" for reason, count in shown),
            *([f"  and {len(self.reasons) - len(shown)} other reasons"] if len(self.reasons) > len(shown) else []),
        ]


def report_of(session: Session, run_id: int, *, was_finished: bool) -> IngestReport:
    """The report of a finished import, from the database alone."""
    run = session.get(Import, run_id)
    of_run = (
        select(Message.text_key, Message.near_group)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.import_id == run_id)
        .subquery()
    )
    n_different = session.execute(select(func.count(of_run.c.text_key.distinct()))).scalar_one()
    n_near = session.execute(select(func.count(of_run.c.near_group))).scalar_one()
    reasons: Counter[str] = Counter()
    for reason in session.execute(select(RejectedRow.reason).where(RejectedRow.import_id == run_id)).scalars():
        reasons[_NUMBERS.sub("N", reason)] += 1
    return IngestReport(
        n_conversations=run.n_conversations,
        n_messages=run.n_messages,
        n_duplicates=run.n_messages - n_different,
        n_near=n_near,
        n_redacted=run.n_redacted,
        n_rejected=reasons.total(),
        reasons=dict(reasons.most_common()),
        was_finished=was_finished,
    )


def write_rejects(session: Session, run_id: int, folder: Path) -> Path | None:
    """One JSON object a rejected row (`row`, `place`, `reason`), in the order of rows; None where there is none."""
    run = session.get(Import, run_id)
    path = folder / f"{run.namespace}-{run.id}.rejects.jsonl"
    query = select(RejectedRow).where(RejectedRow.import_id == run_id).order_by(RejectedRow.row)
    rows = session.execute(query.execution_options(yield_per=1000)).scalars()
    first = next(rows, None)
    if first is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for one in chain([first], rows):
            out.write(json.dumps({"row": one.row, "place": one.place, "reason": one.reason}, ensure_ascii=False) + "\n")
    return path
