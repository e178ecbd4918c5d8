"""What a transfer starts from: rows, held-out rows, encoders and folders of a run, and the file of a language that joins.

`training.transfer.run` trains and measures with it, `training.search.study` borrows the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu.labels import Labels
from training.checks.annotations import annotation_problems
from training.checks.places import Problem, Severity
from training.checks.utterances import Row, read_rows
from training.config import NluConfig
from training.data.codeswitch import CodeSwitch
from training.data.dataset import Example, plain_and_spans, read_nlu
from training.sources import TrainingData, borrowed_rows, switch_of
from training.stages import Run, Stage, encoder_of, trunk_of

RESULTS_DIR = Path("var/transfer")
HELD_OUT_DIR = Path("tests/data/nlu")
_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class TransferSetup:
    """Rows to learn from and rows held out, of all languages; where to start, and where to write.

    encoder: the pre-trained one, which has seen no labelled row of ours. trunk: the one that learnt the intents of the
    model in `model_dir`, None where there is none. borrowed, values, switch: as `train_nlu` takes them.
    """

    config: NluConfig
    examples: Sequence[Example]
    held_out: Sequence[Example]
    encoder: Path
    model_dir: Path
    work_dir: Path
    trunk: Path | None = None
    borrowed: Sequence[Example] = ()
    values: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    switch: CodeSwitch | None = None
    results_dir: Path = RESULTS_DIR


def setup_of(run: Run, *, held_out_dir: Path = HELD_OUT_DIR, results_dir: Path = RESULTS_DIR) -> TransferSetup:
    """What a run's folders and configuration give; raises FileNotFoundError where utterances are missing."""
    data, encoder = data_of(run), encoder_of(run, run.config.nlu)
    return TransferSetup(
        config=run.config.nlu,
        examples=data.examples,
        held_out=read_nlu(held_out_dir),
        encoder=encoder,
        model_dir=run.found(Stage.NLU),
        work_dir=run.work_dir / "transfer",
        trunk=trunk_of(run),
        borrowed=borrowed_rows(run.config.nlu, data, run.corpora_dir),
        values=data.values,
        switch=switch_of(run.config.nlu, data, run.corpora_dir),
        results_dir=results_dir,
    )


def data_of(run: Run) -> TrainingData:
    """What the run learns from; raises ValueError that lists what is broken in it."""
    data = run.data
    if data.broken:
        raise ValueError("\n".join(str(one) for one in data.problems if one.severity is Severity.ERROR))
    return data


def read_language(path: Path, *, language: str, labels: Labels) -> list[Example]:
    """The utterances of one file of Rasa's YAML, whose intents and entities must be those of `labels`.

    Raises ValueError that lists every problem with its line, FileNotFoundError where there is no file.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file; expected Rasa's YAML with `nlu:`, such as sv.yml")
    if not _CODE.fullmatch(language):
        raise ValueError(
            f"{path}: expected a language's code, found {language!r}; name the file sv.yml, fi.yml ... or give the code"
        )
    problems: list[Problem] = []
    rows = list(read_rows(path, problems))
    for row in rows:
        problems += _faults(row, labels)
    wrong = [str(one) for one in problems if one.severity is Severity.ERROR]
    if wrong:
        raise ValueError("\n".join(wrong))
    examples = [_example(row, language) for row in rows if row.annotated]
    if not examples:
        raise ValueError(f"{path}: expected `nlu:` with examples, found none")
    return examples


def _faults(row: Row, labels: Labels) -> list[Problem]:
    faults = list(annotation_problems(row.place, row.annotated, frozenset(labels.entities)))
    if row.intent not in labels.intents:
        faults.append(row.place.problem(f"unknown intent {row.intent!r}: expected one of {', '.join(labels.intents)}"))
    return faults


def _example(row: Row, language: str) -> Example:
    text, spans = plain_and_spans(row.annotated)
    return Example(text, language, row.intent, row.situation, spans)
