"""The parser over a model whose every logit stands in a table: offsets, windows, confidences and damage."""

from __future__ import annotations

import time
from math import exp, log
from pathlib import Path

import pytest

from nlu.labels import Labels
from nlu.parser import Parser, ParserSettings, says_nothing
from nlu.types import Entity
from store.manifest import DamagedArtefact, write_manifest
from tests.models import table_parser, table_tagger

LABELS = Labels(intents=("cancel", "greet", "track"), entities=("city", "order"))
INTENTS = {"hello": (0, log(4), 0), "stop": (log(2), 0, 0), "where": (0, 0, 3), "<s>": (0, 0.5, 0)}
#          O, B-city, I-city, B-order, I-order
TAGS = {
    "new": (0, 8, 0, 0, 0),
    "york": (0, 6, 8, 0, 0),
    "city": (0, 6, 8, 0, 0),
    "#48213": (0, 0, 0, 8, 0),
    "maybe": (0.0, 0.3, 0, 0, 0),
}


def _parser(folder: Path, **settings: float) -> Parser:
    intents = {word: row for word, row in INTENTS.items() if word != "<s>"}
    chosen = ParserSettings(**settings)  # type: ignore[arg-type]
    return Parser(table_parser(folder, LABELS, intents=intents, tags=TAGS, settings=chosen))


def _intents(parser: Parser, text: str) -> dict[str, float]:
    return {intent.name: intent.confidence for intent in parser.parse([text])[0].intents}


def test_intents_are_probabilities_best_first(tmp_path: Path) -> None:
    (parse,) = _parser(tmp_path).parse(["oh hello"])
    assert [(intent.name, pytest.approx(intent.confidence)) for intent in parse.intents] == [
        ("greet", 4 / 6),
        ("cancel", 1 / 6),
        ("track", 1 / 6),
    ]


def test_the_saved_temperature_softens_them(tmp_path: Path) -> None:
    # ln 4 / 2 = ln 2: 2 to 1 to 1.
    assert _intents(_parser(tmp_path, temperature=2.0), "hello") == pytest.approx(
        {"greet": 0.5, "cancel": 0.25, "track": 0.25}
    )


def test_the_lexical_model_adds_its_logits_by_its_weight_to_every_window(tmp_path: Path) -> None:
    # "hello": ln 4 for greet; "w:hello" alone is the text's vector, so cancel has 0.7, twice over: e^1.4.
    folder = table_parser(
        tmp_path,
        LABELS,
        intents={"hello": (0, log(4), 0)},
        tags=TAGS,
        settings=ParserSettings(lexical_weight=2.0),
        lexical={"w:hello": (0.7, 0, 0)},
    )
    total = exp(1.4) + 4 + 1
    wanted = {"cancel": exp(1.4) / total, "greet": 4 / total, "track": 1 / total}
    assert _intents(Parser(folder), "hello") == pytest.approx(wanted)
    assert _intents(Parser(folder), " ") == pytest.approx(dict.fromkeys(wanted, 1 / 3))


def test_entities_are_cut_out_of_the_text_with_their_confidence(tmp_path: Path) -> None:
    (parse,) = _parser(tmp_path).parse(["where is  #48213  to new york"])
    order, city = parse.entities
    sure = exp(8) / (exp(8) + 4)
    assert (order.label, order.start, order.end, order.value) == ("order", 10, 16, "#48213")
    assert (city.label, city.start, city.end, city.value) == ("city", 21, 29, "new york")
    assert order.confidence == pytest.approx(sure)
    assert city.confidence == pytest.approx(exp(8) / (exp(8) + exp(6) + 3))


def test_an_inside_tag_never_opens_an_entity(tmp_path: Path) -> None:
    (parse,) = _parser(tmp_path, entity_threshold=0.0).parse(["york"])
    assert parse.entities == (Entity("city", 0, 4, "york", pytest.approx(exp(6) / (exp(8) + exp(6) + 3))),)


def test_an_entity_below_the_threshold_is_left_out(tmp_path: Path) -> None:
    likely = exp(0.3) / (exp(0.3) + 4)
    assert _parser(tmp_path / "a", entity_threshold=likely + 0.01).parse(["maybe"])[0].entities == ()
    assert _parser(tmp_path / "b", entity_threshold=likely - 0.01).parse(["maybe"])[0].entities[0].label == "city"


def test_an_entity_at_the_very_end_of_three_thousand_words_is_found(tmp_path: Path) -> None:
    text = "new york " + "word " * 2996 + "#48213"
    (parse,) = _parser(tmp_path).parse([text])
    assert [(entity.value, entity.start) for entity in parse.entities] == [("new york", 0), ("#48213", len(text) - 6)]
    assert sum(intent.confidence for intent in parse.intents) == pytest.approx(1.0)


def test_a_message_of_two_thousand_characters_is_read_without_a_gap(tmp_path: Path) -> None:
    # The longest that a channel lets through, as many tokens as it has characters in a script without spaces.
    words = ["x"] * 1990
    words[995] = "#48213"
    assert [entity.value for entity in _parser(tmp_path).parse([" ".join(words)])[0].entities] == ["#48213"]


