"""The tagger over real model files made small: words with tags set by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.labels import Labels
from nlu.parser import ParserSettings
from tests.models import table_parser
from training.logs.dialogues import Dialogue, Role, Turn
from training.redaction.personal import Found, Kind
from training.redaction.pseudonyms import PSEUDONYM
from training.redaction.redactor import Redactor
from training.redaction.tagger import PersonalTagger, whole_words

LABELS = Labels(intents=("nothing", "personal"), entities=("address", "name"))
TAGS = {"anna": (0, 0, 0, 20, 0), "berg": (0, 0, 0, 0, 20), "linden": (0, 20, 0, 0, 0)}


def tagger(folder: Path, labels: Labels = LABELS) -> PersonalTagger:
    settings = ParserSettings(max_length=64)
    return PersonalTagger(
        table_parser(folder, labels, intents={}, tags=TAGS if labels is LABELS else {}, settings=settings)
    )


def test_names_and_addresses_come_in_the_order_of_the_texts_whatever_their_lengths(tmp_path: Path) -> None:
    texts = ["a much longer text with anna berg in it", "linden", "nothing here", ""]
    assert tagger(tmp_path).names_and_places(texts) == [
        [Found(24, 33, Kind.NAME)],
        [Found(0, 6, Kind.ADDRESS)],
        [],
        [],
    ]


def test_a_name_at_the_end_of_a_very_long_text_is_found(tmp_path: Path) -> None:
    text = "word " * 600 + "anna"
    ((found,),) = tagger(tmp_path).names_and_places([text])
    assert text[found.start : found.end] == "anna"


def test_a_name_the_tagger_found_once_is_hidden_in_the_whole_conversation(tmp_path: Path) -> None:
    turns = (Turn(Role.CUSTOMER, "it is anna berg again"), Turn(Role.AGENT, "Hello Berg, how can we help?"))
    redactor = Redactor(bytes(32), tagger=tagger(tmp_path))
    (done,) = redactor.redact([Dialogue("c", None, None, None, None, (), turns)])
    first, second = (turn.text for turn in done.dialogue.turns)
    assert "anna" not in first
    assert "Berg" not in second
    assert PSEUDONYM.search(first)[0] == PSEUDONYM.search(second)[0]


def test_weights_that_are_not_there_or_of_another_kind_are_named_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match="Run `uv run xenia train --only personal`, or ingest with --rules-only"
    ):
        PersonalTagger(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"expected the labels name and address, found \['city'\]"):
        tagger(tmp_path, Labels(intents=("nothing", "personal"), entities=("city",)))


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("Flanellhemd von Sandra Lee", [(0, 5), (16, 20)], ["Sandra"]),
        ("это Анна Бело", [(4, 7), (9, 11)], ["Анна", "Бело"]),
        ("وأحمد وصل", [(1, 4)], ["أحمد"]),
        ("मैं रीना हूँ", [(4, 7)], ["रीना"]),
        ("佐藤健さんです", [(0, 2)], ["佐藤"]),
        ("Anna Berg-Stein", [(0, 6), (6, 9)], ["Anna Berg"]),
    ],
)
def test_a_stretch_goes_to_the_ends_of_its_words(text: str, found: list[tuple[int, int]], whole: list[str]) -> None:
    done = whole_words(text, [Found(start, end, Kind.NAME) for start, end in found])
    assert [text[one.start : one.end] for one in done] == whole
