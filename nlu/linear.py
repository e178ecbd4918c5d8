"""What the linear models beside the encoder share: folded spelling, and the look-up of hashed keys."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

REBUILD = "Run `uv run xenia train --only nlu`."

_LATIN = [*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)]
_FOLDED: dict[int, str] = {
    **{code: base for code in _LATIN if (base := unicodedata.normalize("NFD", chr(code))[0]) != chr(code)},
    **{ord(letter): base for letter, base in zip("łøßıđæœё", ("l", "o", "ss", "i", "d", "ae", "oe", "е"), strict=True)},
    0x0307: "",
}


def folded(text: str) -> str:
    """Compatibility forms, lower case, no Latin diacritics; other marks stay.

    >>> folded("Où Ł हिन्दी")
    'ou l हिन्दी'
    """
    if text.isascii():  # nothing to fold: most words of most texts
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().translate(_FOLDED)


def find(keys: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which of `wanted` (m,) stand in the ascending `keys` (n,): bool (m,), and the rows of those that do."""
    rows = np.searchsorted(keys, wanted)
    known = rows < len(keys)
    known[known] = keys[rows[known]] == wanted[known]
    return known, rows[known]


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays of one file; raises FileNotFoundError with the command that makes it."""
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: the intent model cannot be loaded. {REBUILD}")
    with np.load(path) as arrays:
        return dict(arrays)
