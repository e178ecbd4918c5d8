"""What is said by key and language: variants, the nearest language, and files that lack something."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.replies import Replies

EN = """
replies: {utter_greet: [Hello, Hi, Good day], utter_bye: [Bye], utter_only_here: [Here]}
topics: {track_order: Track an order}
page: {send: Send}
"""
DE = """
replies: {utter_greet: [Guten Tag, Hallo], utter_only_german: [Nur hier], utter_bye: []}
topics: {track_order: Bestellung verfolgen}
page: {send: Senden}
"""


def _write(folder: Path, **languages: str) -> Path:
    for language, text in languages.items():
        (folder / f"{language}.yml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def replies(tmp_path: Path) -> Replies:
    return Replies.read(_write(tmp_path, en=EN, de=DE))


def test_the_seed_goes_round_the_variants(replies: Replies) -> None:
    said = [replies.variant("utter_greet", "en", seed=seed)[1] for seed in range(4)]
    assert said == ["Hello", "Hi", "Good day", "Hello"]
    assert replies.variant("utter_greet", "de", seed=3) == ("de", "Hallo")


@pytest.mark.parametrize("language", ["de", "ja"])
def test_what_a_language_lacks_is_said_in_english_and_reported_as_such(replies: Replies, language: str) -> None:
    assert replies.variant("utter_bye", language, seed=0) == ("en", "Bye")


def test_what_english_lacks_is_said_in_whatever_language_has_it(replies: Replies) -> None:
    assert replies.variant("utter_only_german", "ja", seed=0) == ("de", "Nur hier")


def test_a_key_that_nobody_has_is_an_error_that_says_where_it_belongs(replies: Replies) -> None:
    with pytest.raises(KeyError, match=r"utter_nothing.*data/replies/<language>\.yml"):
        replies.variant("utter_nothing", "en", seed=0)


def test_labels_and_page_strings_fall_back_to_what_was_asked_for(replies: Replies) -> None:
    assert replies.topic("track_order", "de") == "Bestellung verfolgen"
    assert replies.topic("return_item", "de") == "return item"
    assert replies.topic("track_order", "ja") == "track order"
    assert replies.page("send", "de") == "Senden"
    assert replies.page("Ein Satz", "de") == "Ein Satz"


@pytest.mark.parametrize(
    ("text", "missing"),
    [("replies: {}\ntopics: {}\n", "page"), ("page: {}\n", "replies.*topics"), ("", "page.*replies.*topics")],
)
def test_a_file_that_lacks_a_part_is_named_with_it(tmp_path: Path, text: str, missing: str) -> None:
    with pytest.raises(ValueError, match=rf"fr\.yml: expected the keys.*missing .*{missing}"):
        Replies.read(_write(tmp_path, en=EN, fr=text))


def test_a_folder_without_languages_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="expected <language>.yml"):
        Replies.read(tmp_path)


def test_every_language_of_our_own_has_the_same_keys() -> None:
    ours = Replies.read(Path("data/replies"))
    assert len(ours.texts) == 14
    for part in (ours.texts, ours.topics, ours.pages):
        keys = {language: set(texts) for language, texts in part.items()}
        assert all(found == keys["en"] for found in keys.values())
    assert all(variants for texts in ours.texts.values() for variants in texts.values())
