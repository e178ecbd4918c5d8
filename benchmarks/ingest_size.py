"""A table of five million messages through `ingest`, killed at half of it and begun again: time, peak memory, what is stored.

    uv run python -m benchmarks.ingest_size                              # an hour on two cores, 4 GB of disk
    uv run python -m benchmarks.ingest_size --messages 50000 --out PATH  # to see that it runs
    uv run python -m benchmarks.ingest_size --linking                    # a quarter of an hour; the first table stays

The messages are made up by a seeded generator (a few words and an order number each, six to a conversation, conversations
interleaved); what is measured is the reading, cleaning, redaction by rules and storing in SQLite, in processes of their own.
Peaks are the kernel's (VmHWM), read once a second while the processes live. Then near-duplicates are linked once more, by
themselves; with `--linking` in a database that was filled without ingest.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.memory import children_of, resident_mb
from benchmarks.options import asked, goal, write

N_MESSAGES = 5_000_000
N_PROCESSES = os.cpu_count() or 1
MOST_MB = 500
N_TOGETHER = 5000
LINKING = "Near-duplicates linked, in SQLite"
ALONE = "In a database that was filled without ingest. A table above that is older does not have it at the end of its second run."
MACRO = "please send us a photo of the damage and of the label on the box, then we replace it at once "
_EVERY_S = 1.0
N_EACH = 6
N_OPEN = 50
SEED = 7
WORDS = [
    *(
        "where",
        "is",
        "my",
        "parcel",
        "order",
        "refund",
        "please",
        "the",
        "blue",
        "shoes",
        "arrived",
        "broken",
        "can",
        "I",
    ),
    *("send", "them", "back", "when", "does", "it", "come", "how", "much", "thanks", "invoice", "address", "changed"),
    *("card", "declined", "voucher", "not", "work", "size", "too", "small", "deliver", "tomorrow", "still", "waiting"),
]


def write_table(path: Path, n_messages: int) -> None:
    """`n_messages` rows; fifty conversations are open at a time."""
    draw = random.Random(SEED)
    open_: list[list[int]] = []
    n_begun = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["ticket", "author", "body"])
        for _ in range(n_messages):
            while len(open_) < N_OPEN:
                n_begun += 1
                open_.append([n_begun, 0])
            one = draw.choice(open_)
            one[1] += 1
            said = words_of(draw)
            table.writerow(
                [f"T{one[0]}", "agent" if one[1] % 2 == 0 else "customer", f"{said} {draw.randrange(10**5, 10**6)}"]
            )
            if one[1] == N_EACH:
                open_.remove(one)


def words_of(draw: random.Random) -> str:
    """Five to nineteen of them."""
    return " ".join(draw.choices(WORDS, k=draw.randrange(5, 20)))


def measure(table: Path, database: Path) -> None:
    """Ingest in this process and others of its own."""
    from store.schema import migrate
    from store.sessions import engine
    from training.ingest.mapping import columns_of
    from training.ingest.prepare import Preparing
    from training.ingest.run import Source, ingest

    made = engine(f"sqlite:///{database}")
    migrate(made)
    source = Source(str(table), columns=columns_of(["conversation=ticket", "role=author", "text=body"]), name="size")
    ingest(source, engine=made, preparing=Preparing(bytes(32), "size"), n_processes=N_PROCESSES)


def fill(database: Path, n_messages: int) -> None:
    """The messages of `write_table` as ingest would store them, all of one conversation; each fiftieth a macro."""
    from sqlalchemy import insert

    from store.conversation_tables import Conversation, Import, Message
    from store.schema import migrate
    from store.sessions import engine, session_scope
    from training.cleaning.folding import text_key

    made = engine(f"sqlite:///{database}")
    migrate(made)
    draw = random.Random(SEED)
    with session_scope(made) as session:
        session.add(Import(id=1, source_key="size", name="size", namespace="size", next_row=1, n_redacted={}))
        session.flush()
        session.add(Conversation(id=1, key="size", import_id=1))
        session.flush()
        for at in range(0, n_messages, N_TOGETHER):
            rows = []
            for row in range(at, min(n_messages, at + N_TOGETHER)):
                said = MACRO + draw.choice(WORDS) if row % 50 == 0 else words_of(draw)
                place = {"conversation_id": 1, "row": row, "part": 0}
                rows.append({**place, "role": "agent", "text": said, "text_key": text_key(said)})
            session.connection().execute(insert(Message), rows)


def link(database: Path) -> None:
    """Link in this process."""
    from store.sessions import engine, session_scope
    from training.ingest.linking import link_near_duplicates

    with session_scope(engine(f"sqlite:///{database}")) as session:
        link_near_duplicates(session)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run stored, how long it took, and the peak MB of its first process and of the largest that this one began."""

    n_messages: int
    seconds: float
    reading_mb: float
    begun_mb: float


