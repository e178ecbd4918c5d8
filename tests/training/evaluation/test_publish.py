"""Figures beside the weights: the manifest's metrics, the card, and checksums that stay what they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.manifest import DamagedArtefact, read_manifest, verify, weights_digest, write_manifest
from training.evaluation.model_card import write_model_card
from training.evaluation.publish import publish


def model(root: Path, name: str = "nlu", stage: str = "nlu") -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"weights")
    arguments, licences = {"epochs": 7}, {"own rows": "Apache-2.0"}
    write_model_card(folder, stage=stage, arguments=arguments, licences=licences)
    write_manifest(
        folder,
        stage=stage,
        training_arguments=arguments,
        licences=licences,
        made_with={"torch": "2.4", "device": "one NVIDIA H100"},
    )
    return folder


def evaluation(root: Path, *folders: str) -> dict[str, Any]:
    figures = {
        "n": 40,
        "intent_accuracy": 0.81234567,
        "intent_accuracy_95": [0.76, 0.85],
        "entity_f1": 0.7,
        "out_of_scope_auroc": None,
        "reliability": [{"low": 0.9}],
    }
    view = {
        "languages": {"de": {"n": 2, "recall_at_1": 0.5, "mrr": 0.75}},
        "overall": {"n": 2, "recall_at_1": 0.5, "mrr": 0.75},
    }
    return {
        "about": {
            "at": "2026-01-02T03:04:05+00:00",
            "models": str(root),
            "weights": {name: weights_digest(root / name) for name in folders},
        },
        "nlu": {"languages": {"de": figures}, "overall": figures | {"worst_language": "de"}},
        **({"retrieval": {"served": view, "encoder_alone": view}} if "retrieval" in folders else {}),
    }


def test_the_manifest_has_the_figures_by_language(tmp_path: Path) -> None:
    folder = model(tmp_path)
    assert publish(evaluation(tmp_path, "nlu")) == [folder]
    metrics = read_manifest(folder)["metrics"]
    assert metrics["measured_at"] == "2026-01-02T03:04:05+00:00"
    assert metrics["languages"]["de"] == {
        "n": 40,
        "intent_accuracy": 0.812346,
        "intent_accuracy_95": [0.76, 0.85],
        "entity_f1": 0.7,
        "out_of_scope_auroc": None,
    }
    assert metrics["overall"]["worst_language"] == "de"


def test_the_folder_is_whole_afterwards_and_nothing_else_changed(tmp_path: Path) -> None:
    folder = model(tmp_path)
    before = read_manifest(folder)
    publish(evaluation(tmp_path, "nlu"))
    verify(folder, mend="")
    after = read_manifest(folder)
    assert after["files"]["model.onnx"] == before["files"]["model.onnx"]
    assert after["files"]["README.md"] != before["files"]["README.md"]
    kept = ("stage", "training_arguments", "licences", "made_with")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "manifest.json", "model.onnx"]


def test_weights_that_were_damaged_stay_known_as_damaged(tmp_path: Path) -> None:
    folder = model(tmp_path)
    report = evaluation(tmp_path, "nlu")
    (folder / "model.onnx").write_bytes(b"broken")
    publish(report)
    with pytest.raises(DamagedArtefact, match=r"model\.onnx"):
        verify(folder, mend="")


def test_the_card_shows_figures_arguments_and_the_machine(tmp_path: Path) -> None:
    folder = model(tmp_path)
    assert "Not measured yet" in (folder / "README.md").read_text("utf-8")
    publish(evaluation(tmp_path, "nlu"))
    card = (folder / "README.md").read_text("utf-8")
    assert "Measured on 2026-01-02" in card
    assert "| language | rows | intent accuracy % | 95 % interval | entity F1 % |" in card
    assert "| de | 40 | 81.2 | 76.0 – 85.0 | 70.0 |" in card
    assert "| epochs | 7 |" in card
    assert "on one NVIDIA H100 with torch 2.4" in card
    assert "AUROC" not in card
    assert "Not measured yet" not in card


def test_a_model_of_several_views_has_a_table_for_each(tmp_path: Path) -> None:
    model(tmp_path)
    folder = model(tmp_path, "retrieval", "encoder")
    publish(evaluation(tmp_path, "nlu", "retrieval"))
    assert read_manifest(folder)["metrics"]["served"]["languages"]["de"] == {"n": 2, "recall_at_1": 0.5, "mrr": 0.75}
    card = (folder / "README.md").read_text("utf-8")
    assert card.count("| de | 2 | 50.0 | – | 0.750 |") == 2


def test_published_again_the_files_stay_the_same(tmp_path: Path) -> None:
    folder = model(tmp_path)
    report = evaluation(tmp_path, "nlu")
    publish(report)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    publish(report)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_figures_of_other_weights_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    model(tmp_path)
    folder = model(tmp_path, "retrieval", "encoder")
    report = evaluation(tmp_path, "nlu", "retrieval")
    (folder / "model.onnx").write_bytes(b"trained again")
    write_manifest(folder, stage="encoder")
    with pytest.raises(ValueError, match=r"retrieval: expected the weights that were measured.*evaluate"):
        publish(report)
    assert "metrics" not in read_manifest(tmp_path / "nlu")


def test_a_folder_without_a_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nlu.manifest\.json: expected a manifest"):
        publish(evaluation(tmp_path, "nlu"))


def test_a_card_of_an_unknown_stage_names_it(tmp_path: Path) -> None:
    write_model_card(tmp_path, stage="distil", arguments={}, licences={"own rows": "Apache-2.0"})
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "Made by the stage `distil` of the training." in card
    assert "| own rows | Apache-2.0 |" in card
