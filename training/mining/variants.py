"""The general answers to one need in one language -> a few variants, each with a score and its reasons.

What speaks for a variant: how many conversations said it (one alone proves nothing), how those went, how much of the agents'
answers it keeps, how near it is to all that was answered to the need, its length, and how lately it was said. Each part lies
in [0, 1]; the score is their weighted mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.logs.courtesies import n_words
from training.mining.answers import Candidate

WEIGHTS = {"support": 0.35, "outcome": 0.2, "generality": 0.15, "agreement": 0.15, "length": 0.1, "recency": 0.05}
SAME_ANSWER = 0.74
"""Cosine from which on two answers are variants of one."""
_FULL_SUPPORT = 4
_HALF_LIFE_DAYS = 365.0
_SHORT, _LONG = 8, 45
_AMOUNT = re.compile(r"[€$£¥₹₽₺]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|\$|£|¥|₹|₽|₺|EUR|USD|GBP|PLN|zł|TL|руб\.?|元|円|रुपये)")


@dataclass(frozen=True, slots=True)
class Variant:
    """A template to be: its text, the candidates that say it, the score in [0, 1] and the score's parts by name."""

    text: str
    members: tuple[Candidate, ...]
    score: float
    reasons: dict[str, float]

    @property
    def n_conversations(self) -> int:
        """How many conversations said it."""
        return len({one.case.conversation_id for one in self.members})


def variants_of(candidates: Sequence[Candidate], vectors: NDArray[Any], *, newest: datetime | None) -> list[Variant]:
    """Best first; `vectors` (n, dim) are unit rows of the candidates' texts, `newest` the last moment of the whole log."""
    groups: list[list[int]] = []
    for number in sorted(range(len(candidates)), key=lambda one: -candidates[one].generality):
        near = [(float(vectors[number] @ vectors[group[0]]), group) for group in groups]
        score, group = max(near, default=(-1.0, []), key=lambda one: one[0])
        if score >= SAME_ANSWER:
            group.append(number)
        else:
            groups.append([number])
    centre = vectors.mean(axis=0)
    variants = [
        _variant([candidates[one] for one in group], vectors[group], centre=centre, newest=newest) for group in groups
    ]
    return sorted(variants, key=lambda one: -one.score)


def _variant(
    members: list[Candidate], vectors: NDArray[Any], *, centre: NDArray[Any], newest: datetime | None
) -> Variant:
    """The member nearest to all others speaks for them; an amount that they do not agree on becomes `{amount}`."""
    typical = members[int(np.argmax(vectors @ vectors.mean(axis=0)))]
    n_conversations = len({one.case.conversation_id for one in members})
    text, agreed = _amounts(typical.text, members)
    reasons = {
        "support": 1 - 10 ** (-(n_conversations - 1) / _FULL_SUPPORT),
        "outcome": sum(one.case.outcome for one in members) / len(members),
        "generality": typical.generality * (1.0 if agreed else 0.5),
        "agreement": float(np.clip(vectors.mean(axis=0) @ centre / max(float(np.linalg.norm(centre)), 1e-9), 0, 1)),
        "length": _length(n_words(text)),
        "recency": _recency([one.case.at for one in members if one.case.at], newest),
    }
    rounded = {name: round(value, 3) for name, value in reasons.items()}
    return Variant(text, tuple(members), round(sum(WEIGHTS[name] * reasons[name] for name in WEIGHTS), 3), rounded)


def _amounts(text: str, members: Sequence[Candidate]) -> tuple[str, bool]:
    """The text, and whether its amounts are said by more than one conversation; amounts that differ become `{amount}`."""
    if not _AMOUNT.search(text):
        return text, True
    said = [(one.case.conversation_id, frozenset(_AMOUNT.findall(one.text))) for one in members]
    with_amounts = {conversation: amounts for conversation, amounts in said if amounts}
    if len(with_amounts) > 1 and len(set(with_amounts.values())) > 1:
        return _AMOUNT.sub("{amount}", text), True
    return text, len(with_amounts) > 1


def _length(words: int) -> float:
    """1 between 8 and 45 words, falling to 0 at twice and at half of that."""
    if words < _SHORT:
        return max(0.0, (words - _SHORT / 2) / (_SHORT / 2))
    return max(0.0, min(1.0, (2 * _LONG - words) / _LONG))


def _recency(moments: Sequence[datetime], newest: datetime | None) -> float:
    """Halves with every year before the newest moment of the log; 0.5 where nothing is dated."""
    if newest is None or not moments:
        return 0.5
    return float(0.5 ** ((newest - max(moments)).total_seconds() / 86400 / _HALF_LIFE_DAYS))
