"""Tables of the writer: texts within and across languages, and the checks that stopped texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.evaluation.report_tables import Table, interval, percent, table, with_overall

_KINDS = {"within": "Templates said in their own language", "across": "Templates of another language"}
_FIRST, _LATER = "passed", ("right_language", "faithful", "identical", "chrf")


def writer_tables(part: Mapping[str, Any]) -> list[tuple[str, Table]]:
    """Captions and tables of the part `writer`."""
    stopped = sorted({name for kind in _KINDS for name in part[kind]["failed_checks"]})
    by_check = [[name, *(part[kind]["failed_checks"].get(name, 0) for kind in _KINDS)] for name in stopped]
    return [
        *((caption, _texts(part[kind])) for kind, caption in _KINDS.items()),
        ("Texts stopped by each check", table(["check", *_KINDS], by_check)),
    ]


def _texts(view: Mapping[str, Any]) -> Table:
    names = ["language", "texts", "passed %", "95 % interval", "right language %", "faithful %", "identical %"]
    names += ["chrF", "95 % interval", "BLEU", "ROUGE-L"]

    def row(name: str, figures: Mapping[str, Any]) -> list[object]:
        return [
            name,
            figures["n"],
            percent(figures[_FIRST]),
            interval(figures.get(f"{_FIRST}_95")),
            *(percent(figures.get(key)) for key in _LATER),
            interval(figures.get("chrf_95")),
            percent(figures.get("bleu")),
            percent(figures.get("rouge_l")),
        ]

    return table(names, with_overall(view, row))
