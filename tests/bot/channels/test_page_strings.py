"""The words of the page come from the files of replies, and a faulty file says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.page_strings import PAGE_KEYS, RepliesError, page_strings

LANGUAGES = ["ar", "de", "en", "es", "fr", "hi", "it", "ja", "nl", "pl", "pt", "ru", "tr", "zh"]
TOPICS = yaml.safe_load(Path("credentials.yml").read_text())["bot.channels.web.WebInput"]["start_topics"]


def content() -> dict[str, Any]:
    page = {key: f"the {key}" for key in PAGE_KEYS}
    return {"page": page, "topics": {"a": "A", "b": "B"}, "replies": {"utter_error": ["Sorry."]}}


def test_every_language_of_the_shop_has_the_words_and_the_topics_at_the_start() -> None:
    strings = page_strings(start_topics=TOPICS)
    assert list(strings) == LANGUAGES
    assert [code for code in strings if strings[code]["dir"] == "rtl"] == ["ar"]
    assert [strings[code]["name"] for code in ("de", "fr", "ru", "ja", "ar")] == [
        "Deutsch",
        "Français",
        "Русский",
        "日本語",
        "العربية",
    ]
    for words in strings.values():
        assert list(words["topics"]) == TOPICS
        assert all([*words["page"].values(), *words["topics"].values(), words["error"]])


def test_a_new_language_is_one_more_file(tmp_path: Path) -> None:
    for code in ("he", "sv"):
        (tmp_path / f"{code}.yml").write_text(yaml.safe_dump(content()))
    strings = page_strings(tmp_path, ["b", "a"])
    assert [(words["name"], words["dir"]) for words in strings.values()] == [("עברית", "rtl"), ("Svenska", "ltr")]
    assert list(strings["sv"]["topics"].items()) == [("b", "B"), ("a", "A")]
    assert strings["sv"]["error"] == "Sorry."


def _without(*keys: str) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        for key in keys[:-1]:
            values = values[key]
        del values[keys[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_without("page"), r"sv\.yml: there is no section `page:`"),
        (_without("page", "offline"), r"sv\.yml: `page` needs a text for: offline"),
        (_without("topics", "b"), r"sv\.yml: `topics` needs a text for: b"),
        (_without("replies", "utter_error"), r"sv\.yml: `replies.utter_error` must be a list"),
        (lambda values: values["page"].update(send=None), "needs a text for: send"),
    ],
)
def test_what_is_missing_is_named(change: Callable[[dict[str, Any]], None], message: str, tmp_path: Path) -> None:
    values = content()
    change(values)
    (tmp_path / "sv.yml").write_text(yaml.safe_dump(values))
    with pytest.raises(RepliesError, match=message):
        page_strings(tmp_path, ["a", "b"])


def test_an_empty_folder_and_files_that_are_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(RepliesError, match=r"holds no <lang>\.yml"):
        page_strings(tmp_path)
    (tmp_path / "sv.yml").write_text("page: [")
    with pytest.raises(RepliesError, match=r"sv\.yml is not YAML"):
        page_strings(tmp_path)
    (tmp_path / "sv.yml").unlink()
    (tmp_path / "qq.yml").write_text(yaml.safe_dump(content()))
    with pytest.raises(RepliesError, match=r"qq\.yml: the name must be an ISO 639-1 code"):
        page_strings(tmp_path)
