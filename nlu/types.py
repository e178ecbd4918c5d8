"""What the stage hands on: the language of a text, its intents and its entities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """A language (ISO 639-1) with its probability in [0, 1]."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Language:
    """The language of one text. `candidates` is best first; `code` is None where the text is neutral (`abstained`).

    `n_words`: words that speak for a language (names of products, numbers and codes do not); None where not counted.
    """

    code: str | None
    confidence: float
    candidates: tuple[LanguageGuess, ...]
    abstained: bool
    n_words: int | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent with its calibrated probability in [0, 1]."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A labelled stretch of the original text: characters, end exclusive; confidence in [0, 1]."""

    label: str
    start: int
    end: int
    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Parse:
    """All intents of one text, best first, and its entities in the order of the text."""

    intents: tuple[Intent, ...]
    entities: tuple[Entity, ...]
