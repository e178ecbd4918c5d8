"""A saved index kept up with the templates: only what is new or changed is encoded. `build_index` encodes everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.encoder import SentenceEncoder
from retrieval.index import IndexMismatch, TemplateIndex, n_entries_of
from retrieval.index_manifest import IndexManifest
from retrieval.provenance import digest_of, indexed
from retrieval.structures import MAX_MEMORY_MB, structure_for
from retrieval.templates import AnswerTemplate
from retrieval.versions import writing


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """Numbers of templates; `rebuilt` when the vectors were built anew: all encoded again, or another structure was due."""

    n_added: int
    n_changed: int
    n_removed: int
    n_kept: int
    rebuilt: bool

    @property
    def n_templates(self) -> int:
        """Templates in the index now."""
        return self.n_added + self.n_changed + self.n_kept


def update_index(
    templates: Sequence[AnswerTemplate],
    *,
    encoder: SentenceEncoder,
    folder: Path,
    max_memory_mb: int | None = None,
    rebuild: bool = False,
) -> IndexUpdate:
    """Bring the index in `folder` to hold exactly the templates that are not retired; writes nothing when it does already.

    A template of which only intent, status, language or source changed is not encoded again. No index there, a damaged one,
    one of another encoder and `rebuild` encode everything: all count as added then. `max_memory_mb` is that of the last
    build where it is None. The lock is held from reading to writing, so two updates at once follow one another. Raises
    ValueError when no structure fits `max_memory_mb`.
    """
    wanted = {template.id: template for template in indexed(templates)}
    with writing(folder):
        limit = max_memory_mb or _limit(folder)
        # What does not fit is said before hours of encoding.
        structure_for(n_entries_of(wanted.values()), encoder.dim, max_memory_mb=limit)
        index = None if rebuild else _stored(folder, encoder)
        if index is None:
            index = TemplateIndex(encoder.dim, max_memory_mb=limit)
            index.add(list(wanted.values()), encoder)
            index.save_locked(folder, encoder=encoder)
            return IndexUpdate(len(wanted), 0, 0, 0, rebuilt=True)
        index.max_memory_mb = limit
        before = {template.id: template for template in index.templates}
        n_removed = index.remove(before.keys() - wanted.keys())
        changed = [template for id, template in wanted.items() if id in before and before[id] != template]
        added = [template for id, template in wanted.items() if id not in before]
        index.add([*added, *(template for template in changed if not index.replace(template))], encoder)
        rebuilt = index.settle(encoder)
        if n_removed or changed or added or rebuilt or not _says(folder, index):
            index.save_locked(folder, encoder=encoder)
    n_kept = len(wanted) - len(changed) - len(added)
    return IndexUpdate(len(added), len(changed), n_removed, n_kept, rebuilt)


def _stored(folder: Path, encoder: SentenceEncoder) -> TemplateIndex | None:
    try:
        return TemplateIndex.load(folder, encoder=encoder)
    except IndexMismatch:
        return None


def _limit(folder: Path) -> int:
    """`max_memory_mb` of the last build, as its manifest tells."""
    try:
        return IndexManifest.read(folder).max_memory_mb
    except IndexMismatch:
        return MAX_MEMORY_MB


def _says(folder: Path, index: TemplateIndex) -> bool:
    """Whether the manifest is of this layout and says what the index holds; that of an older program does not."""
    told = IndexManifest.read(folder)
    said = (told.templates, told.max_memory_mb) == (digest_of(index.templates), index.max_memory_mb)
    return said and told.version is not None
