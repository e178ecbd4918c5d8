"""CSV in all its dialects -> records by column, in bounded memory; a row that does not fit the header is refused with its line.

The csv module reads a quoted field to its closing quote, however far away; a quote that is never closed would swallow the
rest of the file. Here a record ends at `MAX_RECORD_CHARS`, and when it turns out to be no record (that limit, the end of
the file, another number of columns, text behind a closing quote, a row on each of its lines) only its first line is
refused and reading goes on at the second. Lines may end in LF, CRLF and CR, also in one file.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.ingest.encodings import Encoding, TolerantFile, has_misfits, opened
from training.ingest.pieces import Record, Reject, RowCounter
from training.logs.dialogues import UnreadableLogs

DELIMITERS = (",", ";", "\t", "|")
MAX_RECORD_CHARS = 1 << 20
_N_SNIFFED_CHARS = 1 << 16
_MIN_SWALLOWED = 3
_LINE_ENDS = ("\n", "\r")
_OPEN_QUOTE = "expected a closing quote, found none in reach"
_CUT_OFF = "expected a whole row, found the last one cut off"


@dataclass(frozen=True, slots=True)
class _Row:
    """A record as it was split: the number of its first line, its fields, or None and the reason."""

    line: int
    fields: list[str] | None
    reason: str = ""


class DelimitedTable:
    """One file. `columns` are the header's names, stripped; a second `text` is called `text.2`, one without `column 3`."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        """Read the header; raises UnreadableLogs where there is none."""
        self.path, self.encoding = path, encoding
        with opened(path, encoding) as (text, _):
            head = list(io.StringIO(text.read(_N_SNIFFED_CHARS).replace("\0", ""), newline=""))
        if head and head[0].lower().startswith("sep=") and len(head[0].strip()) == len("sep=;"):
            self._delimiter = head[0].strip()[-1]  # a line of Excel's
            self._n_before = 1
        else:
            self._delimiter = delimiter_of(head)
            self._n_before = 0
        header = next((row for row in csv.reader(head[self._n_before :], delimiter=self._delimiter) if any(row)), None)
        if header is None:
            raise UnreadableLogs(f"{path}: expected a header and rows, found an empty file")
        self.columns = _names(header)

    def records(self, counter: RowCounter, only: Collection[str] = ()) -> Iterator[Record | Reject]:
        """Every row behind the header; `only` is of no use here, a line is split as a whole."""
        csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_RECORD_CHARS))
        with opened(self.path, self.encoding) as (text, raw):
            lines = _Lines(text)
            for _ in range(self._n_before):
                lines.pop()
            rows = _Splitter(lines, raw, delimiter=self._delimiter, width=len(self.columns)).rows()
            next(rows, None)
            for row in rows:
                if counter.next():
                    place = f"{self.path}:{row.line}"
                    if row.fields is None:
                        yield Reject(counter.row, place, row.reason)
                    else:
                        yield Record(counter.row, place, dict(zip(self.columns, row.fields, strict=True)))


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter that gives most rows the header's number of columns, the wider table where two are as good."""

    def fit(delimiter: str) -> tuple[bool, float, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        if not rows or len(rows[0]) < 2:
            return False, 0.0, 0
        width = len(rows[0])
        return True, sum(len(row) == width for row in rows) / len(rows), width

    return max(DELIMITERS, key=fit)


def _names(header: Sequence[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    names = []
    for number, written in enumerate(header, 1):
        name = written.strip().strip("\ufeff").strip() or f"column {number}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return tuple(names)


class _Lines:
    """The lines of a file for csv.reader: remembers what a record took, and takes lines back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._returned: deque[str | None] = deque()
        self.number = 0
        self.begin()

    def begin(self) -> None:
        """Forget the last record."""
        self.taken: list[str] = []
        self._size = 0
        self.was_stopped = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.pop() if self._size < MAX_RECORD_CHARS else None
        if not line:
            if line is None and self._size < MAX_RECORD_CHARS:
                self.give_back([None])
            self.was_stopped = True
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        return line

    def pop(self) -> str | None:
        """The next line; empty at the end, None where it is too long to be one."""
        if self._returned:
            line = self._returned.popleft()
        else:
            line = self._text.readline(MAX_RECORD_CHARS)
            if len(line) == MAX_RECORD_CHARS and not line.endswith(_LINE_ENDS):
                while (more := self._text.readline(MAX_RECORD_CHARS)) and not more.endswith(_LINE_ENDS):
                    pass
                line = None
            elif "\0" in line:
                line = line.replace("\0", "") or " "
        self.number += line != ""
        return line

    def give_back(self, lines: Sequence[str | None]) -> None:
        """Lines that are to be read again."""
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


class _Splitter:
    """Lines -> rows, with the recovery that the module promises."""

    def __init__(self, lines: _Lines, raw: TolerantFile, *, delimiter: str, width: int) -> None:
        self._lines, self._raw = lines, raw
        self._delimiter, self._width = delimiter, width

    def rows(self) -> Iterator[_Row]:
        """Every row, the header first; lines with nothing in them are none."""
        reader = csv.reader(self._lines, delimiter=self._delimiter)
        while True:
            self._lines.begin()
            fields = next(reader, None)
            taken = self._lines.taken
            if fields is None:
                if (rest := self._lines.pop()) == "":
                    break
                if rest is None:
                    yield _Row(self._lines.number, None, f"expected a line under {MAX_RECORD_CHARS} characters")
                else:
                    self._lines.give_back([rest])
                continue
            if fields:
                line = self._lines.number - len(taken) + 1
                reason = self._fault(fields, taken)
                if reason and len(taken) > 1 and any(map(self._is_row, taken[1:])):
                    self._lines.give_back(taken[1:])
                yield _Row(line, None, reason) if reason else _Row(line, fields[: self._width])
        if self._raw.is_damaged:
            yield _Row(
                self._lines.number + 1, None, "expected a whole gzip file, found one that is damaged from here on"
            )

    def _fault(self, fields: list[str], taken: Sequence[str]) -> str:
        """Why these lines are no row; empty where they are one."""
        if self._lines.was_stopped:
            return _OPEN_QUOTE
        is_unended = not taken[-1].endswith(_LINE_ENDS)
        if is_unended and (self._raw.is_damaged or len(fields) < self._width):
            return _CUT_OFF
        if len(fields) < self._width or any(fields[self._width :]):
            return f"expected {self._width} columns as in the header, found {len(fields)}"
        if len(taken) > 1 and (not self._is_strict(taken) or self._has_swallowed(taken)):
            return _OPEN_QUOTE
        if any(map(has_misfits, taken)):
            return "expected text in the file's encoding, found bytes that are none of it"
        return ""

    def _is_strict(self, taken: Sequence[str]) -> bool:
        try:
            return len(list(csv.reader(taken, delimiter=self._delimiter, strict=True))) == 1
        except csv.Error:
            return False

    def _has_swallowed(self, taken: Sequence[str]) -> bool:
        """Whether each line behind the first would be a row; a message in several lines hardly looks like that."""
        return len(taken) > _MIN_SWALLOWED and self._width > 2 and all(map(self._is_row, taken[1:-1]))

    def _is_row(self, line: str) -> bool:
        if line.count(self._delimiter) < self._width - 1:
            return False
        return len(next(csv.reader([line], delimiter=self._delimiter), ())) == self._width
