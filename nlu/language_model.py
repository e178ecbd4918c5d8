"""A linear model of languages over character n-grams: one file `language.npz`, written by `training.language_id.train`.

A class is a language, or a language in Latin letters (`hi-Latn`), or the rest of a script (`other-Latn`). Weights are
int8 with one scale; a text is the sum of its n-grams' rows over the square root of their number.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.language_features import ngrams
from nlu.scripts import LANGUAGE_OF_SCRIPT, LANGUAGES_OF_SCRIPT
from store.manifest import verify

MODEL_NAME = "language.npz"
REBUILD = "Run `uv run xenia train --only language`."


_SCRIPT_OF = {language: script for script, language in LANGUAGE_OF_SCRIPT.items()} | {
    language: script for script, languages in LANGUAGES_OF_SCRIPT.items() for language in languages
}


@dataclass(frozen=True, slots=True)
class Weighing:
    """How evidence becomes a posterior for texts of at least `n_letters` letters (a Han character counts twice).

    score = own * logit + fasttext * log(p_fasttext + FLOOR) + a constant of the kind of class; posterior = softmax.
    The kinds: the spoken languages have 0, `romanised`, `known` (another class of this model), `rare` (fastText only).
    """

    n_letters: int
    own: float
    fasttext: float
    romanised: float
    known: float
    rare: float


@dataclass(frozen=True, slots=True)
class Settings:
    """Saved beside the weights. Below `threshold` (probability of the best language) the identifier abstains."""

    spoken: tuple[str, ...]
    classes: tuple[str, ...]
    neutral: tuple[str, ...]
    weighings: tuple[Weighing, ...]
    scale: float
    threshold: float

    def to_json(self) -> str:
        """One JSON object; `weighings` as objects."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The inverse of `to_json`."""
        data = json.loads(text)
        weighings = tuple(Weighing(**one) for one in data.pop("weighings"))
        tuples = {name: tuple(data.pop(name)) for name in ("spoken", "classes", "neutral")}
        return cls(weighings=weighings, **tuples, **data)  # type: ignore[arg-type]


def script_of_class(name: str) -> str:
    """The script of a class.

    >>> script_of_class("uk"), script_of_class("hi-Latn"), script_of_class("de")
    ('Cyrl', 'Latn', 'Latn')
    """
    if "-" in name:
        return name.split("-")[1]
    return _SCRIPT_OF.get(name, "Latn")


class LanguageModel:
    """Logits of all classes for the words of a text."""

    def __init__(
        self, settings: Settings, vocabulary: list[str], weights: NDArray[np.int8], bias: NDArray[np.float32]
    ) -> None:
        """`weights` int8 (n_ngrams, n_classes), `bias` float32 (n_classes,)."""
        expected = (len(vocabulary), len(settings.classes))
        if weights.shape != expected:
            raise ValueError(f"weights: expected shape {expected}, found {weights.shape}. {REBUILD}")
        self.settings = settings
        self._rows = {ngram: row for row, ngram in enumerate(vocabulary)}
        self._weights = weights
        self._bias = bias

    def logits(self, words: list[str]) -> NDArray[np.float64]:
        """float64 (n_classes,): log probabilities, normalised over all classes."""
        rows = [row for row in map(self._rows.get, ngrams(words)) if row is not None]
        logits = self._bias.astype(np.float64)
        if rows:
            logits += self._weights[rows].sum(axis=0, dtype=np.int32) * (self.settings.scale / math.sqrt(len(rows)))
        top = logits.max()
        return np.asarray(logits - top - math.log(np.exp(logits - top).sum()))

    def save(self, folder: Path) -> None:
        """Write `language.npz`."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / MODEL_NAME,
            settings=np.frombuffer(self.settings.to_json().encode(), np.uint8),
            vocabulary=np.frombuffer("\n".join(self._rows).encode(), np.uint8),
            weights=self._weights,
            bias=self._bias.astype(np.float32),
        )

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Raises FileNotFoundError where the file is missing, DamagedArtefact where its manifest names another."""
        path = folder / MODEL_NAME
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing: languages cannot be told. {REBUILD}")
        verify(folder, mend=REBUILD)
        with np.load(path) as arrays:
            settings = Settings.from_json(arrays["settings"].tobytes().decode())
            vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
            return cls(settings, vocabulary, arrays["weights"], arrays["bias"])
