"""A linear model of entity tags over words, their parts and their neighbours: one file, `tagger.npz`, beside the weights.

The encoder knows what a word means; this model knows which words, endings and neighbours it has seen in an entity, and
where in a word an entity may begin or end: at its edges in most languages, before a suffix in Turkish, behind an article
in Arabic, anywhere in a text without spaces. `nlu.parser` adds its scores to the encoder's and finds the best path
(weights fitted in `nlu.calibration`). It sees the encoder's tokens, so that both speak of the same places.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlu.linear import REBUILD, find, folded, read_arrays

MODEL_NAME = "tagger.npz"
N_BUCKETS = 2**20
SCRIPTS = ("latin", "cyrillic", "arabic", "devanagari", "other")

_KANA, _HAN = "\u30a0-\u30ff", "\u3040-\u309f\u3400-\u9fff"
# Katakana runs, single hiragana and ideographs; letters with the vowel signs of Indic scripts; digits; any other sign by itself.
_WORD = re.compile(rf"[{_KANA}]+|[{_HAN}]|(?:[^\W\d_{_KANA}{_HAN}]|[\u0900-\u0963\u0970-\u0dff])+|\d+|\S")
_SCRIPT_STARTS = (0x0000, 0x0400, 0x0530, 0x0600, 0x0780, 0x0900, 0x0980, 0x1E00, 0x2000)
_SCRIPT_OF = ("latin", "cyrillic", "other", "arabic", "other", "devanagari", "other", "latin", "other")
_EDGE = "|"
MARGIN = 60
"""Characters beyond a window's tokens in which its neighbouring words are looked for."""


def script_of(character: str) -> int:
    """Index in `SCRIPTS` of a character by its block; ASCII digits and signs count as Latin.

    >>> [SCRIPTS[script_of(character)] for character in "aщعह字"]
    ['latin', 'cyrillic', 'arabic', 'devanagari', 'other']
    """
    return SCRIPTS.index(_SCRIPT_OF[bisect_right(_SCRIPT_STARTS, ord(character)) - 1])


def _shape(word: str) -> str:
    """A word's look: digits and their number, capitals, single signs themselves."""
    if word.isdigit():
        return f"0{min(len(word), 9)}"
    if not word[0].isalnum():
        return word[0]
    return ("X" if word.isupper() else "Xx" if word[0].isupper() else "x") + str(min(len(word), 4))


