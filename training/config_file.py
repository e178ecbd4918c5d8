"""A configuration written as TOML, the inverse of `training.config.load_config`: what differs from the defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import Enum
from pathlib import Path
from typing import Any

from training.config import TABLES, Range, SearchConfig, TrainingConfig


def write_config(path: Path, config: TrainingConfig, *, found: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """Write `config` to `path`; `found` values by table and key take the place of its own, and always stand there."""
    found = found or {}
    parts = [_lines({"corpora_dir": config.corpora_dir, "output_dir": config.output_dir})]
    for name in TABLES:
        values = _changed(getattr(config, name)) | dict(found.get(name, {}))
        if values:
            parts.append(table_text(name, values))
    parts.append(_search_text(config.search))
    path.write_text("\n".join(part for part in parts if part), "utf-8")


def table_text(name: str, values: Mapping[str, Any]) -> str:
    """One table.

    >>> print(table_text("nlu", {"learning_rate": 7e-4, "bf16": False, "checkpoint": "a"}), end="")
    [nlu]
    learning_rate = 0.0007
    bf16 = false
    checkpoint = "a"
    """
    return f"[{name}]\n{_lines(values)}"


def _changed(settings: Any) -> dict[str, Any]:
    values = {entry.name: getattr(settings, entry.name) for entry in fields(settings) if entry.default is not MISSING}
    defaults = {entry.name: entry.default for entry in fields(settings)}
    return {name: value for name, value in values.items() if value != defaults[name]}


def _search_text(search: SearchConfig) -> str:
    text = table_text("search", {"trials": search.trials, "share": search.share})
    for name, space in search.space.items():
        lines = "".join(f"{key} = {_range_text(one)}\n" for key, one in space.items())
        text += f"\n[search.{name}]\n{lines}"
    return text


def _range_text(one: Range) -> str:
    if one.choices:
        return f"{{ choices = [{', '.join(map(_value, one.choices))}] }}"
    log = ", log = true" if one.log else ""
    return f"{{ low = {_value(one.low)}, high = {_value(one.high)}{log} }}"


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
