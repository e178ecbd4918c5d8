"""The training commands as a user meets them: one line for what is wrong, exit codes, and models that serve."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from enum import Enum
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nlu.parser import Parser
from retrieval.encoder import SentenceEncoder
from store.manifest import read_manifest
from tests.models import TRACING, checkpoint, tiny_encoder, tiny_nlu, tiny_pretrain, tiny_writer
from tests.training.test_sources import data, dialogue  # noqa: F401 - `data` is a fixture
from training.commands import app

pytestmark = TRACING
TINY = {
    "pretrain": tiny_pretrain(),
    "nlu": tiny_nlu(epochs=6.0),
    "encoder": tiny_encoder(epochs=3.0),
    "writer": tiny_writer(steps=6, vocabulary_size=480),
}


def _config(path: Path, output_dir: Path) -> Path:
    lines = [f'corpora_dir = "{path.parent / "nowhere"}"', f'output_dir = "{output_dir}"']
    for name, settings in TINY.items():
        lines.append(f"[{name}]")
        for key, value in asdict(settings).items():
            value = value.value if isinstance(value, Enum) else value
            lines.append(f"{key} = {json.dumps(value)}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_what_to_train_must_be_said_and_only_once(tmp_path: Path) -> None:
    assert _run("train").exit_code == 2
    assert _run("train", "--all", "--only", "nlu").exit_code == 2
    assert _run("train", "--only", "everything").exit_code == 2


def test_a_wrong_key_of_the_configuration_is_named_beside_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[nlu]\nlearning_rat = 1\n")
    command = [sys.executable, "-m", "training", "train", "--only", "nlu", "--config", str(tmp_path / "c.toml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "[nlu] unknown key learning_rat; known are" in done.stderr
    assert "Traceback" not in done.stderr


def test_problems_are_listed_with_file_and_line_and_nothing_is_trained(data: Path, tmp_path: Path) -> None:  # noqa: F811
    with (data / "nlu" / "de.yml").open("a", encoding="utf-8") as handle:
        handle.write("- intent: greet\n  examples: |\n    - '[Köln](city'\n- intent: ''\n  examples: |\n    - x\n")
    done = _run("train", "--only", "nlu", "--data", data, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "de.yml:" in done.output
    assert "nothing was trained" in done.output
    assert not (tmp_path / "out").exists()


def test_all_three_models_learn_from_logs_and_can_be_served(
    data: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.stages.WORK_DIR", tmp_path / "work")
    base, out = tmp_path / "base", tmp_path / "tuned"
    shutil.copytree(checkpoint(), base / "encoder")
    shutil.copytree("models/starter/language", base / "language")
    logs = tmp_path / "logs.jsonl"
    template = "Ihre Bestellung ist unterwegs und kommt {} bei Ihnen an, vielen Dank für Ihre Geduld."
    days = ("heute", "morgen", "am Freitag", "am Montag", "bald", "noch diese Woche")
    logs.write_text(
        "".join(
            dialogue(("customer", f"wo bleibt mein Paket {day}?"), ("agent", template.format(day)), label="track_order")
            for day in days
        ),
        "utf-8",
    )
    config = _config(tmp_path / "tiny.toml", base)
    done = _run("train", "--from-logs", logs, "--config", config, "--data", data, "--out", out)
    assert done.exit_code == 0, done.output[-2000:]
    assert "logs: 6 classifier rows, 6 questions with their answers" in done.output
    assert Parser(out / "nlu").parse(["wo bleibt mein Paket morgen?"])[0].intents[0].name == "track_order"
    assert SentenceEncoder(out / "retrieval").dim == 64
    assert (out / "writer" / "model.bin").exists()
    assert (out / "language" / "manifest.json").exists()  # what was not trained is taken over
    assert any("logs: 6 classifier rows" in line for line in read_manifest(out / "nlu")["data_origins"])
    assert not (base / "nlu").exists()
