"""The one command line: `uv run xenia <command>`. Commands parse and call; exit 0 ok, 1 failed, 2 bad usage."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


class Only(str, Enum):
    """What `train --only` takes."""

    pretrain = "pretrain"
    language = "language"
    nlu = "nlu"
    encoder = "encoder"
    writer = "writer"


@app.command()
def serve() -> None:
    """Serve the bot and its actions: REST and a chat page on PORT (5005)."""
    from bot.serve import serve as run
    from bot.settings import settings

    configured = settings()
    typer.echo(f"Xenia starts on http://localhost:{configured.port}/webhooks/web/ (half a minute)", err=True)
    raise typer.Exit(run(configured, os.environ))


@app.command()
def shell() -> None:
    """`rasa shell` with the action server beside it."""
    from bot.channels.credentials import write_credentials
    from bot.serve import VAR, child_environment, commands, end_all, prepare, write_endpoints
    from bot.settings import settings

    configured = settings()
    write_credentials(os.environ, VAR / "credentials.yml")
    write_endpoints(configured, VAR / "endpoints.yml")
    prepare(configured)
    environment = child_environment(configured)
    actions = subprocess.Popen(commands(configured)[0], env=environment, start_new_session=True)
    try:
        line = [sys.executable, "-m", "rasa", "shell", "--model", "models/bot/xenia.tar.gz"]
        code = subprocess.call([*line, "--endpoints", str(VAR / "endpoints.yml")], env=environment)
    finally:
        end_all([actions])
    raise typer.Exit(code)


@app.command()
def seed(reset: Annotated[bool, typer.Option(help="Write the demo rows anew.")] = False) -> None:
    """Create the tables and the demo shop."""
    from bot.settings import settings
    from store.demo import seed as run
    from store.sessions import create_all, engine

    database = engine(settings().database_url)
    create_all(database)
    typer.echo(str(run(database, today=date.today(), reset=reset)))


@app.command()
def index(
    templates: Annotated[Path, typer.Option(help="Folder of answer templates (*.jsonl).")] = Path("data/templates"),
    out: Annotated[Path, typer.Option(help="Folder of the index.")] = Path("models/index"),
) -> None:
    """Build the index of answer templates."""
    from bot.settings import settings
    from retrieval.encoder import SentenceEncoder
    from retrieval.index import build_index
    from retrieval.templates import read_templates

    encoder = SentenceEncoder(Path(settings().models_dir) / "retrieval", n_threads=os.cpu_count() or 1)
    built = build_index(read_templates(templates.glob("*.jsonl")), encoder=encoder, folder=out)
    typer.echo(f"{len(built)} templates in {out}")


@app.command()
def train(
    all_: Annotated[bool, typer.Option("--all", help="All stages, pre-training first.")] = False,
    only: Annotated[Optional[Only], typer.Option(help="One stage.")] = None,
    config: Annotated[Path, typer.Option(help="TOML file of all settings.")] = Path("training/configs/compact.toml"),
) -> None:
    """Train the models from data/ and the public sets (training/configs/compact.toml names their folder)."""
    if all_ == (only is not None):
        typer.echo("expected either --all or --only STAGE", err=True)
        raise typer.Exit(2)
    from training.config import load_config
    from training.stages import Run, Stage, run_stage

    loaded = load_config(config)
    run = Run(config=loaded, output_dir=Path(loaded.output_dir), corpora_dir=Path(loaded.corpora_dir))
    for stage in Stage if all_ else [Stage(only.value)] if only else []:
        run_stage(stage, run)


@app.command()
def evaluate() -> None:
    """Measure the models on the held-out split and write docs/results.md."""
    from bot.formatting import facts_in, read_facts
    from training.evaluation.evaluate import evaluate as measure
    from training.evaluation.report import write_report

    facts = read_facts(Path("data/facts.yml"))
    goals = write_report(measure(values_in=lambda language: facts_in(facts, language)))
    for goal in goals:
        typer.echo(f"{goal.name}: {goal.figure} (goal: {goal.goal})")


@app.command()
def doctor() -> None:
    """Say what is missing or mismatched, and how to mend it."""
    from bot.doctor import examine
    from bot.settings import settings

    findings = list(examine(settings()))
    for finding in findings:
        typer.echo(
            f"{'ok  ' if finding.ok else 'FAIL'} {finding.subject}{': ' if finding.advice else ''}{finding.advice}"
        )
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


def main() -> None:
    """Entry point: what went wrong in one line, never a stack trace."""
    try:
        app()
    except (ValueError, OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("XENIA_DEBUG"):
            raise
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
