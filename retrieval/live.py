"""An index that is replaced under a running server: looked for once a second, loaded beside the old one, swapped whole.

A query looks for it, and where `watch` was called a thread does, so that the first question after an approval has the new
index and what was erased leaves the memory of a server that nobody asks. While the new index is loaded both are in memory.
One that cannot be loaded (damaged, of another encoder) is logged and the old one goes on being served, until the next.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from retrieval.encoder import SentenceEncoder
from retrieval.index import IndexMismatch, TemplateIndex
from retrieval.provenance import MANIFEST_NAME

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
Stamp = tuple[int, int, int]
Start = Callable[[Callable[[], None]], object]


class LiveIndex:
    """`current` gives the index to use for one query, from its start to its end."""

    def __init__(
        self,
        folder: Path,
        *,
        encoder: SentenceEncoder,
        clock: Callable[[], float] = time.monotonic,
        start: Start | None = None,
    ) -> None:
        """Load what lies in `folder`; raises IndexMismatch. `clock` gives seconds, `start` runs a load in the background."""
        self._folder = folder
        self._encoder = encoder
        self._clock = clock
        self._start = start or _in_thread
        self._lock = threading.Lock()
        self._loading = False
        self._looked_at = clock()
        # Taken before the load: what is written during it is seen as new at the next look.
        self._stamp = _stamp(folder)
        self._index = TemplateIndex.load(folder, encoder=encoder)

    def watch(self) -> None:
        """Look once a second from a thread of its own, which ends with this object."""
        threading.Thread(target=_watch, args=(weakref.ref(self),), name="answer-index-watch", daemon=True).start()

    def current(self) -> TemplateIndex:
        """The newest index that is loaded; never waits for one that is not."""
        if self._clock() - self._looked_at >= LOOK_EVERY_S and self._is_due():
            self._start(self._load)
        return self._index

    def _is_due(self) -> bool:
        """Whether another manifest lies there than the last one tried, and nobody is at it."""
        with self._lock:
            now = self._clock()
            if self._loading or now - self._looked_at < LOOK_EVERY_S:
                return False
            self._looked_at = now
            stamp = _stamp(self._folder)
            if stamp in (None, self._stamp):
                return False
            self._stamp = stamp
            self._loading = True
            return True

    def _load(self) -> None:
        try:
            self._index = TemplateIndex.load(self._folder, encoder=self._encoder)
            logger.info("New answer index in %s: %d templates, %s", self._folder, len(self._index), self._index.kind)
        except (IndexMismatch, OSError, MemoryError):
            logger.exception("The new answer index in %s cannot be served: the old one stays", self._folder)
        finally:
            self._loading = False


def _stamp(folder: Path) -> Stamp | None:
    """Changes when the manifest is replaced; None where there is none."""
    try:
        found = (folder / MANIFEST_NAME).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _watch(reference: weakref.ref[LiveIndex]) -> None:
    while (live := reference()) is not None:
        live.current()
        del live
        time.sleep(LOOK_EVERY_S)


def _in_thread(load: Callable[[], None]) -> None:
    threading.Thread(target=load, name="answer-index", daemon=True).start()
