"""How the three models of a parser are weighed and how sure they may be: fitted on rows that none of them learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from nlu.calibration import HALVES, fit_mixture
from nlu.parser import Parser, ParserSettings
from training.data.dataset import INTENT_ONLY, Example
from training.evaluation.metrics import span_counts

FEWEST_TO_WEIGH = 100
"""On fewer rows the weights are not fitted but taken as they stand here: the first of each."""
LEXICAL_WEIGHTS = (3.0, *HALVES)
TAG_WEIGHTS = {
    "transition_weight": (0.5, 0.0, 0.25, 0.75, 1.0),
    "tagger_weight": (0.5, 0.0, 0.25, 0.75, 1.0, 1.5),
    "entity_threshold": (0.2, 0.0, 0.1, 0.3),
}
"""Tried on rows held back, in this order; of two that are as good the first is taken."""


def calibrated(folder: Path, rows: Sequence[Example]) -> ParserSettings:
    """The settings of `folder`, with the weights of its models fitted on `rows`, which none of them should have learnt from.

    Of few rows only the temperature is learnt.
    """
    parser = Parser(folder, n_threads=torch.get_num_threads())
    encoded = [parser.encoder.encode(row.text) for row in rows]
    found = [parser.logits([one]) for one in encoded]
    mixture = fit_mixture(
        np.concatenate([intents for intents, _ in found]),
        np.stack([parser.lexical_logits(row.text) for row in rows]),
        np.array([parser.labels.intent_id(row.intent) for row in rows]),
        weights=LEXICAL_WEIGHTS if len(rows) >= FEWEST_TO_WEIGH else LEXICAL_WEIGHTS[:1],
    )
    known = [
        (row, one, parser.tag_parts(row.text, one, tags[0]))
        for row, one, (_, tags) in zip(rows, encoded, found, strict=True)
        if row.situation != INTENT_ONLY
    ]
    there = [set(row.spans) for row, _, _ in known]

    def entity_f1(settings: ParserSettings) -> float:
        entities = [parser.entities(row.text, one, parts, settings) for row, one, parts in known]
        spans = [{(entity.start, entity.end, entity.label) for entity in one} for one in entities]
        return span_counts(there, spans).f1

    settings = replace(parser.settings, temperature=mixture.temperature, lexical_weight=mixture.lexical_weight)
    for name, weights in TAG_WEIGHTS.items():
        weights = weights if len(known) >= FEWEST_TO_WEIGH else weights[:1]
        tried = [replace(settings, **{name: weight}) for weight in weights]  # type: ignore[arg-type]
        settings = max(tried, key=entity_f1)
    return settings
