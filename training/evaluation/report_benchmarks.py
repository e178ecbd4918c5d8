"""Reads benchmarks/*.json, so that a new evaluation keeps the figures that take long to measure.

A benchmark file is `{"title", "command", "tables": [{"title", "columns", "rows", "note"}], "goals": [{"name",
"goal", "figure", "reached"}]}`, all but `tables` optional. Any other object of figures is shown as it lies: a
dictionary of dictionaries becomes a table with a row for each key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.evaluation.report_tables import MISSING, Table, table


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: `goal` and `figure` ready to print; `reached` is None where nothing was measured."""

    name: str
    goal: str
    figure: str
    reached: bool | None
    command: str

    @property
    def verdict(self) -> str:
        """`reached`, `not reached` or `not measured`."""
        return "not measured" if self.reached is None else "reached" if self.reached else "not reached"

    @property
    def sentence(self) -> str:
        """One line for a terminal."""
        return f"{self.name}: {self.figure} (goal: {self.goal}), {self.verdict}"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark's tables with their titles and notes, the command that made them, and its goals."""

    title: str
    command: str
    tables: tuple[tuple[str, Table, str], ...]
    goals: tuple[Goal, ...]


def read_benchmarks(folder: Path) -> list[Benchmark]:
    """All files of a folder by name; raises ValueError naming one that cannot be read."""
    found: list[Benchmark] = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(benchmark(json.loads(path.read_text("utf-8")), name=path.stem))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}: expected a benchmark's figures, found {error!r}. Run it again.") from error
    return found


def benchmark(data: Mapping[str, Any], *, name: str) -> Benchmark:
    """One file's content; `name` stands in for a missing title and command."""
    command = str(data.get("command", f"uv run python -m benchmarks.{name}"))
    if "tables" in data:
        tables = tuple(
            (str(one.get("title", "")), table(one["columns"], one["rows"]), str(one.get("note", "")))
            for one in data["tables"]
        )
    else:
        tables = tuple((title, lines, "") for title, lines in _as_it_lies(data))
    goals = tuple(
        Goal(one["name"], one["goal"], one["figure"], one["reached"], command) for one in data.get("goals", [])
    )
    return Benchmark(str(data.get("title", name.replace("_", " "))), command, tables, goals)


def _as_it_lies(data: Mapping[str, Any]) -> list[tuple[str, Table]]:
    tables: list[tuple[str, Table]] = []
    plain = [[key, _figure(value)] for key, value in data.items() if not isinstance(value, Mapping)]
    shown = [row for row in plain if row[0] not in {"title", "command"}]
    if shown:
        tables.append(("", table(["what", "figure"], shown)))
    groups = {key: value for key, value in data.items() if isinstance(value, Mapping) and value}
    deep = {key: rows for key, rows in groups.items() if _is_table(rows)}
    flat = {key: row for key, row in groups.items() if key not in deep}
    for title, rows in [*deep.items(), *([("", flat)] if flat else [])]:
        columns = list(dict.fromkeys(name for row in rows.values() for name in row))
        cells = [[key, *(_figure(row.get(name)) for name in columns)] for key, row in rows.items()]
        tables.append((title, table(["", *columns], cells)))
    return tables


def _is_table(rows: Mapping[str, Any]) -> bool:
    return all(isinstance(row, Mapping) for row in rows.values())


def _figure(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (Mapping, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
