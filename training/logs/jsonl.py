"""The contract's JSON Lines -> dialogues, one line at a time. A line that cannot be used comes out as a fault.

A file may be gzipped (told by its first bytes) and may begin with a byte order mark; a folder is read with all its
`*.jsonl` and `*.jsonl.gz`, also in folders below. The layout of a line stands in `training.logs.dialogues`.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from training.logs.dialogues import Dialogue, Fault, Role, Turn, UnreadableLogs
from training.logs.fields import (
    BadField,
    kind_of,
    language_code,
    moment,
    parsed_label,
    reply_metadata,
    reviewed_label,
    text_of,
)

SUFFIXES = (".jsonl", ".jsonl.gz")
_GZIP_MAGIC = b"\x1f\x8b"
_BOM = "\ufeff"
_ROLES = ", ".join(role.value for role in Role)


def files_of(path: Path) -> list[Path]:
    """The files behind a path, sorted; raises UnreadableLogs where there is none."""
    if path.is_file():
        return [path]
    found = sorted(one for one in path.rglob("*") if one.name.endswith(SUFFIXES) and one.is_file())
    if not found:
        state = "no such file in the folder" if path.is_dir() else "nothing there"
        raise UnreadableLogs(
            f"{path}: expected logged conversations as *.jsonl or *.jsonl.gz, a folder of them, or a database URL "
            f"such as sqlite:///var/xenia.db, found {state}"
        )
    return found


def read_jsonl(path: Path) -> Iterator[Dialogue | Fault]:
    """Every conversation of a file or folder, file by file; raises UnreadableLogs where there is no file."""
    for file in files_of(path):
        yield from _read_file(file)


def _read_file(file: Path) -> Iterator[Dialogue | Fault]:
    with file.open("rb") as probe:
        is_gzip = probe.read(2) == _GZIP_MAGIC
    number = 0
    with gzip.open(file, "rb") if is_gzip else file.open("rb") as handle:
        try:
            for number, line in enumerate(handle, 1):
                if line.strip():
                    yield _read_line(line, f"{file}:{number}")
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield Fault(f"{file}:{number + 1}", "expected a whole gzip file, found one that is damaged from here on")


def _read_line(line: bytes, place: str) -> Dialogue | Fault:
    try:
        record = json.loads(line.decode("utf-8").lstrip(_BOM))
        if not isinstance(record, dict):
            raise BadField(f"expected an object, found {kind_of(record)}")
        return dialogue_of(record)
    except BadField as error:
        return Fault(place, str(error))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        if not line.endswith((b"\n", b"}")):
            return Fault(place, "expected a whole line, found the last one cut off")
        if isinstance(error, UnicodeDecodeError):
            return Fault(place, f"expected UTF-8, found another encoding at byte {error.start + 1}")
        return Fault(place, f"expected JSON, found something else at character {error.pos + 1}")
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets a thousand deep
        return Fault(place, "expected JSON of a conversation, found a number or a nesting beyond all measure")


def dialogue_of(record: Mapping[str, Any]) -> Dialogue:
    """One record of the contract -> Dialogue; raises BadField naming the field that is wrong."""
    conversation_id = text_of(record, "conversation_id")
    if not conversation_id.strip():
        raise BadField("conversation_id: expected a name, found an empty one")
    turns = record.get("turns")
    if not isinstance(turns, list):
        raise BadField(f"turns: expected a list, found {kind_of(turns) if 'turns' in record else 'none'}")
    tags = record.get("tags")
    return Dialogue(
        conversation_id=conversation_id,
        channel=text_of(record, "channel") if record.get("channel") is not None else None,
        started_at=moment(record.get("started_at"), "started_at"),
        resolved=_resolved(record.get("resolved")),
        rating=_rating(record.get("rating")),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        turns=tuple(_numbered_turn(number, turn) for number, turn in enumerate(turns, 1)),
    )


def _numbered_turn(number: int, turn: object) -> Turn:
    try:
        return _turn(turn)
    except BadField as error:
        raise BadField(f"turn {number}: {error}") from None


def _turn(turn: object) -> Turn:
    if not isinstance(turn, dict):
        raise BadField(f"expected an object, found {kind_of(turn)}")
    written = turn.get("role")
    if not isinstance(written, str) or written not in {role.value for role in Role}:
        raise BadField(f"role: expected one of {_ROLES}, found {'another' if written is not None else 'none'}")
    role, text = Role(written), text_of(turn, "text")
    at, language = moment(turn.get("at"), "at"), language_code(turn.get("language"))
    if role is Role.CUSTOMER:
        label = reviewed_label(turn.get("label"), text) or parsed_label(turn.get("parse"), text)
        return Turn(role, text, at, language, label)
    ids, written_by = reply_metadata(turn.get("metadata")) if role is Role.BOT else ((), None)
    return Turn(role, text, at, language, answer_ids=ids, written_by=written_by)


def _resolved(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadField(f"resolved: expected true, false or null, found {kind_of(value)}")


def _rating(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value <= 5:
        raise BadField("rating: expected a number from 1 (bad) to 5 (good) or null, found another value")
    return float(value)
