"""Vectors with ids in one FAISS structure: add, remove, search, give back, save and load. FAISS objects are built here only.

In go float32 (n, dim) unit rows and int64 (n,) ids, out come inner products. `retrieval.structures` says which structure is
due, `retrieval.index` keeps templates on top.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.recall import Recall, best_nprobe
from retrieval.structures import Structure

TRAINING_ROWS_PER_LIST = 64
_SEED = 7


class Vectors(Protocol):
    """What an index needs of its vectors. `n_trained` is the number of rows there were when it was built, 0 when exact."""

    structure: Structure
    n_trained: int
    recall: Recall

    def __len__(self) -> int: ...

    @property
    def dim(self) -> int:
        """Width."""

    def add(self, rows: NDArray[Any], ids: NDArray[Any]) -> None:
        """Add rows under ids that are not there yet."""

    def remove(self, ids: NDArray[Any]) -> None:
        """Take ids out; those that are not there are passed over."""

    def search(self, rows: NDArray[Any], k: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Inner products (n, k), best first, and their ids; id -1 where there are fewer than `k`."""

    def rows(self, ids: NDArray[Any]) -> NDArray[Any]:
        """The vectors of ids that are there: as they were added, or decoded where the structure codes them."""

    def save(self, path: Path) -> None:
        """Write the FAISS file."""


class _OnFaiss:
    """What exact search and lists have in common."""

    def __init__(self, index: Any, structure: Structure, *, n_trained: int, recall: Recall) -> None:
        self._index = index
        self.structure = structure
        self.n_trained = n_trained
        self.recall = recall

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def add(self, rows: NDArray[Any], ids: NDArray[Any]) -> None:
        self._index.add_with_ids(rows, ids)

    def search(self, rows: NDArray[Any], k: int) -> tuple[NDArray[Any], NDArray[Any]]:
        scores, ids = self._index.search(rows, k)
        return scores, ids

    def rows(self, ids: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = self._index.reconstruct_batch(ids)
        return found

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))


class FlatVectors(_OnFaiss):
    """Exact search: `IndexIDMap2` over `IndexFlatIP`."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, Structure(0, "Flat"), n_trained=0, recall=Recall(nprobe=0, at_10=1.0))

    def remove(self, ids: NDArray[Any]) -> None:
        """See `Vectors`."""
        self._index.remove_ids(faiss.IDSelectorBatch(ids))


class ListVectors(_OnFaiss):
    """Inverted lists, which keep ids themselves, with a hash table from id to place (`IndexIDMap2` over lists cannot remove)."""

    def __init__(self, index: Any, structure: Structure, *, n_trained: int, recall: Recall) -> None:
        super().__init__(index, structure, n_trained=n_trained, recall=recall)
        self._index.nprobe = max(1, recall.nprobe)

    def remove(self, ids: NDArray[Any]) -> None:
        """See `Vectors`."""
        # With a hash table FAISS removes an array of ids, and takes no other selector.
        self._index.remove_ids(faiss.IDSelectorArray(ids))


def empty(dim: int) -> Vectors:
    """Exact vectors of width `dim`, none yet."""
    return FlatVectors(faiss.IndexIDMap2(faiss.IndexFlatIP(dim)))


def build(structure: Structure, rows: NDArray[Any], ids: NDArray[Any]) -> Vectors:
    """Learn lists and codes from a sample of the rows, add all, and choose how many lists a query reads.

    k-means takes TRAINING_ROWS_PER_LIST rows a list (FAISS uses 39 to 256) with fixed seeds. Peak memory is that of `rows`
    and of the structure.
    """
    if not structure.n_lists:
        vectors = empty(rows.shape[1])
        vectors.add(rows, ids)
        return vectors
    # "np": no polysemous training, which takes minutes and orders codes for a search that we do not use.
    factory = structure.kind + ("np" if structure.code.startswith("PQ") else "")
    index = faiss.index_factory(rows.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
    index.train(_training_rows(structure, rows))
    index.set_direct_map_type(faiss.DirectMap.Hashtable)
    index.add_with_ids(rows, ids)
    recall = best_nprobe(index, rows, ids, n_lists=structure.n_lists)
    return ListVectors(index, structure, n_trained=len(rows), recall=recall)


def read(path: Path, structure: Structure, *, n_trained: int, recall: Recall) -> Vectors:
    """What `save` wrote; raises RuntimeError for a file that is not FAISS's or not of this structure."""
    index = faiss.read_index(str(path))
    if isinstance(index, faiss.IndexIVF) != bool(structure.n_lists):
        raise RuntimeError(f"expected {structure.kind}, found {type(index).__name__}")
    return (
        ListVectors(index, structure, n_trained=n_trained, recall=recall) if structure.n_lists else FlatVectors(index)
    )


def _training_rows(structure: Structure, rows: NDArray[Any]) -> NDArray[Any]:
    # A product quantizer learns 256 centroids for each piece, from the same rows.
    n_rows = TRAINING_ROWS_PER_LIST * max(structure.n_lists, 256)
    if len(rows) <= n_rows:
        return rows
    chosen = np.random.default_rng(_SEED).choice(len(rows), n_rows, replace=False)
    sample: NDArray[Any] = rows[np.sort(chosen)]
    return sample
