"""What a comparison of two evaluations says: differences with interval, p-value and verdict, as JSON and as Markdown.

`compare` makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from itertools import groupby
from typing import Any

from training.evaluation.report_tables import MISSING, Table, percent, table

OVERALL = "all"
COLUMNS = ("before %", "after %", "difference", "95 % interval", "p", "verdict", "test")
NOTE = (
    "Differences are after minus before, in percentage points. A verdict needs p below 0.05; the p-values of languages\n"
    "are corrected for their number (Holm), so that an interval may lie beside zero and still show no difference."
)


class Verdict(str, Enum):
    """What may be said of a difference."""

    BETTER = "better"
    WORSE = "worse"
    NONE_SHOWN = "no difference shown"
    NOT_TESTED = "not tested"


class Method(str, Enum):
    """How a difference was tested."""

    MCNEMAR = "McNemar"
    PAIRED = "paired bootstrap"
    UNPAIRED = "intervals, unpaired"
    NONE = "no interval kept"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in one language, or over all (`language` is "all"); shares in [0, 1], `low` and `high` of after - before.

    `p_value` of a language is corrected for the number of languages (Holm). None where nothing could be tested.
    """

    part: str
    figure: str
    language: str
    before: float
    after: float
    low: float | None
    high: float | None
    p_value: float | None
    method: Method
    verdict: Verdict

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, overall and then by language for each figure, and what could not be compared row by row."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    def markdown(self) -> str:
        """A table over all languages and one by language for each figure."""
        return _markdown(self)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for `json.dumps`."""
        rows = [
            asdict(one) | {"difference": one.difference, "method": one.method.value, "verdict": one.verdict.value}
            for one in self.differences
        ]
        return {"before": self.before, "after": self.after, "notes": list(self.notes), "differences": rows}


def _markdown(comparison: Comparison) -> str:
    """A section over all languages, then one for each figure by language."""
    lines = ["# Comparison", "", f"Before: {comparison.before}. After: {comparison.after}.", "", NOTE, ""]
    if comparison.notes:
        lines += [*(f"- {note}" for note in comparison.notes), ""]
    overall = [one for one in comparison.differences if one.language == OVERALL]
    lines += ["## Over all languages", "", *_table("figure", [(one.figure, one) for one in overall]), ""]
    lines += ["## By language", ""]
    for (_, figure), found in groupby(comparison.differences, key=lambda one: (one.part, one.figure)):
        rows = [(one.language, one) for one in found if one.language != OVERALL]
        if rows:
            lines += [f"{figure[:1].upper()}{figure[1:]}:", "", *_table("language", rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(name: str, rows: Sequence[tuple[str, Difference]]) -> Table:
    return table([name, *COLUMNS], [[title, *_cells(one)] for title, one in rows])


def _cells(one: Difference) -> list[str]:
    bounds = MISSING if one.low is None or one.high is None else f"{_points(one.low)} – {_points(one.high)}"
    chance = MISSING if one.p_value is None else "< 0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}"
    return [
        percent(one.before),
        percent(one.after),
        _points(one.difference),
        bounds,
        chance,
        one.verdict.value,
        one.method.value,
    ]


def _points(share: float) -> str:
    """With its sign.

    >>> _points(0.0123), _points(-0.0004)
    ('+1.2', '-0.0')
    """
    return f"{100 * share:+.1f}"
