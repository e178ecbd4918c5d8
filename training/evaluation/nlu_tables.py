"""Tables of intents and entities: by language in three tables narrow enough to read, by label, and the confusions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.evaluation.report_tables import Table, interval, number, percent, table, with_overall


def nlu_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Captions and tables of the part `nlu`; out-of-scope only where it was measured."""
    worst, n_seen = part["overall"]["worst_language"], part["n_seen_in_training"]
    seen = "" if n_seen is None else f"; {n_seen} of the rows stand in the training set"
    about = f"worst language {worst}{seen}"
    entities = [
        [label, one["n"], percent(one.get("precision")), percent(one.get("recall")), percent(one["f1"])]
        for label, one in part["entities"].items()
    ]
    confused = [[*pair[:2], pair[2]] for pair in part["confusions"]]
    tables = [
        (f"Intents of held-out utterances, {about}", _intents(part)),
        ("Entities and calibration on the same", _entities(part)),
    ]
    if part["overall"].get("out_of_scope_auroc") is not None:
        tables.append(("Telling what is out of scope", _out_of_scope(part)))
    return [
        *tables,
        ("Entities by label, all languages", table(["entity", "there", "precision %", "recall %", "F1 %"], entities)),
        ("Intents taken for another, all languages", table(["expected", "found", "times"], confused)),
    ]


def _intents(part: Mapping[str, Any]) -> Table:
    names = ["language", "rows", "accuracy %", "95 % interval", "exact match %", "95 % interval"]
    names += ["macro F1 %", "95 % interval"]

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        return [name, figures["n"], *_with_interval(figures, "intent_accuracy", "exact_match", "intent_macro_f1")]

    return table(names, with_overall(part, row))


def _entities(part: Mapping[str, Any]) -> Table:
    names = ["language", "entities", "F1 %", "95 % interval", "ECE %", "95 % interval"]

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        return [name, figures["n_entities"], *_with_interval(figures, "entity_f1", "ece")]

    return table(names, with_overall(part, row))


def _out_of_scope(part: Mapping[str, Any]) -> Table:
    names = ["language", "AUROC", "95 % interval", "FPR@95 %", "95 % interval"]
    names += ["by doubt: AUROC", "FPR@95 %"]

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        return [
            name,
            number(figures["out_of_scope_auroc"]),
            _plain_interval(figures.get("out_of_scope_auroc_95")),
            *_with_interval(figures, "out_of_scope_fpr_at_95"),
            number(figures["out_of_scope_auroc_by_doubt"]),
            percent(figures.get("out_of_scope_fpr_at_95_by_doubt")),
        ]

    return table(names, with_overall(part, row))


def _with_interval(figures: Mapping[str, Any], *names: str) -> list[str]:
    cells = [(percent(figures.get(name)), interval(figures.get(f"{name}_95"))) for name in names]
    return [cell for pair in cells for cell in pair]


def _plain_interval(bounds: list[float] | None) -> str:
    return interval(None) if not bounds else f"{number(bounds[0])} – {number(bounds[1])}"
