"""What the records of help desks have in common -> checked values; `training.logs.fields` checks the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from training.logs.dialogues import REOPENED, Turn
from training.logs.fields import BadField, kind_of, text_of


def identifier(record: Mapping[str, Any], *names: str) -> str:
    """An id that must be there, a number or a string, under the first of the names that has one; raises BadField."""
    for name in names:
        if found := optional_id(record.get(name)):
            return found
    raise BadField(f"{names[0]}: expected a number or a string, found {kind_of(record.get(names[0]))}")


def optional_id(value: object) -> str | None:
    """A number or a string as a string; None for anything else and for nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return str(value).strip() or None


def ids_of(*values: object) -> tuple[str, ...]:
    """The ids among the values, each once, in their order."""
    return tuple(dict.fromkeys(found for value in values if (found := optional_id(value))))


def first_text(record: Mapping[str, Any], *names: str) -> str:
    """The first of the fields that holds words; empty where none does. Raises BadField for half a surrogate pair."""
    for name in names:
        if isinstance(record.get(name), str) and record[name].strip():
            return text_of(record, name)
    return ""


def objects(value: object, *path: str) -> list[dict[str, Any]]:
    """The objects of a list, or of the list that stands at `path` in an object; empty where there is none."""
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inner(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object within a record; empty where there is none."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """The strings of a list; none where it is no list."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def with_reopened(tags: tuple[str, ...], sign: object) -> tuple[str, ...]:
    """The tags, with REOPENED where the record has a `sign` of it: how often, or when; its outcome then counts as a bad one."""
    return (*tags, REOPENED) if sign and REOPENED not in tags else tags


def stars(value: object) -> float | None:
    """A rating from 1 to 5; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 1 <= value <= 5 else None


def in_order(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """By their moments where each has one, else as they stand; raises BadField where there is no turn."""
    found = list(turns)
    if not found:
        raise BadField("expected a message that the customer could see, found none")
    moments: Sequence[datetime] = [turn.at for turn in found if turn.at is not None]
    if len(moments) < len(found):
        return tuple(found)
    return tuple(turn for _, turn in sorted(zip(moments, found, strict=True), key=lambda pair: pair[0]))
