"""Which known intent a need is, and a name for one that is none.

A need is a known intent where the intent model says so for most of its questions; otherwise its name is made of the words
that set its questions apart from all others (class-based TF-IDF, as in BERTopic, arXiv 2203.05794).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from nlu.types import Parse
from training.cleaning.folding import fold

Parses = Callable[[Sequence[str]], "list[Parse]"]
MIN_SHARE = 0.5
OUTSIDE = frozenset({"out_of_scope", "nlu_fallback"})
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "bot_challenge"})
"""Rasa's customary names of intents that need no answer from a template."""
N_ASKED = 40
"""Questions of a need that the model is asked about."""
N_NAMED = 3
MAX_SHARED, FEW_NEEDS = 0.1, 2
"""A word that stands in a larger share of the needs, and in more than so many of them, names none."""


def known_intent(questions: Sequence[str], parse: Parses, *, min_share: float = MIN_SHARE) -> str | None:
    """The intent with the highest mean probability over the questions, where that is at least `min_share`."""
    parsed = parse(questions[:N_ASKED])
    total: defaultdict[str, float] = defaultdict(float)
    for one in parsed:
        for intent in one.intents:
            total[intent.name] += intent.confidence
    best = max(total, key=lambda name: total[name], default=None)
    if best is None or best in OUTSIDE or total[best] / len(parsed) < min_share:
        return None
    return best


def suggested_names(needs: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """`{need: questions}` -> a name for each: up to three words of its own, most telling first, joined by `_`.

    Words that many needs share ("you", "bitte") name none. Two needs never get one name: the later one carries its number.
    """
    texts = {number: " ".join(map(_words, questions)) for number, questions in needs.items()}
    texts = {number: text for number, text in texts.items() if text.strip()}
    if not texts:
        return {number: f"need_{number}" for number in needs}
    vectorizer = CountVectorizer(token_pattern=r"(?u)\b[^\W\d_]{3,}\b", max_features=50_000)
    try:
        counts = vectorizer.fit_transform(texts.values()).toarray().astype(float)
    except ValueError:  # no word of three letters anywhere
        return {number: f"need_{number}" for number in needs}
    shared = (counts > 0).sum(0) > max(FEW_NEEDS, MAX_SHARED * len(texts))
    if not shared.all():
        counts[:, shared] = 0.0
    repeated = np.where(counts > 1, counts, 0.0)
    counts = np.where(repeated.any(1, keepdims=True), repeated, counts)  # what one customer alone wrote names no need
    mean = counts.sum() / len(texts)
    weights = counts / np.maximum(counts.sum(1, keepdims=True), 1) * np.log1p(mean / np.maximum(counts.sum(0), 1e-9))
    words = vectorizer.get_feature_names_out()
    names: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for number, row in zip(texts, weights, strict=True):
        best = [str(words[column]) for column in row.argsort()[::-1][:N_NAMED] if row[column] > 0]
        name = "_".join(best) or f"need_{number}"
        taken[name] += 1
        names[number] = name if taken[name] == 1 else f"{name}_{number}"
    return {number: names.get(number, f"need_{number}") for number in needs}


def _words(question: str) -> str:
    """Folded, so that numbers and pseudonyms name nothing."""
    return fold(question)
