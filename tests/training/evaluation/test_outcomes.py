"""Outcomes of rows as strings."""

from __future__ import annotations

import pytest

from training.evaluation.outcomes import outcomes, pack, same_rows, split_fingerprint, unpack


def test_a_column_comes_back() -> None:
    assert unpack(pack([0, 1, 9, 10, 35])).tolist() == [0, 1, 9, 10, 35]


def test_a_large_count_becomes_the_largest_digit() -> None:
    assert pack([36, 1000]) == "zz"


def test_what_cannot_be_kept_is_an_error() -> None:
    with pytest.raises(ValueError, match="found -1"):
        pack([1, -1])
    with pytest.raises(ValueError, match="base 36"):
        unpack("1?")


def test_rows_are_the_same_in_the_same_order_only() -> None:
    one, other = split_fingerprint([["a", "x"], ["b", "y"]]), split_fingerprint([["b", "y"], ["a", "x"]])
    assert same_rows(outcomes(one, right=[1, 0]), outcomes(one, right=[0, 0]))
    assert not same_rows(outcomes(one, right=[1, 0]), outcomes(other, right=[1, 0]))
    assert not same_rows(None, outcomes(one, right=[1, 0]))
