"""How near a written text is to a person's: chrF, BLEU and ROUGE-L, each in [0, 1], higher is better, with intervals.

Corpus chrF and BLEU are sacrebleu's. Words are those of its tokenizers: `13a`, and where no space parts words its `zh`
for Chinese and `char` for Japanese (its tokenizer of Japanese words needs MeCab). ROUGE-L is written here over the same
tokens, because the usual package keeps nothing but a-z. For an interval rows are drawn anew, which needs counts by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics import BLEU, CHRF

from training.evaluation.metrics import Interval, bootstrap

CHARACTER_ORDER, BETA = 6, 2
BY_CHARACTER = frozenset({"ja", "th", "km", "lo", "my"})


@dataclass(frozen=True, slots=True)
class ReferencedText:
    """A text, the texts it may be like (one or more), and the language of all of them."""

    text: str
    references: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Nearness:
    """The three figures of a corpus and their 95 % intervals."""

    chrf: float
    chrf_95: Interval
    bleu: float
    bleu_95: Interval
    rouge_l: float
    rouge_l_95: Interval


def nearness(rows: Sequence[ReferencedText]) -> Nearness:
    """All figures of one or more rows; languages may differ, each is cut into its own tokens."""
    texts = [" ".join(tokens(row.text, row.language)) for row in rows]
    references = [[" ".join(tokens(one, row.language)) for one in row.references] for row in rows]
    rouge = [
        max(rouge_l(text.split(), one.split()) for one in ones) for text, ones in zip(texts, references, strict=True)
    ]
    letters = np.array([letter_counts(row) for row in rows])
    words = np.array([word_counts(text, ones) for text, ones in zip(texts, references, strict=True)])
    return Nearness(
        chrf=chrf([row.text for row in rows], [row.references for row in rows]),
        chrf_95=bootstrap([letters], chrf_of_counts),
        bleu=float(_bleu().corpus_score(texts, _streams(references)).score) / 100,
        bleu_95=bootstrap([words], bleu_of_counts),
        rouge_l=sum(rouge) / len(rouge),
        rouge_l_95=bootstrap([np.array([[share, 1.0] for share in rouge])]),
    )


def tokens(text: str, language: str) -> list[str]:
    """Words and marks of a text, or characters where a language writes no spaces.

    >>> tokens("Ihr Paket kommt.", "de"), tokens("包裹到了。", "zh")
    (['Ihr', 'Paket', 'kommt', '.'], ['包', '裹', '到', '了', '。'])
    """
    name = "zh" if language.split("-")[0] == "zh" else "char" if language in BY_CHARACTER else "13a"
    return _tokenizer(name)(text).split()


def chrf(texts: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """Corpus chrF as a share in [0, 1] (n-grams up to 6, beta 2; Popović 2015, aclanthology.org/W15-3049).

    `references[i]` are the accepted texts of row i, one or more; rows with fewer repeat their last one.
    """
    return float(CHRF().corpus_score(list(texts), _streams(references)).score) / 100 if texts else 0.0


def rouge_l(found: Sequence[str], reference: Sequence[str]) -> float:
    """F1 of the longest common subsequence of tokens (Lin 2004, aclanthology.org/W04-1013, section 3.1, beta 1).

    >>> rouge_l("the cat sat".split(), "the cat on the mat sat".split())
    0.6666666666666666
    """
    if not found or not reference:
        return 0.0
    lengths = [0] * (len(reference) + 1)
    for token in found:
        diagonal = 0
        for place, other in enumerate(reference, 1):
            above = lengths[place]
            lengths[place] = diagonal + 1 if token == other else max(above, lengths[place - 1])
            diagonal = above
    return 2 * lengths[-1] / (len(found) + len(reference))


@lru_cache(maxsize=3)
def _tokenizer(name: str) -> Callable[[str], str]:
    tokenizer: Callable[[str], str] = BLEU(tokenize=name).tokenizer
    return tokenizer


def _bleu() -> BLEU:
    return BLEU(tokenize="none", force=True, effective_order=False)


def _streams(references: Sequence[Sequence[str]]) -> list[list[str]]:
    """sacrebleu's layout: all first references, all second ones, ..."""
    width = max(map(len, references))
    return [[row[min(place, len(row) - 1)] for row in references] for place in range(width)]


def letter_counts(row: ReferencedText) -> list[int]:
    """n-grams of the text, of its nearest reference, and common ones, for each order from 1 to 6."""
    found = _letter_ngrams(row.text)
    counts: list[list[int]] = []
    for reference in row.references:
        there = _letter_ngrams(reference)
        # As sacrebleu: an order that the reference is too short for does not count against the text.
        orders = [[f.total() if t else 0, t.total(), (f & t).total()] for f, t in zip(found, there, strict=True)]
        counts.append([count for order in orders for count in order])
    return max(counts, key=lambda one: float(chrf_of_counts(np.array([one]))[0]))


def _letter_ngrams(text: str) -> list[Counter[str]]:
    letters = "".join(text.split())
    return [
        Counter(letters[place : place + order] for place in range(len(letters) - order + 1))
        for order in range(1, CHARACTER_ORDER + 1)
    ]


def chrf_of_counts(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Statistic of rows of `letter_counts`: chrF, orders that do not occur left out. `sums` is (n_draws, 18)."""
    found, there, common = (sums[:, place::3] for place in range(3))
    counted = (found > 0) & (there > 0)
    n_orders = np.maximum(counted.sum(axis=1), 1)
    precision = (counted * common / np.maximum(found, 1)).sum(axis=1) / n_orders
    recall = (counted * common / np.maximum(there, 1)).sum(axis=1) / n_orders
    return np.asarray((1 + BETA**2) * precision * recall / np.maximum(BETA**2 * precision + recall, 1e-16))


def word_counts(text: str, references: Sequence[str]) -> list[int]:
    """Right and all n-grams of four orders, and the lengths of the text and of its nearest reference, in tokens."""
    score = BLEU(tokenize="none", force=True, effective_order=True).sentence_score(text, list(references))
    return [*map(int, score.counts), *map(int, score.totals), int(score.sys_len), int(score.ref_len)]


def bleu_of_counts(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Statistic of rows of `word_counts`: corpus BLEU. `sums` is (n_draws, 10)."""
    scores = [
        BLEU.compute_bleu(list(row[:4]), list(row[4:8]), int(row[8]), int(row[9]), smooth_method="exp").score
        for row in sums
    ]
    return np.array(scores) / 100
