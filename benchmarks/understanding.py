"""What a Rasa parse understood of the held-out split, the same for both systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from training.data.dataset import Example
from training.evaluation.metrics import Span, accuracy, span_counts

FALLBACK = "nlu_fallback"


def understood(examples: Sequence[Example], parses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Intent accuracy (mean and worst of the languages) and entity F1, before the fallback's threshold."""
    found = [best_intent(parse) for parse in parses]
    languages: dict[str, float] = {}
    for language in sorted({example.language for example in examples}):
        chosen = [place for place, example in enumerate(examples) if example.language == language]
        languages[language] = accuracy([examples[i].intent for i in chosen], [found[i] for i in chosen])
    spans = span_counts([frozenset(example.spans) for example in examples], [spans_of(parse) for parse in parses])
    worst = min(languages, key=lambda language: languages[language])
    return {
        "intent_accuracy": sum(languages.values()) / len(languages),
        "worst_intent_accuracy": languages[worst],
        "worst_language": worst,
        "entity_f1": spans.f1,
        "languages": languages,
    }


def best_intent(parse: Mapping[str, Any]) -> str:
    """The most probable intent that the model learnt."""
    ranked = [one["name"] for one in parse.get("intent_ranking", []) if one["name"] != FALLBACK]
    return str(ranked[0]) if ranked else str((parse.get("intent") or {}).get("name"))


def spans_of(parse: Mapping[str, Any]) -> frozenset[Span]:
    """Entities of a parse as spans."""
    return frozenset((one["start"], one["end"], one["entity"]) for one in parse.get("entities", []))
