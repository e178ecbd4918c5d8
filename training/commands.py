"""The commands of the training package, `uv run xenia ...`, or `python -m training ...` where Rasa is not installed.

Commands parse and call; exit 0 ok, 1 failed, 2 bad usage. Several processes: `torchrun --nproc_per_node 2 -m training train
--only nlu`, or the same under `accelerate launch -m`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

CONFIG = Path("training/configs/compact.toml")
TUNED_DIR = Path("models/tuned")
"""Where models fine-tuned from logs are written, unless told otherwise: the shipped ones stay as they are."""


class Only(str, Enum):
    """What `train --only` takes."""

    pretrain = "pretrain"
    language = "language"
    nlu = "nlu"
    encoder = "encoder"
    writer = "writer"
    personal = "personal"


LogsOption = Annotated[
    str | None,
    typer.Option("--from-logs", help="Logged dialogues: JSON Lines (file, folder) or a tracker store's URL."),
]
ConfigOption = Annotated[Path, typer.Option(help="TOML file of all settings.")]
DataOption = Annotated[Path, typer.Option(help="Folder with nlu/, replies/ and templates/.")]


@app.command()
def train(
    all_: Annotated[bool, typer.Option("--all", help="All stages, pre-training first.")] = False,
    only: Annotated[list[Only] | None, typer.Option(help="One stage; may be given several times.")] = None,
    from_logs: LogsOption = None,
    confirmed: Annotated[
        bool,
        typer.Option(
            "--confirmed", help="Learn also intents that only the model named, where the dialogue bears them out."
        ),
    ] = False,
    threshold: Annotated[float, typer.Option(help="Lowest confidence of such an intent.")] = 0.9,
    config: ConfigOption = CONFIG,
    data: DataOption = Path("data"),
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the models (default: the configuration's; models/tuned with --from-logs)."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only look for problems in the data.")] = False,
) -> None:
    """Train the models from data/, logged dialogues and the public sets that the configuration names."""
    chosen = _chosen(all_, only or [], from_logs)
    if not chosen and not check:
        typer.echo("expected --all, --only STAGE or --from-logs PATH|URL", err=True)
        raise typer.Exit(2)
    from training.config import load_config
    from training.sources import Logs

    loaded = load_config(config)
    logs = Logs(from_logs, confirmed=confirmed, threshold=threshold) if from_logs else None
    _train([one.value for one in chosen], loaded, data=data, out=out, logs=logs, only_check=check)


def _chosen(all_: bool, only: list[Only], from_logs: str | None) -> list[Only]:
    if all_ and only:
        typer.echo("expected either --all or --only STAGE, found both", err=True)
        raise typer.Exit(2)
    if all_:
        return list(Only)
    if only:
        return [one for one in Only if one in only]
    return [Only.nlu, Only.encoder, Only.writer] if from_logs else []


def _train(names: list[str], config: Any, *, data: Path, out: Path | None, logs: Any, only_check: bool) -> None:
    from training.processes import is_main
    from training.sources import gather
    from training.stages import FOLDERS, WORK_DIR, Run, Stage, complete, run_stage

    base = Path(config.output_dir)
    output = out or (TUNED_DIR if logs else base)
    apart = output.resolve() != base.resolve()
    tests = data.parent / "tests" / "data"
    gathered = gather(data, logs=logs, language_dir=base / FOLDERS[Stage.LANGUAGE], tests_dir=tests)
    if is_main():
        for line in (*map(str, gathered.problems), *gathered.origins):
            typer.echo(line, err=True)
    if gathered.broken:
        typer.echo("nothing was trained: mend the problems above first", err=True)
        raise typer.Exit(1)
    if only_check:
        return
    run = Run(
        config=config,
        output_dir=output,
        corpora_dir=Path(config.corpora_dir),
        data_dir=data,
        work_dir=WORK_DIR.with_name(f"work-{output.name}") if apart else WORK_DIR,
        base_dir=base if apart else None,
        gathered=gathered,
    )
    for name in names:
        run_stage(Stage(name), run)
    if apart and is_main():
        complete(run)
        typer.echo(f"the models lie in {output}; serve them with MODELS_DIR={output} make run", err=True)


@app.command()
def search(
    stage: Annotated[Only, typer.Argument(help="Whose settings are searched.")],
    config: ConfigOption = CONFIG,
    trials: Annotated[int | None, typer.Option(help="Trainings (default: the configuration's).")] = None,
    data: DataOption = Path("data"),
) -> None:
    """Search good settings over the space of the configuration's [search] table; an interrupted search goes on."""
    from training.search.study import search as run_search
    from training.stages import Stage

    run = _run_of(config, data)
    if trials is not None:
        run = replace(run, config=replace(run.config, search=replace(run.config.search, trials=trials)))
    for line in run_search(Stage(stage.value), run).lines():
        typer.echo(line)


@app.command()
def transfer(
    languages: Annotated[
        str, typer.Option(help="Languages to learn from, comma-separated; all others are measured.")
    ] = "en",
    config: ConfigOption = CONFIG,
    data: DataOption = Path("data"),
) -> None:
    """Learn intents and entities in some languages only, and measure every other one (zero-shot)."""
    from training.transfer.run import zero_shot

    chosen = [one.strip() for one in languages.split(",") if one.strip()]
    typer.echo(zero_shot(_setup(config, data), languages=chosen).markdown())


@app.command("add-language")
def add_language(
    file: Annotated[Path, typer.Argument(help="A handful of examples in Rasa's YAML, named <language>.yml.")],
    language: Annotated[str, typer.Option(help="Its language, where the file's name is another.")] = "",
    config: ConfigOption = CONFIG,
    data: DataOption = Path("data"),
) -> None:
    """Let a language join the intent model, and report what that does to every other language."""
    from training.transfer.run import add_language as run_add

    typer.echo(run_add(_setup(config, data), path=file, language=language).markdown())


def _setup(config: Path, data: Path) -> Any:
    from training.transfer.setup import setup_of

    return setup_of(_run_of(config, data))


def _run_of(config: Path, data: Path) -> Any:
    from training.config import load_config
    from training.stages import Run

    loaded = load_config(config)
    return Run(config=loaded, output_dir=Path(loaded.output_dir), corpora_dir=Path(loaded.corpora_dir), data_dir=data)


def main() -> None:
    """Entry point: what went wrong in one line, never a stack trace."""
    try:
        app()
    except (ValueError, OSError) as error:
        if os.environ.get("XENIA_DEBUG"):
            raise
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
