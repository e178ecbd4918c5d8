"""The indices that benchmarks/index_size.py compares: Xenia's structures, FAISS's HNSW and usearch, behind one protocol.

All take float32 unit rows (n, dim) and give rows' numbers by inner product. The graphs (HNSW) have N_LINKS links a node (twice
that at the bottom), build with EF_CONSTRUCTION candidates, and none of them gives the memory of a removed vector back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.structures import Structure
from retrieval.vectors import ListVectors, Vectors, build, read

N_LINKS = 16
EF_CONSTRUCTION = 128
EFS = (16, 32, 64, 128, 256, 512)
Found = tuple[NDArray[Any], NDArray[Any]]


class Engine(Protocol):
    """One index."""

    def build(self, rows: NDArray[Any], path: Path, *, n_threads: int) -> None:
        """Build and write to `path`; what loading needs besides is kept by the engine, which travels by pickle."""

    def load(self, path: Path, *, n_threads: int) -> None:
        """Read what `build` wrote."""

    def widen(self, fits: Callable[[], bool]) -> None:
        """Search more and more broadly until `fits` is true, or there is nothing to widen."""

    def search(self, rows: NDArray[Any], k: int) -> Found:
        """Cosines and row numbers (n, k), best first."""

    def setting(self) -> str:
        """How broadly it searches, in the engine's own word."""


class Ours:
    """A structure of retrieval/, whose `nprobe` is chosen at the build as for a served index."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._learnt: dict[str, Any] = {}

    def build(self, rows: NDArray[Any], path: Path, *, n_threads: int) -> None:
        faiss.omp_set_num_threads(n_threads)
        built = build(self._structure, rows, np.arange(len(rows), dtype=np.int64))
        built.save(path)
        self._learnt = {"n_trained": built.n_trained, "recall": built.recall}

    def load(self, path: Path, *, n_threads: int) -> None:
        faiss.omp_set_num_threads(n_threads)
        self._vectors: Vectors = read(path, self._structure, **self._learnt)

    def widen(self, fits: Callable[[], bool]) -> None:
        """Nothing to do: `build` chose."""

    def search(self, rows: NDArray[Any], k: int) -> Found:
        return self._vectors.search(rows, k)

    def setting(self) -> str:
        return f"nprobe {self._vectors.recall.nprobe}" if isinstance(self._vectors, ListVectors) else "exact"


class FaissGraph:
    """FAISS's HNSW over float32."""

    def build(self, rows: NDArray[Any], path: Path, *, n_threads: int) -> None:
        faiss.omp_set_num_threads(n_threads)
        index = faiss.IndexHNSWFlat(rows.shape[1], N_LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        index.add(rows)
        faiss.write_index(index, str(path))

    def load(self, path: Path, *, n_threads: int) -> None:
        faiss.omp_set_num_threads(n_threads)
        self._index = faiss.read_index(str(path))

    def widen(self, fits: Callable[[], bool]) -> None:
        for self._index.hnsw.efSearch in EFS:
            if fits():
                return

    def search(self, rows: NDArray[Any], k: int) -> Found:
        scores, ids = self._index.search(rows, k)
        return scores, ids

    def setting(self) -> str:
        return f"ef {self._index.hnsw.efSearch}"


class Usearch:
    """usearch over float32."""

    def build(self, rows: NDArray[Any], path: Path, *, n_threads: int) -> None:
        index = self._new(rows.shape[1])
        index.add(np.arange(len(rows), dtype=np.uint64), rows, threads=n_threads)
        index.save(str(path))
        self._dim = rows.shape[1]

    def load(self, path: Path, *, n_threads: int) -> None:
        self._index = self._new(self._dim)
        self._index.load(str(path))
        self._n_threads = n_threads

    def widen(self, fits: Callable[[], bool]) -> None:
        for self._index.expansion_search in EFS:
            if fits():
                return

    def search(self, rows: NDArray[Any], k: int) -> Found:
        found = self._index.search(rows, k, threads=self._n_threads)
        shape = (len(rows), k)
        return 1 - np.asarray(found.distances).reshape(shape), np.asarray(found.keys).astype(np.int64).reshape(shape)

    def setting(self) -> str:
        return f"ef {self._index.expansion_search}"

    @staticmethod
    def _new(dim: int) -> Any:
        from usearch.index import Index

        return Index(ndim=dim, metric="ip", dtype="f32", connectivity=N_LINKS, expansion_add=EF_CONSTRUCTION)


def engines(structures: Mapping[str, Structure]) -> dict[str, Engine]:
    """All by name, in the order of the table."""
    ours: dict[str, Engine] = {name: Ours(structure) for name, structure in structures.items()}
    return {**ours, "HNSW (FAISS)": FaissGraph(), f"usearch {version('usearch')}": Usearch()}
