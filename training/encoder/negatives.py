"""Hard negatives, mined from an index of the answer templates: what the encoder takes for an answer and is none."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np
import torch
from numpy.typing import NDArray

from nlu.encoding import pad
from retrieval.templates import AnswerTemplate, topic_of
from training.encoder.pairs import Text
from training.encoder.sentences import SentenceGraph
from training.processes import device
from training.subwords import SubwordSampler

BATCH_SIZE = 128
DEPTH = 20
"""So many neighbours of a question are looked at."""


def hard_negatives(
    graph: SentenceGraph, sampler: SubwordSampler, templates: Sequence[AnswerTemplate], *, n_each: int
) -> dict[str, tuple[Text, ...]]:
    """By question of a template: the `n_each` nearest templates of other topics in its language, nearest first."""
    by_language: dict[str, list[AnswerTemplate]] = {}
    for template in templates:
        by_language.setdefault(template.language, []).append(template)
    found: dict[str, tuple[Text, ...]] = {}
    for answers in by_language.values():
        vectors = encoded(graph, sampler, [one.text for one in answers])
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        questions = [(question, topic_of(one)) for one in answers for question in one.question_examples]
        if not questions:
            continue
        near = index.search(encoded(graph, sampler, [text for text, _ in questions]), min(DEPTH, len(answers)))[1]
        for (question, topic), places in zip(questions, near, strict=True):
            wrong = [answers[place] for place in places if place >= 0 and topic_of(answers[place]) != topic]
            found[question] = tuple(Text(one.text, topic_of(one), one.intent) for one in wrong[:n_each])
    return found


@torch.no_grad()
def encoded(graph: SentenceGraph, sampler: SubwordSampler, texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit rows (n, d) of texts by the model as it stands."""
    was_training = graph.training
    graph.eval().to(device())
    rows = [sampler.best(text).input_ids for text in texts]
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
    parts: list[NDArray[np.float32]] = []
    for at in range(0, len(order), BATCH_SIZE):
        ids = [rows[index] for index in order[at : at + BATCH_SIZE]]
        input_ids = torch.from_numpy(pad(ids, sampler.pad_id)).to(device())
        mask = torch.from_numpy(pad([[1] * len(one) for one in ids], 0)).to(device())
        parts.append(graph(input_ids, mask).cpu().numpy())
    graph.train(was_training)
    vectors = np.concatenate(parts)
    out = np.empty_like(vectors)
    out[order] = vectors
    return out
