"""File -> readable text: gzip is told by its first bytes, the encoding is found, and damage ends a file instead of a run.

In order: a byte order mark, UTF-16 by its zero bytes, UTF-8 if the whole file is UTF-8, else what charset-normalizer finds
in up to 256 KiB of the lines that are not ASCII. Bytes that do not fit stay in the text as lone surrogates (PEP 383), so
that the row they stand in can be refused and no other.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

GZIP_MAGIC = b"\x1f\x8b"
SAMPLE_BYTES = 256 * 1024
FALLBACK = "cp1252"
CANDIDATES = ("cp1252", "cp1250", "cp1251", "koi8_r", "cp1254", "cp1256", "cp932", "euc_jp", "gb18030", "big5")
"""What exports in our languages come in when they are not Unicode; fewer candidates make fewer errors."""
_LATIN = {
    "cp1252": "äöüßÄÖÜéèêëàâáãçñíìîïóòôõœæúùûÉÈÊÀÂÁÃÇÑÍÓÔÕÚªº¿¡°",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ",
}
"""Letters of Western European languages, Polish and Turkish: statistics alone confuse these three."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_MISFIT = re.compile("[\ud800-\udfff]")
_MIN_ZERO_SHARE = 0.2
_GOOD_PER_BAD = 10
"""A file with so many UTF-8 characters to each byte that is none is UTF-8 with a few broken rows."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec and how it was found; `sure` is False where it is only a guess."""

    name: str
    how: str
    sure: bool


class TolerantFile(io.RawIOBase):
    """The bytes of a file, unpacked; where a gzip file is damaged it ends, and `is_damaged` says so."""

    def __init__(self, path: Path) -> None:
        self.is_damaged = False
        self._plain = path.open("rb")
        is_gzip = self._plain.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        self._plain.seek(0)
        self._inner = cast(BinaryIO, gzip.GzipFile(fileobj=self._plain)) if is_gzip else self._plain

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As in `io.RawIOBase`."""
        try:
            # read() would lose what stands before the damage.
            data = self._inner.read1(len(buffer))  # type: ignore[attr-defined]
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.is_damaged = True
            return 0
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """As in `io.RawIOBase`."""
        if not self.closed:
            self._inner.close()
            self._plain.close()
        super().close()


@contextmanager
def opened(path: Path, encoding: Encoding) -> Iterator[tuple[io.TextIOWrapper, TolerantFile]]:
    """The text of a file with its line ends as they are, and the file below it."""
    with TolerantFile(path) as raw:
        buffered = io.BufferedReader(raw, _CHUNK)
        with io.TextIOWrapper(buffered, encoding.name, errors="surrogateescape", newline="") as text:
            yield text, raw


def has_misfits(text: str) -> bool:
    """Whether bytes stand in the text that were none of its encoding, or halves of characters."""
    return not text.isascii() and _MISFIT.search(text) is not None


def head_of(path: Path, size: int) -> bytes:
    """The first bytes, unpacked."""
    with TolerantFile(path) as raw:
        return io.BufferedReader(raw).read(size)


def detect(path: Path) -> Encoding:
    """The encoding of a file; reads all of a file without a mark once, in pieces."""
    head = head_of(path, 4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, "byte order mark", True)
    zeros = [head[start::2].count(0) / max(1, len(head[start::2])) for start in (0, 1)]
    if max(zeros) >= _MIN_ZERO_SHARE and abs(zeros[0] - zeros[1]) >= _MIN_ZERO_SHARE:
        return Encoding("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "zero bytes", True)
    if _is_utf8(path):
        return Encoding("utf-8", "every byte fits", True)
    sample = _sample(path)
    if _is_mostly_utf8(sample):
        return Encoding("utf-8", "most bytes fit", True)
    return _by_statistics(sample)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with TolerantFile(path) as raw:
        buffered = io.BufferedReader(raw, _CHUNK)
        try:
            while chunk := buffered.read1(_CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    return True  # a character cut off at the very end is the last row's fault


def _sample(path: Path) -> bytes:
    """Lines that are not ASCII: the others say nothing of the encoding, and in English logs they are nearly all."""
    lines: list[bytes] = []
    size = 0
    with TolerantFile(path) as raw:
        buffered = io.BufferedReader(raw, _CHUNK)
        while size < SAMPLE_BYTES and (line := buffered.readline(SAMPLE_BYTES)):
            if not line.isascii():
                lines.append(line)
                size += len(line)
    return b"".join(lines)


def _is_mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", errors="surrogateescape")
    n_bad = len(_MISFIT.findall(text))
    return sum(not one.isascii() for one in text) - n_bad >= _GOOD_PER_BAD * n_bad


def _by_statistics(sample: bytes) -> Encoding:
    from charset_normalizer import from_bytes  # takes most of a second to import

    best = from_bytes(sample, cp_isolation=list(CANDIDATES), threshold=0.5).best()
    if best is None:
        return Encoding(FALLBACK, "no encoding fits: taken for Western European", False)
    if best.encoding not in _LATIN:
        return Encoding(best.encoding, "by its statistics", False)
    return Encoding(max(_LATIN, key=lambda name: _n_expected(sample, name)), "by its letters", False)


def _n_expected(sample: bytes, name: str) -> int:
    """How many bytes become letters that the encoding's languages have."""
    text = sample.decode(name, errors="replace")
    return sum(map(text.count, _LATIN[name]))