def run(database: Path, *given: str, kill_at_row: int | None = None) -> Run:
    """One run in processes of its own, killed without warning once the database has reached `kill_at_row`."""
    n_before = stored(database)[0]
    command = [sys.executable, "-m", "benchmarks.ingest_size", *given, str(database)]
    peaks: dict[int, float] = {}
    began = time.monotonic()
    with subprocess.Popen(command, start_new_session=True) as process:
        while process.poll() is None:
            for pid in (process.pid, *children_of(process.pid)):
                with suppress(OSError, ValueError):  # ended in between
                    peaks[pid] = resident_mb(pid, peak=True)
            if kill_at_row is not None and next_row(database) >= kill_at_row:
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(_EVERY_S)
    seconds = time.monotonic() - began
    if process.returncode not in (0, -signal.SIGKILL):
        raise subprocess.CalledProcessError(process.returncode, command)
    reading_mb = peaks.pop(process.pid)
    return Run(stored(database)[0] - n_before, seconds, reading_mb, max(peaks.values(), default=0.0))


def next_row(database: Path) -> int:
    """Where an interrupted ingest goes on; 0 before it has begun."""
    return _counted(database, "SELECT coalesce(max(next_row), 0), 0 FROM imports")[0]


def stored(database: Path) -> tuple[int, int]:
    """Messages in the database, and rows of the table that they come from: as many, where nothing is there twice."""
    return _counted(database, "SELECT count(*), count(DISTINCT row) FROM messages")


def _counted(database: Path, query: str) -> tuple[int, int]:
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        first, second = opened.execute(query).fetchone()
        return first, second
    return 0, 0


def main(given: Sequence[str] | None = None) -> int:
    """Write the table, kill an ingest at half of it, go on to its end, write the figures."""
    given = list(sys.argv[1:] if given is None else given)
    if given[:1] == ["--measure"]:
        measure(Path(given[1]), Path(given[2]))
        return 0
    if given[:1] == ["--link"]:
        link(Path(given[1]))
        return 0
    out = Path("benchmarks/ingest_size.json")
    options = asked(__doc__ or "", out, given, options=("messages",), flags=("linking",))
    n_messages = int(options.messages or (2000 if options.quick else N_MESSAGES))
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "stored.db"
        if options.linking:
            fill(database, n_messages)
            result = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {"tables": [], "goals": []}
            result["tables"] = [one for one in result["tables"] if one["title"] != LINKING]
            result["goals"] = [one for one in result["goals"] if not one["name"].startswith(LINKING)]
        else:
            result = ingested(Path(folder) / "messages.csv", database, n_messages)
        linked = run(database, "--link")
    rows = [[f"{n_messages}", f"{linked.seconds:.0f}", f"{linked.reading_mb:.0f}"]]
    note = ALONE if options.linking else "Once more, by itself: the second run above has it too."
    columns = ["messages", "seconds", "peak MB"]
    result["tables"].append({"title": LINKING, "columns": columns, "rows": rows, "note": note})
    result["goals"].append(goal(f"{LINKING}, memory", linked.reading_mb, most=MOST_MB, unit=" MB", digits=0))
    result |= {"title": "Ingest at size", "command": "uv run python -m benchmarks.ingest_size"}
    write(result if not options.quick else result | {"goals": []}, options.out)
    return 0


def ingested(table: Path, database: Path, n_messages: int) -> dict[str, Any]:
    """Tables and goals of an ingest that is killed at half and begun again."""
    write_table(table, n_messages)
    runs = [run(database, "--measure", str(table), kill_at_row=n_messages // 2), run(database, "--measure", str(table))]
    n_stored, n_rows = stored(database)
    stored_mb = sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*")) / 1e6
    rows = [
        [name, f"{one.n_messages}", f"{one.seconds:.0f}", f"{one.n_messages / one.seconds:.0f}", f"{one.reading_mb:.0f}",
         f"{one.begun_mb:.0f}"]
        for name, one in zip(("killed at half", "the same command again, to the end"), runs, strict=True)
    ]  # fmt: skip
    columns = [
        "run",
        "messages stored",
        "seconds",
        "messages/s",
        "peak MB, reading process",
        "peak MB, a redacting one",
    ]
    found = {
        "title": f"{n_messages:,} messages, one row each, redaction by rules, {N_PROCESSES} redacting processes",
        "columns": columns,
        "rows": rows,
        "note": f"Made-up messages, a table of {table.stat().st_size / 1e6:.0f} MB; SQLite then has {stored_mb:.0f} MB. The "
        f"first run is killed without warning (SIGKILL). In the end {n_stored:,} messages were stored, from {n_rows:,} rows of "
        "the table.",
    }
    most_mb = max(one.reading_mb + N_PROCESSES * one.begun_mb for one in runs)
    goals = [
        goal(
            f"Memory of all processes, ingest of {n_messages:,} messages", most_mb, most=MOST_MB, unit=" MB", digits=0
        ),
        goal(
            "Messages stored exactly once after a kill", 100 * _once(n_messages, n_stored, n_rows), least=100, unit=" %"
        ),
    ]
    return {"tables": [found], "goals": goals}


def _once(n_messages: int, n_stored: int, n_rows: int) -> float:
    """Share of the messages that are stored, those stored twice taken off."""
    return (n_rows - (n_stored - n_rows)) / n_messages


if __name__ == "__main__":
    raise SystemExit(main())
