"""Offsets, BIO tags and Viterbi: what the model marks is cut out of what the customer typed, in every script."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from nlu.encoding import TextEncoder, allowed_transitions, best_tags, bio_tags, entities_of, pad, trim
from nlu.labels import Labels
from tests.models import checkpoint

LABELS = Labels(intents=("x",), entities=("city", "order_number"))
O, B_CITY, I_CITY, B_ORDER, I_ORDER = range(5)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("注文４８２１３はどこですか", [("４８２１３", "order_number")]),
        ("新しい住所は東京です", [("東京", "city")]),
        ("我的订单４８２１３什么时候到上海？", [("４８２１３", "order_number"), ("上海", "city")]),
        ("Siparişim İstanbul'a ne zaman gelecek? Numarası 48213.", [("İstanbul", "city"), ("48213", "order_number")]),
        ("متى يصل ٤٨٢١٣ إلى القاهرة", [("٤٨٢١٣", "order_number"), ("القاهرة", "city")]),
        ("मेरा ऑर्डर ४८२१३ दिल्ली कब पहुँचेगा?", [("४८२१३", "order_number"), ("दिल्ली", "city")]),
        ("😀👩‍👧 48213 nach Köln 🚚", [("48213", "order_number"), ("Köln", "city")]),
        ("😀48213😀Köln", [("48213", "order_number"), ("Köln", "city")]),
        ("3½ kg, ﬁn, 48213", [("48213", "order_number")]),
        ("48213", [("48213", "order_number")]),
        ("  nach \t Köln \n", [("Köln", "city")]),
    ],
)
def test_spans_survive_tags_and_come_back_as_typed(text: str, values: list[tuple[str, str]]) -> None:
    spans = [(text.index(value), text.index(value) + len(value), label) for value, label in values]
    offsets = TextEncoder(checkpoint()).encode(text).offsets
    tags = bio_tags(offsets, spans, LABELS)
    found = entities_of(text, offsets, tags, [1.0] * len(tags), LABELS)
    assert [(entity.start, entity.end, entity.label) for entity in found] == spans
    assert [entity.value for entity in found] == [value for value, _ in values]


def test_a_text_that_fits_is_one_window_with_its_special_tokens() -> None:
    (window,) = TextEncoder(checkpoint()).windows("guten Tag")
    assert (window.input_ids[0], window.input_ids[-1]) == (0, 2)
    assert (window.offsets[0], window.offsets[-1]) == ((0, 0), (0, 0))


def test_windows_of_a_long_text_overlap_and_cover_every_character() -> None:
    text = " ".join(f"Wort{number}" for number in range(200))
    windows = TextEncoder(checkpoint(), max_length=40, stride=10).windows(text)
    assert all(len(window.input_ids) <= 40 for window in windows)
    covered = {index for window in windows for start, end in window.offsets for index in range(start, end)}
    assert covered == {index for index, character in enumerate(text) if character != " "}
    for before, after in pairwise(windows):
        assert before.offsets[-11:-1] == after.offsets[1:11]


def test_the_first_window_alone_is_what_encode_gives() -> None:
    encoder = TextEncoder(checkpoint(), max_length=40, stride=10)
    text = "Bestellung " * 50
    assert encoder.encode(text) == encoder.windows(text)[0]


def test_trim_takes_white_space_of_any_kind_off_both_ends() -> None:
    assert trim("a\u00a0\u3000b c", 1, 5) == (3, 4)
    assert trim("a   b", 1, 4) == (4, 4)


def test_rows_are_padded_on_the_right() -> None:
    assert pad([[5], [6, 7, 8], []], 1).tolist() == [[5, 1, 1], [6, 7, 8], [1, 1, 1]]


def test_a_token_that_only_touches_a_span_is_outside_and_one_that_overlaps_is_inside() -> None:
    offsets = [(0, 0), (0, 3), (3, 6), (6, 8), (8, 9), (0, 0)]
    assert bio_tags(offsets, [(3, 7, "city")], LABELS) == [O, O, B_CITY, I_CITY, O, O]


def test_neighbouring_spans_each_begin_anew() -> None:
    offsets = [(0, 2), (2, 4), (4, 6)]
    assert bio_tags(offsets, [(0, 2, "city"), (2, 6, "city")], LABELS) == [B_CITY, B_CITY, I_CITY]


def test_inside_tags_follow_only_their_own_entity() -> None:
    allowed = allowed_transitions(LABELS)
    start_of_text = len(LABELS.tags)
    assert {(before, after) for before, after in zip(*np.nonzero(~allowed), strict=True)} == {
        *((before, I_CITY) for before in (O, B_ORDER, I_ORDER, start_of_text)),
        *((before, I_ORDER) for before in (O, B_CITY, I_CITY, start_of_text)),
    }


def test_no_path_ever_holds_an_invalid_transition() -> None:
    generator, allowed = np.random.default_rng(11), allowed_transitions(LABELS)
    for length in (1, 2, 7, 60):
        for _ in range(40):
            path = best_tags(np.log(generator.dirichlet([0.3] * 5, size=length) + 1e-9), allowed)
            assert len(path) == length
            assert all(allowed[before, after] for before, after in pairwise([5, *path]))


def test_the_path_is_the_best_of_all_valid_ones() -> None:
    generator, allowed = np.random.default_rng(12), allowed_transitions(LABELS)
    for _ in range(20):
        scores = generator.normal(size=(4, 5)) * 3
        valid = [path for path in product(range(5), repeat=4) if all(allowed[a, b] for a, b in pairwise((5, *path)))]
        best = max(valid, key=lambda path: sum(scores[index, tag] for index, tag in enumerate(path)))
        assert best_tags(scores, allowed) == list(best)


def test_a_text_without_tokens_has_no_tags() -> None:
    assert best_tags(np.zeros((0, 5)), allowed_transitions(LABELS)) == []


def test_an_entity_is_as_sure_as_its_least_sure_token() -> None:
    text, offsets = "New York 48213", [(0, 0), (0, 3), (4, 8), (9, 14), (0, 0)]
    tags, confidences = [O, B_CITY, I_CITY, B_ORDER, O], [0.1, 0.9, 0.6, 0.8, 0.1]
    city, order = entities_of(text, offsets, tags, confidences, LABELS)
    assert (city.value, city.confidence) == ("New York", 0.6)
    assert (order.value, order.start, order.end, order.confidence) == ("48213", 9, 14, 0.8)


def test_two_beginnings_side_by_side_are_two_entities() -> None:
    found = entities_of("東京大阪", [(0, 2), (2, 4)], [B_CITY, B_CITY], [1.0, 1.0], LABELS)
    assert [entity.value for entity in found] == ["東京", "大阪"]


def test_an_inside_tag_without_its_beginning_is_no_entity() -> None:
    assert entities_of("ab cd", [(0, 2), (3, 5)], [B_ORDER, I_CITY], [1.0, 1.0], LABELS)[0].value == "ab"
    assert entities_of("ab", [(0, 2)], [I_CITY], [1.0], LABELS) == []
