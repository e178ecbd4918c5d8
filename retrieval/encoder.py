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

PAD = 1
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
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_NAME), options, providers=["CPUExecutionProvider"]
        )
        # Asked of the model, not of its graph, whose shapes may be symbols.
        self.dim = int(self._embed(np.array([[0, 2]], dtype=np.int64)).shape[-1])

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """Rows in the order of `texts`; encoded in batches of like length."""
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        for at in range(0, len(order), BATCH_SIZE):
            chosen = order[at : at + BATCH_SIZE]
            longest = max(len(ids[index]) for index in chosen)
            input_ids = np.full((len(chosen), longest), PAD, dtype=np.int64)
            for row, index in enumerate(chosen):
                input_ids[row, : len(ids[index])] = ids[index]
            out[chosen] = self._embed(input_ids)
        return out

    def _embed(self, input_ids: NDArray[Any]) -> NDArray[Any]:
        feeds = {"input_ids": input_ids, "attention_mask": (input_ids != PAD).astype(np.int64)}
        vectors: NDArray[Any] = self._session.run(["embedding"], feeds)[0]
        return vectors