def test_an_entity_cut_by_a_window_is_found_once_and_whole(tmp_path: Path) -> None:
    # A window holds 94 words and shares 24 with the next: the first one sees "new york", the second "new york city".
    for n_before in (91, 92, 93, 70, 69):
        text = "w " * n_before + "new york city" + " w" * 60
        (parse,) = _parser(tmp_path / str(n_before)).parse([text])
        assert [entity.value for entity in parse.entities] == ["new york city"]


def test_windows_are_averaged_by_their_confidence(tmp_path: Path) -> None:
    # 120 words: the windows 0-93 ("hello": 1/6, 4/6, 1/6) and 70-119 ("stop": 2/4, 1/4, 1/4), weighted 4/6 : 2/4 = 4 : 3.
    text = " ".join(["hello", *["w"] * 99, "stop", *["w"] * 19])
    expected = {
        "cancel": 4 / 7 * 1 / 6 + 3 / 7 * 1 / 2,
        "greet": 4 / 7 * 4 / 6 + 3 / 7 * 1 / 4,
        "track": 4 / 7 * 1 / 6 + 3 / 7 * 1 / 4,
    }
    assert _intents(_parser(tmp_path), text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("#48213", True),
        ("DE-2024-1187.", True),
        ("k.lorenz@example.de", True),
        ("2024/55831", True),
        ("a" * 1900, True),
        ("haha", False),
        ("???", False),
        ("荷物まだ", False),
    ],
)
def test_a_value_alone_or_one_letter_over_and_over_names_no_intent(tmp_path: Path, text: str, nothing: bool) -> None:
    folder = table_parser(tmp_path, LABELS, intents={text: (0, 9, 0)}, tags=TAGS)
    intents = _intents(Parser(folder), text)
    assert (max(intents.values()) == pytest.approx(1 / 3)) is nothing


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_text_without_a_readable_character_says_nothing(tmp_path: Path, text: str) -> None:
    parser = Parser(table_parser(tmp_path, LABELS, intents=INTENTS, tags=TAGS))
    (parse,) = parser.parse([text])
    assert parse.entities == ()
    assert [intent.confidence for intent in parse.intents] == pytest.approx([1 / 3] * 3)


def test_texts_of_a_batch_do_not_touch_each_other(tmp_path: Path) -> None:
    parser = _parser(tmp_path)
    texts = ["hello", "where is #48213 " * 40, "", "stop in new york"]
    together, alone = parser.parse(texts), [parser.parse([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert [(i.name, pytest.approx(i.confidence)) for i in one.intents] == [
            (i.name, i.confidence) for i in other.intents
        ]
        assert [(e.start, e.end, e.label) for e in one.entities] == [(e.start, e.end, e.label) for e in other.entities]
    assert len(together[1].entities) == 40


def test_no_texts_give_no_parses(tmp_path: Path) -> None:
    assert _parser(tmp_path).parse([]) == []


@pytest.mark.parametrize(
    "name", ["model.onnx", "lexical.npz", "tagger.npz", "parser.json", "tokenizer.json", "labels.json"]
)
def test_a_missing_file_is_named_with_the_command(tmp_path: Path, name: str) -> None:
    table_parser(tmp_path, LABELS, intents=INTENTS, tags=TAGS)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name} is missing.*xenia train --only nlu"):
        Parser(tmp_path)


@pytest.mark.parametrize(
    "name", ["model.onnx", "lexical.npz", "tagger.npz", "parser.json", "tokenizer.json", "labels.json"]
)
def test_a_damaged_file_is_named_with_the_command(tmp_path: Path, name: str) -> None:
    write_manifest(table_parser(tmp_path, LABELS, intents=INTENTS, tags=TAGS))
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedArtefact, match=rf"{name} is damaged.*xenia train --only nlu"):
        Parser(tmp_path)


def test_settings_come_back_from_their_folder(tmp_path: Path) -> None:
    settings = ParserSettings(max_length=40, temperature=1.7, entity_threshold=0.3)
    settings.save(tmp_path)
    assert ParserSettings.load(tmp_path) == settings


@pytest.mark.parametrize(
    "text", ["-" * 666 + "@a." + "-" * 1325 + " x", "." * 50_000 + "1", "1" + "-" * 50_000 + "x", "a@" + "b." * 20_000]
)
def test_no_text_keeps_the_search_for_a_lone_value_busy(text: str) -> None:
    began = time.perf_counter()
    says_nothing(text)
    assert time.perf_counter() - began < 0.5


def test_a_model_of_another_training_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    folder = table_parser(tmp_path, LABELS, intents={}, tags=TAGS)
    table_tagger({}, n_tags=3).save(folder)
    with pytest.raises(ValueError, match=r"tagger\.npz knows 3 labels.* xenia train --only nlu"):
        Parser(folder)
