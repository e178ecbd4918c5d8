"""Which structure is due, with memory worked out by hand."""

from __future__ import annotations

import pytest

from retrieval.structures import FLAT_LIMIT, Structure, keeps, structure_for


@pytest.mark.parametrize(
    ("n_vectors", "kind"),
    [(0, "Flat"), (FLAT_LIMIT, "Flat"), (FLAT_LIMIT + 1, "IVF1024,Flat"), (1_000_000, "IVF4096,Flat")],
)
def test_exact_up_to_the_limit_and_lists_above(n_vectors: int, kind: str) -> None:
    assert structure_for(n_vectors, 256).kind == kind


def test_memory_is_codes_ids_and_centroids() -> None:
    # 1,000 vectors of 8 numbers: 32 bytes and 48 for the id; 2 centroids of 32 bytes.
    assert Structure(0, "Flat").memory_mb(1000, 8) == pytest.approx(0.080)
    assert Structure(2, "SQ8").memory_mb(1000, 8) == pytest.approx(0.056064)
    assert Structure(2, "PQ4").memory_mb(1000, 8) == pytest.approx(0.052064)


# A million of width 256 in 4,096 lists, centroids 4.2 MB: float32 1,076.2 MB, SQ8 308.2, PQ128 180.2, PQ64 116.2, PQ32 84.2.
@pytest.mark.parametrize(
    ("max_memory_mb", "code"),
    [(1077, "Flat"), (1076, "SQ8"), (309, "SQ8"), (308, "PQ128"), (180, "PQ64"), (116, "PQ32"), (85, "PQ32")],
)
def test_what_does_not_fit_is_coded_shorter(max_memory_mb: int, code: str) -> None:
    assert structure_for(1_000_000, 256, max_memory_mb=max_memory_mb) == Structure(4096, code)


def test_where_nothing_fits_the_least_that_would_is_named() -> None:
    with pytest.raises(ValueError, match=r"max_memory_mb of at least 85 for 1000000 .* found 84.*--max-memory-mb"):
        structure_for(1_000_000, 256, max_memory_mb=84)


def test_few_vectors_in_little_memory_are_coded_too() -> None:
    # 9,000 of width 256: 9.6 MB as they are, 2.8 MB in SQ8; too few for the 256 centroids of a product quantizer.
    assert structure_for(9_000, 256, max_memory_mb=5).code == "SQ8"
    with pytest.raises(ValueError, match="at least 3 "):
        structure_for(9_000, 256, max_memory_mb=2)


@pytest.mark.parametrize("kind", ["Flat", "IVF10,Flat", "IVF4096,SQ8", "IVF4096,PQ64"])
def test_a_kind_comes_back_from_its_name(kind: str) -> None:
    assert Structure.of_kind(kind).kind == kind


@pytest.mark.parametrize("kind", ["", "HNSW32", "SQ8", "PQ8", "IVF,Flat", "IVF8,PQ", "IVF8,Flat "])
def test_another_kind_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="expected Flat, IVF"):
        Structure.of_kind(kind)


EXACT, LISTS, CODED = Structure(0, "Flat"), Structure(1024, "Flat"), Structure(4096, "SQ8")


@pytest.mark.parametrize(
    ("current", "n_vectors", "n_trained", "max_memory_mb", "stays"),
    [
        (EXACT, FLAT_LIMIT, 0, 4000, True),
        (EXACT, FLAT_LIMIT + 1, 0, 4000, False),
        (LISTS, FLAT_LIMIT - 1000, 110_000, 4000, True),  # a quarter more would have lists
        (LISTS, 79_000, 110_000, 4000, False),
        (LISTS, 400_000, 101_000, 4000, True),
        (LISTS, 405_000, 101_000, 4000, False),  # four times as many as it was made for
        (LISTS, 200_000, 200_000, 100, False),  # 219 MB
        (CODED, 1_000_000, 1_000_000, 1000, True),
        (CODED, 900_000, 1_000_000, 1000, True),  # would fit as it is, a quarter more would not
        (CODED, 700_000, 1_000_000, 1000, False),
    ],
)
def test_a_structure_stays_until_another_is_due(
    current: Structure, n_vectors: int, n_trained: int, max_memory_mb: int, stays: bool
) -> None:
    assert keeps(current, n_vectors, 256, n_trained=n_trained, max_memory_mb=max_memory_mb) is stays
