"""Sampled segmentations of a text with offsets, for training. Serving uses the one best (`nlu.encoding`)."""

from __future__ import annotations

from pathlib import Path

import sentencepiece

from nlu.encoding import Encoded, TextEncoder, trim
from training.vocabulary import SENTENCEPIECE_NAME


class SubwordSampler:
    """Draws segmentations where the checkpoint brings its `sentencepiece.model`; else it gives the best one."""

    def __init__(self, folder: Path, *, max_length: int, alpha: float = 0.2) -> None:
        """`alpha` smooths the distribution over segmentations: 0 draws evenly, large values give the best one."""
        path = folder / SENTENCEPIECE_NAME
        self._model = sentencepiece.SentencePieceProcessor(model_file=str(path)) if path.exists() else None
        self._best = TextEncoder(folder, max_length=max_length)
        self._max_length = max_length
        self._alpha = alpha

    def sample(self, text: str) -> Encoded:
        """One drawn segmentation, cut to `max_length` tokens."""
        if self._model is None:
            return self._best.encode(text)
        drawn = self._model.encode(
            text, out_type="immutable_proto", enable_sampling=True, alpha=self._alpha, nbest_size=-1
        )
        pieces = list(drawn.pieces)[: self._max_length - 2]
        ids = [0, *(piece.id for piece in pieces), 2]
        offsets = [(0, 0), *(trim(text, piece.begin, piece.end) for piece in pieces), (0, 0)]
        return Encoded(ids, offsets)

    def best(self, text: str) -> Encoded:
        """The segmentation that serving sees."""
        return self._best.encode(text)
