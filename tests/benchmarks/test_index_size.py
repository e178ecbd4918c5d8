"""The made vectors are what the docstring says, the figures those worked out by hand, and every index finds its rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.index_engines import engines
from benchmarks.index_size import build_one as build
from benchmarks.index_size import made, main, prepare, recall_at_k, search_one, structures
from training.evaluation.report_benchmarks import benchmark


def test_the_vectors_are_unit_rows_and_the_same_each_time() -> None:
    vectors = made(300, 20, 32)
    assert np.linalg.norm(vectors.rows, axis=1) == pytest.approx(np.ones(300), abs=1e-5)
    assert np.linalg.norm(vectors.queries, axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert (made(300, 20, 32).rows == vectors.rows).all()


def test_rows_of_a_cluster_and_queries_lie_as_near_as_the_spread_says() -> None:
    vectors = made(400, 50, 512)
    cosines = np.sort(vectors.rows @ vectors.rows.T, axis=1)
    # Four clusters: two of the same one at 1 / (1 + 0.58 ** 2) = 0.75 in the mean; the first is the row itself.
    assert cosines[:, -50:-1].mean() == pytest.approx(0.75, abs=0.06)
    # A query and its row: 1 / sqrt(1 + 0.3 ** 2) = 0.958.
    assert (vectors.queries @ vectors.rows.T).max(axis=1).mean() == pytest.approx(0.958, abs=0.02)


def test_recall_counts_what_was_found_whatever_its_place() -> None:
    assert recall_at_k(np.array([[3, 1, 7]]), np.array([[1, 2, 3]])) == pytest.approx(2 / 3)
    assert recall_at_k(np.array([[-1, -1, -1]]), np.array([[1, 2, 3]])) == 0.0


@pytest.mark.parametrize(
    ("n_vectors", "chosen", "n_kinds"), [(2000, "Flat (chosen)", 3), (1_000_000, "IVF4096,Flat (chosen)", 6)]
)
def test_what_would_be_served_is_marked(n_vectors: int, chosen: str, n_kinds: int) -> None:
    names = list(structures(n_vectors, 512))
    assert [name for name in names if "chosen" in name] == [chosen]
    assert len(names) == n_kinds


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors")
    prepare(folder, 600, 30, 16, 1)
    return folder


@pytest.mark.parametrize("name", list(engines(structures(600, 16))))
def test_every_index_finds_the_rows_that_exact_search_finds(prepared: Path, name: str) -> None:
    engine = engines(structures(600, 16))[name]
    engine, built = build(engine, prepared, 1)
    searched = search_one(engine, prepared, 1)
    assert searched.recall >= 0.9
    assert searched.cosine_error <= 0.01
    assert 0 < searched.p50_ms <= searched.p95_ms
    assert built.disk_mb > 600 * 16 / 1e6  # a byte for each number at the least
    if name.startswith("Flat"):
        assert (searched.recall, searched.setting) == (1.0, "exact")


def test_it_runs_and_writes_what_the_results_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "figures.json"
    # One index alone: each takes two processes.
    monkeypatch.setattr("benchmarks.index_size.engines", lambda given: dict(list(engines(given).items())[:1]))
    given = ["--quick", "--out", str(out), "--vectors", "400", "--dim", "8", "--queries", "10", "--threads", "1"]
    assert main(given) == 0
    result = benchmark(json.loads(out.read_text("utf-8")), name="index_size")
    assert result.command == "uv run python -m benchmarks.index_size"
    ((title, _, note),) = result.tables
    assert title == "400 vectors of width 8, 1 threads"
    assert "10 queries" in note
    rows = json.loads(out.read_text("utf-8"))["tables"][0]["rows"]
    assert [one[:2] for one in rows] == [["Flat (chosen)", "exact"]]
    assert rows[0][7] == "1.000"