def features(text: str, offsets: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Buckets in [0, N_BUCKETS) of each token's features; a token without characters of its own has none.

    `offsets` are characters of `text`, end exclusive, as `nlu.encoding` gives them.
    """
    low = max(0, min((left for left, right in offsets if left < right), default=0) - MARGIN)
    high = max((right for _, right in offsets), default=0) + MARGIN
    spans = [match.span() for match in _WORD.finditer(text, low, high)]
    starts = [start for start, _ in spans]
    words = [folded(text[start:end]) or _EDGE for start, end in spans]
    shapes = [_shape(text[start:end]) for start, end in spans]
    words = [_EDGE, _EDGE, *("0" * len(word) if word.isdigit() else word for word in words), _EDGE, _EDGE]
    shapes = [_EDGE, _EDGE, *shapes, _EDGE, _EDGE]
    rows: list[list[int]] = []
    shared: dict[int, list[int]] = {}
    for left, right in offsets:
        number = bisect_right(starts, left) - 1
        if left >= right or number < 0:
            rows.append([])
            continue
        if number not in shared:
            shared[number] = [bucket(name) for name in _word_features(words, shapes, number + 2)]
        start, end = spans[number]
        rows.append(shared[number] + [bucket(name) for name in _token_features(text, left, right, start, end)])
    return rows


def _word_features(words: Sequence[str], shapes: Sequence[str], at: int) -> list[str]:
    before2, before, word, after, after2 = words[at - 2 : at + 3]
    names = [
        f"w{word}",
        f"a{before}",
        f"b{after}",
        f"c{before2}",
        f"d{after2}",
        f"e{before} {word}",
        f"f{word} {after}",
        f"g{before2} {before}",
        f"h{after} {after2}",
        f"i{before} {after}",
        f"j{shapes[at]}",
        f"k{shapes[at - 1]}{shapes[at]}",
        f"l{shapes[at]}{shapes[at + 1]}",
        f"m{before} {shapes[at]}",
        f"n{before[-3:]} {before2[-3:]}",
        f"o{before2} {before} {word}",
        f"p{word} {after} {after2}",
    ]
    names += [f"q{word[:n]}" for n in range(2, min(5, len(word)))]
    names += [f"r{word[-n:]}" for n in range(2, min(7, len(word)))]
    return names


def _token_features(text: str, left: int, right: int, start: int, end: int) -> list[str]:
    token = folded(text[left:right])
    place = f"{left <= start:d}{right >= end:d}"
    names = [f"A{token}{place}"]
    if place != "11":
        names += [
            f"B{folded(text[max(start, left - 4) : left])}{place}",
            f"C{folded(text[right : min(end, right + 5)])}{place}",
        ]
    before, after = folded(text[max(0, left - 3) : left]), folded(text[right : right + 3])
    names += [f"D{before[-n:]}{place}" for n in (1, 2, 3)] + [f"E{after[:n]}{place}" for n in (1, 2, 3)]
    return [*names, f"F{before[-1:]}{token}{after[:1]}"]


def bucket(name: str) -> int:
    """The place of a feature by its name."""
    return crc32(name.encode()) % N_BUCKETS


def joints(text: str, offsets: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """What stands between each token and the one before it, (t,): 0 a word's edge, 1 + script inside of a word."""
    out = np.zeros(len(offsets), dtype=np.intp)
    for index in range(1, len(offsets)):
        (_, end), (start, right) = offsets[index - 1], offsets[index]
        if start < right and 0 < start <= end and _in_word(text[start - 1]) and _in_word(text[start]):
            out[index] = 1 + script_of(text[start])
    return out


def _in_word(character: str) -> bool:
    """A letter, a digit, or a mark on one: the vowel signs of Hindi belong to their words."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


class Tagger:
    """Scores of all tags for each token, and of each tag after another."""

    def __init__(
        self,
        *,
        keys: NDArray[np.uint32],
        weights: NDArray[np.int8],
        scale: NDArray[np.float32],
        bias: NDArray[np.float32],
        transitions: NDArray[np.float32],
    ) -> None:
        """`keys` (n,) ascending buckets, `weights` (n, n_tags), `scale` and `bias` (n_tags,).

        `transitions` (1 + len(SCRIPTS), n_tags, n_tags): log ratio of a tag after another at a word's edge and inside of a
        word of each script, against that tag anywhere.
        """
        n_tags = len(bias)
        if weights.shape != (len(keys), n_tags) or transitions.shape != (1 + len(SCRIPTS), n_tags, n_tags):
            raise ValueError(f"{MODEL_NAME}: its arrays do not fit together. {REBUILD}")
        self._keys, self._weights, self._scale, self._bias = keys, weights, scale, bias
        self.transitions = transitions

    @property
    def n_tags(self) -> int:
        """Tags it knows."""
        return len(self._bias)

    def logits(self, text: str, offsets: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
        """float32 (t, n_tags); zeros for a token without characters of its own, of which nothing was learnt."""
        rows = features(text, offsets)
        sizes = np.array([len(row) for row in rows])
        out = np.zeros((len(rows), self.n_tags), dtype=np.float32)
        out[sizes > 0] = self._bias
        wanted = np.array([key for row in rows for key in row], dtype=np.uint32)
        known, places = find(self._keys, wanted)
        owners, starts = np.unique(np.repeat(np.arange(len(rows)), sizes)[known], return_index=True)
        if len(owners):
            out[owners] += np.add.reduceat(self._weights[places].astype(np.int32), starts) * self._scale
        return out

    def save(self, folder: Path) -> None:
        """Write `tagger.npz`."""
        np.savez_compressed(
            folder / MODEL_NAME,
            keys=self._keys,
            weights=self._weights,
            scale=self._scale,
            bias=self._bias,
            transitions=self.transitions.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Raises FileNotFoundError where the file is missing; its manifest is checked by `nlu.parser`."""
        arrays: dict[str, Any] = read_arrays(folder / MODEL_NAME)
        return cls(**{**arrays, "transitions": arrays["transitions"].astype(np.float32)})
