"""What came of each row of a split, small enough to stay in the report: a later report is compared with it row by row.

A column is a string with one character a row, a digit in base 36: "1101" for right and wrong, ranks (0: not found) and
counts up to 35. The rows of a language are named by a fingerprint, so that nobody compares row 17 with another row 17.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
FINGERPRINT = "fingerprint"


def pack(values: Iterable[int]) -> str:
    """One digit a value; what lies above 35 becomes 35. Raises ValueError for a negative one.

    >>> pack([True, False, 10, 99])
    '10az'
    """
    numbers = [int(value) for value in values]
    if min(numbers, default=0) < 0:
        raise ValueError(f"expected counts from 0, found {min(numbers)}. Only outcomes of rows can be kept.")
    return "".join(DIGITS[min(number, len(DIGITS) - 1)] for number in numbers)


def unpack(column: str) -> NDArray[np.int64]:
    """The values of a column, (n_rows,); raises ValueError for a character that is no digit.

    >>> unpack("10az").tolist()
    [1, 0, 10, 35]
    """
    unknown = set(column) - set(DIGITS)
    if unknown:
        raise ValueError(f"expected digits of base 36, found {sorted(unknown)}. Run `uv run xenia evaluate` again.")
    return np.array([int(digit, len(DIGITS)) for digit in column], dtype=np.int64)


def split_fingerprint(rows: Iterable[Sequence[Any]]) -> str:
    """16 hex digits over what was asked and expected, in order: equal where row i of both splits is the same."""
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def outcomes(fingerprint: str, **columns: Iterable[int]) -> dict[str, str]:
    """The rows of one language, ready for JSON."""
    return {FINGERPRINT: fingerprint, **{name: pack(values) for name, values in columns.items()}}


def same_rows(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> bool:
    """Both were kept, and they are of the same rows."""
    return before is not None and after is not None and before[FINGERPRINT] == after[FINGERPRINT]
