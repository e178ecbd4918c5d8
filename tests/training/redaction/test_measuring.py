from __future__ import annotations

from collections.abc import Sequence

from training.redaction.measuring import Marked, compared, measure
from training.redaction.personal import Found, Kind

NAME, PHONE, ORDER = Kind.NAME, Kind.PHONE, Kind.ORDER_NUMBER


def test_a_value_counts_as_found_only_when_nothing_of_it_is_left_to_read() -> None:
    row = Marked("call Ann Lee at 0170 12345", "en", ((5, 12, NAME), (16, 26, PHONE)))
    half = compared(row, [Found(5, 8, NAME), Found(16, 26, PHONE)])
    assert (half.recall([NAME]), half.recall([PHONE]), half.recall([NAME, PHONE])) == (0.0, 1.0, 0.5)
    two = compared(row, [Found(5, 8, NAME), Found(9, 12, NAME)])
    assert two.recall([NAME]) == 1.0


def test_a_value_hidden_as_another_kind_is_found_but_not_precise_unless_only_its_cue_told_them_apart() -> None:
    row = Marked("Ann 48213", "en", ((0, 3, NAME), (4, 9, ORDER)))
    counts = compared(row, [Found(0, 3, Kind.ADDRESS), Found(4, 9, PHONE)])
    assert counts.recall([NAME, ORDER]) == 1.0
    assert counts.precision([Kind.ADDRESS]) == 0.0
    assert counts.precision([PHONE]) == 1.0
    assert counts.n_false == 0


def test_what_touches_nothing_personal_is_a_false_hit_and_what_may_be_either_is_not() -> None:
    row = Marked("the sofa Oslo costs 1299 or so", "en", (), either=((20, 24),))
    counts = compared(row, [Found(9, 13, NAME), Found(20, 24, ORDER)])
    assert (counts.n_false, counts.n_words) == (1, 6)
    assert round(counts.false_per_thousand) == 167
    assert counts.precision([ORDER]) is None


def test_counts_are_kept_by_language() -> None:
    def finds(texts: Sequence[str]) -> list[list[Found]]:
        return [[Found(0, 3, NAME)] if text.startswith("Ann") else [] for text in texts]

    rows = [
        Marked("Ann", "en", ((0, 3, NAME),)),
        Marked("Ida", "de", ((0, 3, NAME),)),
        Marked("Ann", "de", ((0, 3, NAME),)),
    ]
    found = measure(rows, finds)
    assert {language: counts.recall([NAME]) for language, counts in found.items()} == {"en": 1.0, "de": 0.5}
    assert found["de"].recall([PHONE]) is None
