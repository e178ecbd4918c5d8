"""The commands of the way from logs to approved templates: ingest, mine, erase, retention; mounted in `bot.cli`."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any

import typer

from training.ingest.formats import Format

app = typer.Typer()
RECEIPTS_DIR = Path("var/erasures")
REJECTS_DIR = Path("var/rejects")


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="A file, a folder, or a database URL of Rasa's tracker store.")],
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a column holds: --map conversation=doc_id --map text=body --map role=sender"),
    ] = None,
    format: Annotated[Format, typer.Option(help="What the source is; by default it tells.")] = Format.AUTO,
    name: Annotated[str, typer.Option(help="Name of the help desk: conversation ids are unique in it.")] = "logs",
    rules_only: Annotated[
        bool,
        typer.Option("--rules-only", help="Redact by rules alone, without the tagger of names and places: faster."),
    ] = False,
    own: Annotated[
        list[str] | None,
        typer.Option(
            help="A name that is your company's own or a brand's: never taken for a person. May be given often."
        ),
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes that clean and redact.")] = os.cpu_count() or 1,
) -> None:
    """Read support logs, redact them, store them. Goes on where an interrupted run of the same source stopped."""
    from bot.settings import settings
    from training.ingest.mapping import columns_of
    from training.ingest.prepare import Preparing
    from training.ingest.run import Source
    from training.ingest.run import ingest as run
    from training.redaction.secret import read_secret
    from training.redaction.values import own_facts

    configured = settings()
    models = Path(configured.models_dir)
    preparing = Preparing(
        secret=read_secret(configured.redaction_key),
        namespace=name,
        tagger_dir=None if rules_only else models / "personal",
        language_dir=models / "language",
        facts=own_facts(Path("data/facts.yml")) | {f"own_{number}": name for number, name in enumerate(own or ())},
    )
    report = run(
        Source(source, format=format, columns=columns_of(columns) if columns else None, name=name),
        engine=_database(),
        preparing=preparing,
        n_processes=processes,
        rejects_dir=REJECTS_DIR,
        notify=lambda line: typer.echo(line, err=True),
    )
    for line in report.lines():
        typer.echo(line)


@app.command()
def mine(
    min_questions: Annotated[int, typer.Option(min=1, help="Needs asked less often are left out.")] = 3,
    variants: Annotated[int, typer.Option(min=1, help="Templates for each need and language, at most.")] = 3,
    max_needs: Annotated[int, typer.Option(min=1, help="The most frequent needs are kept.")] = 250,
    table: Annotated[Path, typer.Option(help="Where the table for a person to read is written.")] = Path(
        "var/mined.md"
    ),
) -> None:
    """Cluster the ingested questions of all languages, and turn the best answers into templates that wait for approval."""
    from bot.settings import settings
    from nlu.parser import Parser
    from retrieval.encoder import SentenceEncoder
    from training.mining.mine import mine as run
    from training.mining.mined import MiningSettings
    from training.mining.table import write_table

    models, n_threads = settings().models_dir, os.cpu_count() or 1
    database = _database()
    report = run(
        database,
        encoder=SentenceEncoder(models / "retrieval", n_threads=n_threads),
        parse=Parser(models / "nlu", n_threads=n_threads).parse,
        settings=MiningSettings(min_questions=min_questions, variants=variants, max_needs=max_needs),
    )
    for line in report.lines():
        typer.echo(line)
    typer.echo(f"to read: {write_table(database, table)}; to decide: uv run xenia review")


@app.command()
def review(
    by: Annotated[str | None, typer.Option(help="Your name: every decision is recorded with it.")] = None,
    search: Annotated[str, typer.Option(help="Only needs whose questions or answers hold this.")] = "",
    list_: Annotated[bool, typer.Option("--list", help="Only list what waits.")] = False,
    web: Annotated[bool, typer.Option("--web", help="As a page instead of in the terminal.")] = False,
    port: Annotated[int, typer.Option(help="Port of the page.")] = 5006,
    host: Annotated[
        str, typer.Option(help="Address of the page; another than this machine needs CONSOLE_TOKEN.")
    ] = "127.0.0.1",
) -> None:
    """Approve, edit, merge, retire the mined answer templates; approved ones are served at once."""
    from bot.console.serve import drafter_of, serve
    from bot.console.terminal import Review
    from bot.library import Library
    from bot.settings import settings

    configured = settings()
    database = _database()
    if list_:
        from training.mining.table import write_table

        typer.echo(write_table(database, Path("var/mined.md")).read_text("utf-8"), nl=False)
    elif web:
        typer.echo(f"The review is at http://{host}:{port}/ (Ctrl-C ends it)", err=True)
        serve(configured, database, host=host, port=port)
    else:
        name = by or os.environ.get("USER") or typer.prompt("Your name")
        index = Library(configured, database).update_index
        review = Review(database, configured.languages, name, drafter=drafter_of(configured), index=index)
        typer.echo(f"{review.run(search=search)} decisions")


@app.command()
def erase(
    customer: Annotated[list[str] | None, typer.Option(help="The customer's id in the help desk or in Rasa.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="An e-mail address of theirs.")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="A telephone number of theirs.")] = None,
    order: Annotated[list[str] | None, typer.Option(help="An order number of theirs.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a person from logs, tracker, templates' sources, index and feedback, and write a receipt."""
    from bot.library import Library
    from bot.settings import settings
    from training.privacy.erase import erase as run
    from training.privacy.erase import write_receipt
    from training.privacy.person import Person
    from training.redaction.secret import read_secret

    person = Person(tuple(customer or ()), tuple(email or ()), tuple(phone or ()), tuple(order or ()))
    if not yes:
        typer.confirm("This cannot be undone. Remove this person everywhere?", abort=True)
    database = _database()
    receipt = run(
        person,
        engine=database,
        secret=read_secret(settings().redaction_key),
        models_dir=Path("models"),
        index=Library(settings(), database),
    )
    for line in receipt.lines():
        typer.echo(line)
    typer.echo(f"receipt: {write_receipt(receipt, RECEIPTS_DIR)}")
    raise typer.Exit(0 if receipt.is_proven else 1)


@app.command()
def retention(
    days: Annotated[int, typer.Option(min=1, help="What nobody wrote in for so many days goes.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much it would be.")] = False,
) -> None:
    """Remove conversations that are older than a number of days from logs, tracker, feedback and templates' sources."""
    from dataclasses import asdict

    from bot.library import Library
    from bot.settings import settings
    from training.privacy.retention import retain

    database = _database()
    kept = retain(database, days=days, now=datetime.now(timezone.utc), dry_run=dry_run)
    found = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in asdict(kept.removed).items() if number)
    typer.echo(f"{'would be removed' if dry_run else 'removed'}: {found or 'nothing'}")
    if kept.index_is_old:
        Library(settings(), database).forget()


def _database() -> Any:
    """The engine of DATABASE_URL, its schema up to date."""
    from bot.settings import settings
    from store.schema import migrate
    from store.sessions import engine

    database = engine(settings().database_url)
    migrate(database)
    return database
