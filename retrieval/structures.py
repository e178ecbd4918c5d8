"""Which FAISS structure for how many vectors, and what each takes in memory. Arithmetic alone: `retrieval.vectors` makes them.

Every kind can remove an id and give its vector back (so no HNSW, which cannot delete).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2, sqrt

FLAT_LIMIT = 100_000
MAX_MEMORY_MB = 4000
ID_BYTES = 48
"""An id, and the place of its vector in a hash table."""
MIN_ROWS_PER_LIST = 39
PQ_MIN_ROWS = 256 * MIN_ROWS_PER_LIST
"""FAISS asks for 39 training rows a centroid; a product quantizer has 256 of them for each piece of a vector."""
_KIND = re.compile(r"(?:IVF(\d+),)?(Flat|SQ8|PQ(\d+))")


@dataclass(frozen=True, slots=True)
class Structure:
    """`n_lists` inverted lists (0: none, exact search) of vectors coded as `Flat` (float32), `SQ8` or `PQ<bytes>`."""

    n_lists: int
    code: str

    @property
    def kind(self) -> str:
        """FAISS's own name: `Flat`, `IVF2048,Flat`, `IVF4096,PQ64`."""
        return f"IVF{self.n_lists},{self.code}" if self.n_lists else self.code

    @classmethod
    def of_kind(cls, kind: str) -> Structure:
        """Inverse of `kind`; raises ValueError for what is no kind of ours.

        >>> Structure.of_kind("IVF4096,PQ64")
        Structure(n_lists=4096, code='PQ64')
        """
        match = _KIND.fullmatch(kind)
        if match is None or (match[1] is None and kind != "Flat"):
            raise ValueError(f"expected Flat, IVF<n>,Flat, IVF<n>,SQ8 or IVF<n>,PQ<m>, found {kind!r}")
        return cls(int(match[1] or 0), match[2])

    def memory_mb(self, n_vectors: int, dim: int) -> float:
        """What `n_vectors` of width `dim` take once loaded, in MB (10**6 bytes): codes, ids and centroids."""
        code_bytes = {"Flat": 4 * dim, "SQ8": dim}.get(self.code) or int(self.code.removeprefix("PQ"))
        return (n_vectors * (code_bytes + ID_BYTES) + 4 * dim * self.n_lists) / 1e6


def structure_for(n_vectors: int, dim: int, *, max_memory_mb: int = MAX_MEMORY_MB) -> Structure:
    """The structure for `n_vectors` of width `dim`: the most exact one that is fast enough and fits `max_memory_mb`.

    Up to FLAT_LIMIT vectors exact search (a query reads every vector: 100,000 of 512 numbers are 200 MB); above it inverted
    lists, about 4 * sqrt(n) of them (FAISS's guideline), of which a query reads a few. Where float32 does not fit, SQ8 takes
    a quarter of it and moves a cosine by some thousandths; where that does not either, PQ with dim / 2, dim / 4 or dim / 8
    bytes, whose cosines are off by some hundredths. benchmarks/index_size.py measures all of them. Raises ValueError when none
    fits.

    >>> structure_for(5_000, 256).kind, structure_for(1_000_000, 256).kind
    ('Flat', 'IVF4096,Flat')
    >>> structure_for(1_000_000, 256, max_memory_mb=500).kind, structure_for(1_000_000, 256, max_memory_mb=250).kind
    ('IVF4096,SQ8', 'IVF4096,PQ128')
    """
    for structure in _choices(n_vectors, dim):
        if structure.memory_mb(n_vectors, dim) <= max_memory_mb:
            return structure
    least = min(one.memory_mb(n_vectors, dim) for one in _choices(n_vectors, dim))
    raise ValueError(
        f"expected max_memory_mb of at least {int(least) + 1} for {n_vectors} vectors of width {dim}, "
        f"found {max_memory_mb}: raise it (`--max-memory-mb`), or index fewer templates"
    )


def keeps(current: Structure, n_vectors: int, dim: int, *, n_trained: int, max_memory_mb: int) -> bool:
    """Whether `current` may stay for what are now `n_vectors`, `n_trained` when it was built.

    It goes when the next kind is due, and when lists were made for a quarter or four times as many. It does not go back to
    an exacter kind before a quarter more vectors would have that one too, so that a few changes do not rebuild to and fro.
    """
    if current.n_lists and not n_trained / 4 <= n_vectors <= 4 * n_trained:
        return False
    if current.memory_mb(n_vectors, dim) > max_memory_mb:
        return False
    due = structure_for(n_vectors, dim, max_memory_mb=max_memory_mb)
    if _family(due) == _family(current):
        return True
    more = n_vectors + n_vectors // 4
    fitting = [one for one in _choices(more, dim) if one.memory_mb(more, dim) <= max_memory_mb]
    return not fitting or _family(fitting[0]) == _family(current)


def lists_for(n_vectors: int) -> int:
    """Number of inverted lists: a power of two near 4 * sqrt(n), as far as there are rows to learn them from."""
    wanted = int(2 ** round(log2(4 * sqrt(max(1, n_vectors)))))
    return max(1, min(wanted, n_vectors // MIN_ROWS_PER_LIST))


def _family(structure: Structure) -> tuple[bool, str]:
    return structure.n_lists > 0, structure.code


def _choices(n_vectors: int, dim: int) -> Iterator[Structure]:
    """Most exact first."""
    if n_vectors <= FLAT_LIMIT:
        yield Structure(0, "Flat")
    n_lists = lists_for(n_vectors)
    if n_vectors > FLAT_LIMIT:
        yield Structure(n_lists, "Flat")
    yield Structure(n_lists, "SQ8")
    for shorter in (2, 4, 8):
        if n_vectors >= PQ_MIN_ROWS and dim % shorter == 0 and dim > shorter:
            yield Structure(n_lists, f"PQ{dim // shorter}")
