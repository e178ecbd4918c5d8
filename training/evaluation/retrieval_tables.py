"""Tables of answer retrieval: the two rankings by language, recall between languages, and the confusions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.evaluation.report_tables import Table, interval, name_of, number, percent, table, whole, with_overall

_ACROSS = "Recall@1 in %, question in the row's language, templates in the column's"
_FIGURES = ("recall_at_3", "recall_at_5", "recall_at_10")


def retrieval_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Captions and tables of the part `retrieval`; all figures of each pair of languages stand in the JSON."""
    cells = part["across"]
    languages = list(cells)
    grid = [[asked, *(whole(cells[asked].get(one)) for one in languages)] for asked in languages]
    mean = f"mean of two different ones {percent(part['across_mean'])}"
    confused = [[*pair[:2], pair[2]] for pair in part["confusions"]]
    tables = [
        ("Answers to held-out questions, as served", _ranking(part["served"])),
        ("The encoder alone on the same", _ranking(part["encoder_alone"])),
        (f"{_ACROSS}; {mean}", table(["", *languages], grid)),
    ]
    if len(languages) > 1 and part.get("pairs"):
        tables.append(
            ("Questions in one language, templates of another: means over the others", _foreign(part["pairs"]))
        )
    return [*tables, ("Topics taken for another, served ranking", table(["expected", "first hit", "times"], confused))]


def _ranking(view: Mapping[str, Any]) -> Table:
    names = ["language", "questions", "recall@1 %", "95 % interval", "@3 %", "@5 %", "@10 %", "MRR"]

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        return [
            name,
            figures["n"],
            percent(figures["recall_at_1"]),
            interval(figures.get("recall_at_1_95")),
            *(percent(figures.get(key)) for key in _FIGURES),
            number(figures["mrr"]),
        ]

    return table(names, with_overall(view, row))


def _foreign(pairs: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Table:
    keys = ("recall_at_1", *_FIGURES, "mrr")
    means: dict[str, dict[str, float]] = {}
    for asked, cells in pairs.items():
        others = [row for language, row in cells.items() if language != asked]
        if others:
            means[asked] = {key: sum(row[key] for row in others) / len(others) for key in keys}
    means["all"] = {key: sum(row[key] for row in means.values()) / len(means) for key in keys}
    rows = [
        [name_of(asked), *(percent(row[key]) for key in keys[:-1]), number(row["mrr"])] for asked, row in means.items()
    ]
    return table(["question in", "recall@1 %", "@3 %", "@5 %", "@10 %", "MRR"], rows)
