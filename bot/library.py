"""The answer templates that the bot serves, those of `data/templates` and those that were mined and approved, and their index."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from sqlalchemy.engine import Engine

from bot.settings import Settings
from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex
from retrieval.library import library, row_of
from retrieval.provenance import indexed
from retrieval.templates import AnswerTemplate, read_templates
from retrieval.update import IndexUpdate, update_index
from retrieval.versions import forget_previous
from store.sessions import session_scope
from store.template_tables import Template

TEMPLATES_DIR = Path("data/templates")
INDEX_DIR = Path("models/index")


class Library:
    """Templates of files and database, and the index that is kept up with them; the encoder is loaded when it is needed."""

    def __init__(
        self,
        settings: Settings,
        database: Engine,
        *,
        templates_dir: Path = TEMPLATES_DIR,
        index_dir: Path = INDEX_DIR,
        n_threads: int = 1,
    ) -> None:
        """`database` is at the newest schema; `n_threads` encode."""
        self._settings, self._database = settings, database
        self._templates_dir, self._index_dir, self._n_threads = templates_dir, index_dir, n_threads

    def templates(self) -> list[AnswerTemplate]:
        """All of them; mined ones that nobody approved only where MINED_SCORE lets them through."""
        with session_scope(self._database) as session:
            return library(session, self._templates_dir.glob("*.jsonl"), min_score=self._settings.mined_score)

    def rows(self) -> dict[str, Template]:
        """The templates of the files as new rows of no session, by id: what the review shows of them."""
        return {one.id: row_of(one) for one in read_templates(self._templates_dir.glob("*.jsonl"))}

    def update_index(self, *, max_memory_mb: int | None = None, rebuild: bool = False) -> IndexUpdate:
        """Bring the index up to date; only what changed is encoded. A running server takes it up within seconds."""
        return update_index(
            self.templates(),
            encoder=self._encoder,
            folder=self._index_dir,
            max_memory_mb=max_memory_mb,
            rebuild=rebuild,
        )

    def forget(self) -> int:
        """Bring the index up to date after an erasure, the version before it removed; how many templates changed or went."""
        done = self.update_index()
        forget_previous(self._index_dir)
        return done.n_changed + done.n_removed

    def n_behind(self) -> int:
        """How many templates of the saved index differ from those that are to be served."""
        wanted = {one.id: one for one in indexed(self.templates())}
        held = TemplateIndex.load(self._index_dir, encoder=self._encoder).templates
        return sum(wanted.get(one.id) != one for one in held)

    @cached_property
    def _encoder(self) -> SentenceEncoder:
        return SentenceEncoder(Path(self._settings.models_dir) / "retrieval", n_threads=self._n_threads)
