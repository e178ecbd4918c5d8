"""Intents and entities on held-out utterances, by language and overall.

Texts are parsed one at a time, as they are served: int8 activations are scaled over the whole batch, so that
a batch would give slightly other figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import expected_calibration_error
from nlu.types import Parse
from training.data.dataset import Example
from training.evaluation.metrics import (
    Span,
    accuracy,
    auroc,
    bootstrap,
    confusions,
    f1_of_counts,
    macro_f1,
    mean_of_first,
    span_counts,
)

OUT_OF_SCOPE = "out_of_scope"


class ParsesTexts(Protocol):
    """What is measured: `nlu.parser.Parser`, or another system behind the same call."""

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """One parse a text."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A held-out utterance beside what was found in it; `out_of_scope` is that intent's probability."""

    example: Example
    intent: str
    confidence: float
    out_of_scope: float
    spans: frozenset[Span]

    @property
    def correct(self) -> bool:
        """The best intent is the right one."""
        return self.intent == self.example.intent


def judge(parser: ParsesTexts, examples: Sequence[Example]) -> list[Judged]:
    """Parse each utterance on its own."""
    judged: list[Judged] = []
    for example in examples:
        parse = parser.parse([example.text])[0]
        spans = frozenset((entity.start, entity.end, entity.label) for entity in parse.entities)
        outside = next((one.confidence for one in parse.intents if one.name == OUT_OF_SCOPE), 0.0)
        best = parse.intents[0]
        judged.append(Judged(example, best.name, best.confidence, outside, spans))
    return judged


def measure_nlu(parser: ParsesTexts, examples: Sequence[Example], seen: AbstractSet[str]) -> dict[str, Any]:
    """Figures by language, over all, by entity label, and the most frequent confusions.

    `seen` holds the case-folded texts of the training set: held-out rows that stand in it are counted, so
    that a leak shows. The overall intent accuracy is the mean of the languages, with an interval that draws
    within each.
    """
    rows = judge(parser, examples)
    by_language = {
        language: [row for row in rows if row.example.language == language]
        for language in sorted({row.example.language for row in rows})
    }
    languages = {language: _figures([group]) for language, group in by_language.items()}
    overall = _figures(list(by_language.values()))
    worst = min(languages, key=lambda language: languages[language]["intent_accuracy"])
    return {
        "n_seen_in_training": sum(row.example.text.casefold() in seen for row in rows),
        "languages": languages,
        "overall": overall | {"worst_language": worst},
        "worst_intent_accuracy": languages[worst]["intent_accuracy"],
        "entities": _by_label(rows),
        "confusions": confusions([row.example.intent for row in rows], [row.intent for row in rows]),
    }


def _figures(groups: Sequence[Sequence[Judged]]) -> dict[str, Any]:
    rows = [row for group in groups for row in group]
    by_group = [_accuracy(group) for group in groups]
    spans = span_counts([frozenset(row.example.spans) for row in rows], [row.spans for row in rows])
    outside = [row.example.intent == OUT_OF_SCOPE for row in rows]
    certain = bootstrap([np.array([[row.correct, 1] for row in group]) for group in groups], mean_of_first)
    entity = bootstrap([np.concatenate([_counts(group) for group in groups])], f1_of_counts)
    return {
        "n": len(rows),
        "intent_accuracy": sum(by_group) / len(by_group),
        "intent_accuracy_95": [certain.low, certain.high],
        "intent_macro_f1": macro_f1([row.example.intent for row in rows], [row.intent for row in rows]),
        "n_entities": spans.there,
        "entity_f1": spans.f1,
        "entity_f1_95": [entity.low, entity.high],
        "ece": expected_calibration_error(
            np.array([row.confidence for row in rows]), np.array([row.correct for row in rows], dtype=float)
        ),
        "out_of_scope_auroc": auroc([row.out_of_scope for row in rows], outside),
        "out_of_scope_auroc_by_doubt": auroc([1 - row.confidence for row in rows], outside),
    }


def _accuracy(rows: Sequence[Judged]) -> float:
    return accuracy([row.example.intent for row in rows], [row.intent for row in rows])


def _counts(rows: Sequence[Judged]) -> NDArray[np.int64]:
    """(n, 3): right, found and there of each text."""
    counts = [span_counts([frozenset(row.example.spans)], [row.spans]) for row in rows]
    return np.array([[one.right, one.found, one.there] for one in counts])


def _by_label(rows: Sequence[Judged]) -> dict[str, dict[str, float]]:
    labels = sorted({label for row in rows for *_, label in (*row.example.spans, *row.spans)})
    figures: dict[str, dict[str, float]] = {}
    for label in labels:
        counts = span_counts(
            [{span for span in row.example.spans if span[2] == label} for row in rows],
            [{span for span in row.spans if span[2] == label} for row in rows],
        )
        figures[label] = {"n": counts.there, "f1": counts.f1}
    return figures
