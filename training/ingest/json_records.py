"""JSON of any of the usual shapes -> records one at a time, in the memory of the largest record.

Shapes: one record a line (NDJSON; a broken line costs that line alone), one array, an object with the array under one of
`LIST_PATHS` (as an API answers), and several such values behind each other, also over many lines. The last three are
streamed by ijson, and what is broken there ends the file.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.ingest.encodings import Encoding, opened
from training.ingest.pieces import Notify, Record, Reject, RowCounter

LIST_PATHS = ("tickets", "conversations", "helpdesk_tickets", "data.payload", "payload", "results", "data")
"""Keys under which the records stand; of one that holds an object the next part is looked up in it."""
MAX_LINE_CHARS = 1 << 24
_RECORD_KEYS = frozenset({"id", "conversation_id", "created_at", "requester_id", "cc_emails", "company_id", "status"})
"""A top-level object with one of these before any list is a record itself, though it may have `conversations`."""
_ARRAY = "item"
_MISFIT = "\ufffd"
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Shape:
    """Where records stand: `prefix` in ijson's terms (`item`, `tickets.item`, empty for whole values), None for lines."""

    prefix: str | None


def shape_of(path: Path, encoding: Encoding) -> Shape | None:
    """The shape of a file; None where it does not begin like JSON."""
    with opened(path, encoding) as (text, _):
        line = text.readline(MAX_LINE_CHARS)
        while line and not line.strip("\ufeff \t\r\n"):
            line = text.readline(MAX_LINE_CHARS)
    begin = line.strip("\ufeff \t\r\n")
    if begin.startswith("["):
        return Shape(_ARRAY) if begin[1:].lstrip()[:1] in ("", "{", "]") else None
    if not begin.startswith("{"):
        return None
    try:
        first = json.loads(begin)
    except (ValueError, RecursionError):
        found = _list_path(path, encoding)
        return Shape(f"{found}.{_ARRAY}" if found else None if _is_broken(begin) else "")
    held = "" if _RECORD_KEYS & first.keys() else next((one for one in LIST_PATHS if _has_list(first, one)), "")
    return Shape(f"{held}.{_ARRAY}" if held else None)


def _is_broken(line: str) -> bool:
    """Whether a line that is no JSON looks like a whole record all the same, not like the first line of one."""
    return line.endswith("}") or line.count('"') > 4


def _has_list(value: object, dotted: str) -> bool:
    for name in dotted.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return isinstance(value, list)


def _list_path(path: Path, encoding: Encoding) -> str:
    """The first of the known lists within the first value of a file; empty where there is none."""
    import ijson

    with opened(path, encoding) as (text, _):
        depth = 0
        try:
            for prefix, event, value in ijson.parse(_Utf8(text), multiple_values=True):
                if event == "map_key" and prefix == "" and value in _RECORD_KEYS:
                    return ""
                if event == "start_array" and prefix in LIST_PATHS:
                    return str(prefix)
                depth += event.startswith("start_")
                depth -= event.startswith("end_")
                if depth == 0:
                    return ""
        except ijson.JSONError:
            pass
    return ""


def json_records(
    path: Path, encoding: Encoding, *, shape: Shape, counter: RowCounter, notify: Notify
) -> Iterator[Record | Reject]:
    """The records that `counter` wants; of one, `value` is a dict."""
    read = (
        _lines(path, encoding, counter)
        if shape.prefix is None
        else _values(path, encoding, shape.prefix, counter, notify)
    )
    for record in read:
        if isinstance(record, Record) and not isinstance(record.value, dict):
            yield Reject(record.row, record.place, "expected an object, found another value")
        else:
            yield record


def items_at(path: Path, encoding: Encoding, prefix: str) -> Iterator[object]:
    """The values under an ijson prefix, up to where the file is broken."""
    import ijson

    with opened(path, encoding) as (text, _):
        try:
            yield from ijson.items(_Utf8(text), prefix, use_float=True, multiple_values=True)
        except ijson.JSONError:
            return


def _values(
    path: Path, encoding: Encoding, prefix: str, counter: RowCounter, notify: Notify
) -> Iterator[Record | Reject]:
    import ijson

    number = 0
    with opened(path, encoding) as (text, raw):
        utf8 = _Utf8(text)
        fault = ""
        try:
            for value in ijson.items(utf8, prefix, use_float=True, multiple_values=True):
                number += 1
                if counter.next():
                    yield Record(counter.row, f"{path} record {number}", value)
        except ijson.JSONError:
            fault = "expected JSON to the end of the file, found it cut off or broken from here on"
        if raw.is_damaged:
            fault = "expected a whole gzip file, found one that is damaged from here on"
        if fault and counter.next():
            yield Reject(counter.row, f"{path} record {number + 1}", fault)
        if utf8.has_misfits:
            notify(f"{path}: bytes that are no {encoding.name} were replaced by {_MISFIT}")


def _lines(path: Path, encoding: Encoding, counter: RowCounter) -> Iterator[Record | Reject]:
    with opened(path, encoding) as (text, raw):
        number = 0
        while line := text.readline(MAX_LINE_CHARS):
            number += 1
            is_long = len(line) == MAX_LINE_CHARS and not line.endswith("\n")
            while is_long and (more := text.readline(MAX_LINE_CHARS)) and not more.endswith(("\n", "\r")):
                pass
            if line.strip("\ufeff \t\r\n\0") and counter.next():
                place = f"{path}:{number}"
                if is_long:
                    yield Reject(counter.row, place, f"expected a line under {MAX_LINE_CHARS} characters")
                else:
                    yield _line(line, counter.row, place)
        if raw.is_damaged and counter.next():
            reason = "expected a whole gzip file, found one that is damaged from here on"
            yield Reject(counter.row, f"{path}:{number + 1}", reason)


def _line(line: str, row: int, place: str) -> Record | Reject:
    try:
        return Record(row, place, json.loads(line.strip("\ufeff \t\r\n\0")))
    except json.JSONDecodeError as error:
        if not line.endswith(("\n", "\r", "}")):
            return Reject(row, place, "expected a whole line, found the last one cut off")
        return Reject(row, place, f"expected JSON, found something else at character {error.pos + 1}")
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets a thousand deep
        return Reject(row, place, "expected JSON of a conversation, found a number or a nesting beyond all measure")


class _Utf8:
    """Text as the UTF-8 bytes that ijson wants; what was none of the encoding is replaced, for it would end the file."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.has_misfits = False

    def read(self, size: int = -1) -> bytes:
        """About as many bytes; ijson asks for none at first, to see what it gets."""
        if size == 0:
            return b""
        chunk = self._text.read(size if size > 0 else 1 << 16).lstrip("\ufeff")
        try:
            return chunk.encode()
        except UnicodeEncodeError:
            self.has_misfits = True
            return _HALVES.sub(_MISFIT, chunk).encode()
