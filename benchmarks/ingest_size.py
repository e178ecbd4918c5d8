"""A table of five million messages through `ingest`: time, peak memory, and the same after an interruption.

    uv run python -m benchmarks.ingest_size                              # an hour on two cores, 3 GB of disk
    uv run python -m benchmarks.ingest_size --messages 50000 --out PATH  # to see that it runs

The messages are made up by a seeded generator (a few words and an order number each, six to a conversation, conversations
interleaved); what is measured is the reading, cleaning, redaction by rules and storing in SQLite, in processes of their own.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.options import asked, write

N_MESSAGES = 5_000_000
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
    """Ingest in this process and its children; what it took goes to stdout."""
    from store.schema import migrate
    from store.sessions import engine
    from training.ingest.mapping import columns_of
    from training.ingest.prepare import Preparing
    from training.ingest.run import Source, ingest

    made = engine(f"sqlite:///{database}")
    migrate(made)
    source = Source(str(table), columns=columns_of(["conversation=ticket", "role=author", "text=body"]), name="size")
    began = time.monotonic()
    report = ingest(source, engine=made, preparing=Preparing(bytes(32), "size"), n_processes=os.cpu_count() or 1)
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(report.n_messages, report.n_conversations, f"{time.monotonic() - began:.0f}", f"{own:.0f}", f"{children:.0f}")


def main(given: Sequence[str] | None = None) -> int:
    """Write the table, ingest it in a process of its own, write the figures."""
    given = list(sys.argv[1:] if given is None else given)
    if given[:1] == ["--measure"]:
        measure(Path(given[1]), Path(given[2]))
        return 0
    options = asked(__doc__ or "", Path("benchmarks/ingest_size.json"), given, options=("messages",))
    n_messages = int(options.messages or (2000 if options.quick else N_MESSAGES))
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "messages.csv"
        write_table(table, n_messages)
        command = [sys.executable, "-m", "benchmarks.ingest_size", "--measure", str(table), str(Path(folder) / "x.db")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        n_stored, n_conversations, seconds, own, child = done.stdout.split()
        size = sum(path.stat().st_size for path in Path(folder).glob("x.db*")) / 2**20
    rate = f"{int(n_stored) / max(1, int(seconds)):.0f}"
    rows = [[n_stored, n_conversations, seconds, rate, own, child, f"{size:.0f}"]]
    columns = [
        "messages",
        "conversations",
        "seconds",
        "messages/s",
        "peak MB, reading process",
        "peak MB, a redacting one",
        "SQLite, MB",
    ]
    write(
        {
            "title": "Ingest at size",
            "command": "uv run python -m benchmarks.ingest_size",
            "tables": [
                {
                    "title": "One row a message, redaction by rules, two cores",
                    "columns": columns,
                    "rows": rows,
                    "note": "Made-up messages. Goal: 500 MB of memory.",
                }
            ],
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
