"""Search for the settings of one training by optuna: short trainings within the space and budget of `[search]`.

The study lies in `<work_dir>/search/<stage>.db`; each trial is drawn from the seed, its number and the trials before it, so
that a search that was killed goes on as if nothing had happened: what is done is not done again, and the trial it was killed
in is taken up from its checkpoint. One process at a time. With other data, settings, space or share a new study begins in
the same file; more `trials` go on with the old one.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from training.config import TABLES, Fit, Range, setting
from training.config_file import table_text, write_config
from training.data.dataset import fingerprint
from training.evaluation.report_tables import MISSING, number, table
from training.search.trials import TRIALS, score_of, shortened
from training.stages import Run, Stage, encoder_of
from training.transfer.setup import data_of

SCORES = {
    Stage.NLU: "mean of the languages' mean and the worst language, intents and entities, on situations kept aside",
    Stage.ENCODER: "recall@1 of template questions kept aside",
    Stage.WRITER: "minus the loss per character on topics kept aside",
    Stage.PRETRAIN: "minus the sum of losses on held batches",
}
_SEEDS_APART = 1000


@dataclass(frozen=True, slots=True)
class Trial:
    """One training: its settings by key, its score (None: it diverged) and how long it took."""

    settings: Mapping[str, Any]
    score: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best settings by key, their score (higher is better), all trials in order, and the configuration with the best.

    `config_path` is a whole configuration file, for `xenia train --config`.
    """

    stage: Stage
    settings: Mapping[str, Any]
    score: float
    trials: tuple[Trial, ...]
    config_path: Path

    def table(self) -> str:
        """The best settings as a table of a configuration file."""
        return table_text(self.stage.value, self.settings)

    def lines(self) -> list[str]:
        """What a command shows: the page of `markdown`, and where the configuration lies."""
        return [*self.markdown().splitlines(), "", f"The configuration with the best settings: {self.config_path}"]

    def markdown(self) -> str:
        """The best settings, then all trials, best first."""
        keys = list(self.settings)
        ordered = sorted(enumerate(self.trials, 1), key=lambda one: (-_rank(one[1]), one[0]))
        rows = [
            [place, number(one.score, 4), *(one.settings.get(key, MISSING) for key in keys), f"{one.seconds:.0f}"]
            for place, one in ordered
        ]
        lines = [
            f"# Search: {self.stage.value}",
            "",
            f"Score: {SCORES[self.stage]}.",
            "",
            "```toml",
            self.table().rstrip(),
        ]
        lines += ["```", "", *table(["trial", "score", *keys, "seconds"], rows)]
        return "\n".join(lines) + "\n"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        trials = [{"settings": dict(one.settings), "score": one.score, "seconds": one.seconds} for one in self.trials]
        return {
            "stage": self.stage.value,
            "measure": SCORES[self.stage],
            "settings": dict(self.settings),
            "score": self.score,
            "config": str(self.config_path),
            "trials": trials,
        }


def search(stage: Stage, run: Run) -> SearchResult:
    """Run the trials that are not done yet; writes `<stage>.toml` (the configuration with the best) and `<stage>.json`.

    Raises ValueError where the stage has no space to search, or where every trial diverged.
    """
    from optuna.trial import TrialState

    space = _space(stage, run)
    folder = run.work_dir / "search"
    folder.mkdir(parents=True, exist_ok=True)
    name = _study_name(stage, run, space)
    study = _study(folder / f"{stage.value}.db", name)
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)  # killed: it is drawn again, and goes on from its checkpoint
    for n_done in range(len(_done(study)), run.config.search.trials):
        _one_more(study, stage, run, space, n_done=n_done, work_dir=folder / name / f"trial-{n_done + 1}")
    return _result(study, stage, run, folder)


def _space(stage: Stage, run: Run) -> Mapping[str, Range]:
    if stage not in TRIALS:
        known = ", ".join(sorted(one.value for one in TRIALS))
        raise ValueError(f"{stage.value} has no settings to search for: expected one of {known}")
    space = run.config.search.space.get(stage.value, {})
    if not space:
        raise ValueError(
            f"the configuration has no [search.{stage.value}]: nothing to search in. Put the table there, with a line such "
            "as `learning_rate = { low = 1e-4, high = 1e-3, log = true }` for each setting"
        )
    return space


def _study_name(stage: Stage, run: Run, space: Mapping[str, Range]) -> str:
    """Names a study by all that its scores depend on."""
    data = data_of(run)
    learnt = (fingerprint(data.examples), data.answered)
    digest = hashlib.sha256(repr((getattr(run.config, stage.value), run.config.search.share, space, learnt)).encode())
    paths = sorted(path for path in run.data_dir.rglob("*") if path.is_file())
    if stage in {Stage.NLU, Stage.ENCODER}:
        paths += sorted(encoder_of(run, getattr(run.config, stage.value)).glob("*.safetensors"))
    for path in paths:
        digest.update(path.read_bytes())
    return f"{stage.value}-{digest.hexdigest()[:12]}"


def _study(path: Path, name: str) -> Any:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.create_study(
        study_name=name, storage=f"sqlite:///{path.resolve()}", direction="maximize", load_if_exists=True
    )


def _done(study: Any) -> list[Any]:
    """Trials with a score, and those that diverged."""
    from optuna.trial import TrialState

    found: list[Any] = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
    return found


def _one_more(study: Any, stage: Stage, run: Run, space: Mapping[str, Range], *, n_done: int, work_dir: Path) -> None:
    from optuna.samplers import TPESampler
    from optuna.trial import TrialState

    base: Fit = getattr(run.config, stage.value)
    # A sampler of its own for each trial (arXiv:2304.11127): one that lived on would draw otherwise after a restart.
    study.sampler = TPESampler(seed=base.seed * _SEEDS_APART + n_done)
    trial = study.ask(fixed_distributions={key: _distribution(stage, key, one) for key, one in space.items()})
    found = {key: setting(stage.value, key, value) for key, value in trial.params.items()}
    score = score_of(stage, run, shortened(replace(base, **found), run.config.search.share), work_dir)
    if math.isfinite(score):
        study.tell(trial, score)
    else:
        study.tell(trial, state=TrialState.PRUNED)
    shutil.rmtree(work_dir, ignore_errors=True)


def _distribution(stage: Stage, key: str, one: Range) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if one.choices:
        return CategoricalDistribution(one.choices)
    kind = next(str(entry.type) for entry in fields(TABLES[stage.value]) if entry.name == key)
    if kind == "int":
        return IntDistribution(int(one.low), int(one.high), log=one.log)
    return FloatDistribution(float(one.low), float(one.high), log=one.log)


def _result(study: Any, stage: Stage, run: Run, folder: Path) -> SearchResult:
    trials = tuple(
        Trial(one.params, one.value, round((one.datetime_complete - one.datetime_start).total_seconds(), 1))
        for one in _done(study)
    )
    best = max(trials, key=_rank)
    if best.score is None:
        raise ValueError(
            f"all {len(trials)} trials of {stage.value} diverged: lower the learning_rate of [search.{stage.value}]"
        )
    path = folder / f"{stage.value}.toml"
    result = SearchResult(stage, best.settings, best.score, trials, path)
    write_config(path, run.config, found={stage.value: best.settings})
    path.with_suffix(".json").write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return result


def _rank(trial: Trial) -> float:
    return -math.inf if trial.score is None else trial.score
