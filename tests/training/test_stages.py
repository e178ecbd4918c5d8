"""Stages: from data to a folder whose manifest and model card tell what it was made of."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml

from bot.doctor import MODEL_FOLDERS
from nlu.parser import Parser
from retrieval.encoder import SentenceEncoder
from store.manifest import read_manifest, verify
from tests.models import (
    ANNOTATED,
    HIDDEN_SIZE,
    TRACING,
    checkpoint,
    tiny_encoder,
    tiny_nlu,
    tiny_pretrain,
    tiny_writer,
)
from training.config import TrainingConfig
from training.data.dataset import fingerprint, read_nlu
from training.stages import FOLDERS, Run, Stage, run_stage

pytestmark = TRACING


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Our tiny rows as data files, and the tiny checkpoint where the first stage would have left it."""
    data = tmp_path / "data"
    for folder in ("nlu", "templates", "replies"):
        (data / folder).mkdir(parents=True)
    for language, intents in ANNOTATED.items():
        blocks = [
            {"intent": intent, "metadata": {"situation": "plain"}, "examples": "".join(f"- {line}\n" for line in lines)}
            for intent, lines in intents.items()
        ]
        (data / "nlu" / f"{language}.yml").write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True), "utf-8")
        template = {
            "id": f"track.how.{language}.1", "language": language, "intent": "track_order", "placeholders": [],
            "question_examples": ["48213?"], "text": f"Antwort {language}", "status": "approved", "source": "test",
        }  # fmt: skip
        line = json.dumps(template, ensure_ascii=False)
        (data / "templates" / f"{language}.jsonl").write_text(line + "\n", "utf-8")
        (data / "replies" / f"{language}.yml").write_text("replies: {}\ntopics: {}\npage: {}\n", "utf-8")
    config = TrainingConfig(
        pretrain=tiny_pretrain(),
        nlu=tiny_nlu(epochs=4.0),
        encoder=tiny_encoder(epochs=1.0),
        writer=tiny_writer(),
    )
    built = Run(config, tmp_path / "models", tmp_path / "sets", data_dir=data, work_dir=tmp_path / "work")
    shutil.copytree(checkpoint(), built.folder(Stage.PRETRAIN))
    return built


def test_the_intent_stage_leaves_weights_a_manifest_and_a_card(run: Run) -> None:
    run_stage(Stage.NLU, run)
    folder = run.folder(Stage.NLU)
    assert Parser(folder).parse(["guten Tag"])[0].intents
    manifest = read_manifest(folder)
    assert (manifest["stage"], manifest["base_checkpoint"]) == ("nlu", "encoder")
    assert manifest["data_fingerprint"] == fingerprint(read_nlu(run.data_dir / "nlu"))
    assert manifest["training_arguments"] == asdict(run.config.nlu)
    assert set(manifest["files"]) == {
        "README.md",
        "labels.json",
        "lexical.npz",
        "tagger.npz",
        "model.onnx",
        "parser.json",
        "tokenizer.json",
    }
    card = (folder / "README.md").read_text("utf-8")
    assert "uv run xenia train --only nlu" in card
    assert f"| epochs | {run.config.nlu.epochs} |" in card
    for source, licence in manifest["licences"].items():
        assert f"| {source} | {licence} |" in card
    assert not list((run.work_dir / "nlu").glob("checkpoint-*"))
    assert (run.work_dir / "nlu" / "metrics.jsonl").exists()


def test_a_stage_run_again_replaces_what_it_made(run: Run) -> None:
    run_stage(Stage.NLU, run)
    before = read_manifest(run.folder(Stage.NLU))
    more = run.data_dir / "nlu" / "fr.yml"
    more.write_text("nlu:\n- intent: greet\n  examples: |\n    - bonjour\n    - salut\n    - bonsoir\n", "utf-8")
    run_stage(Stage.NLU, replace(run))
    after = read_manifest(run.folder(Stage.NLU))
    assert after["data_fingerprint"] != before["data_fingerprint"]
    assert after["files"]["model.onnx"] != before["files"]["model.onnx"]
    verify(run.folder(Stage.NLU), mend="")


def test_the_encoder_stage_leaves_a_sentence_encoder(run: Run) -> None:
    run_stage(Stage.ENCODER, run)
    folder = run.folder(Stage.ENCODER)
    assert folder.name == "retrieval"
    assert SentenceEncoder(folder).dim == 2 * HIDDEN_SIZE
    assert read_manifest(folder)["base_checkpoint"] == "encoder"
    verify(folder, mend="")


def test_a_stage_without_its_checkpoint_names_the_stage_that_makes_it(run: Run) -> None:
    shutil.rmtree(run.folder(Stage.PRETRAIN))
    with pytest.raises(FileNotFoundError, match=r"models/encoder.*xenia train --only pretrain"):
        run_stage(Stage.NLU, run)
    assert not run.folder(Stage.NLU).exists()


def test_every_stage_has_a_folder_of_its_own_that_the_doctor_looks_at() -> None:
    assert set(FOLDERS) == set(Stage)
    assert {folder: stage.value for stage, folder in FOLDERS.items()} == MODEL_FOLDERS
