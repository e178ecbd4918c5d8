"""Cells say moments, ratings and outcomes in many ways; what is not certain is nothing."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from training.ingest.values import moment_of, rating_of, resolved_of, tags_of

NOON = datetime(2025, 3, 14, 12, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-14T12:30:00Z",
        "2025-03-14 12:30",
        "2025-03-14 12:30:00 UTC",
        "2025-03-14T13:30:00+01:00",
        "1741955400",
        "1741955400.0",
        "1741955400000",
        "14.03.2025 12:30",
        "14/03/2025 12:30:00",
        "03/14/2025 12:30",
        "2025/03/14 12:30:00",
        "Fri Mar 14 12:30:00 +0000 2025",
        "Fri, 14 Mar 2025 13:30:00 +0100",
    ],
)
def test_moments(written: str) -> None:
    assert moment_of(written) == NOON


@pytest.mark.parametrize("written", ["05/06/2025", "yesterday", "48213", "2025-13-40", "99999999999999999"])
def test_what_may_be_two_moments_or_none_is_none(written: str) -> None:
    assert moment_of(written) is None


def test_the_same_day_and_month_is_one_moment() -> None:
    assert moment_of("05/05/2025") == datetime(2025, 5, 5, tzinfo=timezone.utc)


def test_ratings() -> None:
    assert [rating_of(one) for one in ("1", "4.5", "4,5 / 5", "5 stars", "Good", "bad", "👎")] == [
        1,
        4.5,
        4.5,
        5,
        5,
        1,
        1,
    ]
    assert [rating_of(one) for one in ("0", "9", "5.5", "offered", "meh")] == [None] * 5


def test_outcomes() -> None:
    assert [resolved_of(one) for one in ("Solved", "gelöst", "да", "已解决", "1")] == [True] * 5
    assert [resolved_of(one) for one in ("no", "reopened", "いいえ", "0")] == [False] * 4
    assert [resolved_of(one) for one in ("open", "pending", "on-hold")] == [None] * 3


def test_tags() -> None:
    assert tags_of(' ["a, b", "c", 3, ""] ') == ("a, b", "c")
    assert tags_of("[a; b") == ("[a", "b")
    assert tags_of("") == ()
