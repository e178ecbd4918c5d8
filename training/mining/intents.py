"""Which known intent a need is, and a name for one that is none.

A need is a known intent where the intent model says so for most of its questions; otherwise its name is made of the words
that set its questions apart from all others (class-based TF-IDF, as in BERTopic, arXiv 2203.05794) and whose vectors lie near
theirs (as in KeyBERT, https://maartengr.github.io/KeyBERT): "of" and "please" lie near nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import Any

from numpy.typing import NDArray

from nlu.types import Parse
from training.cleaning.folding import fold

Parses = Callable[[Sequence[str]], "list[Parse]"]
Encodes = Callable[[Sequence[str]], NDArray[Any]]
"""Texts -> unit rows (n, dim), as `retrieval.encoder.SentenceEncoder.encode`."""
MIN_SHARE = 0.5
OUTSIDE = frozenset({"out_of_scope", "nlu_fallback"})
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "bot_challenge"})
"""Rasa's customary names of intents that need no answer from a template."""
N_ASKED = 40
"""Questions of a need that the model is asked about."""
N_NAMED = 3
N_CONSIDERED = 12
"""Words of a need whose vectors are looked at."""
MAX_SHARED, FEW_NEEDS = 0.3, 2
"""A word that stands in a larger share of the needs, and in more than so many of them, names none."""
FAR_BEHIND = 0.35
"""A word with a smaller share of the best one's weight is left out."""
ALIKE = 0.8
"""Two words with a higher cosine say the same."""
_WORD = re.compile(r"\b[^\W\d_]{3,24}\b")


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


def suggested_names(needs: Mapping[int, Sequence[str]], encode: Encodes) -> dict[int, str]:
    """`{need: questions}` -> a name for each: up to three words of its own, most telling first, joined by `_`.

    A word weighs more the more of the need's questions have it, the fewer needs do, and the nearer it lies to the questions.
    What one customer alone wrote names no need where others share a word. Two needs never get one name: the later one carries
    its number.
    """
    words = {number: [_words(question) for question in questions] for number, questions in needs.items()}
    n_needs_with = Counter(word for asked in words.values() for word in set().union(*asked))
    weights = {number: _weights(asked, n_needs_with, len(needs)) for number, asked in words.items()}
    known = sorted(set().union(*weights.values()))
    vectors = dict(zip(known, encode(known), strict=True)) if known else {}
    names: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for number, weighed in weights.items():
        name = "_".join(_best(weighed, vectors, encode(needs[number]))) if weighed else f"need_{number}"
        taken[name] += 1
        names[number] = name if taken[name] == 1 else f"{name}_{number}"
    return names


def _words(question: str) -> set[str]:
    """Folded, so that numbers and pseudonyms name nothing."""
    return set(_WORD.findall(fold(question)))


def _weights(asked: Sequence[set[str]], n_needs_with: Mapping[str, int], n_needs: int) -> dict[str, float]:
    """The heaviest words of one need by counts alone."""
    counts = Counter(word for words in asked for word in words)
    own = {word: n for word, n in counts.items() if n_needs_with[word] <= max(FEW_NEEDS, MAX_SHARED * n_needs)}
    repeated = {word: n for word, n in own.items() if n > 1}
    weights = {word: n * log(1 + n_needs / n_needs_with[word]) for word, n in (repeated or own or counts).items()}
    return {word: weights[word] for word in sorted(weights, key=lambda word: (-weights[word], word))[:N_CONSIDERED]}


def _best(weights: Mapping[str, float], vectors: Mapping[str, NDArray[Any]], questions: NDArray[Any]) -> list[str]:
    """At most N_NAMED words, most telling first, none that says what another one does."""
    centre = questions.mean(0)
    near = {word: weight * max(0.0, float(vectors[word] @ centre)) for word, weight in weights.items()}
    first, *others = sorted(near, key=lambda word: (-near[word], word))
    named = [first]
    for word in others:
        is_new = all(float(vectors[word] @ vectors[one]) < ALIKE for one in named)
        if is_new and near[word] > FAR_BEHIND * near[first] and len(named) < N_NAMED:
            named.append(word)
    return named
