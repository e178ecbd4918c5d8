"""The language of one text: script, our own n-gram model and fastText weighed into one posterior.

In: a message as written. Out: `nlu.types.Language` with a calibrated probability, or an abstention where the text is
neutral (`ok`, `48213`, an e-mail, emoji) or too short to tell. One message only: what a conversation's language is,
`nlu.conversation` decides. Deterministic, well below a millisecond on one core, thread-safe.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.fasttext_languages import FastTextLanguages
from nlu.language_features import words_of
from nlu.language_model import LanguageModel, Weighing, script_of_class
from nlu.scripts import LANGUAGE_OF_SCRIPT, LANGUAGES_OF_SCRIPT, script_of
from nlu.types import Language, LanguageGuess

FloatArray = NDArray[np.float64]

FOLDER = Path("models/starter/language")
FLOOR = 1e-3
"""Added to fastText's probabilities before the logarithm: it can be very sure and wrong."""
RARE = 0.02
"""A language our own model does not know needs this much of fastText's probability to be a candidate."""
N_CANDIDATES = 5
_ONE_LANGUAGE = 0.99
"""Confidence where the script decides alone (Greek letters: Greek)."""


def n_letters(words: list[str]) -> int:
    """Letters of the words; one from U+3000 on (Kana, Han, Hangul) counts twice."""
    return sum(2 if character >= "\u3000" else 1 for word in words for character in word)


def word_count(words: list[str]) -> int:
    """Words between spaces; two characters from U+3000 on, or two Thai ones, count as a word.

    >>> word_count(["wo", "ist"]), word_count(["我的包裹在哪里"])
    (2, 4)
    """
    unspaced = sum(character >= "\u3000" or "\u0e00" <= character < "\u0f00" for word in words for character in word)
    spaced = sum(word[0] < "\u3000" and not "\u0e00" <= word[0] < "\u0f00" for word in words)
    return spaced + (unspaced + 1) // 2


class LanguageIdentifier:
    """Loads `models/starter/language` and judges texts."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Raises FileNotFoundError or ValueError naming the command that rebuilds what is missing or damaged."""
        self._model = LanguageModel.load(folder)
        self._fasttext = FastTextLanguages()
        settings = self._model.settings
        self._threshold = settings.threshold
        self._neutral = frozenset(settings.neutral)
        self._evidence = Evidence(settings.classes, settings.spoken)

    def code_of(self, text: str) -> str | None:
        """ISO 639-1 of `text`, None where `identify` abstains."""
        return self.identify(text).code

    def identify(self, text: str) -> Language:
        """The language of `text` (ISO 639-1), or an abstention: `code` None, `confidence` 0.0, perhaps candidates.

        Candidates are at most five, best first; their probabilities sum to at most 1.
        """
        words = words_of(text)
        telling = [word for word in words if word not in self._neutral]
        script = script_of(" ".join(telling))
        n_words = word_count(telling)
        if script is None or n_letters(telling) < 2:
            return Language(None, 0.0, (), abstained=True, n_words=n_words)
        if script in LANGUAGE_OF_SCRIPT:
            guess = LanguageGuess(LANGUAGE_OF_SCRIPT[script], _ONE_LANGUAGE)
            return Language(guess.code, guess.confidence, (guess,), abstained=False, n_words=n_words)
        guesses = self._posterior(words, script)
        best = guesses[0]
        if best.confidence < self._threshold:
            return Language(None, 0.0, guesses, abstained=True, n_words=n_words)
        return Language(best.code, best.confidence, guesses, abstained=False, n_words=n_words)

    def _posterior(self, words: list[str], script: str) -> tuple[LanguageGuess, ...]:
        codes, features = self._evidence.of(
            script, self._model.logits(words), self._fasttext.probabilities(" ".join(words))
        )
        probabilities = weigh(features, weighing_for(self._model.settings.weighings, n_letters(words)))
        total: dict[str, float] = {}
        for code, probability in zip(codes, probabilities, strict=True):
            total[code] = total.get(code, 0.0) + float(probability)
        ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))[:N_CANDIDATES]
        return tuple(LanguageGuess(code, round(min(probability, 1.0), 6)) for code, probability in ranked)


class Evidence:
    """Brings both models into one table of candidates, for serving and for fitting the weighings."""

    def __init__(self, classes: tuple[str, ...], spoken: tuple[str, ...]) -> None:
        """`classes` in the order of the logits."""
        self._classes = classes
        self._spoken = frozenset(spoken)
        self._by_script = {
            script: [index for index, name in enumerate(classes) if script_of_class(name) == script]
            for script in ("Latn", *LANGUAGES_OF_SCRIPT)
        }

    def of(self, script: str, logits: FloatArray, probabilities: dict[str, float]) -> tuple[list[str], FloatArray]:
        """Codes of n candidates, and float64 (n, 5): logit, log fastText, and 0/1 for romanised, known, rare.

        A language that only fastText knows gets the best logit of the script: our own model has no say about it. It is
        rare among the many in Latin letters; where few languages share a script, it counts like a known one.
        """
        codes: list[str] = []
        rows: list[tuple[float, float, float, float, float]] = []
        unknown = max(float(logits[index]) for index in self._by_script[script])
        for index in self._by_script[script]:
            name, logit = self._classes[index], float(logits[index])
            code, _, variant = name.partition("-")
            if code == "other":
                continue
            if variant:
                codes.append(code)
                rows.append((logit, 0.0, 1.0, 0.0, 0.0))
            else:
                known = 0.0 if code in self._spoken else 1.0
                codes.append(code)
                rows.append((logit, math.log(probabilities.get(code, 0.0) + FLOOR), 0.0, known, 0.0))
        for code, probability in probabilities.items():
            if probability >= RARE and code not in codes and script_of_class(code) == script:
                codes.append(code)
                known, rare = (0.0, 1.0) if script == "Latn" else (1.0, 0.0)
                rows.append((unknown, math.log(probability + FLOOR), 0.0, known, rare))
        return codes, np.array(rows)


def weighing_for(weighings: tuple[Weighing, ...], letters: int) -> Weighing:
    """The last weighing whose `n_letters` the text reaches."""
    return next(one for one in reversed(weighings) if letters >= one.n_letters)


def weigh(features: FloatArray, weighing: Weighing) -> FloatArray:
    """Posterior (n,) of the candidates of `Evidence.of`."""
    factors = (weighing.own, weighing.fasttext, weighing.romanised, weighing.known, weighing.rare)
    scores = features @ np.array(factors)
    exponent = np.exp(scores - scores.max())
    return np.asarray(exponent / exponent.sum())
