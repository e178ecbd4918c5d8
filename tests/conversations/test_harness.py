"""The harness finds what is wrong with a reply: a conversation test that cannot fail would be none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.harness import Expectation, Step, plain, problems_of, read_conversations, says
from tests.xenia_server import Reply

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
GOODBYE = "utter_goodbye"
SHIPPED = "utter_order_shipped"


def reply(text: str, **changes: object) -> Reply:
    metadata: Mapping[str, Any] = {
        "language": "en",
        "language_reason": "message",
        "answer_ids": ["utter_goodbye"],
        "written_by": "template",
        "checks": {},
        **changes,
    }
    return Reply(text, metadata)


def step(*expected: Expectation) -> Step:
    return Step("bye", expected)


def expecting(
    *, keys: tuple[str, ...] = (), answers: tuple[str, ...] = (), contains: tuple[str, ...] = ()
) -> Expectation:
    return Expectation("en", keys, answers, contains)


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies of the test's own, so that a rewording in data/replies changes nothing here."""
    known = {
        GOODBYE: ["Goodbye.", "Take care (and come back)."],
        SHIPPED: ["{carrier} has order {order_number}, see {tracking_url}"],
    }
    monkeypatch.setattr("tests.conversations.harness._replies", lambda language: known)


@pytest.fixture(autouse=True)
def fresh_patterns() -> None:
    from tests.conversations.harness import _patterns

    _patterns.cache_clear()


def test_a_variant_of_the_key_passes() -> None:
    assert problems_of(step(expecting(keys=(GOODBYE,))), [reply("Take care (and come back).")]) == []


def test_a_variant_with_filled_placeholders_passes() -> None:
    text = "Royal\u00a0Mail has order \u206810012\u2069, see https://track.example.com/10012"
    assert problems_of(step(expecting(keys=(SHIPPED,), contains=("10012", "Royal Mail"))), [reply(text)]) == []


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (reply("Hello."), "expected utter_goodbye in 'en'"),
        (reply("Goodbye. And more"), "expected utter_goodbye in 'en'"),
        (reply("Goodbye.", language="de"), "expected language 'en', found 'de'"),
        (reply("Goodbye.", written_by="magic"), "written_by is 'magic'"),
        (Reply("Goodbye.", {"language": "en"}), "the metadata lacks"),
        (reply("  "), "the reply is empty"),
        (reply("Goodbye, {name}."), "'{name}' stands in the reply"),
        (reply("Goodbye, None."), "'None' stands in the reply"),
    ],
)
def test_a_wrong_reply_is_named(found: Reply, fault: str) -> None:
    assert any(fault in problem for problem in problems_of(step(expecting(keys=(GOODBYE,))), [found]))


def test_an_empty_placeholder_is_no_variant() -> None:
    assert not says(" has order 10012, see https://track.example.com/10012", SHIPPED, "en")


def test_a_missing_part_is_named() -> None:
    expected = expecting(keys=(SHIPPED,), contains=("10012",))
    assert problems_of(step(expected), [reply("DHL has order 10022, see x")]) == ["expected '10012' in the reply"]


@pytest.mark.parametrize(
    ("answer_id", "faults"),
    [
        ("return_policy.period.en.1", []),
        (
            "return_policy_other.period.en.1",
            ["expected an answer on return_policy, found 'return_policy_other.period.en.1'"],
        ),
        ("warranty.period.en.1", ["expected an answer on return_policy, found 'warranty.period.en.1'"]),
        ("return_policy.period.de.1", ["expected an answer written in 'en', found 'return_policy.period.de.1'"]),
        ("utter_no_answer", ["expected an answer on return_policy, found 'utter_no_answer'"]),
    ],
)
def test_an_answer_is_known_by_its_source(answer_id: str, faults: list[str]) -> None:
    expected = step(expecting(answers=("return_policy",)))
    assert problems_of(expected, [reply("30 days.", answer_ids=[answer_id])]) == faults


def test_too_few_and_too_many_replies_are_faults() -> None:
    assert problems_of(step(expecting(keys=(GOODBYE,))), []) == ["expected 1 replies (utter_goodbye), found 0"]
    assert problems_of(step(), [reply("Goodbye.")]) == ["expected 0 replies (silence), found 1"]


def test_silence_passes_when_nothing_is_said() -> None:
    assert problems_of(step(), []) == []


def test_bidi_marks_and_no_break_spaces_do_not_count() -> None:
    assert plain("\u2068\u200f84.50\u00a0€\u2069  da ") == "84.50 € da"


def test_an_unknown_key_in_a_file_is_an_error(tmp_path: Path) -> None:
    text = 'language: en\nconversations:\n- name: x\n  steps:\n  - {customer: "hi", bots: []}\n'
    (tmp_path / "en.yml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"en\.yml, 'x', step 1: unknown \['bots'\]"):
        read_conversations(tmp_path)


def test_every_language_has_two_conversations_and_one_for_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    conversations = read_conversations()
    assert {one.language for one in conversations} == set(LANGUAGES)
    for language in LANGUAGES:
        own = [one for one in conversations if one.language == language]
        assert len(own) >= 2
        assert sum(one.page for one in own) == 1
        assert any(len({expected.language for step in one.steps for expected in step.bot}) > 1 for one in own)
