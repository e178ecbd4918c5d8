"""The language of a conversation: what was asked for, written, said before, or hinted at by the channel, and why.

A pure function over the turns, replayed from the first: `nlu.language` judges one message, this module the dialogue. A
neutral message changes nothing, a borderline one does not flip a conversation, a clear sentence in another language
does; an explicit request wins at once and is given up only when the customer writes another language twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from nlu.types import Language

CLEAR_CONFIDENCE = 0.9
CLEAR_WORDS = 3
"""A turn is clear with this confidence and this many words: `Kowalski` is Polish beyond doubt and says nothing."""

BORDERLINE = 0.15
"""An unclear turn in which the present language still has this probability is taken to be in it."""

TURNS_TO_FLIP = 2
"""Unclear turns in a row (or clear ones against an explicit choice) that change the language."""

NEAREST = {
    "uk": "ru", "be": "ru", "kk": "ru", "ky": "ru", "tg": "ru", "uz": "ru", "hy": "ru", "ka": "ru", "az": "tr",
    "tk": "tr", "ku": "tr", "ca": "es", "eu": "es", "an": "es", "gn": "es", "qu": "es", "gl": "pt", "cs": "pl",
    "sk": "pl", "af": "nl", "fy": "nl", "li": "nl", "lb": "de", "rm": "de", "co": "it", "sc": "it", "oc": "fr",
    "br": "fr", "wa": "fr", "ht": "fr", "mg": "fr", "mr": "hi", "ne": "hi", "gu": "hi", "pa": "hi", "ur": "en",
    "fa": "en", "cy": "en", "ga": "en", "gd": "en",
}  # fmt: skip
"""For a language that is not served, the one its writers most probably read: as a second language or by likeness (Czech
and Slovak with Polish). Persian and Urdu share a script with Arabic and little else: English. What is not here falls
back to the channel's hint, then to the default."""

_TAGS = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "cmn": "zh", "yue": "zh", "fil": "tl"}


class Reason(str, Enum):
    """Why a conversation has its language."""

    CHOSEN = "chosen"
    MESSAGE = "message"
    HISTORY = "history"
    HINT = "hint"
    DEFAULT = "default"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message. `hint`: tag from the channel (`pt-BR`); `chosen`: a language asked for in words or picked.

    A `chosen` that the turn before has too is the picker still standing where it stood, not a new request.
    """

    language: Language
    hint: str | None = None
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`language` is always served. `unavailable`: the language asked for or written where that one is not served."""

    language: str
    reason: Reason
    unavailable: str | None


@dataclass(frozen=True, slots=True)
class _State:
    """`wanted` may be unserved. `rival`: another language, unclearly seen for `n_rival` turns."""

    wanted: str | None = None
    reason: Reason = Reason.DEFAULT
    chosen: bool = False
    rival: str | None = None
    n_rival: int = 0
    spoken: str | None = None
    """The last served language in force: where a request for an unserved one leaves the conversation."""


def decide(turns: Sequence[Turn], *, served: Sequence[str], default: str) -> Decision:
    """The language to answer in after the last turn. `served` and `default` are ISO 639-1.

    A language that is not served is believed in a clear message only: nobody is told that their name is unavailable.
    Raises ValueError where `default` is not served.
    """
    if default not in served:
        raise ValueError(f"default language: expected one of {', '.join(served)}, found {default!r}")
    state, hint, chosen_before = _State(), None, None
    for turn in turns:
        hint = base_tag(turn.hint) or hint
        chosen = base_tag(turn.chosen)
        if chosen and chosen != chosen_before:
            state = _State(chosen, Reason.CHOSEN, chosen=True, spoken=state.spoken)
        elif turn.language.code in served or is_clear(turn.language):
            state = _heard(state, turn.language, hint)
        else:
            state = _kept(state)
        chosen_before = chosen
        if state.wanted in served:
            state = replace(state, spoken=state.wanted)
    return _served(state, served=served, hint=hint, default=default)


def base_tag(tag: str | None) -> str | None:
    """ISO 639-1 code of a language tag or an Accept-Language header; None where it has none.

    >>> base_tag("pt-BR"), base_tag("de-CH,de;q=0.9,en;q=0.8"), base_tag("nb_NO"), base_tag("*")
    ('pt', 'de', 'no', None)
    """
    first = (tag or "").split(",")[0].split(";")[0].replace("_", "-").split("-")[0].strip().lower()
    code = _TAGS.get(first, first)
    return code if len(code) == 2 and code.isalpha() else None


def is_clear(language: Language) -> bool:
    """Whether one message alone shows the language: confident, and a sentence rather than a name or a word."""
    if language.abstained or language.confidence < CLEAR_CONFIDENCE:
        return False
    return language.n_words is None or language.n_words >= CLEAR_WORDS


def _heard(state: _State, language: Language, hint: str | None) -> _State:
    """The state after a message without a request."""
    code = language.code
    if code is None:
        return _kept(state)
    if state.wanted is None:
        return _first(language, hint, spoken=state.spoken)
    if code == state.wanted or (not is_clear(language) and _probability(language, state.wanted) >= BORDERLINE):
        reason = Reason.CHOSEN if state.chosen else Reason.MESSAGE if code == state.wanted else Reason.HISTORY
        return replace(state, reason=reason, rival=None, n_rival=0)
    if state.chosen and not is_clear(language):
        return _kept(state)
    n_rival = state.n_rival + 1 if code == state.rival else 1
    enough = n_rival >= TURNS_TO_FLIP or (not state.chosen and is_clear(language))
    if enough:
        return _State(code, Reason.MESSAGE, spoken=state.spoken)
    return replace(_kept(state), rival=code, n_rival=n_rival)


def _first(language: Language, hint: str | None, *, spoken: str | None) -> _State:
    """The first message that says anything; the channel's hint decides between candidates of an unclear one."""
    if not is_clear(language) and hint and hint != language.code and _probability(language, hint) >= BORDERLINE:
        return _State(hint, Reason.HINT, spoken=spoken)
    return _State(language.code, Reason.MESSAGE, spoken=spoken)


def _kept(state: _State) -> _State:
    if state.wanted is None or state.chosen:
        return state
    return replace(state, reason=Reason.HISTORY)


def _probability(language: Language, code: str) -> float:
    return next((guess.confidence for guess in language.candidates if guess.code == code), 0.0)


def _served(state: _State, *, served: Sequence[str], hint: str | None, default: str) -> Decision:
    if state.wanted is None:
        if hint in served and hint is not None:
            return Decision(hint, Reason.HINT, None)
        return Decision(default, Reason.DEFAULT, None)
    if state.wanted in served:
        return Decision(state.wanted, state.reason, None)
    before = state.spoken if state.chosen else None
    for code in (before, NEAREST.get(state.wanted)):
        if code is not None and code in served:
            return Decision(code, Reason.NEAREST, state.wanted)
    if hint is not None and hint in served:
        return Decision(hint, Reason.HINT, state.wanted)
    return Decision(default, Reason.DEFAULT, state.wanted)
