"""Records of a table -> pieces, by its columns. One row a message gives a turn; one row a ticket a question and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from training.ingest.column_names import Field, folded
from training.ingest.mapping import Columns
from training.ingest.pieces import Notify, Piece, Record, Reject
from training.ingest.values import moment_of, rating_of, resolved_of, tags_of
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import language_code

_Value = TypeVar("_Value")
_EXPECTED = {
    Field.AT: "ISO 8601 or another moment whose order of day and month is certain",
    Field.LANGUAGE: "a code such as de or pt-BR",
    Field.RATING: "1 (bad) to 5 (good), or good and bad",
    Field.RESOLVED: "yes, no or a status",
}


class TablePieces:
    """Takes the rows of one table. An optional value that cannot be read is left out, and notified once a column."""

    def __init__(self, columns: Columns, *, source: str, notify: Notify) -> None:
        """`columns` are fitted to the table; `source` names it in notices and in the ids of tickets without one."""
        self._columns, self._source, self._notify = columns, source, notify
        self._told: set[Field] = set()

    def piece(self, record: Record) -> Piece | Reject:
        """One row; a ticket's is whole, a message's never."""
        cells = cast("dict[str, str]", record.value)
        held = {field: cells.get(name, "") for field, name in self._columns.names.items()}
        given = self._columns.is_by_message or Field.CONVERSATION in held
        name = held[Field.CONVERSATION].strip() if given else f"{self._source}:{record.row}"
        if not name:
            return Reject(record.row, record.place, f"{self._column(Field.CONVERSATION)}: expected a name, found none")
        turns = self._message(held, record) if self._columns.is_by_message else self._ticket(held, record)
        if isinstance(turns, str):
            return Reject(record.row, record.place, turns)
        is_whole = not self._columns.is_by_message
        customer = held.get(Field.CUSTOMER_ID, "").strip()
        dialogue = Dialogue(
            conversation_id=name,
            channel=held.get(Field.CHANNEL, "").strip() or None,
            started_at=turns[0].at if is_whole else None,
            resolved=self._read(Field.RESOLVED, held, record, read=resolved_of),
            rating=self._read(Field.RATING, held, record, read=rating_of),
            tags=tags_of(held[Field.TAGS]) if Field.TAGS in held else (),
            turns=turns,
        )
        return Piece(dialogue, record.row, is_whole, (customer,) if customer else ())

    def _message(self, held: Mapping[Field, str], record: Record) -> tuple[Turn, ...] | str:
        """The turn, or why there is none."""
        written = held[Field.ROLE]
        role = self._columns.roles.get(written) or self._columns.roles.get(folded(written))
        if role is None:
            known = "expected a value that means a customer, an agent or a bot"
            return f"{self._column(Field.ROLE)}: {known}, found another; say which with --map role.agent=VALUE,VALUE"
        if not held[Field.TEXT].strip():
            return f"{self._column(Field.TEXT)}: expected words, found none"
        return (self._turn(role, held[Field.TEXT], held, record),)

    def _ticket(self, held: Mapping[Field, str], record: Record) -> tuple[Turn, ...] | str:
        asked, answered = held[Field.CUSTOMER], held[Field.AGENT]
        if not asked.strip():
            return f"{self._column(Field.CUSTOMER)}: expected words, found none"
        question = self._turn(Role.CUSTOMER, asked, held, record)
        if not answered.strip():
            return (question,)
        return question, Turn(Role.AGENT, answered, language=question.language)

    def _turn(self, role: Role, text: str, held: Mapping[Field, str], record: Record) -> Turn:
        at = self._read(Field.AT, held, record, read=moment_of)
        return Turn(role, text, at, self._read(Field.LANGUAGE, held, record, read=language_code))

    def _read(
        self, field: Field, held: Mapping[Field, str], record: Record, *, read: Callable[[str], _Value | None]
    ) -> _Value | None:
        written = held[field].strip() if field in held else ""
        value = read(written) if written else None
        # A status that says neither yes nor no (open, pending) is no mistake.
        if value is None and written and field is not Field.RESOLVED and field not in self._told:
            self._told.add(field)
            self._notify(
                f"{record.place}: {self._column(field)}: expected {_EXPECTED[field]}, found another value; "
                "it and others like it are left out"
            )
        return value

    def _column(self, field: Field) -> str:
        return f"{field.value} ({self._columns.names[field]})"
