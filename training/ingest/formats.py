"""Which format a file has, told by what stands in it and never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any

from training.ingest import chatwoot, freshdesk, intercom, zendesk
from training.ingest.encodings import Encoding, detect, head_of
from training.ingest.json_records import Shape, json_records, shape_of
from training.ingest.pieces import Record, RowCounter
from training.ingest.tables import PARQUET_MAGIC
from training.logs.dialogues import UnreadableLogs

SQLITE_MAGIC = b"SQLite format 3\x00"
_N_PROBED = 20
_ARCHIVES = {b"PK\x03\x04": "a zip archive or an Excel workbook", b"BZh": "a bzip2 file", b"\xfd7zXZ\x00": "an xz file"}


class Format(str, Enum):
    """What a source is; AUTO finds out."""

    AUTO = "auto"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    ZENDESK = "zendesk"
    INTERCOM = "intercom"
    FRESHDESK = "freshdesk"
    CHATWOOT = "chatwoot"
    FLAT_JSON = "flat-json"
    TRACKER_STORE = "tracker-store"


KNOWN = (
    "the contract's JSON Lines, CSV or Parquet with a header, JSON of Zendesk, Intercom, Freshdesk or Chatwoot, flat JSON with "
    "--map, or Rasa's tracker store (an SQLite file, or a URL such as postgresql://user:password@host/rasa)"
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """The format of a file, and of JSON its encoding and shape and the keys of its first records."""

    format: Format
    encoding: Encoding | None = None
    shape: Shape | None = None
    keys: tuple[str, ...] = ()


def kind_of_file(path: Path, wanted: Format) -> FileKind:
    """The kind of a file; raises UnreadableLogs where it is empty, packed in a way not read here, or not as `wanted`."""
    head = head_of(path, 64)
    if not head:
        raise UnreadableLogs(f"{path}: expected {KNOWN}, found an empty file")
    if packed := next((name for magic, name in _ARCHIVES.items() if head.startswith(magic)), None):
        raise UnreadableLogs(f"{path}: expected {KNOWN}, found {packed}; unpack it or save it as CSV")
    found = _found(path, head, wanted)
    if wanted not in (Format.AUTO, found.format):
        raise UnreadableLogs(f"{path}: expected {wanted.value}, found {found.format.value}")
    return found


def _found(path: Path, head: bytes, wanted: Format) -> FileKind:
    if head.startswith(SQLITE_MAGIC):
        return FileKind(Format.TRACKER_STORE)
    if head.startswith(PARQUET_MAGIC):
        return FileKind(Format.PARQUET)
    if wanted is Format.CSV:
        return FileKind(Format.CSV)
    encoding = detect(path)
    shape = shape_of(path, encoding)
    if shape is None:
        return FileKind(Format.CSV)
    read = json_records(path, encoding, shape=shape, counter=RowCounter(), notify=lambda _: None)
    records = [one.value for one in islice(read, _N_PROBED) if isinstance(one, Record) and isinstance(one.value, dict)]
    keys = tuple(dict.fromkeys(str(key) for record in records for key in record))
    formats = (found for record in records if (found := format_of(record)) is not Format.FLAT_JSON)
    told = next(formats, Format.FLAT_JSON)
    if told is Format.FLAT_JSON and wanted in READERS:
        told = wanted  # every row is then refused with what it lacks
    return FileKind(told, encoding, shape, keys)


def format_of(record: Mapping[str, Any]) -> Format:
    """The format a JSON record has; FLAT_JSON where it is none of the known ones."""
    if "turns" in record:
        return Format.JSONL
    if intercom.is_conversation(record):
        return Format.INTERCOM
    if chatwoot.is_conversation(record):
        return Format.CHATWOOT
    if freshdesk.is_ticket(record):
        return Format.FRESHDESK
    return Format.ZENDESK if zendesk.is_ticket(record) else Format.FLAT_JSON


READERS = frozenset({Format.JSONL, Format.INTERCOM, Format.CHATWOOT, Format.FRESHDESK, Format.ZENDESK})
"""Formats whose JSON records are conversations."""
