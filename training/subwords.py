"""Sampled segmentations of a text with offsets, for training. Serving uses the one best (`nlu.encoding`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import sentencepiece

from nlu.encoding import Encoded, TextEncoder, trim
from training.vocabulary import SENTENCEPIECE_NAME

SPACE = "▁"


class Piece(NamedTuple):
    """A piece of a drawn segmentation; `begin` and `end` are characters of the text."""

    id: int
    piece: str
    begin: int
    end: int


class SubwordSampler:
    """Draws segmentations where the checkpoint brings its `sentencepiece.model`; else it gives the best one."""

    def __init__(self, folder: Path, *, max_length: int, alpha: float = 0.7) -> None:
        """`alpha` smooths the distribution over segmentations: 0 draws evenly, large values give the best one."""
        path = folder / SENTENCEPIECE_NAME
        self._model = sentencepiece.SentencePieceProcessor(model_file=str(path)) if path.exists() else None
        self._best = TextEncoder(folder, max_length=max_length)
        self.pad_id, self.unknown_id = self._best.pad_id, self._best.unknown_id
        self._max_length = max_length
        self._alpha = alpha

    def sample(self, text: str) -> Encoded:
        """One drawn segmentation, cut to `max_length` tokens."""
        if self._model is None:
            return self._best.encode(text)
        pieces, n_kept = self._pieces(text), self._max_length - 2
        ids = [0, *(piece.id for piece in pieces[:n_kept]), 2]
        offsets = [(0, 0), *_spans(text, pieces)[:n_kept], (0, 0)]
        return Encoded(ids, offsets)

    def _pieces(self, text: str) -> list[Piece]:
        sampling = {"enable_sampling": True, "alpha": self._alpha, "nbest_size": -1}
        if hasattr(sentencepiece, "ImmutableSentencePieceText"):
            drawn = self._model.encode(text, out_type="immutable_proto", **sampling).pieces  # type: ignore[union-attr]
            return [Piece(one.id, one.piece, one.begin, one.end) for one in drawn]
        # From 0.2.2 on pieces are counted in bytes of UTF-8.
        drawn = self._model.encode(text, return_type="proto", **sampling).pieces  # type: ignore[union-attr]
        at = _characters_of_bytes(text)
        return [Piece(one.id, one.piece, at[one.begin], at[one.end]) for one in drawn]

    def sample_ids(self, text: str) -> list[int]:
        """Ids of one drawn segmentation without special tokens and offsets (faster); at least one id."""
        if self._model is None:
            return self._best.encode(text).input_ids[1:-1] or [self.unknown_id]
        drawn = self._model.encode(text, out_type=int, enable_sampling=True, alpha=self._alpha, nbest_size=-1)
        return drawn[: self._max_length] or [self.unknown_id]

    def best(self, text: str) -> Encoded:
        """The segmentation that serving sees."""
        return self._best.encode(text)


def _characters_of_bytes(text: str) -> list[int]:
    """For each byte of the text in UTF-8, and the place behind the last, how many characters begin before it.

    >>> _characters_of_bytes("öl")
    [0, 1, 1, 2]
    """
    places: list[int] = []
    for number, character in enumerate(text):
        n_bytes = len(character.encode("utf-8", "replace"))
        places += [number] + [number + 1] * (n_bytes - 1)
    return [*places, len(text)]


def _spans(text: str, pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Characters of each piece. A byte of a letter, or half of one, has none of its own: it shares the next piece's.

    The serving tokenizer counts so, and an entity's tags run through without a gap.
    """
    spans: list[tuple[int, int]] = []
    shared = (0, 0)
    for piece in reversed(pieces):
        own = trim(text, piece.begin, piece.end)
        shared = own if own[0] < own[1] else shared
        is_space = piece.piece == SPACE and piece.begin < piece.end
        spans.append(own if is_space else shared)
    return spans[::-1]
