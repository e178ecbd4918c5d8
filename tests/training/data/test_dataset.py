"""Our own data: annotations, labels and the fingerprint that decides whether weights fit the data."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from nlu.labels import Labels
from training.data.dataset import Example, fingerprint, labels_of, plain_and_spans, read_nlu, read_replies


@pytest.mark.parametrize(
    ("annotated", "text", "spans"),
    [
        ("hallo", "hallo", ()),
        ("注文[４８２１３](order_number)は?", "注文４８２１３は?", ((2, 7, "order_number"),)),
        ("[Köln](city)→[Bonn](city)", "Köln→Bonn", ((0, 4, "city"), (5, 9, "city"))),
        ('nach [Cologne]{"entity": "city", "value": "Köln"}', "nach Cologne", ((5, 12, "city"),)),
        ("steht [so] in (Klammern)", "steht [so] in (Klammern)", ()),
    ],
)
def test_annotations_become_spans(annotated: str, text: str, spans: tuple[tuple[int, int, str], ...]) -> None:
    assert plain_and_spans(annotated) == (text, spans)
    for start, end, _ in spans:
        assert text[start:end].strip() == text[start:end] != ""


def _write(folder: Path, language: str, text: str) -> None:
    (folder / f"{language}.yml").write_text(text, "utf-8")


def test_a_folder_is_read_with_language_intent_and_situation(tmp_path: Path) -> None:
    _write(tmp_path, "ja", "nlu:\n- intent: greet\n  examples: |\n    - こんにちは\n")
    _write(
        tmp_path,
        "de",
        "nlu:\n- intent: track\n  metadata:\n    situation: late\n  examples: |\n"
        "    - wo ist [48213](order_number)\n\n    - - mit Strich\n",
    )
    assert read_nlu(tmp_path) == [
        Example("wo ist 48213", "de", "track", "late", ((7, 12, "order_number"),)),
        Example("- mit Strich", "de", "track", "late", ()),
        Example("こんにちは", "ja", "greet", "", ()),
    ]


def test_an_empty_folder_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="expected <language>.yml"):
        read_nlu(tmp_path)
    with pytest.raises(FileNotFoundError, match="expected <language>.yml"):
        read_replies(tmp_path)


def test_our_own_utterances_stand_in_fourteen_languages_with_every_intent_in_each() -> None:
    examples = read_nlu(Path("data/nlu"))
    intents = labels_of(examples).intents
    count = Counter((example.language, example.intent) for example in examples)
    languages = {language for language, _ in count}
    assert len(languages) == 14
    assert {(language, intent) for language in languages for intent in intents} == set(count)


def test_labels_are_sorted_so_that_ids_do_not_depend_on_the_order_of_rows() -> None:
    rows = [Example("a b", "de", "track", "", ((0, 1, "city"),)), Example("c", "en", "deny", "", ((0, 1, "amount"),))]
    assert labels_of(rows) == labels_of(rows[::-1]) == Labels(intents=("deny", "track"), entities=("amount", "city"))


BASE = Example("wo ist 48213", "de", "track", "late", ((7, 12, "order_number"),))


def test_the_fingerprint_knows_neither_order_nor_repetition_nor_language() -> None:
    other = Example("ok", "en", "affirm", "", ())
    assert fingerprint([BASE, other]) == fingerprint([other, BASE, other, replace(other, language="de")])


@pytest.mark.parametrize(
    "changed",
    [
        replace(BASE, text="wo ist 48214"),
        replace(BASE, intent="cancel"),
        replace(BASE, spans=((7, 11, "order_number"),)),
        replace(BASE, spans=((7, 12, "city"),)),
        replace(BASE, spans=()),
    ],
)
def test_the_fingerprint_changes_with_what_is_learnt(changed: Example) -> None:
    assert fingerprint([changed]) != fingerprint([BASE])
