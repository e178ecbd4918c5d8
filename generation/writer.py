"""The served writer: an mT5 model in CTranslate2 (int8), within a token and a time limit. Imports no torch."""

from __future__ import annotations

import time
from pathlib import Path

import ctranslate2
from tokenizers import Tokenizer

from store.manifest import verify

TOKENIZER_NAME = "tokenizer.json"
MODEL_NAME = "model.bin"
END = "</s>"


class Writer:
    """`write` turns a prompt into text; None when the time ran out or nothing came."""

    def __init__(self, folder: Path, *, n_threads: int = 2, time_limit_s: float = 1.0, max_input: int = 160) -> None:
        """Raises FileNotFoundError naming what is missing in `folder`."""
        for name in (MODEL_NAME, TOKENIZER_NAME):
            if not (folder / name).exists():
                raise FileNotFoundError(
                    f"{folder / name} is missing: the writer cannot be loaded. Run `uv run xenia train --only writer`."
                )
        verify(folder, mend="Run `uv run xenia train --only writer`.")
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_NAME))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_input)
        self._model = ctranslate2.Translator(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=n_threads
        )
        self._time_limit_s = time_limit_s

    def write(self, prompt: str, *, max_tokens: int = 96) -> str | None:
        """One reply, greedy. `max_tokens` bounds its length; the time limit ends a reply that would come too late."""
        deadline = time.monotonic() + self._time_limit_s
        late = False

        def stop(_: ctranslate2.GenerationStepResult) -> bool:
            nonlocal late
            late = time.monotonic() > deadline
            return late

        tokens = list(self._tokenizer.encode(prompt).tokens)
        results = self._model.translate_batch(
            [tokens], beam_size=1, max_decoding_length=max_tokens, callback=stop, repetition_penalty=1.0
        )
        pieces = results[0].hypotheses[0] if results[0].hypotheses else []
        if late or not pieces:
            return None
        return self.decode([piece for piece in pieces if piece != END])

    def decode(self, pieces: list[str]) -> str:
        """Pieces -> text; pieces the vocabulary does not hold are left out."""
        ids = [self._tokenizer.token_to_id(piece) for piece in pieces]
        return self._tokenizer.decode([i for i in ids if i is not None], skip_special_tokens=False).strip()
