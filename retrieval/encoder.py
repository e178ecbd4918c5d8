"""Texts -> unit vectors, from an exported sentence encoder (`model.onnx`, `tokenizer.json`). Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from retrieval.provenance import MODEL_NAME, TOKENIZER_NAME, encoder_id
from store.manifest import verify

MAX_LENGTH = 96
BATCH_SIZE = 64


class SentenceEncoder:
    """`encode` gives float32 (n, dim) rows of length 1: their inner product is the cosine."""

    def __init__(self, folder: Path, *, n_threads: int = 1) -> None:
        """Raises FileNotFoundError naming what is missing in `folder`."""
        self.id = encoder_id(folder)
        verify(folder, mend="Run `uv run xenia train --only encoder`.")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_NAME))
        self._tokenizer.enable_truncation(MAX_LENGTH)
        self._tokenizer.no_padding()
        found = (self._tokenizer.token_to_id(name) for name in ("<pad>", "[PAD]"))
        self._pad_id = next((one for one in found if one is not None), 0)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_NAME), options, providers=["CPUExecutionProvider"]
        )
        # Asked of the model, not of its graph, whose shapes may be symbols.
        self.dim = int(self._embed([[0, 2]]).shape[-1])

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """Rows in the order of `texts`; encoded in batches of like length."""
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        for at in range(0, len(order), BATCH_SIZE):
            chosen = order[at : at + BATCH_SIZE]
            out[chosen] = self._embed([ids[index] for index in chosen])
        return out

    def similarity(self, left: str, right: str) -> float:
        """Cosine of two texts, in [-1, 1]."""
        one, two = self.encode([left, right])
        return float(one @ two)

    def _embed(self, rows: Sequence[Sequence[int]]) -> NDArray[Any]:
        longest = max(map(len, rows))
        input_ids = np.full((len(rows), longest), self._pad_id, dtype=np.int64)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for number, row in enumerate(rows):
            input_ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        feeds = {"input_ids": input_ids, "attention_mask": mask}
        vectors: NDArray[Any] = self._session.run(["embedding"], feeds)[0]
        return vectors
