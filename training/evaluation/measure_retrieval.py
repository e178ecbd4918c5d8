"""Answer retrieval on held-out questions: a hit is right when its topic is the question's.

Three views: the encoder alone among the templates of one language (the question's own, and each other one:
the pairs of languages), and the served ranking over all templates with language and intents known, where a hit
must also stand in the customer's language. Figures of ranks stand in `rank_figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex
from retrieval.retriever import Retriever
from retrieval.templates import AnswerTemplate, topic_of
from training.data.questions import Question
from training.evaluation.measure_nlu import ParsesTexts
from training.evaluation.metrics import confusions
from training.evaluation.rank_figures import DEPTH, Rank, by_language, rank_figures


def measure_retrieval(retriever: Retriever, parser: ParsesTexts, questions: Sequence[Question]) -> dict[str, Any]:
    """Recall@1, 3, 5, 10 and MRR (of the first ten) by language, overall and for each pair of languages.

    `across` is recall@1 of the pairs alone, `pairs` has all figures: question's language first, then the templates'.
    """
    indices = indices_by_language(retriever.index.templates, retriever.encoder)
    vectors = np.concatenate([retriever.encoder.encode([question.text]) for question in questions])
    served = deeper(retriever)
    encoder_ranks = [
        rank_of(question, found_in(indices[question.language], vector))
        for question, vector in zip(questions, vectors, strict=True)
    ]
    lists = [_served(served, parser, question) for question in questions]
    served_ranks = [rank_of(question, found) for question, found in zip(questions, lists, strict=True)]
    first = [topic_of(found[0]) if found else "(none)" for found in lists]
    pairs = across(questions, vectors, indices)
    cells = {asked: {one: row["recall_at_1"] for one, row in of.items()} for asked, of in pairs.items()}
    return {
        "n_templates": len(retriever.index),
        "encoder_alone": by_language(questions, encoder_ranks),
        "served": by_language(questions, served_ranks),
        "served_without_a_hit": sum(not found for found in lists) / len(lists),
        "across": cells,
        "pairs": pairs,
        "across_mean": mean_across(cells),
        "confusions": confusions([question.topic for question in questions], first),
    }


def indices_by_language(templates: Sequence[AnswerTemplate], encoder: SentenceEncoder) -> dict[str, TemplateIndex]:
    """One index for the templates of each language."""
    indices: dict[str, TemplateIndex] = {}
    for language in sorted({template.language for template in templates}):
        indices[language] = TemplateIndex(encoder.dim)
        indices[language].add([one for one in templates if one.language == language], encoder)
    return indices


def deeper(retriever: Retriever) -> Retriever:
    """The same ranking with ten hits, for MRR; threshold and weights stay as served."""
    return Retriever(retriever.encoder, retriever.index, replace(retriever.settings, top_k=DEPTH))


def found_in(index: TemplateIndex, vector: NDArray[np.float32]) -> list[AnswerTemplate]:
    """The nearest templates of an index, best first."""
    return [neighbour.template for neighbour in index.search(vector)][:DEPTH]


def rank_of(question: Question, found: Sequence[AnswerTemplate], *, language: str | None = None) -> int | None:
    """Place, from 1, of the first template of the question's topic in `language` (default: its own)."""
    wanted = (question.topic, language or question.language)
    places = (place for place, one in enumerate(found, 1) if (topic_of(one), one.language) == wanted)
    return next(places, None)


def across(
    questions: Sequence[Question], vectors: NDArray[np.float32], indices: Mapping[str, TemplateIndex]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures of questions in one language (outer key) among the templates of one other (inner key)."""
    ranks: dict[str, dict[str, list[Rank]]] = {}
    for question, vector in zip(questions, vectors, strict=True):
        for language, index in indices.items():
            rank = rank_of(question, found_in(index, vector), language=language)
            ranks.setdefault(question.language, {}).setdefault(language, []).append(rank)
    return {
        asked: {language: rank_figures(row) for language, row in cells.items()}
        for asked, cells in sorted(ranks.items())
    }


def mean_across(cells: Mapping[str, Mapping[str, float]]) -> float | None:
    """Mean recall@1 over pairs of two different languages; None where there is only one."""
    shares = [share for asked, row in cells.items() for language, share in row.items() if language != asked]
    return sum(shares) / len(shares) if shares else None


def _served(retriever: Retriever, parser: ParsesTexts, question: Question) -> list[AnswerTemplate]:
    intents = {intent.name: intent.confidence for intent in parser.parse([question.text])[0].intents}
    hits = retriever.retrieve(question.text, language=question.language, intents=intents)
    return [hit.template for hit in hits]
