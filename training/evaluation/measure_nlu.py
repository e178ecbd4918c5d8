"""Intents and entities on held-out utterances, by language and overall, for any system and any split.

A system is whatever parses texts (`ParsesTexts`) or has already done so (`Judged` rows); a split is a list of `Example`
(`training.data.dataset.read_nlu` reads Rasa's YAML). Texts are parsed one at a time, as they are served: int8
activations are scaled over the whole batch, so that a batch would give slightly other figures. The figures themselves are
worked out in `nlu_figures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from nlu.types import Parse
from training.data.dataset import Example
from training.evaluation.metrics import confusions, span_counts
from training.evaluation.nlu_figures import Judged, kept_outcomes, nlu_figures

OUT_OF_SCOPE = "out_of_scope"


class ParsesTexts(Protocol):
    """What is measured: `nlu.parser.Parser`, or another system behind the same call."""

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """One parse a text."""
        ...


def judge(
    parser: ParsesTexts, examples: Sequence[Example], *, out_of_scope: str = OUT_OF_SCOPE, batch_size: int = 1
) -> list[Judged]:
    """Parse the utterances, `batch_size` at a time; `out_of_scope` names the intent whose probability is kept."""
    judged: list[Judged] = []
    for begin in range(0, len(examples), batch_size):
        batch = examples[begin : begin + batch_size]
        for example, parse in zip(batch, parser.parse([example.text for example in batch]), strict=True):
            spans = frozenset((entity.start, entity.end, entity.label) for entity in parse.entities)
            outside = next((one.confidence for one in parse.intents if one.name == out_of_scope), 0.0)
            best = parse.intents[0]
            judged.append(Judged(example, best.name, best.confidence, outside, spans))
    return judged


def measure_nlu(
    parser: ParsesTexts,
    examples: Sequence[Example],
    seen: AbstractSet[str] | None = None,
    *,
    out_of_scope: str = OUT_OF_SCOPE,
    batch_size: int = 1,
) -> dict[str, Any]:
    """`measure_judged` of what `parser` makes of the examples."""
    rows = judge(parser, examples, out_of_scope=out_of_scope, batch_size=batch_size)
    return measure_judged(rows, seen, out_of_scope=out_of_scope)


def measure_judged(
    rows: Sequence[Judged], seen: AbstractSet[str] | None = None, *, out_of_scope: str = OUT_OF_SCOPE
) -> dict[str, Any]:
    """Figures by language, over all, by entity label, the most frequent confusions, and each row's outcome.

    `seen` holds the case-folded texts of the training set: held-out rows that stand in it are counted, so
    that a leak shows; without it the count is None. Out-of-scope figures are None where no row is expected to be
    `out_of_scope`. Intent accuracy and exact match over all are the mean of the languages, with intervals that draw
    within each; the other figures are over all rows. Raises ValueError without a row.
    """
    if not rows:
        raise ValueError("expected at least one utterance to measure on, found none. Give a split that has rows.")
    by_language = {
        language: [row for row in rows if row.example.language == language]
        for language in sorted({row.example.language for row in rows})
    }
    languages = {language: nlu_figures([group], out_of_scope) for language, group in by_language.items()}
    overall = nlu_figures(list(by_language.values()), out_of_scope)
    worst = min(languages, key=lambda language: languages[language]["intent_accuracy"])
    return {
        "n_seen_in_training": None if seen is None else sum(row.example.text.casefold() in seen for row in rows),
        "languages": languages,
        "overall": overall | {"worst_language": worst},
        "worst_intent_accuracy": languages[worst]["intent_accuracy"],
        "entities": _by_label(rows),
        "confusions": confusions([row.example.intent for row in rows], [row.intent for row in rows]),
        "rows": {language: kept_outcomes(group) for language, group in by_language.items()},
    }


def _by_label(rows: Sequence[Judged]) -> dict[str, dict[str, float]]:
    labels = sorted({label for row in rows for *_, label in (*row.example.spans, *row.spans)})
    figures: dict[str, dict[str, float]] = {}
    for label in labels:
        counts = span_counts(
            [{span for span in row.example.spans if span[2] == label} for row in rows],
            [{span for span in row.spans if span[2] == label} for row in rows],
        )
        figures[label] = {
            "n": counts.there,
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
        }
    return figures
