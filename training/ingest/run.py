"""The whole of `xenia ingest`: a source -> redacted conversations in the database, resumable, nothing dropped silently.

Read in this process, cleaned and redacted in others, written by this one: a batch is in the database together with the row
where an interrupted run goes on, or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine
from tqdm import tqdm

from store.columns import utc_now
from store.conversation_tables import Import
from store.sessions import session_scope
from training.ingest.assemble import Batch, assemble
from training.ingest.formats import Format
from training.ingest.linking import link_near_duplicates
from training.ingest.mapping import Columns
from training.ingest.pieces import Notify, Piece, Reject
from training.ingest.prepare import Prepared, Preparer, Preparing, prepare_in_process, start_process
from training.ingest.report import IngestReport, report_of, write_rejects
from training.ingest.sources import read_source
from training.ingest.writing import count_import, rows_done, write_batch

_HEAD = 1 << 20
_AHEAD = 3
"""Batches in the air for each process."""


@dataclass(frozen=True, slots=True)
class Source:
    """What to read. `name` is how conversations of one help desk are told from another's: their ids are unique in it."""

    location: str
    format: Format = Format.AUTO
    columns: Columns | None = None
    name: str = "logs"

    @property
    def key(self) -> str:
        """Tells the same content read in the same way; a database never is the same again."""
        path = Path(self.location).expanduser()
        if "://" in self.location or not path.exists():
            seen: object = utc_now().isoformat()
        else:
            files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
            seen = [(one.name, one.stat().st_size, _head(one)) for one in files]
        said = json.dumps([self.name, self.format.value, repr(self.columns), seen])
        return hashlib.sha256(said.encode()).hexdigest()


def ingest(
    source: Source,
    *,
    engine: Engine,
    preparing: Preparing,
    n_processes: int = 1,
    rejects_dir: Path | None = None,
    notify: Notify = lambda _: None,
) -> IngestReport:
    """Read, clean, redact and store `source`; a run that was interrupted goes on where it stopped.

    Args:
        source: what to read.
        engine: a database at the newest schema (`store.schema.migrate`).
        preparing: secret, models and facts; its namespace is overruled by `source.name`.
        n_processes: processes that clean and redact; 1 does it in this one.
        rejects_dir: folder for `<name>-<number>.rejects.jsonl`, written where rows were rejected.
        notify: is told what concerns a whole file, such as an encoding that was guessed.

    Raises:
        UnreadableLogs: the source is in no known form, or holds none.
    """
    run_id, next_row, is_finished = _begin(source, engine)
    if not is_finished:
        with session_scope(engine) as session:
            done = rows_done(session, session.get(Import, run_id))
        pieces = _fresh(
            read_source(
                source.location, format=source.format, columns=source.columns, first_row=next_row, notify=notify
            ),
            done,
        )
        settings = replace(preparing, namespace=source.name)
        with _preparers(settings, n_processes) as prepared_batches, tqdm(unit=" messages", disable=None) as bar:
            for batch, prepared in prepared_batches(assemble(pieces)):
                with session_scope(engine) as session:
                    write_batch(session, session.get(Import, run_id), prepared=prepared, batch=batch)
                bar.update(sum(len(one.rows) for one in prepared))
        with session_scope(
            engine
        ) as session:  # its own: minutes of reading, which must not hold a lock on what is written
            link_near_duplicates(session)
        with session_scope(engine) as session:
            run = session.get(Import, run_id)
            count_import(session, run)
            run.finished_at = utc_now()
    with session_scope(engine) as session:
        report = report_of(session, run_id, was_finished=is_finished)
        return replace(report, rejects_path=write_rejects(session, run_id, rejects_dir) if rejects_dir else None)


def _begin(source: Source, engine: Engine) -> tuple[int, int, bool]:
    """Number of the import, the row to go on from, and whether there is nothing left to do."""
    key = source.key
    with session_scope(engine) as session:
        run = session.execute(select(Import).where(Import.source_key == key)).scalar_one_or_none()
        if run is None:
            shown = source.location.split("@")[-1] if "://" in source.location else Path(source.location).name
            run = Import(source_key=key, name=shown[:255], namespace=source.name, next_row=1, n_redacted={})
            session.add(run)
            session.flush()
        return run.id, run.next_row, run.finished_at is not None


def _fresh(pieces: Iterable[Piece | Reject], done: frozenset[int]) -> Iterator[Piece | Reject]:
    return (piece for piece in pieces if isinstance(piece, Reject) or piece.row not in done)


@contextmanager
def _preparers(
    settings: Preparing, n_processes: int
) -> Iterator[Callable[[Iterable[Batch]], Iterator[tuple[Batch, list[Prepared]]]]]:
    """A function from batches to prepared ones in their order; with several processes, a few are worked on ahead."""
    if n_processes == 1:
        preparer = Preparer(settings)
        yield lambda batches: ((batch, preparer.prepare(batch)) for batch in batches)
        return
    # Spawned: a forked process would share this one's database connections and threads.
    with ProcessPoolExecutor(
        n_processes, mp_context=get_context("spawn"), initializer=start_process, initargs=(settings,)
    ) as pool:

        def prepared(batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[Prepared]]]:
            waiting: deque[tuple[Batch, Future[list[Prepared]]]] = deque()
            for batch in batches:
                waiting.append((batch, pool.submit(prepare_in_process, batch)))
                if len(waiting) >= _AHEAD * n_processes:
                    first, result = waiting.popleft()
                    yield first, result.result()
            while waiting:
                first, result = waiting.popleft()
                yield first, result.result()

        yield prepared


def _head(path: Path) -> str:
    with closing(path.open("rb")) as handle:
        return hashlib.sha256(handle.read(_HEAD)).hexdigest()
