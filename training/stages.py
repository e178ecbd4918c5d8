"""The trainings in their order, each from data to a folder with weights, manifest and model card.

    pretrain -> encoder/    language -> language/    nlu -> nlu/    encoder -> retrieval/    writer -> writer/

A stage reads what an earlier one wrote; the sentence encoder goes on from the encoder that learnt intents and entities,
where this machine has trained one, else from the pre-trained one. Work in progress (checkpoints, `metrics.jsonl`) lies in
the work folder and is taken up again after an interruption, if data and settings are the same.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
import transformers

from store.manifest import sha256, write_manifest
from training.checkpoints import resolved
from training.config import Fit, TrainingConfig
from training.data.corpora import licences_of
from training.data.dataset import fingerprint
from training.encoder.train import train_encoder
from training.evaluation.model_card import write_model_card
from training.export_checks import read_checks
from training.language_id.train import train_language
from training.nlu.train import BASE_NAME, TRUNK_NAME, train_nlu
from training.pretrain.static import OwnTexts
from training.pretrain.train import pretrain
from training.privacy.seen import write_seen
from training.processes import main_only
from training.redaction.examples import personal_examples
from training.sources import TrainingData, borrowed_rows, gather, switch_of
from training.writer.train import train_writer

DATA_DIR = Path("data")
WORK_DIR = Path("models/work")
BEGUN_NAME = "begun.sha256"
LEARNT_FROM = ("massive", "ui_parallel", "bitext", "banking77", "clinc150")
"""Public sets whose rows the encoders see."""
OWN = {"Xenia's own utterances, replies and templates (data/)": "Apache-2.0"}


class Stage(str, Enum):
    """Stages in their order."""

    PRETRAIN = "pretrain"
    LANGUAGE = "language"
    NLU = "nlu"
    ENCODER = "encoder"
    WRITER = "writer"
    PERSONAL = "personal"


FOLDERS = {
    Stage.PRETRAIN: "encoder",
    Stage.LANGUAGE: "language",
    Stage.NLU: "nlu",
    Stage.ENCODER: "retrieval",
    Stage.WRITER: "writer",
    Stage.PERSONAL: "personal",
}


@dataclass(frozen=True)
class Run:
    """A configuration with the folders of one run, and the data that it learns from.

    `base_dir` has the models of the stages that this run does not train: they are read from there, and copied, so that
    `output_dir` can be served.
    """

    config: TrainingConfig
    output_dir: Path
    corpora_dir: Path
    data_dir: Path = DATA_DIR
    work_dir: Path = WORK_DIR
    base_dir: Path | None = None
    gathered: TrainingData | None = field(default=None, repr=False)

    def folder(self, stage: Stage) -> Path:
        """Where a stage writes."""
        return self.output_dir / FOLDERS[stage]

    def found(self, stage: Stage) -> Path:
        """Where a stage's model is read from: this run's own where there is one."""
        own = self.folder(stage)
        return own if own.exists() or self.base_dir is None else self.base_dir / FOLDERS[stage]

    @cached_property
    def data(self) -> TrainingData:
        """What is learnt from, read once."""
        return self.gathered or gather(self.data_dir)


def run_stage(stage: Stage, run: Run) -> None:
    """Train one stage and write its manifest and model card."""
    main_only(lambda: begin(run, stage))
    base = _base(run, stage)
    licences, arguments = _STAGES[stage](run)

    def describe() -> None:
        folder = run.folder(stage)
        write_seen(folder, run.data.conversations if stage is not Stage.LANGUAGE else ())
        write_model_card(folder, stage=stage.value, arguments=arguments, licences=licences)
        write_manifest(
            folder,
            stage=stage.value,
            base_checkpoint=base,
            data_fingerprint=run.data.fingerprint,
            data_origins=list(run.data.origins),
            exports=read_checks(run.work_dir / stage.value),
            training_arguments=arguments,
            licences=licences,
            made_with={
                "python": platform.python_version(),
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "on": torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU",
            },
        )

    main_only(describe)


def complete(run: Run) -> None:
    """Copy the models that `run` did not train and that lie in `base_dir`, so that its output can be served."""
    for stage in Stage if run.base_dir is not None else ():
        if not run.folder(stage).exists() and run.found(stage).exists():
            shutil.copytree(run.found(stage), run.folder(stage))


def begin(run: Run, stage: Stage) -> None:
    """Throw away work in progress that was begun on other data or with other settings: it cannot be gone on with."""
    work = run.work_dir / stage.value
    digest = hashlib.sha256(repr(getattr(run.config, stage.value, None)).encode())
    for path in sorted(path for path in run.data_dir.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    digest.update(repr(run.data.answered).encode())
    digest.update(fingerprint(run.data.examples).encode())
    begun = work / BEGUN_NAME
    if work.exists() and (not begun.exists() or begun.read_text("utf-8") != digest.hexdigest()):
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    begun.write_text(digest.hexdigest(), "utf-8")


def _base(run: Run, stage: Stage) -> str | None:
    """What a stage starts from, in the words of the manifest."""
    named = getattr(getattr(run.config, stage.value, None), "checkpoint", "")
    if named:
        return str(named)
    if stage is Stage.ENCODER and trunk_of(run) is not None:
        return f"{FOLDERS[Stage.PRETRAIN]}, fine-tuned by {Stage.NLU.value}"
    return FOLDERS[Stage.PRETRAIN] if stage in {Stage.NLU, Stage.ENCODER, Stage.PERSONAL} else None


def encoder_of(run: Run, config: Fit) -> Path:
    """The encoder that a training starts from: the checkpoint it names, else our own pre-trained one."""
    return resolved(config.checkpoint) if config.checkpoint else run.found(Stage.PRETRAIN)


def trunk_of(run: Run) -> Path | None:
    """The encoder that learnt intents and entities on this machine, where it comes from the encoder that is there now."""
    folder = run.work_dir / Stage.NLU.value / TRUNK_NAME
    base = encoder_of(run, run.config.nlu) / "model.safetensors"
    known = folder / BASE_NAME
    fits = known.exists() and base.exists() and known.read_text("utf-8") == sha256(base)
    return folder if fits else None


def _public(run: Run, *names: str) -> dict[str, str]:
    return licences_of(names) if run.corpora_dir.exists() else {}


def _pretrain(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    pretrain(
        run.config.pretrain,
        corpora_dir=run.corpora_dir,
        folder=run.folder(Stage.PRETRAIN),
        work_dir=run.work_dir / Stage.PRETRAIN.value,
        own=OwnTexts(
            examples=run.data.examples,
            templates=run.data.templates,
            replies={code: data["replies"] for code, data in run.data.replies.items()},
        ),
    )
    return OWN | _public(run, *LEARNT_FROM), asdict(run.config.pretrain)


def _language(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    main_only(lambda: train_language(run.folder(Stage.LANGUAGE), run.corpora_dir, run.data_dir))
    return OWN | _public(run, "massive", "ui_parallel"), {}


def _nlu(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    config = run.config.nlu
    train_nlu(
        config,
        examples=run.data.examples,
        borrowed=borrowed_rows(config, run.data, run.corpora_dir),
        checkpoint=encoder_of(run, config),
        folder=run.folder(Stage.NLU),
        work_dir=run.work_dir / Stage.NLU.value,
        values=run.data.values,
        switch=switch_of(config, run.data, run.corpora_dir),
    )
    return OWN | _public(run, *LEARNT_FROM), asdict(config)


def _encoder(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    config = run.config.encoder
    train_encoder(
        config,
        examples=run.data.examples,
        templates=run.data.templates,
        corpora_dir=run.corpora_dir,
        checkpoint=(None if config.checkpoint else trunk_of(run)) or encoder_of(run, config),
        folder=run.folder(Stage.ENCODER),
        work_dir=run.work_dir / Stage.ENCODER.value,
        answered=run.data.answered,
    )
    return OWN | _public(run, *LEARNT_FROM), asdict(config)


def _writer(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    train_writer(
        run.config.writer,
        templates=run.data.templates,
        replies=run.data.replies,
        examples=run.data.examples,
        corpora_dir=run.corpora_dir,
        folder=run.folder(Stage.WRITER),
        work_dir=run.work_dir / Stage.WRITER.value,
        answered=run.data.answered,
    )
    return OWN | _public(run, "ui_parallel"), asdict(run.config.writer)


def _personal(run: Run) -> tuple[dict[str, str], dict[str, Any]]:
    """The tagger of names and addresses that redaction asks: the joint model with other labels."""
    config = run.config.personal
    train_nlu(
        config,
        examples=personal_examples(run.data, data_dir=run.data_dir, corpora_dir=run.corpora_dir, seed=config.seed),
        checkpoint=encoder_of(run, config),
        folder=run.folder(Stage.PERSONAL),
        work_dir=run.work_dir / Stage.PERSONAL.value,
    )
    return OWN | _public(run, *LEARNT_FROM), asdict(config)


_STAGES: dict[Stage, Callable[[Run], tuple[dict[str, str], dict[str, Any]]]] = {
    Stage.PRETRAIN: _pretrain,
    Stage.LANGUAGE: _language,
    Stage.NLU: _nlu,
    Stage.ENCODER: _encoder,
    Stage.WRITER: _writer,
    Stage.PERSONAL: _personal,
}
