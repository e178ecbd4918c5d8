"""What an evaluation measured, written beside the weights: `metrics` in manifest.json and the figures of the model card.

Weights are never touched, and the manifest keeps the checksums it had: a file that was damaged in between stays known
as damaged. Only the card's own checksum is renewed, because the card is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from store.manifest import FILE_NAME, read_manifest, sha256, weights_digest
from training.evaluation.model_card import FILE_NAME as CARD_NAME
from training.evaluation.model_card import write_model_card

VIEWS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "language": ((),),
    "nlu": ((),),
    "retrieval": (("served",), ("encoder_alone",)),
    "writer": (("within",), ("across",)),
}
"""Parts of an evaluation, each with the name of its model's folder, and where `languages` and `overall` lie in it."""


def publish(evaluation: Mapping[str, Any], models_dir: Path | None = None) -> list[Path]:
    """Write metrics and cards into the folders of the models that were measured, and return those folders.

    `models_dir` is by default the one that was evaluated. Raises FileNotFoundError for a folder without a manifest and
    ValueError where its weights are not the ones that were measured; nothing is written then.
    """
    about = evaluation["about"]
    root = models_dir or Path(about["models"])
    folders = {part: root / part for part in VIEWS if part in evaluation}
    for part, folder in folders.items():
        _check(folder, about.get("weights", {}).get(part))
    for part, folder in folders.items():
        _publish(folder, metrics_of(evaluation, part))
    return list(folders.values())


def metrics_of(evaluation: Mapping[str, Any], part: str) -> dict[str, Any]:
    """When it was measured, and the figures of each view by language and overall: rounded to six digits.

    >>> report = {"about": {"at": "2026-01-02"}, "language": {"languages": {"de": {"n": 3}}, "overall": {"n": 3}}}
    >>> metrics_of(report, "language")
    {'measured_at': '2026-01-02', 'languages': {'de': {'n': 3}}, 'overall': {'n': 3}}
    """
    metrics: dict[str, Any] = {"measured_at": evaluation["about"]["at"]}
    for path in VIEWS[part]:
        view = evaluation[part]
        for name in path:
            view = view[name]
        figures = {
            "languages": {language: _plain(row) for language, row in view["languages"].items()},
            "overall": _plain(view["overall"]),
        }
        metrics |= {path[0]: figures} if path else figures
    return metrics


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Figures and their intervals; lists of mistakes and bins stay in the evaluation."""
    kept: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_95") and isinstance(value, Sequence) and not isinstance(value, str):
            kept[name] = [round(float(bound), 6) for bound in value]
        elif isinstance(value, float):
            kept[name] = round(value, 6)
        elif value is None or isinstance(value, (int, str)):
            kept[name] = value
    return kept


def _check(folder: Path, measured: str | None) -> None:
    found = weights_digest(folder)
    if found is None:
        raise FileNotFoundError(
            f"{folder / FILE_NAME}: expected a manifest, found none. Train the model: `uv run xenia train`."
        )
    if measured != found:
        raise ValueError(
            f"{folder}: expected the weights that were measured ({str(measured)[:12]}), found others ({found[:12]}). "
            "Run `uv run xenia evaluate` again."
        )


def _publish(folder: Path, metrics: Mapping[str, Any]) -> None:
    manifest = read_manifest(folder)
    write_model_card(
        folder,
        stage=manifest["stage"],
        arguments=manifest.get("training_arguments", {}),
        licences=manifest.get("licences", {}),
        metrics=metrics,
        made_with=manifest.get("made_with", {}),
    )
    manifest["metrics"] = metrics
    manifest["files"] = dict(sorted({**manifest["files"], CARD_NAME: sha256(folder / CARD_NAME)}.items()))
    beside = folder / f"{FILE_NAME}.new"
    beside.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    os.replace(beside, folder / FILE_NAME)
