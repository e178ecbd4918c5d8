"""An index of a million vectors: build time, memory, disk, recall@10 and the time of one search, for each kind of index.

    uv run python -m benchmarks.index_size                        # an hour or so on two cores, 8 GB of memory, 5 of disk
    uv run python -m benchmarks.index_size --quick --out PATH     # 2,000 vectors, to see that it runs
    uv run python -m benchmarks.index_size --vectors 20000 --out PATH
    uv run python -m benchmarks.index_size --only IVF4096,Flat --only Flat   # these anew; the table's other rows stay

The vectors are made, seeded: centroids (one for each 100 rows) and noise around them, both with a standard deviation that
falls over the directions as (j + 4) ** -0.625, the noise at 0.58 of the centroid's length, the sum scaled to length 1. So they
lie like the served encoder's vectors of data/templates: the tenth neighbour at a cosine of about 0.75, and as spread out as
some 55 directions of equal weight. A query is a row with noise at 0.3 of its length. Each build and each search runs in a
process of its own.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.index_engines import Engine, engines
from benchmarks.memory import resident_mb
from benchmarks.options import asked, write
from retrieval.recall import GOAL, OWN_ROWS_GOAL, K
from retrieval.structures import MAX_MEMORY_MB, PQ_MIN_ROWS, Structure, lists_for, structure_for

RETRIEVAL = Path("models/starter/retrieval")
N_VECTORS, N_QUERIES, N_TUNING = 1_000_000, 1000, 200
QUICK_VECTORS, QUICK_QUERIES = 2000, 50
N_THREADS = 2
ROWS_PER_CENTROID = 100
SPREAD, QUERY_SPREAD = 0.58, 0.3
_SEED = 20
_BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class Vectors:
    """Unit rows (n, dim) and the queries near some of them; the first N_TUNING queries are for tuning only."""

    rows: NDArray[Any]
    queries: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Built:
    """Seconds, the most memory the building process took (vectors included), and MB on disk."""

    build_s: float
    peak_mb: float
    disk_mb: float


@dataclass(frozen=True, slots=True)
class Searched:
    """`cosine_error` is the mean distance of the score given from the true cosine; `memory_mb` that of the whole process."""

    setting: str
    load_s: float
    memory_mb: float
    recall: float
    cosine_error: float
    p50_ms: float
    p95_ms: float


def made(n_vectors: int, n_queries: int, dim: int) -> Vectors:
    """The vectors of the module's docstring, the same for the same numbers."""
    draws = np.random.default_rng(_SEED)
    scale = ((np.arange(1, dim + 1) + 4.0) ** -0.625).astype(np.float32)
    centroids = _unit(_noise(draws, max(1, n_vectors // ROWS_PER_CENTROID), scale))
    rows = np.empty((n_vectors, dim), dtype=np.float32)
    for at in range(0, n_vectors, _BLOCK):
        n = min(_BLOCK, n_vectors - at)
        chosen = draws.integers(len(centroids), size=n)
        rows[at : at + n] = _unit(centroids[chosen] + SPREAD * _unit(_noise(draws, n, scale)))
    near = rows[draws.integers(n_vectors, size=n_queries)]
    return Vectors(rows, _unit(near + QUERY_SPREAD * _unit(_noise(draws, n_queries, scale))))


def _noise(draws: np.random.Generator, n: int, scale: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(draws.standard_normal((n, len(scale)), dtype=np.float32) * scale)


def _unit(rows: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def served_dim() -> int:
    """Width of the served encoder's vectors."""
    from retrieval.encoder import SentenceEncoder  # here, because every measuring process imports this module

    return SentenceEncoder(RETRIEVAL).dim


def recall_at_k(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    """Share of the wanted row numbers (n, k) that stand among the found ones of the same query.

    >>> recall_at_k(np.array([[1, 2, 3], [4, 5, 6]]), np.array([[3, 1, 9], [4, 5, 6]]))
    0.8333333333333334
    """
    return sum(len({*one} & {*other}) for one, other in zip(found.tolist(), wanted.tolist(), strict=True)) / wanted.size


def prepare(folder: Path, n_vectors: int, n_queries: int, dim: int, n_threads: int) -> None:
    """Write the vectors, and the nearest rows of each query by exact search."""
    faiss.omp_set_num_threads(n_threads)
    vectors = made(n_vectors, N_TUNING + n_queries, dim)
    scores, wanted = faiss.knn(vectors.queries, vectors.rows, K, metric=faiss.METRIC_INNER_PRODUCT)
    for name, rows in (("rows", vectors.rows), ("queries", vectors.queries), ("wanted", wanted), ("scores", scores)):
        np.save(folder / f"{name}.npy", rows)


def build_one(engine: Engine, folder: Path, n_threads: int) -> tuple[Engine, Built]:
    """Build from the vectors in `folder` and write the index there."""
    rows = np.load(folder / "rows.npy")
    began = time.perf_counter()
    engine.build(rows, folder / "index", n_threads=n_threads)
    built_s = time.perf_counter() - began
    disk = (folder / "index").stat().st_size / 1e6
    return engine, Built(built_s, resident_mb(os.getpid(), peak=True), disk)


def search_one(engine: Engine, folder: Path, n_threads: int) -> Searched:
    """Load, widen the search until recall@10 of the tuning queries is GOAL, then ask every other query by itself."""
    queries, wanted, scores = (np.load(folder / f"{name}.npy") for name in ("queries", "wanted", "scores"))
    began = time.perf_counter()
    engine.load(folder / "index", n_threads=n_threads)
    load_s = time.perf_counter() - began
    engine.widen(lambda: recall_at_k(engine.search(queries[:N_TUNING], K)[1], wanted[:N_TUNING]) >= GOAL)
    times, given, found = [], [], []
    for query in queries[N_TUNING:]:
        began = time.perf_counter()
        cosines, ids = engine.search(query[None], K)
        times.append(1000 * (time.perf_counter() - began))
        given.append(cosines[0])
        found.append(ids[0])
    p50, p95 = np.percentile(times, [50, 95])
    return Searched(
        setting=engine.setting(),
        load_s=load_s,
        memory_mb=resident_mb(os.getpid(), peak=True),
        recall=recall_at_k(np.array(found), wanted[N_TUNING:]),
        cosine_error=_cosine_error(found, given, wanted[N_TUNING:], scores[N_TUNING:]),
        p50_ms=float(p50),
        p95_ms=float(p95),
    )


def _cosine_error(found: Sequence[Any], given: Sequence[Any], wanted: NDArray[Any], scores: NDArray[Any]) -> float:
    """Of the hits that are among the wanted ones; 0 where there is none."""
    errors = []
    for ids, cosines, rows, true in zip(found, given, wanted, scores, strict=True):
        known = dict(zip(rows.tolist(), true.tolist(), strict=True))
        errors += [
            abs(cosine - known[id]) for id, cosine in zip(ids.tolist(), cosines.tolist(), strict=True) if id in known
        ]
    return float(np.mean(errors)) if errors else 0.0


def alone(function: Callable[..., Any], *given: Any) -> Any:
    """Call in a fresh process, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *given).result()


def structures(n_vectors: int, dim: int) -> dict[str, Structure]:
    """Ours by name, the one that `structure_for` takes marked."""
    n_lists = lists_for(n_vectors)
    tried = [Structure(0, "Flat"), Structure(n_lists, "Flat"), Structure(n_lists, "SQ8")]
    if n_vectors >= PQ_MIN_ROWS:
        tried += [Structure(n_lists, f"PQ{dim // shorter}") for shorter in (2, 4, 8)]
    chosen = structure_for(n_vectors, dim)
    return {one.kind + (" (chosen)" if one == chosen else ""): one for one in tried}


def row(name: str, built: Built, searched: Searched) -> list[str]:
    """One line of the table."""
    return [
        name,
        searched.setting,
        f"{built.build_s:.1f}",
        f"{built.peak_mb:.0f}",
        f"{built.disk_mb:.0f}",
        f"{searched.load_s:.2f}",
        f"{searched.memory_mb:.0f}",
        f"{searched.recall:.3f}",
        f"{searched.cosine_error:.4f}",
        f"{searched.p50_ms:.2f}",
        f"{searched.p95_ms:.2f}",
    ]


def table(rows: Sequence[Sequence[str]], *, n_vectors: int, dim: int, n_queries: int, n_threads: int) -> dict[str, Any]:
    """As docs/results.md takes it."""
    return {
        "title": f"{n_vectors:,} vectors of width {dim}, {n_threads} threads",
        "columns": [
            "index", "search", "build, s", "build, peak MB", "disk, MB", "load, s", "serving, peak MB", "recall@10",
            "cosine off by", "p50, ms", "p95, ms",
        ],
        "rows": [list(one) for one in rows],
        "note": f"{n_queries:,} queries, one at a time, beside exact search. Build memory has the vectors in it "
        f"({n_vectors * dim * 4 / 1e6:.0f} MB), serving memory the Python process. Breadth of search: the least with "
        f"recall@10 of {GOAL} (ours of {OWN_ROWS_GOAL} on its own rows at the build, the graphs of {GOAL} on {N_TUNING} "
        f"other queries). `(chosen)`: what `structure_for` takes with {MAX_MEMORY_MB} MB. The graphs cannot give up a "
        "removed vector's memory.",
    }  # fmt: skip


def measured(out: Path) -> dict[str, list[str]]:
    """Rows that stand in an earlier table, by the name of the index; none where there is no table."""
    rows = json.loads(out.read_text("utf-8"))["tables"][0]["rows"] if out.exists() else []
    return {one[0]: one for one in rows}


def main(given: Sequence[str] | None = None) -> int:
    """Make the vectors, build and search each index, write the figures."""
    out = Path("benchmarks/index_size.json")
    options = asked(__doc__ or "", out, given, options=["vectors", "dim", "queries", "threads"], repeated=["only"])
    n_vectors = int(options.vectors or (QUICK_VECTORS if options.quick else N_VECTORS))
    n_queries = int(options.queries or (QUICK_QUERIES if options.quick else N_QUERIES))
    dim = int(options.dim or served_dim())
    n_threads = int(options.threads or N_THREADS)
    known = measured(options.out) if options.only else {}
    tried = engines(structures(n_vectors, dim))
    wanted = [name for name in tried if not options.only or name.split(" ")[0] in options.only or name in options.only]
    if not wanted:
        raise SystemExit(f"--only: expected some of {', '.join(tried)}, found {', '.join(options.only)}")
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        alone(prepare, folder, n_vectors, n_queries, dim, n_threads)
        for name in tqdm(wanted, desc="indices", disable=None):
            engine, built = alone(build_one, tried[name], folder, n_threads)
            known[name] = row(name, built, alone(search_one, engine, folder, n_threads))
    rows = [known[name] for name in tried if name in known]
    found = table(rows, n_vectors=n_vectors, dim=dim, n_queries=n_queries, n_threads=n_threads)
    if options.only and len(rows) > len(wanted):
        found["note"] += f" Measured by themselves, after the others: {', '.join(wanted)}."
    command = "uv run python -m benchmarks.index_size"
    write({"title": f"An index of {n_vectors:,} vectors", "command": command, "tables": [found]}, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
