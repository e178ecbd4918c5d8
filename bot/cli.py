"""The one command line: `uv run xenia <command>`. Commands parse and call; exit 0 ok, 1 failed, 2 bad usage."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from bot.log_commands import app as logs_app
from training.commands import app as training_app

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


# Without a name their commands stand beside these.
app.add_typer(training_app)
app.add_typer(logs_app)


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
    from store.schema import migrate
    from store.sessions import engine

    database = engine(settings().database_url)
    migrate(database)
    typer.echo(str(run(database, today=date.today(), reset=reset)))


@app.command()
def index(
    templates: Annotated[Path, typer.Option(help="Folder of answer templates (*.jsonl).")] = Path("data/templates"),
    out: Annotated[Path, typer.Option(help="Folder of the index.")] = Path("models/index"),
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Encode everything, not only what changed.")] = False,
    max_memory_mb: Annotated[
        Optional[int],
        typer.Option(min=1, help="Memory for the vectors, MB (default: that of the last build, or 4000)."),
    ] = None,
) -> None:
    """Update the index of answer templates; a running server takes it up within seconds."""
    from bot.library import Library
    from bot.settings import settings
    from store.schema import migrate
    from store.sessions import engine

    database = engine(settings().database_url)
    migrate(database)
    library = Library(settings(), database, templates_dir=templates, index_dir=out, n_threads=os.cpu_count() or 1)
    done = library.update_index(max_memory_mb=max_memory_mb, rebuild=rebuild)
    typer.echo(
        f"{done.n_templates} templates in {out}: {done.n_added} new, {done.n_changed} changed, "
        f"{done.n_removed} removed, {done.n_kept} kept{', built anew' if done.rebuilt else ''}"
    )


@app.command()
def evaluate(
    against: Annotated[
        Optional[Path], typer.Option("--compare", help="An earlier var/evaluation.json: what is better, what is worse.")
    ] = None,
    models: Annotated[
        Optional[Path], typer.Option(help="Folder of the models (default: MODELS_DIR's); its index is built anew.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Write the figures into model cards and manifests.")
    ] = False,
) -> None:
    """Measure the models on the held-out split and write docs/results.md (with --models into var/evaluation/ instead)."""
    import json

    from bot.formatting import facts_in, read_facts
    from training.evaluation.compare import compare
    from training.evaluation.evaluate import evaluate as measure
    from training.evaluation.publish import publish as write_figures
    from training.evaluation.report import write_report

    earlier = json.loads(against.read_text("utf-8")) if against else None
    facts = read_facts(Path("data/facts.yml"))
    places, report = _evaluated(models)
    found = measure(places, values_in=lambda language: facts_in(facts, language))
    for goal in write_report(found, **report):
        typer.echo(f"{goal.name}: {goal.figure} (goal: {goal.goal})")
    if earlier is not None:
        typer.echo(compare(earlier, found).markdown())
    if publish:
        for path in write_figures(found, places.models_dir):
            typer.echo(f"figures written into {path}")


def _evaluated(models: Path | None) -> tuple[Any, dict[str, Any]]:
    """Where the models and their index lie, and where the report goes: the shipped models' is docs/results.md."""
    from bot.settings import settings
    from training.evaluation.evaluate import EvaluationPaths

    if models is None:
        return EvaluationPaths(models_dir=Path(settings().models_dir)), {}
    from retrieval.encoder import SentenceEncoder
    from retrieval.index import build_index
    from retrieval.templates import read_templates

    folder = Path("var/evaluation") / models.name
    encoder = SentenceEncoder(models / "retrieval", n_threads=os.cpu_count() or 1)
    build_index(read_templates(Path("data/templates").glob("*.jsonl")), encoder=encoder, folder=folder / "index")
    report = {"results_path": folder / "results.md", "evaluation_path": folder / "evaluation.json"}
    return EvaluationPaths(models_dir=models, index_dir=folder / "index"), report


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
