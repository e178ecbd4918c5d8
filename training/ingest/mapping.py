"""`--map` options, or the usual names -> which column of a table holds what.

Two layouts are known: one row a message (`conversation`, `role`, `text`), and one row a ticket (`customer`, also called
`question`, and `agent`, also called `answer`). Each may have `at`, `language`, `channel`, `rating`, `resolved`, `tags` and
`customer_id`. What no option names is told by the usual names of columns. `role.agent=operator,admin` says which values of the
role's column mean an agent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from training.ingest.column_names import ALIASES, USUAL_NAMES, USUAL_ROLES, Field, folded
from training.logs.dialogues import Role, UnreadableLogs

_MESSAGE = (Field.CONVERSATION, Field.ROLE, Field.TEXT)
_TICKET = (Field.CUSTOMER, Field.AGENT)
_ROLE_PREFIX = "role."
_MAX_LISTED = 30
_EXAMPLES = (
    "--map conversation=ticket --map role=author --map text=body (one row a message) or "
    "--map question=subject --map answer=reply (one row a ticket)"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns by what they hold, and roles by the values (folded) of the role's column; other columns are guessed."""

    names: Mapping[Field, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=lambda: USUAL_ROLES)

    @property
    def is_by_message(self) -> bool:
        """Whether a row is a message, not a ticket."""
        return Field.TEXT in self.names

    def __str__(self) -> str:
        """As behind `--map`: `conversation=chat, role=author, text=body`."""
        return ", ".join(f"{held.value}={name}" for held, name in self.names.items())

    def fitted(self, names: Sequence[str], *, where: str) -> Columns:
        """With the table's own spelling of each column; raises UnreadableLogs where one is missing or none can be guessed."""
        spelled = {folded(name): name for name in reversed(names)} | {name: name for name in names}
        told = {}
        for held, name in self.names.items():
            found = spelled.get(name) or spelled.get(folded(name))
            if found is None:
                raise UnreadableLogs(f"{where}: expected the column {name!r} for {held.value}, found {_listed(names)}")
            told[held] = found
        free = [name for name in names if name not in told.values()]
        return replace(self, names=_with_layout(told, _guessed(free), names, where))


def columns_of(options: Sequence[str]) -> Columns:
    """Options as written behind `--map`, without it.

    >>> columns_of(["question=subject", "answer=reply"]).names[Field.AGENT]
    'reply'

    Raises:
        ValueError: an unknown or repeated name, or columns that make neither layout.
    """
    columns: dict[Field, str] = {}
    roles = dict(USUAL_ROLES)
    for option in options:
        name, found, value = (part.strip() for part in option.partition("="))
        if not found or not value:
            raise ValueError(f"--map: expected NAME=COLUMN, found {option!r}; for example {_EXAMPLES}")
        if name.startswith(_ROLE_PREFIX):
            roles |= dict.fromkeys(map(folded, value.split(",")), _role(name))
            continue
        held = _held(name)
        if held in columns:
            raise ValueError(f"--map {option}: expected one column for {held.value}, found a second one")
        columns[held] = value
    mixed = [one.value for one in (Field.ROLE, Field.TEXT) if one in columns and any(one in columns for one in _TICKET)]
    if mixed:
        raise ValueError(
            f"--map: expected columns for customer and agent, found {' and '.join(mixed)} beside them; for example {_EXAMPLES}"
        )
    return Columns(columns, roles)


def _held(name: str) -> Field:
    if name in ALIASES:
        return ALIASES[name]
    try:
        return Field(name)
    except ValueError:
        known = ", ".join([*(one.value for one in Field), *ALIASES, *(f"{_ROLE_PREFIX}{role.value}" for role in Role)])
        raise ValueError(f"--map: expected one of {known}, found {name!r}") from None


def _role(name: str) -> Role:
    try:
        return Role(name[len(_ROLE_PREFIX) :])
    except ValueError:
        known = ", ".join(f"{_ROLE_PREFIX}{role.value}" for role in Role)
        raise ValueError(f"--map: expected one of {known}, found {name!r}") from None


def _guessed(names: Sequence[str]) -> dict[Field, str]:
    """Columns of usual names; each column is taken once."""
    free = {folded(name): name for name in reversed(names)}
    columns = {}
    for held, usual in USUAL_NAMES.items():
        if found := next((name for name in usual if name in free), None):
            columns[held] = free.pop(found)
    return columns


def _with_layout(
    told: Mapping[Field, str], guessed: Mapping[Field, str], names: Sequence[str], where: str
) -> dict[Field, str]:
    """Told and guessed columns of the layout that the told ones are of; where they are of none, messages win over tickets."""
    columns = {**guessed, **told}
    is_ticket = any(one in told for one in _TICKET)
    is_message = Field.ROLE in told or Field.TEXT in told
    for layout, other in ((_MESSAGE, _TICKET), (_TICKET, (Field.ROLE, Field.TEXT))):
        ruled_out = is_ticket if layout is _MESSAGE else is_message
        if not ruled_out and all(one in columns for one in layout):
            return {held: name for held, name in columns.items() if held not in other}
    if not told:
        raise UnreadableLogs(
            f"{where}: expected columns whose names tell what they hold, found {_listed(names)}; name them, for example "
            f"{_EXAMPLES}"
        )
    layout = _TICKET if is_ticket else _MESSAGE
    missing = " and ".join(one.value for one in layout if one not in columns)
    raise UnreadableLogs(
        f"{where}: expected columns for {' and '.join(one.value for one in layout)}, found none for {missing} among "
        f"{_listed(names)}; name it, for example {_EXAMPLES}"
    )


def _listed(names: Sequence[str]) -> str:
    """Names for a message; where a table has no header its first row stands there, which belongs in no message."""
    shown = ", ".join(name if _is_name(name) else "(no name)" for name in names[:_MAX_LISTED])
    return f"the columns {shown}" + (f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else "")


def _is_name(name: str) -> bool:
    return len(name) <= 40 and len(name.split()) <= 3 and "@" not in name and sum(map(str.isdigit, name)) <= 3
