"""Values of a logged record -> checked values. What is wrong is said by the field's name, never by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from itertools import pairwise
from typing import Any

from training.logs.dialogues import Label, Origin, Span

_FRACTION = re.compile(r"\.(\d{1,6})\d*")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)


class BadField(ValueError):
    """A field that cannot be used: `name: expected ..., found ...` without its content."""


def kind_of(value: object) -> str:
    """A JSON value's type in JSON's words.

    >>> kind_of(None), kind_of([]), kind_of(1.5), kind_of(True)
    ('null', 'a list', 'a number', 'true or false')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = ((str, "a string"), (int, "a number"), (float, "a number"), (list, "a list"), (dict, "an object"))
    return next((name for type_, name in names if isinstance(value, type_)), type(value).__name__)


def text_of(record: Mapping[str, Any], name: str, *, where: str = "") -> str:
    """A string that must be there and can be written as UTF-8."""
    value = record.get(name)
    if not isinstance(value, str):
        found = kind_of(value) if name in record else "none"
        raise BadField(f"{where}{name}: expected a string, found {found}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadField(f"{where}{name}: expected whole characters, found half of a surrogate pair") from None
    return value


def moment(value: object, name: str) -> datetime | None:
    """ISO 8601 or seconds since 1970 -> aware moment in UTC; a moment without a zone is taken for UTC.

    >>> moment("2025-03-01T10:30:00.5+01:00", "at").isoformat(), moment(0, "at").isoformat()
    ('2025-03-01T09:30:00.500000+00:00', '1970-01-01T00:00:00+00:00')
    """
    if value is None:
        return None
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, timezone.utc)
        if isinstance(value, str):
            # Python 3.10 reads neither Z nor a fraction of other than three or six digits.
            plain = _FRACTION.sub(lambda match: f".{match[1]:0<6}", value.strip().replace("Z", "+00:00"))
            read = datetime.fromisoformat(plain)
            return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    raise BadField(f"{name}: expected ISO 8601 or seconds since 1970, found {kind_of(value)} that is neither")


def language_code(value: object, name: str = "language") -> str | None:
    """ISO 639-1 of a language tag; None for null and for a tag that names no language.

    >>> language_code("de-AT"), language_code("EN"), language_code("")
    ('de', 'en', None)
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadField(f"{name}: expected a string or null, found {kind_of(value)}")
    match = _LANGUAGE.fullmatch(value.strip())
    return match[1].lower() if match else None


def reviewed_label(value: object, text: str) -> Label | None:
    """The contract's `label` -> Label, None where it is not marked as reviewed; raises BadField where it is wrong."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise BadField(f"label: expected an object or null, found {kind_of(value)}")
    if value.get("reviewed") is not True:
        return None
    intent = text_of(value, "intent", where="label.").strip()
    if not intent:
        raise BadField("label.intent: expected a name, found an empty one")
    entities = value.get("entities")
    if entities is None:
        return Label(intent, None, Origin.REVIEWED)
    if not isinstance(entities, list):
        raise BadField(f"label.entities: expected a list, found {kind_of(entities)}")
    return Label(intent, _checked_spans(entities, text), Origin.REVIEWED)


def parsed_label(value: object, text: str) -> Label | None:
    """Rasa's parse data -> Label by the model; None without an intent. Entities without usable offsets are passed over."""
    if not isinstance(value, dict) or not isinstance(value.get("intent"), dict):
        return None
    name, confidence = value["intent"].get("name"), value["intent"].get("confidence")
    if not isinstance(name, str) or not name:
        return None
    entities = value.get("entities")
    found = [_span(entity, text) for entity in entities] if isinstance(entities, list) else []
    sure = float(confidence) if isinstance(confidence, (int, float)) else 0.0
    return Label(name, tuple(sorted(span for span in found if span)), Origin.MODEL, sure)


def reply_metadata(value: object) -> tuple[tuple[str, ...], str | None]:
    """The contract's reply metadata -> (`answer_ids`, `written_by`); what is not there is empty and None."""
    metadata = value if isinstance(value, dict) else {}
    ids, written_by = metadata.get("answer_ids"), metadata.get("written_by")
    known = tuple(one for one in ids if isinstance(one, str)) if isinstance(ids, list) else ()
    return known, written_by if isinstance(written_by, str) else None


def _span(entity: object, text: str) -> Span | None:
    if not isinstance(entity, dict):
        return None
    start, end, label = entity.get("start"), entity.get("end"), entity.get("entity")
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not label:
        return None
    return (start, end, label) if 0 <= start < end <= len(text) and text[start:end].strip() else None


def _checked_spans(entities: Sequence[object], text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for number, entity in enumerate(entities, 1):
        span = _span(entity, text)
        if span is None:
            raise BadField(
                f"label.entities, number {number}: expected start, end and entity of a stretch within "
                f"{len(text)} characters, found none"
            )
        spans.append(span)
    spans.sort()
    if any(left[1] > right[0] for left, right in pairwise(spans)):
        raise BadField("label.entities: expected stretches side by side, found two that overlap")
    return tuple(spans)
