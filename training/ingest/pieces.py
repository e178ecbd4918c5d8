"""What every reader of an export hands on, and the count of rows that a resumed run goes by.

Unlike a plain `Dialogue`, a piece knows which row of the source it came from and whether more of its conversation follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.logs.dialogues import Dialogue

Notify = Callable[[str], None]
"""Takes a sentence about a whole file for the run's report; it never quotes what a customer wrote."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A conversation, or one row of it.

    Attributes:
        dialogue: as the source has it: nothing cleaned, nothing redacted; a body that is there as HTML only stays HTML.
        row: number of the record in the source, from 1, the same at every reading.
        whole: False where other rows of the same conversation may follow.
        customer_ids: the source's own ids and e-mails of the customer; erasure looks by them.
    """

    dialogue: Dialogue
    row: int
    whole: bool
    customer_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be used: its number, where it stands (`file:line`, `file record 7`) and why. Never quotes it."""

    row: int
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a source before it becomes a dialogue: a JSON value, or the columns of a table."""

    row: int
    place: str
    value: object


class RowCounter:
    """Numbers the rows of a source over all its files, and says which of them a resumed run still wants."""

    def __init__(self, first_row: int = 1) -> None:
        if first_row < 1:
            raise ValueError(f"first_row: expected a number from 1 on, found {first_row}")
        self.row = 0
        self._first = first_row

    def next(self) -> bool:
        """Go on to the next row, which is then `row`; whether it is wanted."""
        self.row += 1
        return self.row >= self._first

    def skip(self, count: int) -> bool:
        """Pass over so many rows at once if none of them is wanted; whether it did."""
        if self.row + count >= self._first:
            return False
        self.row += count
        return True
