"""Markdown tables of an evaluation, one function a part. Figures come as `training.evaluation.evaluate` makes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Table = list[str]
MISSING = "–"
_ACROSS = "Recall@1 in %, question in the row's language, templates in the column's"
_FIGURE = re.compile(r"[\d.,–%\s-]*")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Lines of a Markdown table; a column of figures is right aligned.

    >>> table(["language", "n"], [["de", 3]])
    ['| language | n |', '|---|--:|', '| de | 3 |']
    """
    figures = [all(_FIGURE.fullmatch(str(row[place])) for row in rows) for place in range(len(columns))]
    lines = [columns, ["--:" if right else "---" for right in figures], *rows]
    return ["|" + "|".join(_cell(cell, bare=index == 1) for cell in line) + "|" for index, line in enumerate(lines)]


def _cell(value: object, *, bare: bool) -> str:
    text = str(value).replace("|", "\\|").replace("\n", " ")
    return text if bare else f" {text} "


def percent(share: float | None) -> str:
    """A share in [0, 1] as a percentage with one digit; a dash where it was not measured.

    >>> percent(0.8549), percent(None)
    ('85.5', '–')
    """
    return MISSING if share is None else f"{100 * share:.1f}"


def number(value: float | None, digits: int = 3) -> str:
    """A plain figure; a dash where it was not measured."""
    return MISSING if value is None else f"{value:.{digits}f}"


def interval(bounds: Sequence[float] | None) -> str:
    """`low – high` in per cent."""
    return MISSING if not bounds else f"{percent(bounds[0])} – {percent(bounds[1])}"


def nlu_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Intents and entities by language, entities by label, the confusions."""
    names = [
        "language",
        "rows",
        "intent accuracy %",
        "95 % interval",
        "macro F1 %",
        "entities",
        "entity F1 %",
    ]
    names += ["95 % interval", "ECE %", "out-of-scope AUROC", "the same by doubt"]

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        return [
            name,
            figures["n"],
            percent(figures["intent_accuracy"]),
            interval(figures["intent_accuracy_95"]),
            percent(figures["intent_macro_f1"]),
            figures["n_entities"],
            percent(figures["entity_f1"]),
            interval(figures["entity_f1_95"]),
            percent(figures["ece"]),
            number(figures["out_of_scope_auroc"]),
            number(figures["out_of_scope_auroc_by_doubt"]),
        ]

    entities = [[label, one["n"], percent(one["f1"])] for label, one in part["entities"].items()]
    confused = [[*pair[:2], pair[2]] for pair in part["confusions"]]
    worst, n_seen = part["overall"]["worst_language"], part["n_seen_in_training"]
    about = f"worst language {worst}; {n_seen} of the rows stand in the training set"
    return [
        (f"Intents and entities on held-out utterances, {about}", table(names, _with_overall(part, row))),
        ("Entities by label, all languages", table(["entity", "there", "F1 %"], entities)),
        ("Intents taken for another, all languages", table(["expected", "found", "times"], confused)),
    ]


def retrieval_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Recall and MRR by language, recall@1 across languages, the confusions."""
    names = ["language", "questions", "encoder recall@1 %", "recall@3 %", "MRR"]
    names += ["served recall@1 %", "recall@3 %", "MRR"]
    alone, served = part["encoder_alone"], part["served"]
    rows: list[list[object]] = []
    for name in [*alone["languages"], "all"]:
        pair = [one["overall"] if name == "all" else one["languages"][name] for one in (alone, served)]
        figures = [f(one[key]) for one in pair for key, f in _RANKING]
        rows.append([_name(name), pair[0]["n"], *figures])
    cells = part["across"]
    languages = list(cells)
    grid = [[asked, *(_whole(cells[asked].get(one)) for one in languages)] for asked in languages]
    mean = f"mean of two different ones {percent(part['across_mean'])}"
    confused = [[*pair[:2], pair[2]] for pair in part["confusions"]]
    return [
        ("Answers to held-out questions", table(names, rows)),
        (f"{_ACROSS}; {mean}", table(["", *languages], grid)),
        ("Topics taken for another, served ranking", table(["expected", "first hit", "times"], confused)),
    ]


def writer_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Within and across languages side by side, and the checks that stopped texts."""
    names = [
        "language",
        "texts",
        "passed %",
        "identical %",
        "chrF",
        "across: texts",
        "passed %",
        "identical %",
        "chrF",
    ]
    kinds = [part["within"], part["across"]]
    rows: list[list[object]] = []
    for name in [*kinds[0]["languages"], "all"]:
        row: list[object] = [_name(name)]
        for kind in kinds:
            one = kind["overall"] if name == "all" else kind["languages"].get(name)
            shares = [percent(one[key]) if one else MISSING for key in ("passed", "identical", "chrf")]
            row += [one["n"] if one else 0, *shares]
        rows.append(row)
    stopped = sorted({*kinds[0]["failed_checks"], *kinds[1]["failed_checks"]})
    by_check = [[name, *(kind["failed_checks"].get(name, 0) for kind in kinds)] for name in stopped]
    return [
        ("Replies that the writer wrote", table(names, rows)),
        ("Texts stopped by each check", table(["check", "within", "across"], by_check)),
    ]


def language_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Accuracy by language."""

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        mistakes = ", ".join(f"{code} {count}" for code, count in figures.get("taken_for", []))
        bounds = interval(figures.get("accuracy_95"))
        accuracy, abstained = percent(figures["accuracy"]), percent(figures["abstained"])
        return [name, figures["n"], accuracy, bounds, abstained, mistakes]

    names = ["language", "messages", "accuracy %", "95 % interval", "abstained %", "taken for"]
    return [("Language of held-out messages of 3 to 8 words", table(names, _with_overall(part, row)))]


_RANKING: tuple[tuple[str, Callable[[float | None], str]], ...] = (
    ("recall_at_1", percent),
    ("recall_at_3", percent),
    ("mrr", number),
)


def _with_overall(part: Mapping[str, Any], row: Callable[[str, Mapping[str, Any]], list[object]]) -> list[list[object]]:
    rows = [row(name, figures) for name, figures in part["languages"].items()]
    return [*rows, row(_name("all"), part["overall"])]


def _name(name: str) -> str:
    return "**all**" if name == "all" else name


def _whole(share: float | None) -> str:
    return MISSING if share is None else f"{100 * share:.0f}"
