"""Pieces of conversations -> batches of whole ones, in bounded memory.

Where a source has one row a message, the rows of a conversation need not stand together: a conversation stays open until
`idle_rows` rows went by without one of its own, or too many messages wait. What comes later than that is a further part
of the same conversation, and is stored behind the first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from training.ingest.pieces import Piece, Reject
from training.logs.dialogues import Dialogue


@dataclass(frozen=True, slots=True)
class Gathered:
    """A conversation, or a part of one: `rows[i]` is the source's row of turn `i`; `customer_ids` as the source has them."""

    dialogue: Dialogue
    rows: tuple[int, ...]
    customer_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written together. Every row below `next_row` is in this batch or in an earlier one."""

    gathered: tuple[Gathered, ...]
    rejects: tuple[Reject, ...]
    next_row: int


def assemble(
    pieces: Iterable[Piece | Reject], *, n_messages: int = 2000, idle_rows: int = 2000, max_open: int = 20_000
) -> Iterator[Batch]:
    """Batches of about `n_messages` messages; at most `max_open` more wait for the rest of their conversation."""
    waiting: OrderedDict[str, list[Piece]] = OrderedDict()
    closed: list[Gathered] = []
    rejects: list[Reject] = []
    n_closed = n_open = row = 0

    def close(pieces_of_one: list[Piece]) -> int:
        closed.append(_joined(pieces_of_one))
        return len(closed[-1].rows)

    for piece in pieces:
        row = piece.row
        if isinstance(piece, Reject):
            rejects.append(piece)
        elif piece.whole:
            n_closed += close([piece])
        else:
            waiting.setdefault(piece.dialogue.conversation_id, []).append(piece)
            waiting.move_to_end(piece.dialogue.conversation_id)
            n_open += 1
        while waiting and (n_open > max_open or next(iter(waiting.values()))[-1].row < row - idle_rows):
            n_left = close(waiting.popitem(last=False)[1])
            n_open, n_closed = n_open - n_left, n_closed + n_left
        if n_closed >= n_messages or len(rejects) >= n_messages:
            first_waiting = min((group[0].row for group in waiting.values()), default=row + 1)
            yield Batch(tuple(closed), tuple(rejects), first_waiting)
            closed, rejects, n_closed = [], [], 0
    for group in waiting.values():
        close(group)
    yield Batch(tuple(closed), tuple(rejects), row + 1)


def _joined(pieces: list[Piece]) -> Gathered:
    """One conversation of its parts: turns by their moments where all have one, in the order of rows otherwise."""
    turns = [(turn, piece.row) for piece in pieces for turn in piece.dialogue.turns]
    if all(turn.at is not None for turn, _ in turns):
        turns.sort(key=lambda one: one[0].at)  # type: ignore[arg-type,return-value]
    first = pieces[0].dialogue
    dialogues = [piece.dialogue for piece in pieces]
    starts = [one.started_at for one in dialogues if one.started_at] or [turn.at for turn, _ in turns if turn.at]
    merged = replace(
        first,
        started_at=min(starts, default=None),  # type: ignore[type-var]
        channel=next((one.channel for one in dialogues if one.channel), None),
        resolved=next((one.resolved for one in reversed(dialogues) if one.resolved is not None), None),
        rating=next((one.rating for one in reversed(dialogues) if one.rating is not None), None),
        tags=tuple(dict.fromkeys(tag for one in dialogues for tag in one.tags)),
        turns=tuple(turn for turn, _ in turns),
    )
    return Gathered(
        merged, tuple(row for _, row in turns), frozenset(one for piece in pieces for one in piece.customer_ids)
    )
