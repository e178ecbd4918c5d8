"""A conversation's events -> the language it is held in. For Rasa's tracker and for the action server's alike.

The decision is a pure function of the events, so that the server and the actions come to the same one without a slot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.settings import settings
from nlu.conversation import Decision, Turn, decide
from nlu.types import Language, LanguageGuess

CHOICE_SLOT = "language_choice"
MAX_EVENTS = 400
_UNKNOWN = Language(code=None, confidence=0.0, candidates=(), abstained=True)


def conversation_language(events: Iterable[Mapping[str, Any]]) -> Decision:
    """The language to answer in and why. `events` are event dicts in order, as a tracker stores them."""
    turns = turns_of(events)
    configured = settings()
    return decide(turns, served=configured.languages, default=configured.default_language)


def turns_of(events: Iterable[Mapping[str, Any]]) -> Sequence[Turn]:
    """One turn a customer message: what the identifier said, the channel's hint, an explicit choice."""
    turns: list[Turn] = []
    for event in list(events)[-MAX_EVENTS:]:
        if event.get("event") == "user":
            metadata = event.get("metadata") or {}
            turns.append(
                Turn(
                    language=language_from_dict((event.get("parse_data") or {}).get("language")),
                    hint=metadata.get("language_hint"),
                    chosen=metadata.get("language_choice"),
                )
            )
        elif event.get("event") == "slot" and event.get("name") == CHOICE_SLOT and event.get("value") and turns:
            last = turns[-1]
            turns[-1] = Turn(language=last.language, hint=last.hint, chosen=str(event["value"]))
    return turns


def language_to_dict(language: Language) -> dict[str, Any]:
    """The contract's form in a parse."""
    return {
        "code": language.code,
        "confidence": round(language.confidence, 4),
        "candidates": [{"code": guess.code, "confidence": round(guess.confidence, 4)} for guess in language.candidates],
        "abstained": language.abstained,
        "n_words": language.n_words,
    }


def language_from_dict(data: Mapping[str, Any] | None) -> Language:
    """Inverse of `language_to_dict`; a message without it (a button) is neutral."""
    if not data:
        return _UNKNOWN
    return Language(
        code=data.get("code"),
        confidence=float(data.get("confidence", 0.0)),
        candidates=tuple(LanguageGuess(one["code"], float(one["confidence"])) for one in data.get("candidates", [])),
        abstained=bool(data.get("abstained", True)),
        n_words=data.get("n_words"),
    )
