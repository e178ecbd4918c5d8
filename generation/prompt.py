"""The writer's input, built in one place for training and serving.

    <2de> refund_status<s>= <v0>=date<t><en> Your refund arrives by <v0>.<m> wann kommt mein geld

language to write in, intent, what sentinels stand for, templates (the first one is the source), the message. No space
stands before a mark: it would be a token of its own, and the last one of a source could not be told from its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.placeholders import SENTINEL, SENTINELS, Protected, protect

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
MAX_TEMPLATES = 2
MAX_MESSAGE = 40
SLOTS, TEMPLATE, MESSAGE = "<s>=", "<t>", "<m>"


def target_token(language: str) -> str:
    """The token that asks for a language."""
    return f"<2{language}>"


def language_token(language: str) -> str:
    """The token that says in which language a template stands."""
    return f"<{language}>"


def symbols() -> tuple[str, ...]:
    """All tokens that the writer's vocabulary must keep whole."""
    tags = [tag for language in LANGUAGES for tag in (target_token(language), language_token(language))]
    return (*tags, SLOTS, TEMPLATE, MESSAGE, *SENTINELS)


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text with its language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The writer's input and what its sentinels stand for."""

    text: str
    sentinels: Mapping[str, str]


def build_prompt(*, language: str, intent: str, sources: Sequence[Source], message: str) -> Prompt:
    """`sources` best first; raises ValueError when there is none or the language is not one the writer learnt."""
    if not sources:
        raise ValueError("the writer needs at least one template: expected sources, found none")
    if language not in LANGUAGES:
        raise ValueError(f"the writer does not write {language!r}: it learnt {', '.join(LANGUAGES)}")
    chosen = sources[:MAX_TEMPLATES]
    protected: Protected = protect([source.text for source in chosen])
    slots = " ".join(
        f"{sentinel}={literal[1:-1]}" for sentinel, literal in protected.sentinels.items() if literal.startswith("{")
    )
    templates = "".join(
        f"{TEMPLATE}{language_token(source.language)} {text}"
        for source, text in zip(chosen, protected.texts, strict=True)
    )
    unmarked = message[:MAX_MESSAGE].replace("<", " ").replace(">", " ")  # nobody types a mark of the prompt
    said = SENTINEL.sub("0", protect([unmarked]).texts[0])
    return Prompt(f"{target_token(language)} {intent}{SLOTS} {slots}{templates}{MESSAGE} {said}", protected.sentinels)
