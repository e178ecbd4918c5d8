"""Rules and tagger in one list without overlaps."""

from __future__ import annotations

from training.redaction.merging import merged
from training.redaction.personal import Found, Kind


def test_two_of_one_kind_are_joined() -> None:
    assert merged([Found(5, 9, Kind.NAME)], [Found(0, 7, Kind.NAME)]) == [Found(0, 9, Kind.NAME)]


def test_an_address_takes_in_the_number_that_is_its_postcode() -> None:
    assert merged([Found(8, 13, Kind.ORDER_NUMBER)], [Found(0, 20, Kind.ADDRESS)]) == [Found(0, 20, Kind.ADDRESS)]


def test_of_a_tagged_stretch_what_is_left_over_counts() -> None:
    rule = Found(5, 9, Kind.EMAIL)
    assert merged([rule], [Found(0, 12, Kind.NAME)]) == [Found(0, 5, Kind.NAME), rule, Found(9, 12, Kind.NAME)]
    assert merged([rule], [Found(4, 9, Kind.NAME)]) == [rule]


def test_what_meets_a_mark_is_not_taken() -> None:
    assert merged([], [Found(0, 5, Kind.NAME), Found(5, 9, Kind.NAME)], out=[(3, 5)]) == [Found(5, 9, Kind.NAME)]
