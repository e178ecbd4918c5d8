"""Whether what the bot understood was right, as far as the rest of the conversation tells.

Strict on purpose: the rows go into the training of the model that made the guess. A guess counts where the bot answered
it, no person had to take over, and the customer neither said no, nor asked again in other words, nor was misunderstood
right afterwards; where the customer said nothing more, the conversation must have gone well.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from training.logs.courtesies import n_words
from training.logs.dialogues import Dialogue, Label, Origin, Role, Turn

FALLBACK_INTENT = "nlu_fallback"
FAILED_REPLIES = frozenset(
    {
        "utter_ask_affirmation",
        "utter_ask_rephrase",
        "utter_default",
        "utter_error",
        "utter_no_answer",
        "utter_offer_human",
    }
)
"""Replies that say: not understood, or nothing found."""
_AGAINST = frozenset({"deny", "talk_to_human"})
_SAME_WORDS = 0.5
"""Share of common three-character pieces from which on a message repeats another."""


def confirmed_intent(dialogue: Dialogue, index: int, *, threshold: float) -> Label | None:
    """The label of turn `index` where the model was at least so confident and the conversation bears it out."""
    turn = dialogue.turns[index]
    label = turn.label
    if label is None or not turn.has_words or dialogue.resolved is False or label.intent == FALLBACK_INTENT:
        return None
    if label.origin is Origin.CUSTOMER:
        return label
    sure = label.origin is Origin.MODEL and label.confidence >= threshold
    return label if sure and _was_served(dialogue, index) else None


def _was_served(dialogue: Dialogue, index: int) -> bool:
    rest = dialogue.turns[index + 1 :]
    replies = _replies(rest)
    if not replies or any(map(_failed, replies)):
        return False
    if len(replies) == len(rest):
        return dialogue.went_well
    return not _says_no(rest[len(replies)], dialogue.turns[index]) and not any(
        map(_failed, _replies(rest[len(replies) + 1 :]))
    )


def _replies(turns: Sequence[Turn]) -> list[Turn]:
    return list(takewhile(lambda turn: turn.role is not Role.CUSTOMER, turns))


def _failed(reply: Turn) -> bool:
    return reply.role is Role.AGENT or reply.written_by == "handoff" or not FAILED_REPLIES.isdisjoint(reply.answer_ids)


def _says_no(turn: Turn, before: Turn) -> bool:
    intent = turn.label.intent if turn.label else None
    if intent in _AGAINST or turn.text.lstrip("/").split("{")[0] in _AGAINST:
        return True
    # A bare number that answers the bot's question is often "not understood", and rightly taken by the form.
    misunderstood = intent == FALLBACK_INTENT and n_words(turn.text) > sum("@" in word for word in turn.text.split())
    return misunderstood or _similarity(turn.text, before.text) >= _SAME_WORDS


def _similarity(left: str, right: str) -> float:
    """Jaccard index of the three-character pieces, in [0, 1]."""
    one, two = _pieces(left), _pieces(right)
    return len(one & two) / len(one | two) if one | two else 0.0


def _pieces(text: str) -> set[str]:
    padded = f" {' '.join(text.casefold().split())} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
