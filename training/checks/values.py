"""Rules for the further values of entities (`data/values`): known entities, and no value empty or twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from training.checks.domain import Domain
from training.checks.places import Problem, entries, items, place, read_yaml, section, text


def value_problems(path: Path, domain: Domain) -> Iterator[Problem]:
    """Every fault of one language's file; raises Unreadable."""
    for label, values in entries(section(read_yaml(path), "values")).items():
        if domain.entities and label not in domain.entities:
            yield place(values).problem(
                f"unknown entity {label!r}: expected one of {', '.join(sorted(domain.entities))}"
            )
        seen: set[str] = set()
        for node in items(values):
            value = text(node)
            if not value.strip() or value != value.strip():
                yield place(node).problem(f"a value of {label} is empty or has white space at its edge: {value!r}")
            if value in seen:
                yield place(node).problem(f"{value!r} stands twice under {label}")
            seen.add(value)
