"""The trainings in their order, each from data to a folder with weights, manifest and model card.

    pretrain -> encoder/    language -> language/    nlu -> nlu/    encoder -> retrieval/    writer -> writer/

A stage reads what an earlier one wrote; the sentence encoder goes on from the encoder that learnt intents and entities,
where this machine has trained one, else from the pre-trained one. Work in progress (checkpoints, `metrics.jsonl`) lies in
`models/work/<stage>` and is taken up again after an interruption, if data and settings are the same.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import torch
import transformers

from retrieval.templates import read_templates
from store.manifest import sha256, write_manifest
from training.config import TrainingConfig
from training.data.borrowed import borrowed_examples, question_examples
from training.data.corpora import LICENCES
from training.data.dataset import fingerprint, read_nlu, read_replies, read_values
from training.encoder import train_encoder
from training.evaluation.model_card import write_model_card
from training.language_id.train import train_language
from training.nlu import BASE_NAME, TRUNK_NAME, train_nlu
from training.pretrain import SERVED, pretrain
from training.static import OwnTexts
from training.writer import train_writer

DATA_DIR = Path("data")
WORK_DIR = Path("models/work")
BEGUN_NAME = "begun.sha256"
OWN = {"Xenia's own utterances, replies and templates (data/)": "Apache-2.0"}


class Stage(str, Enum):
    """Stages in their order."""

    PRETRAIN = "pretrain"
    LANGUAGE = "language"
    NLU = "nlu"
    ENCODER = "encoder"
    WRITER = "writer"


FOLDERS = {
    Stage.PRETRAIN: "encoder",
    Stage.LANGUAGE: "language",
    Stage.NLU: "nlu",
    Stage.ENCODER: "retrieval",
    Stage.WRITER: "writer",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A configuration with the folders of one run."""

    config: TrainingConfig
    output_dir: Path
    corpora_dir: Path
    data_dir: Path = DATA_DIR
    work_dir: Path = WORK_DIR

    def folder(self, stage: Stage) -> Path:
        """Where a stage writes."""
        return self.output_dir / FOLDERS[stage]


def run_stage(stage: Stage, run: Run) -> None:
    """Train one stage and write its manifest and model card."""
    learnt_from = fingerprint(read_nlu(run.data_dir / "nlu"))  # before the stage: data may change while it runs
    begin(run, stage)
    licences, arguments = _STAGES[stage](run)
    folder = run.folder(stage)
    write_model_card(folder, stage=stage.value, arguments=arguments, licences=licences)
    write_manifest(
        folder,
        stage=stage.value,
        base_checkpoint=_base(run, stage),
        data_fingerprint=learnt_from,
        training_arguments=arguments,
        licences=licences,
        made_with={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
    )


def begin(run: Run, stage: Stage) -> None:
    """Throw away work in progress that was begun on other data or with other settings: it cannot be gone on with."""
    work = run.work_dir / stage.value
    digest = hashlib.sha256(repr(getattr(run.config, stage.value, None)).encode())
    for path in sorted(path for path in run.data_dir.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    begun = work / BEGUN_NAME
    if work.exists() and (not begun.exists() or begun.read_text("utf-8") != digest.hexdigest()):
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    begun.write_text(digest.hexdigest(), "utf-8")


def _base(run: Run, stage: Stage) -> str | None:
    """What a stage starts from, in the words of the manifest."""
    if stage is Stage.ENCODER and _trunk(run) is not None:
        return f"{FOLDERS[Stage.PRETRAIN]}, fine-tuned by {Stage.NLU.value}"
    return FOLDERS[Stage.PRETRAIN] if stage in {Stage.NLU, Stage.ENCODER} else None


def _trunk(run: Run) -> Path | None:
    """The encoder that learnt intents and entities on this machine, where it comes from the present pre-trained one."""
    folder = run.work_dir / Stage.NLU.value / TRUNK_NAME
    base = run.folder(Stage.PRETRAIN) / "model.safetensors"
    known = folder / BASE_NAME
    fits = known.exists() and base.exists() and known.read_text("utf-8") == sha256(base)
    return folder if fits else None


def _public(run: Run, *names: str) -> dict[str, str]:
    return {name: LICENCES[name] for name in names} if run.corpora_dir.exists() else {}


def _pretrain(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    pretrain(
        run.config.pretrain,
        corpora_dir=run.corpora_dir,
        folder=run.folder(Stage.PRETRAIN),
        work_dir=run.work_dir / "pretrain",
        own=OwnTexts(
            examples=read_nlu(run.data_dir / "nlu"),
            templates=read_templates((run.data_dir / "templates").glob("*.jsonl")),
            replies={code: data["replies"] for code, data in read_replies(run.data_dir / "replies").items()},
        ),
    )
    return OWN | dict(LICENCES), asdict(run.config.pretrain)


def _language(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    train_language(run.folder(Stage.LANGUAGE), run.corpora_dir, run.data_dir)
    return OWN | _public(run, "MASSIVE 1.1", "ui_parallel (Chatwoot, Helpy, Spree)"), {}


def _nlu(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    train_nlu(
        run.config.nlu,
        examples=read_nlu(run.data_dir / "nlu"),
        borrowed=question_examples(read_templates((run.data_dir / "templates").glob("*.jsonl")))
        + borrowed_examples(
            run.corpora_dir,
            languages=SERVED,
            n_support=run.config.nlu.n_borrowed_support,
            n_foreign=run.config.nlu.n_borrowed_foreign,
            seed=run.config.nlu.seed,
        ),
        checkpoint=run.folder(Stage.PRETRAIN),
        folder=run.folder(Stage.NLU),
        work_dir=run.work_dir / "nlu",
        values=read_values(run.data_dir / "values"),
    )
    return OWN | dict(LICENCES), asdict(run.config.nlu)


def _encoder(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    train_encoder(
        run.config.encoder,
        examples=read_nlu(run.data_dir / "nlu"),
        templates=read_templates((run.data_dir / "templates").glob("*.jsonl")),
        corpora_dir=run.corpora_dir,
        checkpoint=_trunk(run) or run.folder(Stage.PRETRAIN),
        folder=run.folder(Stage.ENCODER),
        work_dir=run.work_dir / "encoder",
    )
    return OWN | dict(LICENCES), asdict(run.config.encoder)


def _writer(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    train_writer(
        run.config.writer,
        templates=read_templates((run.data_dir / "templates").glob("*.jsonl")),
        replies=read_replies(run.data_dir / "replies"),
        examples=read_nlu(run.data_dir / "nlu"),
        corpora_dir=run.corpora_dir,
        folder=run.folder(Stage.WRITER),
        work_dir=run.work_dir / "writer",
    )
    return OWN | _public(run, "ui_parallel (Chatwoot, Helpy, Spree)"), asdict(run.config.writer)


_STAGES: dict[Stage, Callable[[Run], tuple[dict[str, str], dict[str, Any]]]] = {
    Stage.PRETRAIN: _pretrain,
    Stage.LANGUAGE: _language,
    Stage.NLU: _nlu,
    Stage.ENCODER: _encoder,
    Stage.WRITER: _writer,
}
