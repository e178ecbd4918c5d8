"""Zero- and few-shot transfer of the joint model between languages, with what it does to every language.

`zero_shot` trains on some languages and measures all the others. `add_language` lets a language with a handful of
examples join: the known languages' rows are learnt again beside it, so that they are not forgotten (rehearsal), and the
model that is there is measured before, the new one after. Neither touches the model that is there: the new one lies in
`<work_dir>/<name>/nlu`. Both leave `<name>.json` and `<name>.md` in the folder of results.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from nlu.parser import Parser
from store.manifest import write_manifest
from training.config import NluConfig
from training.data.dataset import Example, fingerprint, labels_of
from training.evaluation.compare import compare
from training.evaluation.measure_nlu import measure_nlu
from training.nlu.train import split_for_calibration, train_nlu
from training.stages import Stage
from training.transfer.report import FIGURES, LanguageFigures, TransferReport, ZeroShotReport, write_report
from training.transfer.setup import TransferSetup, read_language

EXPONENT = 0.3
"""A language with a share p of the rows is drawn ~ p**0.3 where another joins (XLM-R's exponent, arXiv:1911.02116, 3.1)."""
KEPT_SHARE = 0.3
"""Of the examples of a language that has no held-out rows so many are kept aside to measure it with."""


def zero_shot(setup: TransferSetup, *, languages: Sequence[str], name: str = "") -> ZeroShotReport:
    """Train on the rows of `languages` alone, from the pre-trained encoder, and measure every held-out language.

    Raises ValueError where one of them has no rows, or where no other language is held out.
    """
    _check_languages(setup, languages)
    known, borrowed = _only(setup.examples, languages), _only(setup.borrowed, languages)
    values = {language: labels for language, labels in setup.values.items() if language in languages}
    name = name or f"zero-shot-{'-'.join(sorted(set(languages)))}"
    alone = replace(setup, borrowed=borrowed, values=values, switch=None)
    folder = _trained(alone, setup.config, known, checkpoint=setup.encoder, name=name)
    measured = measure_nlu(Parser(folder), setup.held_out, _texts([*known, *borrowed]))
    found = tuple(
        LanguageFigures(one, figures["n"], one in languages, **{key: figures[key] for key in FIGURES.values()})
        for one, figures in measured["languages"].items()
    )
    report = ZeroShotReport(name, found, measured["n_seen_in_training"], setup.encoder, folder)
    write_report(report, setup.results_dir, name)
    return report


def add_language(setup: TransferSetup, *, path: Path, language: str = "", name: str = "") -> TransferReport:
    """Let the language of `path`, Rasa's YAML named `<language>.yml`, join, and compare the models on every language.

    All its examples are learnt, none is kept for the temperature; where nothing of it is held out, a share of them is kept
    aside to measure with. The training starts from the trunk where there is one. Raises ValueError that lists problems of
    the file with their lines, or where the language has rows already; FileNotFoundError where no model is there.
    """
    language, name = language or path.stem, name or f"add-{language or path.stem}"
    known = [row for row in setup.examples if row.language != language]
    new = read_language(path, language=language, labels=labels_of(known))
    _check_is_new(setup, new, path)
    learnt, kept = _kept_aside(setup, new, path)
    held_out = [*setup.held_out, *kept]
    before = measure_nlu(Parser(setup.model_dir), held_out)
    config = replace(setup.config, language_exponent=min(EXPONENT, setup.config.language_exponent))
    checkpoint = setup.trunk or setup.encoder
    # As borrowed rows they are all learnt: `train_nlu` keeps some of the others for the temperature.
    joined = replace(setup, borrowed=[*setup.borrowed, *learnt])
    folder = _trained(joined, config, known, checkpoint=checkpoint, name=name)
    after = measure_nlu(Parser(folder), held_out, _texts([*known, *joined.borrowed]))
    report = TransferReport(
        name=name,
        language=language,
        n_examples=len(learnt),
        kept_from_file=bool(kept),
        n_held_out=dict(Counter(row.language for row in held_out)),
        n_seen_in_training=after["n_seen_in_training"],
        comparison=compare(_part(setup.model_dir, before), _part(folder, after)),
        checkpoint=checkpoint,
        folder=folder,
    )
    write_manifest(
        folder,
        stage=Stage.NLU.value,
        base_checkpoint=str(checkpoint),
        data_fingerprint=fingerprint([*known, *learnt]),
        training_arguments=asdict(config),
    )
    write_report(report, setup.results_dir, name)
    return report


def _check_languages(setup: TransferSetup, languages: Sequence[str]) -> None:
    there = sorted({row.language for row in setup.examples})
    if not languages or set(languages) - set(there):
        raise ValueError(
            f"expected languages to train on out of {', '.join(there)}, found {', '.join(languages) or 'none'}"
        )
    if not {row.language for row in setup.held_out} - set(languages):
        raise ValueError(f"every held-out language is to be trained on ({', '.join(languages)}): leave one out")


def _check_is_new(setup: TransferSetup, new: Sequence[Example], path: Path) -> None:
    """The file of the language may lie among the training data already; other rows of it are not thrown away."""
    language = new[0].language
    own = _only(setup.examples, [language])
    if _texts(own) - _texts(new):
        raise ValueError(
            f"{language} has {len(own)} training rows already: add those of {path} to them, "
            "then run `uv run xenia train --only nlu`"
        )


def _kept_aside(setup: TransferSetup, new: Sequence[Example], path: Path) -> tuple[list[Example], list[Example]]:
    """Rows to learn, and rows to measure with where no others of their language are held out."""
    language = new[0].language
    if _only(setup.held_out, [language]):
        return list(new), []
    learnt, kept = split_for_calibration(new, setup.config.seed, share=KEPT_SHARE)
    if not kept:
        raise ValueError(
            f"{path}: expected an intent with two situations or more, so that one can be kept aside to measure with; "
            f"add examples, or held-out rows of {language}"
        )
    return learnt, kept


def _trained(
    setup: TransferSetup, config: NluConfig, examples: Sequence[Example], *, checkpoint: Path, name: str
) -> Path:
    """Train into `<work_dir>/<name>/nlu`. What is in progress is taken up again only with the same rows and settings."""
    rows = repr(
        (config, checkpoint.resolve(), list(examples), list(setup.borrowed), setup.values, setup.switch is None)
    )
    begun = hashlib.sha256(rows.encode()).hexdigest()[:12]
    folder = setup.work_dir / name / "nlu"
    train_nlu(
        config,
        examples=examples,
        borrowed=setup.borrowed,
        checkpoint=checkpoint,
        folder=folder,
        work_dir=setup.work_dir / name / f"training-{begun}",
        values=setup.values,
        switch=setup.switch,
    )
    return folder


def _part(folder: Path, measured: Mapping[str, Any]) -> dict[str, Any]:
    return {"about": {"models": str(folder)}, "nlu": measured}


def _only(rows: Iterable[Example], languages: Iterable[str]) -> list[Example]:
    wanted = set(languages)
    return [row for row in rows if row.language in wanted]


def _texts(rows: Iterable[Example]) -> set[str]:
    return {row.text.casefold() for row in rows}
