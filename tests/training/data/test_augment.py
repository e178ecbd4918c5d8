"""Drawn variants keep their spans on their values, over all of our own utterances."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from training.data.augment import Values, augmented, in_latin_letters, without_diacritics
from training.data.codeswitch import CodeSwitch
from training.data.dataset import Example, plain_and_spans, read_nlu

N_DRAWS = 300


def _example(annotated: str, language: str = "de") -> Example:
    text, spans = plain_and_spans(annotated)
    return Example(text, language, "x", "plain", spans)


def _variants(example: Example) -> list[Example]:
    return [augmented(example, random.Random(seed)) for seed in range(N_DRAWS)]


def _values(example: Example) -> list[str]:
    return [example.text[start:end] for start, end, _ in example.spans]


def _shape(value: str) -> str:
    """Digits and letters by kind, without marks and case: what drawing another value must keep."""
    return re.sub(r"[a-z]", "a", re.sub(r"[0-9]", "0", without_diacritics(value).lower()))


def test_spans_stay_on_their_values_in_every_utterance_of_our_own() -> None:
    draw, seen = random.Random(5), Counter[str]()
    for example in read_nlu(Path("data/nlu")):
        variant = augmented(example, draw)
        assert (variant.intent, variant.language, variant.situation) == (
            example.intent,
            example.language,
            example.situation,
        )
        assert [label for _, _, label in variant.spans] == [label for _, _, label in example.spans]
        for (start, end, label), before, after in zip(variant.spans, _values(example), _values(variant), strict=True):
            assert 0 <= start < end <= len(variant.text)
            assert after.strip() == after
            if label in {"order_number", "voucher_code", "amount"}:
                assert _shape(after) == _shape(before)
            else:
                assert without_diacritics(after).lower() == without_diacritics(before).lower()
            seen[label] += 1
    assert len(seen) >= 9
    assert min(seen.values()) > 30


def test_the_same_draw_gives_the_same_variant_and_other_draws_others() -> None:
    example = _example("Wo ist meine Bestellung [48213](order_number) geblieben?")
    assert augmented(example, random.Random(3)) == augmented(example, random.Random(3))
    assert len({variant.text for variant in _variants(example)}) > N_DRAWS / 2


def test_every_kind_of_change_is_drawn() -> None:
    example = _example("Où est ma commande, s'il vous plaît?", "fr")
    texts = {variant.text for variant in _variants(example)}
    assert "Ou est ma commande, s'il vous plait?" in texts
    assert "où est ma commande, s'il vous plaît?" in texts
    assert "Où est ma commande, s'il vous plaît" in texts
    assert {len(text) for text in texts} >= {len(example.text) - 1, len(example.text), len(example.text) + 1}


def test_numbers_are_drawn_anew_and_names_are_not() -> None:
    variants = _variants(_example("[AG-10234](order_number) nach [Köln](city), [12. Mai](date)"))
    numbers, cities, days = zip(*map(_values, variants), strict=True)
    assert len({number.upper() for number in numbers}) > N_DRAWS / 3
    assert all(re.fullmatch(r"[A-Za-z]{2}-\d{5}", number) for number in numbers)
    assert {city.lower() for city in cities} == {"köln", "koln"}
    assert {day.lower() for day in days} == {"12. mai"}


@pytest.mark.parametrize("amount", ["49,90 €", "€49.90", "R$ 49,90", "49 euros"])
def test_an_amount_never_begins_with_a_drawn_zero(amount: str) -> None:
    values = [_values(variant)[0] for variant in _variants(_example(f"ich habe [{amount}](amount) bezahlt"))]
    assert {re.sub(r"\D", "", value)[0] for value in values} == {"4"}
    assert len(set(values)) > 5


def test_punctuation_of_an_entity_at_the_end_stays() -> None:
    for variant in _variants(_example("gilt bis [30.11.](date)")):
        assert _values(variant) == ["30.11."]


def test_a_text_of_nothing_but_punctuation_or_an_entity_is_left_whole() -> None:
    assert {variant.text for variant in _variants(_example("???"))} == {"???"}
    assert {variant.text.lower() for variant in _variants(_example("[Köln](city)"))} == {"köln", "koln"}


def test_typos_never_touch_an_entity_or_its_neighbours() -> None:
    for variant in _variants(_example("ichbrauchehilfe [Hamburg](city) jetztundsofort")):
        (value,) = _values(variant)
        assert value.lower() == "hamburg"


def test_scripts_without_case_and_marks_keep_their_letters() -> None:
    example = _example("注文[48213](order_number)はどこですか", "ja")
    for variant in _variants(example):
        start, end, _ = variant.spans[0]
        assert (variant.text[:start], variant.text[end:]) == ("注文", "はどこですか")


def test_diacritics_go_one_for_one_so_that_offsets_stay() -> None:
    text = "İstanbul'da Çağrı, źle, größer, Йод, où हिन्दी"
    plain = without_diacritics(text)
    assert plain == "Istanbul'da Cagrı, zle, großer, Йод, ou हिन्दी"
    assert len(plain) == len(text)


def test_a_letter_that_grows_in_lower_case_does_not_move_the_spans() -> None:
    for variant in _variants(_example("İade İÇİN [İzmir](city) ADRESİ", "tr")):
        assert _values(variant)[0] in {"İzmir", "Izmir", "izmir"}


def test_other_values_of_the_same_language_and_label_take_the_place_and_spans_follow() -> None:
    row = Example("mein Föhn aus Köln ist da", "de", "x", "", ((5, 9, "product"), (14, 18, "city")))
    others = [
        Example("Regenjacke", "de", "x", "", ((0, 10, "product"),)),
        Example("kettle", "en", "x", "", ((0, 6, "product"),)),
    ]
    values = Values([row, *others])
    seen = {values.swapped(row, random.Random(seed), share=1.0).text for seed in range(20)}
    assert seen == {"mein Föhn aus Köln ist da", "mein Regenjacke aus Köln ist da"}
    drawn = next(one for seed in range(20) if (one := values.swapped(row, random.Random(seed), share=1.0)) != row)
    assert [drawn.text[start:end] for start, end, _ in drawn.spans] == ["Regenjacke", "Köln"]


def test_order_numbers_and_rows_without_a_language_keep_their_values() -> None:
    number = Example("48213 ist da", "de", "x", "", ((0, 5, "order_number"),))
    unknown = Example("Föhn ist da", "", "x", "", ((0, 4, "product"),))
    values = Values([number, unknown, replace(number, text="10022 ist da"), replace(unknown, text="Ofen ist da")])
    assert values.swapped(number, random.Random(1), share=1.0) == number
    assert values.swapped(unknown, random.Random(1), share=1.0) == unknown


def test_latin_letters_reach_the_entities_and_spans_follow() -> None:
    example = _example("где [синий чайник](product)? Заказ [AG-77](order_number), [Samsung](product)", "ru")
    for seed in range(N_DRAWS):
        variant = in_latin_letters(example, random.Random(seed))
        kettle, *others = _values(variant)
        assert re.fullmatch(r"sin(i|y|j)(y|i|j) chai?y?j?nik", kettle)
        assert others == ["AG-77", "Samsung"]
        assert variant.text.startswith(f"gde {kettle}? ")
        assert variant.text.isascii()
    assert in_latin_letters(example, random.Random(4)) == in_latin_letters(example, random.Random(4))


def test_digits_beside_another_script_are_not_torn_apart() -> None:
    for seed in range(N_DRAWS):
        variant = in_latin_letters(_example("رددتم [٨٨١٣ يورو](amount) رقم13395", "ar"), random.Random(seed))
        assert _values(variant)[0].startswith("٨٨١٣ ")
        assert variant.text.endswith("13395")


@pytest.mark.parametrize(
    ("annotated", "language"),
    [
        ("wo ist [Köln](city)", "de"),
        ("где", "bg"),
        ("Έλα", "el"),
        ("hello [Delhi](city)", "hi"),
        ("[ъ](city) да", "ru"),
    ],
)
def test_what_is_not_to_be_romanised_stays(annotated: str, language: str) -> None:
    """Other languages, Latin letters already, and an entity of which nothing would be left."""
    assert in_latin_letters(_example(annotated, language), random.Random(1)) == _example(annotated, language)


def test_our_own_utterances_lose_their_script_and_keep_their_spans() -> None:
    draw = random.Random(7)
    for example in read_nlu(Path("data/nlu")):
        variant = in_latin_letters(example, draw)
        assert [label for _, _, label in variant.spans] == [label for _, _, label in sorted(example.spans)]
        assert all(value.strip() == value != "" for value in _values(variant))
        if example.language == "ru":
            assert not re.search("[а-яё]", variant.text.lower())
        if example.language not in {"hi", "ar", "ru"}:
            assert variant is example


def test_variants_are_switched_and_romanised_as_often_as_asked() -> None:
    row = Example("мой чайник тут", "ru", "x", "", ((4, 10, "product"),))
    english = Example("kettle", "en", "x", "", ((0, 6, "product"),))
    values = Values([row, english], switch=CodeSwitch({"ru": {"тут": [{"ru": "тут", "en": "here"}]}}))

    def drawn(**shares: float) -> list[Example]:
        return [values.varied(row, random.Random(seed), swapped=0, augment=0, **shares) for seed in range(1000)]

    assert {one.text for one in drawn(switched=1.0)} == {"мой kettle тут", "мой чайник here", "мой kettle here"}
    assert {tuple(_values(one)) for one in drawn(switched=1.0)} == {("kettle",), ("чайник",)}
    assert sum(one != row for one in drawn(switched=0.3)) == pytest.approx(300, abs=50)
    assert sum(one.text.isascii() for one in drawn(romanised=0.3)) == pytest.approx(300, abs=50)
    assert all(one.text.isascii() for one in drawn(switched=1.0, romanised=1.0))


def test_codes_are_never_taken_from_another_language() -> None:
    row = Example("48213", "de", "x", "", ((0, 5, "order_number"),))
    values = Values([row, Example("PL-1", "pl", "x", "", ((0, 4, "order_number"),))])
    assert {values.switched(row, random.Random(seed)) for seed in range(50)} == {row}


def test_without_switching_and_romanising_a_seed_gives_the_variant_it_always_gave() -> None:
    row = _example("Wo ist meine Bestellung [48213](order_number) geblieben?")
    values = Values([row])
    for seed in range(N_DRAWS):
        first, second = random.Random(seed), random.Random(seed)
        variant = values.varied(row, first, swapped=0.5, augment=0.5)
        swapped = values.swapped(row, second, share=0.5)
        assert variant == (augmented(swapped, second) if second.random() < 0.5 else swapped)
