"""Markdown tables of an evaluation: cells, rows, and the table of language identification.

`nlu_tables`, `retrieval_tables` and `writer_tables` make those of the other parts. Figures come as
`training.evaluation.evaluate` makes them; one that an older evaluation lacks is a dash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Table = list[str]
MISSING = "–"
_FIGURE = re.compile(r"[\d.,–%+<\s-]*")


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


def language_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Accuracy by language."""

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        mistakes = ", ".join(f"{code} {count}" for code, count in figures.get("taken_for", []))
        bounds = interval(figures.get("accuracy_95"))
        accuracy, abstained = percent(figures["accuracy"]), percent(figures["abstained"])
        return [name, figures["n"], accuracy, bounds, abstained, mistakes]

    names = ["language", "messages", "accuracy %", "95 % interval", "abstained %", "taken for"]
    return [("Language of held-out messages of 3 to 8 words", table(names, with_overall(part, row)))]


def with_overall(part: Mapping[str, Any], row: Callable[[str, Mapping[str, Any]], list[object]]) -> list[list[object]]:
    """A row for each language and one for all of them."""
    rows = [row(name, figures) for name, figures in part["languages"].items()]
    return [*rows, row(name_of("all"), part["overall"])]


def name_of(name: str) -> str:
    """A language's code, or `all` in bold."""
    return "**all**" if name == "all" else name


def whole(share: float | None) -> str:
    """A share in [0, 1] as a whole percentage: many stand side by side."""
    return MISSING if share is None else f"{100 * share:.0f}"
