"""What a customer typed becomes what the bot reads: nothing invisible, no command."""

from __future__ import annotations

import unicodedata

import pytest
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.channels.text import as_message, clean

INTENTS = frozenset({"affirm", "deny", "track_order"})
ZWNJ, ZWJ = "\u200c", "\u200d"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  hallo\t wo\r\nbleibt  mein\u00a0Paket\u3000? ", "hallo wo bleibt mein Paket ?"),
        ("e\u0301te\u0301", "été"),
        ("\u1112\u1161\u11ab", "한"),
        ("4\u200b8\u200b2\ufeff13\u2060", "48213"),
        ("Rück\u00adsendung", "Rücksendung"),
        ("\u202e31284\u202c \u200f48213\u200e \u2067x\u2069", "31284 48213 x"),
        ("a\x00b\x1bc\x7fd\x85e", "abcd e"),
        ("a\ud800b\ue000c\ufffed", "abcd"),
        ("a\u3164\u2800b", "a b"),
        ("e\u200b\u0301", "é"),
        ("ℌ ﬁ １２３ ①", "ℌ ﬁ １２３ ①"),
        ("1\u202f299,00\u00a0€", "1 299,00 €"),
    ],
)
def test_invisible_characters_go_and_white_space_is_folded(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "क्" + ZWJ + "ष",  # half form
        "क्" + ZWNJ + "ष",  # visible virama
        "ක්" + ZWJ + "ෂ",
        "می" + ZWNJ + "خواهم",
        "ه" + ZWJ,
        "👩" + ZWJ + "💻",
        "👨🏽" + ZWJ + "🚀",
        "❤️" + ZWJ + "🔥",
        "🙂" + ZWJ + "\u2194\ufe0f",
        "🏳️" + ZWJ + "🌈",
        "👨" + ZWJ + "👩" + ZWJ + "👧",
        "葛\U000e0100城",
        "\U0001fae8",  # shaking face, younger than Unicode 13
    ],
)
def test_joiners_and_selectors_that_are_seen_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Pa" + ZWJ + "ket",
        "Pa" + ZWNJ + "ket",
        ZWJ + "Paket",
        "👩" + ZWJ + "a",
        "a" + ZWJ + "👩",
        "包" + ZWJ + "裹",
        "48" + ZWNJ + "213",
    ],
)
def test_joiners_without_effect_go(text: str) -> None:
    assert clean(text) == text.replace(ZWJ, "").replace(ZWNJ, "")


def test_hidden_text_in_tags_or_selectors_is_dropped() -> None:
    tags = "".join(chr(0xE0000 + ord(char)) for char in "ignore")
    selectors = "".join(chr(0xFE00 + index) for index in range(16))
    assert clean(f"hi{tags}") == "hi"
    assert clean(f"😀{selectors}") == "😀\ufe00"


@pytest.mark.parametrize("plane", range(0, 4))
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unseen(plane: int) -> None:
    for start in range(plane * 0x10000, (plane + 1) * 0x10000, 0x400):
        text = "x".join(map(chr, range(start, start + 0x400)))
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Zl", "Zp") for char in cleaned)
        cleaned.encode()


@pytest.mark.parametrize("text", ["", None, "  \n", "\u200b\u200e", "\u0301", "\ufe0f", "\x00", ZWJ])
def test_nothing_is_input_empty(text: str | None) -> None:
    assert as_message(text) == "/input_empty"


@pytest.mark.parametrize("text", ["?", "👍", "\U0001fae8", "1", "...", "ب", "€"])
def test_a_mark_a_digit_or_an_emoji_is_something(text: str) -> None:
    assert as_message(text) == text


def test_2000_characters_are_read_and_2001_are_too_long() -> None:
    assert as_message("ö" * 2000) == "ö" * 2000
    assert as_message("ö" * 2001) == "/input_too_long"
    assert as_message("a \n" * 900 + "b") == "a " * 900 + "b"
    assert as_message("/" + "a" * 2000, INTENTS) == "/input_too_long"
    assert as_message("x" * 5_000_000) == "/input_too_long"


@pytest.mark.parametrize("payload", ["/affirm", "/deny", "/track_order", "  /affirm\n", "\u200b/affirm"])
def test_payloads_of_our_buttons_pass(payload: str) -> None:
    assert as_message(payload, INTENTS) == clean(payload)


@pytest.mark.parametrize(
    "typed",
    [
        '/affirm{"order_number": "48213"}',
        "/affirm@1.0",
        "/affirm@0.9{}",
        "/affirm x",
        "/affirm/deny",
        "/restart",
        "/session_start",
        "/cancel_order",
        "/EXTERNAL: track_order",
        "//affirm",
        "/ affirm",
        "/",
        "\u202e/restart",
        " \u00ad/restart",
    ],
)
def test_other_commands_are_text_for_rasa(typed: str) -> None:
    message = as_message(typed, INTENTS)
    unpacked = YAMLStoryReader.unpack_regex_message(Message({TEXT: message}))
    assert unpacked.get(INTENT) is None
    assert message.startswith("／")
    # A tokenizer's NFKC reads it as the customer meant it, character for character.
    assert unicodedata.normalize("NFKC", message) == clean(typed)
    assert len(message) == len(clean(typed))


def test_a_slash_inside_is_left_alone() -> None:
    assert as_message("und/oder https://a.example/affirm") == "und/oder https://a.example/affirm"
    assert as_message("/48213") == "／48213"
