"""A table of five million messages through `ingest`, killed at half of it and begun again: time, peak memory, what is stored.

    uv run python -m benchmarks.ingest_size                              # an hour on two cores, 4 GB of disk
    uv run python -m benchmarks.ingest_size --messages 50000 --out PATH  # to see that it runs

The messages are made up by a seeded generator (a few words and an order number each, six to a conversation, conversations
interleaved); what is measured is the reading, cleaning, redaction by rules and storing in SQLite, in processes of their own.
Peaks are the kernel's (VmHWM), read once a second while the processes live.
"""

from __future__ import annotations

import csv
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

from benchmarks.memory import children_of, resident_mb
from benchmarks.options import asked, goal, write

N_MESSAGES = 5_000_000
N_PROCESSES = os.cpu_count() or 1
MOST_MB = 500
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
            said = " ".join(draw.choices(WORDS, k=draw.randrange(5, 20)))
            table.writerow(
                [f"T{one[0]}", "agent" if one[1] % 2 == 0 else "customer", f"{said} {draw.randrange(10**5, 10**6)}"]
            )
            if one[1] == N_EACH:
                open_.remove(one)


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


@dataclass(frozen=True, slots=True)
class Run:
    """What one run stored, how long it took, and the peak MB of the reading process and of the largest redacting one."""

    n_messages: int
    seconds: float
    reading_mb: float
    redacting_mb: float


def run(table: Path, database: Path, *, kill_at_row: int | None = None) -> Run:
    """One ingest in processes of its own, killed without warning once the database has reached `kill_at_row`."""
    n_before = stored(database)[0]
    command = [sys.executable, "-m", "benchmarks.ingest_size", "--measure", str(table), str(database)]
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
    options = asked(__doc__ or "", Path("benchmarks/ingest_size.json"), given, options=("messages",))
    n_messages = int(options.messages or (2000 if options.quick else N_MESSAGES))
    with tempfile.TemporaryDirectory() as folder:
        table, database = Path(folder) / "messages.csv", Path(folder) / "stored.db"
        write_table(table, n_messages)
        runs = [run(table, database, kill_at_row=n_messages // 2), run(table, database)]
        n_stored, n_rows = stored(database)
        table_mb = table.stat().st_size / 1e6
        stored_mb = sum(path.stat().st_size for path in Path(folder).glob("stored.db*")) / 1e6
    rows = [
        [name, f"{one.n_messages}", f"{one.seconds:.0f}", f"{one.n_messages / one.seconds:.0f}", f"{one.reading_mb:.0f}",
         f"{one.redacting_mb:.0f}"]
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
    most_mb = max(one.reading_mb + N_PROCESSES * one.redacting_mb for one in runs)
    found = {
        "title": f"{n_messages:,} messages, one row each, redaction by rules, {N_PROCESSES} redacting processes",
        "columns": columns,
        "rows": rows,
        "note": f"Made-up messages, a table of {table_mb:.0f} MB; SQLite then has {stored_mb:.0f} MB. The first run is killed "
        f"without warning (SIGKILL). In the end {n_stored:,} messages were stored, from {n_rows:,} rows of the table.",
    }
    goals = [
        goal(
            f"Memory of all processes, ingest of {n_messages:,} messages", most_mb, most=MOST_MB, unit=" MB", digits=0
        ),
        goal(
            "Messages stored exactly once after a kill", 100 * _once(n_messages, n_stored, n_rows), least=100, unit=" %"
        ),
    ]
    command = "uv run python -m benchmarks.ingest_size"
    result = {"title": "Ingest at size", "command": command, "tables": [found], "goals": [] if options.quick else goals}
    write(result, options.out)
    return 0


def _once(n_messages: int, n_stored: int, n_rows: int) -> float:
    """Share of the messages that are stored, those stored twice taken off."""
    return (n_rows - (n_stored - n_rows)) / n_messages


if __name__ == "__main__":
    raise SystemExit(main())
