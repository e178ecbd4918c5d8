"""A model card beside the weights, generated from what the training knows and, once measured, from the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.evaluation.report_tables import interval, number, percent, table

FILE_NAME = "README.md"

_WHAT = {
    "pretrain": "A compact multilingual encoder (XLM-RoBERTa's architecture), the start of fine-tuning. Weights in bfloat16.",
    "language": "Character n-gram model that names the language of short messages.",
    "nlu": "Joint intent and entity model of customer messages in fourteen languages. ONNX, int8.",
    "encoder": "Multilingual sentence encoder: questions and their answer templates lie together. ONNX, int8.",
    "personal": "Tagger of names and postal addresses in support messages of fourteen languages, for redaction. ONNX, int8.",
    "writer": "Compact mT5 that says an answer template in the customer's language. CTranslate2, int8.",
}

_MEASURED_BY = {"personal": "Measured by `uv run python -m benchmarks.redaction`: docs/results.md."}
"""Stages that `xenia evaluate` does not measure itself."""
_FIGURES = {
    "accuracy": "accuracy %",
    "intent_accuracy": "intent accuracy %",
    "exact_match": "exact match %",
    "entity_f1": "entity F1 %",
    "ece": "ECE %",
    "out_of_scope_auroc": "out-of-scope AUROC",
    "recall_at_1": "recall@1 %",
    "recall_at_3": "recall@3 %",
    "mrr": "MRR",
    "passed": "passed all checks %",
    "right_language": "right language %",
    "faithful": "faithful %",
    "chrf": "chrF %",
}
_PLAIN = frozenset({"out_of_scope_auroc", "mrr"})
_TITLES = {
    "": "Held-out rows",
    "served": "As served: ranking over the templates of all languages",
    "encoder_alone": "The encoder alone, among templates of the question's language",
    "within": "Templates said in their own language",
    "across": "Templates of another language",
}


def write_model_card(
    folder: Path,
    *,
    stage: str,
    arguments: Mapping[str, Any],
    licences: Mapping[str, str],
    metrics: Mapping[str, Any] | None = None,
    made_with: Mapping[str, str] | None = None,
) -> None:
    """Write `README.md` into `folder`.

    `metrics` is what `publish.metrics_of` makes of an evaluation; without it the card says where the figures will stand.
    `made_with` names libraries and, under `device`, the machine.
    """
    sections = [
        f"# {stage}",
        _WHAT.get(stage, f"Made by the stage `{stage}` of the training."),
        _origin(stage, made_with or {}),
        "Not for: decisions about people, text outside customer service, languages it was not measured on.",
        *(_measured(metrics) if metrics else [_MEASURED_BY.get(stage, "Not measured yet: `uv run xenia evaluate`.")]),
        "\n".join(_list("trained on", "licence", licences)),
    ]
    if arguments:
        sections.append("\n".join(_list("argument", "value", arguments)))
    (folder / FILE_NAME).write_text("\n\n".join(sections) + "\n", "utf-8")


def _origin(stage: str, made_with: Mapping[str, str]) -> str:
    device = made_with.get("device", "the CPU")
    libraries = ", ".join(f"{name} {version}" for name, version in made_with.items() if name != "device")
    return (
        f"Made by `uv run xenia train --only {stage}` on {device}{f' with {libraries}' if libraries else ''}. Licence of the\n"
        "weights: Apache-2.0; attribution to the sources below is required by theirs."
    )


def _list(name: str, value: str, rows: Mapping[str, Any]) -> list[str]:
    return [f"| {name} | {value} |", "|---|---|", *(f"| {key} | {one} |" for key, one in rows.items())]


def _measured(metrics: Mapping[str, Any]) -> list[str]:
    """A table for each view of the model."""
    views = {"": metrics} if "languages" in metrics else {k: v for k, v in metrics.items() if isinstance(v, Mapping)}
    sections = [
        f"Measured on {metrics['measured_at'][:10]} by `uv run xenia evaluate`; more stands in docs/results.md."
    ]
    return [*sections, *(f"{_TITLES.get(name, name)}:\n\n" + "\n".join(_table(view)) for name, view in views.items())]


def _table(view: Mapping[str, Any]) -> list[str]:
    overall: Mapping[str, Any] = view["overall"]
    shown = [name for name in _FIGURES if overall.get(name) is not None]
    first = shown[0]
    columns = ["language", "rows", _FIGURES[first], "95 % interval", *(_FIGURES[name] for name in shown[1:])]
    rows = [
        [
            language,
            figures["n"],
            _shown(first, figures),
            interval(figures.get(f"{first}_95")),
            *(_shown(name, figures) for name in shown[1:]),
        ]
        for language, figures in [*view["languages"].items(), ("**all**", overall)]
    ]
    return table(columns, rows)


def _shown(name: str, figures: Mapping[str, Any]) -> str:
    value = figures.get(name)
    return number(value) if name in _PLAIN else percent(value)
