"""Messages of nearly the same wording -> groups, by MinHash (Broder 1997) and LSH over character 5-grams.

Words would not do: Chinese and Japanese write none apart. A message joins a group when it is alike enough to the
group's first member by the true Jaccard index, so that a chain of small changes never drifts away from where it began.
`folding.text_key` finds the equal ones only, and needs no memory of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from training.cleaning.folding import fold

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

N_CHARACTERS = 5
N_PERMUTATIONS = 64
MIN_RECALL = 0.99
"""Share of the pairs just at the threshold that the bands of the LSH must bring up for comparison."""
_SEED = 5
_N_TOGETHER = 5000
_WEIGHTS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63)
"""Odd 64-bit numbers without a pattern (golden ratio, xxHash's primes), one for each character of a shingle."""


def groups(texts: Sequence[str], *, threshold: float = 0.8) -> list[int]:
    """The group number of each text, from 0 in order of first members.

    `threshold` is the least Jaccard index, in (0, 1], of the folded texts' 5-grams between a member and the first
    of its group; the most alike group takes a text. A word exchanged in a sentence of ten stays about at 0.7, a number
    or a pseudonym makes no difference at all. ValueError where the threshold is out of range.
    """
    sketcher = Sketcher(threshold)
    meeting: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    group_of: dict[str, int] = {}
    firsts: list[frozenset[int]] = []
    folded_texts = [fold(text) for text in texts]
    distinct = list(dict.fromkeys(folded_texts))
    for at in range(0, len(distinct), _N_TOGETHER):
        part = distinct[at : at + _N_TOGETHER]
        for folded, row in zip(part, sketcher.sketch(part)[0].tolist(), strict=True):
            shingles = shingle_hashes(folded)
            bands_of = list(enumerate(row))
            met = {number for band in bands_of for number in meeting.get(band, ())}
            best, negative = max(((jaccard(firsts[one], shingles), -one) for one in met), default=(0.0, 0))
            if best >= threshold:
                group_of[folded] = -negative
                continue
            group_of[folded] = len(firsts)
            for band in bands_of:
                meeting[band].append(len(firsts))
            firsts.append(shingles)
    return [group_of[folded] for folded in folded_texts]


class Sketcher:
    """Folded texts -> one number for each band of the LSH, of which near-duplicates have at least one in common, and a signature.

    For more texts than an index in memory holds, many at once. What meets in a band and has signatures that fit is compared by
    `jaccard` afterwards. The permutations are multiply-shift hashes (Dietzfelbinger et al. 1997), the signature holds the last
    bit of each (b-bit minwise hashing, Li and König, arXiv:0910.3349).
    """

    def __init__(self, threshold: float = 0.8) -> None:
        """`threshold` as of `groups`."""
        import numpy as np

        self.n_bands, self._n_rows = bands(threshold)
        draws = np.random.default_rng(_SEED)
        size = self.n_bands * self._n_rows
        self._factors: npt.NDArray[np.uint64] = draws.integers(
            1 << 64, size=size, dtype=np.uint64, endpoint=False
        ) | np.uint64(1)
        alike = (1 + threshold) / 2  # equal bits of two texts at the threshold; three standard deviations below it
        self.min_equal = int(size * alike - 3 * (size * alike * (1 - alike)) ** 0.5)
        self._places: npt.NDArray[np.uint64] = np.arange(size, dtype=np.uint64)
        self._weights: npt.NDArray[np.uint64] = np.resize(np.array(_WEIGHTS, dtype=np.uint64), self._n_rows)

    def sketch(self, folded: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """For n texts (n, n_bands) keys and (n,) signatures, 64-bit numbers."""
        import numpy as np

        if not folded:
            return np.zeros((0, self.n_bands), dtype=np.uint64), np.zeros(0, dtype=np.uint64)
        hashes = [_hashed(text) for text in folded]
        begins = np.cumsum([0, *map(len, hashes[:-1])])
        together = np.concatenate(hashes)
        least = np.stack(
            [np.minimum.reduceat((together * factor) >> np.uint64(32), begins) for factor in self._factors], axis=1
        )
        rows = least.reshape(len(folded), self.n_bands, self._n_rows)
        bits: npt.NDArray[np.uint64] = ((least & np.uint64(1)) << self._places).sum(1, dtype=np.uint64)
        return (rows * self._weights).sum(2, dtype=np.uint64), bits

    def may_be_alike(self, one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Whether signatures (n,) and (n,) have as many equal bits as those of near-duplicates, but for one in a thousand."""
        import numpy as np

        differing = np.unpackbits((one ^ other).view(np.uint8).reshape(-1, 8), axis=1).sum(1)
        fits: npt.NDArray[np.bool_] = self.n_bands * self._n_rows - differing >= self.min_equal
        return fits


def bands(threshold: float) -> tuple[int, int]:
    """(bands, rows) of the LSH: the most rows that still bring up MIN_RECALL of the pairs at the threshold.

    A pair of Jaccard index s meets in one of b bands of r rows with probability 1 - (1 - s^r)^b (Leskovec, Rajaraman
    and Ullman, Mining of Massive Datasets, 3.4).

    >>> bands(0.8)
    (12, 5)
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold: expected more than 0 and at most 1, found {threshold}; 0.8 suits whole messages.")
    for rows in range(N_PERMUTATIONS // 2, 1, -1):
        n_bands = N_PERMUTATIONS // rows
        if 1 - (1 - threshold**rows) ** n_bands >= MIN_RECALL:
            return n_bands, rows
    return N_PERMUTATIONS, 1


def shingle_hashes(folded: str) -> frozenset[int]:
    """32-bit hashes of the 5-grams of a folded text; a shorter text is one shingle."""
    return frozenset(_hashed(folded).tolist())


def _hashed(folded: str) -> npt.NDArray[np.uint64]:
    """Of each 5-gram in its order, also those that come twice."""
    import numpy as np

    padded = folded.ljust(N_CHARACTERS)
    codes: npt.NDArray[np.uint64] = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(
        np.uint64
    )
    n_shingles = len(codes) - N_CHARACTERS + 1
    hashes = np.zeros(n_shingles, dtype=np.uint64)
    for place, weight in enumerate(_WEIGHTS):
        hashes += codes[place : place + n_shingles] * np.uint64(weight)
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(_WEIGHTS[1])
    found: npt.NDArray[np.uint64] = hashes >> np.uint64(32)
    return found


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Shared members over all members, in [0, 1]; of sets that are not both empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
