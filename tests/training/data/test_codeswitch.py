"""Words of another language take the place of their counterparts, and spans stay on their values."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from training.data.codeswitch import CodeSwitch
from training.data.corpora import Utterance
from training.data.dataset import Example, plain_and_spans

ORDER = {"en": "Order", "de": "Bestellung", "fr": "commande", "zh": "订单"}
DRAWS = range(60)


def _example(annotated: str, language: str = "de") -> Example:
    text, spans = plain_and_spans(annotated)
    return Example(text, language, "x", "plain", spans)


def _seen(
    switch: CodeSwitch, annotated: str, language: str = "de", **options: object
) -> set[tuple[str, tuple[str, ...]]]:
    """Texts and values of many draws."""
    example = _example(annotated, language)
    drawn = [switch.switched(example, random.Random(seed), **options) for seed in DRAWS]  # type: ignore[arg-type]
    return {(one.text, tuple(one.text[start:end] for start, end, _ in one.spans)) for one in drawn}


def test_a_phrase_gives_way_to_its_counterparts_written_as_it_was() -> None:
    switch = CodeSwitch.from_parallel([ORDER])
    assert {text for text, _ in _seen(switch, "Wo ist meine Bestellung?")} == {
        "Wo ist meine Order?", "Wo ist meine Commande?", "Wo ist meine 订单?",
    }  # fmt: skip
    assert {text for text, _ in _seen(switch, "wo ist meine bestellung")} >= {
        "wo ist meine order",
        "wo ist meine commande",
    }


def test_whole_words_only_the_longest_phrase_first() -> None:
    switch = CodeSwitch.from_parallel([{"de": "E-Mail", "en": "mail"}, {"de": "E-Mail Adresse", "en": "address"}])
    assert {text for text, _ in _seen(switch, "meine E-Mail Adresse fehlt")} == {"meine Address fehlt"}
    assert {text for text, _ in _seen(switch, "meine E-Mails fehlen")} == {"meine E-Mails fehlen"}


def test_an_entity_and_its_neighbours_are_never_half_of_a_phrase() -> None:
    switch = CodeSwitch.from_parallel([{"de": "neue Bestellung", "en": "new order"}, {"de": "Köln", "en": "Cologne"}])
    assert _seen(switch, "neue [Bestellung](product) nach [Köln](city)") == {
        ("neue Bestellung nach Köln", ("Bestellung", "Köln"))
    }


def test_values_of_parallel_utterances_stand_for_each_other_and_the_span_follows() -> None:
    requests = [
        Utterance("weck mich morgen früh in köln", "de", "alarm", ((10, 21, "date"), (25, 29, "city"))),
        Utterance("wake me tomorrow morning in cologne", "en", "alarm", ((8, 24, "date"), (28, 35, "city"))),
    ]
    switch = CodeSwitch.from_parallel(requests=[requests])
    assert _seen(switch, "kommt [morgen früh](date) nach [Köln](city)!", share=1.0) == {
        ("kommt tomorrow morning nach Cologne!", ("tomorrow morning", "Cologne"))
    }
    assert _seen(switch, "kommt morgen früh") == {("kommt morgen früh", ())}, "no entity, so no value"


def test_a_slot_that_an_utterance_has_twice_has_no_counterpart() -> None:
    twice = Utterance("heute oder morgen", "de", "x", ((0, 5, "date"), (11, 17, "date")))
    once = Utterance("today", "en", "x", ((0, 5, "date"),))
    switch = CodeSwitch.from_parallel(requests=[[twice, once]])
    assert _seen(switch, "[heute](date) [morgen](date)") == {("heute morgen", ("heute", "morgen"))}


def test_values_without_counterpart_come_from_the_pool_of_one_other_language() -> None:
    pool = {"product": {"de": ["Föhn"], "en": ["kettle", "lamp"]}, "city": {"de": ["Bonn"]}}
    seen = _seen(CodeSwitch({}), "[Föhn](product) nach [Bonn](city), [48213](order_number)", pool=pool)
    assert seen == {
        ("Kettle nach Bonn, 48213", ("Kettle", "Bonn", "48213")),
        ("Lamp nach Bonn, 48213", ("Lamp", "Bonn", "48213")),
    }


def test_one_other_language_an_utterance_and_english_half_of_the_time() -> None:
    switch = CodeSwitch.from_parallel([ORDER, {"en": "today", "de": "heute", "fr": "aujourd’hui", "zh": "今天"}])
    texts = [
        switch.switched(_example("bestellung kam heute"), random.Random(seed), share=1.0).text for seed in range(1000)
    ]
    assert set(texts) == {"order kam today", "commande kam aujourd’hui", "订单 kam 今天"}
    # English is drawn at 1/2, and as one of three in the other half: 2/3, and the two others at 1/6.
    assert [texts.count(text) for text in sorted(set(texts))] == [
        pytest.approx(1000 / 6, abs=45), pytest.approx(1000 * 2 / 3, abs=60), pytest.approx(1000 / 6, abs=45),
    ]  # fmt: skip


def test_scripts_without_spaces_are_looked_up_within_and_latin_words_kept_apart() -> None:
    switch = CodeSwitch.from_parallel([ORDER, {"zh": "今天", "en": "today"}])
    seen = _seen(
        switch, "今天[订单](product)在iPhone", "zh", share=1.0, pool={"product": {"en": ["kettle"], "zh": ["壶"]}}
    )
    assert ("today kettle在iPhone", ("kettle",)) in seen
    assert ("iPhone Order iPhone", ()) in _seen(switch, "iPhone订单iPhone", "zh")


@pytest.mark.parametrize(
    "text", ["Bestellung Nr", "Bestellung {number}", "100 %", "eins zwei drei vier", "<b>ja</b>", "?"]
)
def test_placeholders_digits_and_sentences_are_no_phrases(text: str) -> None:
    others = {"en": "x y", "fr": "z z"}
    found = CodeSwitch.from_parallel([{"de": text, **others}]).switched(_example(text), random.Random(1)).text != text
    assert found is (text == "Bestellung Nr")


def test_only_chosen_languages_are_mixed() -> None:
    switch = CodeSwitch.from_parallel([ORDER, {"de": "heute", "fr": "ce jour"}], languages={"de", "zh"})
    assert {text for text, _ in _seen(switch, "Bestellung heute")} == {"订单 heute"}
    assert {text for text, _ in _seen(switch, "ma commande", "fr")} == {"ma commande"}


def test_rows_without_a_language_or_a_known_word_stay_and_draw_nothing() -> None:
    switch = CodeSwitch.from_parallel([ORDER])
    for example in (_example("Bestellung", ""), _example("Bestellung", "sw"), _example("hallo"), _example("", "de")):
        draw = random.Random(3)
        assert switch.switched(example, draw, pool={"city": {"en": ["York"]}}) is example
        assert draw.random() == random.Random(3).random()


def test_random_rows_keep_their_other_words_and_every_span_on_a_value_of_its_label() -> None:
    draw = random.Random(11)
    words = {"de": ["wo", "ist", "die", "bestellung", "heute", "e-mail"], "zh": ["在", "订单", "哪", "今天", "我的"]}
    values = {"product": ["föhn", "壶", "a b", "kettle"], "city": ["köln", "上海", "x", "york"], "code": ["4 8", "77"]}
    pool = {
        label: {"de": values[label][:1], "zh": values[label][1:2], "en": values[label][2:]}
        for label in ("product", "city")
    }
    switch = CodeSwitch.from_parallel(
        [{"de": "bestellung", "en": "order", "zh": "订单"}, {"de": "heute", "zh": "今天"}]
    )
    n_changed = 0
    for _ in range(2000):
        language = draw.choice(["de", "zh"])
        example = _random_row(draw, language, words[language], values)
        mixed = switch.switched(example, draw, pool=pool)
        n_changed += mixed != example
        assert replace(mixed, text=example.text, spans=example.spans) == example
        assert [label for *_, label in mixed.spans] == [label for *_, label in example.spans]
        for (start, end, label), (begin, stop, _) in zip(mixed.spans, example.spans, strict=True):
            value, before = mixed.text[start:end], example.text[begin:stop]
            assert value == before if label == "code" else value in values[label]
        assert _known_back(_outside(mixed)) == _known_back(_outside(example))
    assert n_changed > 1000


def _random_row(draw: random.Random, language: str, words: list[str], values: dict[str, list[str]]) -> Example:
    text, spans = "", []
    for _ in range(draw.randint(1, 7)):
        label = draw.choice([*values, "", ""])
        word = draw.choice(values[label] if label else words)
        if label:
            spans.append((len(text), len(text) + len(word), label))
        text += word + (" " if language == "de" else "")
    return Example(text, language, "x", "", tuple(spans))


def _outside(example: Example) -> str:
    """The text without its entities and spaces."""
    text = example.text
    for start, end, _ in reversed(example.spans):
        text = text[:start] + text[end:]
    return text.replace(" ", "")


def _known_back(text: str) -> str:
    for own, others in (("bestellung", ("order", "订单")), ("heute", ("今天",))):
        for other in others:
            text = text.replace(other, own)
    return text
