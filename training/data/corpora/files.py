"""Lines, table rows and JSON of a set's files, gzipped or not; nothing where a file is not there."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def lines(path: Path) -> Iterator[str]:
    """Lines of a text file, gzipped where its name ends in `.gz`; none where there is no such file."""
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as handle:
        yield from handle


def table(path: Path, *, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """Rows of a table by column; quoted cells may have line breaks in them."""
    yield from csv.DictReader(lines(path), delimiter=delimiter)


def document(path: Path) -> Any:
    """The JSON of a file; None where there is no such file."""
    text = "".join(lines(path))
    return json.loads(text) if text else None


def checked_partition(partition: str, known: tuple[str, ...]) -> str:
    """The name of a partition that a set has.

    Raises:
        ValueError: it has none of that name, which read as empty would look like a set that is not there.
    """
    if partition not in known:
        raise ValueError(f"expected a partition of {', '.join(known)}, found {partition!r}: name one of them")
    return partition
