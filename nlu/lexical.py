"""A linear model of intents over words and character n-grams: one file, `lexical.npz`, beside the joint model's weights.

The encoder knows what a word means in another language; this model knows each word, typo and ending that it has seen.
They err on different messages, so `nlu.parser` adds their logits (weights fitted in `nlu.calibration`). Spelling counts
little: case, Latin diacritics and the digits of a number are folded away.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlu.linear import REBUILD, find, folded, read_arrays

MODEL_NAME = "lexical.npz"
MAX_CHARACTERS = 4000
MAX_N = 6

# Vowel signs of Indic and neighbouring scripts are no `\w`, but belong to their words; the danda is a full stop.
_WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u0dff\u0e00-\u0fff\u1000-\u109f\u200c]+|[^\w\s]")
_DIGIT = re.compile(r"\d")


def ngrams(text: str) -> list[str]:
    """Words, pairs of words, and the n-grams (1 to 6) of each word between spaces, with repetitions.

    >>> ngrams("Où 12")[:4], ngrams("Où 12")[-3:]
    ([' ', 'o', 'u', ' '], [' 00 ', 'w:00', 'b:ou 00'])
    """
    words = _WORD.findall(_DIGIT.sub("0", folded(text[:MAX_CHARACTERS])))
    found: list[str] = []
    for word in words:
        padded = f" {word} "
        for n in range(1, min(MAX_N, len(padded)) + 1):
            found += [padded[at : at + n] for at in range(len(padded) - n + 1)]
        found.append(f"w:{word}")
    return found + [f"b:{left} {right}" for left, right in pairwise(words)]


class LexicalModel:
    """Logits of all intents from the n-grams of a text."""

    def __init__(
        self,
        *,
        keys: NDArray[np.uint32],
        idf: NDArray[np.float32],
        weights: NDArray[np.int8],
        scale: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        """`keys` (n_ngrams,) ascending, `idf` (n_ngrams,), `weights` (n_ngrams, n_intents), `scale` and `bias` (n_intents,)."""
        if weights.shape != (len(keys), len(bias)) or len(idf) != len(keys) or scale.shape != bias.shape:
            raise ValueError(f"{MODEL_NAME}: its arrays do not fit together. {REBUILD}")
        self._keys, self._idf, self._weights, self._scale, self._bias = keys, idf, weights, scale, bias

    @property
    def n_intents(self) -> int:
        """Intents it knows."""
        return len(self._bias)

    def logits(self, text: str) -> NDArray[np.float32]:
        """float32 (n_intents,): the text's TF-IDF vector (1 + log count, length 1) times the weights, plus the bias."""
        hashed, counts = np.unique(
            np.fromiter((key_of(ngram) for ngram in ngrams(text)), dtype=np.uint32), return_counts=True
        )
        known, rows = find(self._keys, hashed)
        if not len(rows):
            return self._bias
        values = (1 + np.log(counts[known])) * self._idf[rows]
        values /= np.linalg.norm(values)
        return np.asarray((values @ self._weights[rows]) * self._scale + self._bias, np.float32)

    def save(self, folder: Path) -> None:
        """Write `lexical.npz`."""
        np.savez_compressed(
            folder / MODEL_NAME,
            keys=self._keys,
            idf=self._idf.astype(np.float16),
            weights=self._weights,
            scale=self._scale,
            bias=self._bias,
        )

    @classmethod
    def load(cls, folder: Path) -> LexicalModel:
        """Raises FileNotFoundError where the file is missing; its manifest is checked by `nlu.parser`."""
        arrays: dict[str, Any] = read_arrays(folder / MODEL_NAME)
        return cls(**{**arrays, "idf": arrays["idf"].astype(np.float32)})


def key_of(ngram: str) -> int:
    """The 32-bit key under which an n-gram is kept."""
    return crc32(ngram.encode())
