"""Values leave the text before the writer sees it and come back whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from generation.placeholders import N_SENTINELS, PLACEHOLDER, SENTINEL, MissingValue, fill, protect, restore
from retrieval.templates import read_templates

DATA = Path("data")


def _own_texts() -> Iterator[str]:
    for template in read_templates((DATA / "templates").glob("*.jsonl")):
        yield template.text
    for path in sorted((DATA / "replies").glob("*.yml")):
        for variants in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["replies"].values():
            yield from variants


def test_sentinels_are_numbered_by_first_appearance_and_shared_between_texts() -> None:
    protected = protect(["Bis {date}: 30 Tage", "30 days until {date}, see https://a.example/x?y=1."])
    assert protected.texts == ("Bis <v0>: <v1> Tage", "<v1> days until <v0>, see <v2>.")
    assert protected.sentinels == {"<v0>": "{date}", "<v1>": "30", "<v2>": "https://a.example/x?y=1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4,90 € ab 1.299,00 €", "<v0> € ab <v1> €"),
        ("1\u202f299,00 € et 1\u00a0299 €", "<v0> € et <v1> €"),
        ("9:00-17:30 Uhr", "<v0> Uhr"),
        ("Bestellung AG-10234, Gutschein SAVE20!", "Bestellung <v0>, Gutschein <v1>!"),
        ("service@agora.example.", "<v0>."),
        ("(https://agora.example/returns).", "(<v0>)."),
        ("٣٠ يوما و ४५ दिन と３０日", "<v0> يوما و <v1> दिन と<v2>日"),
        ("詳しくはhttps://agora.example/returnsをご覧ください。", "詳しくは<v0>をご覧ください。"),
        ("service@agora.exampleまで", "<v0>まで"),
        ("请发送邮件至service@agora.example。", "请发送邮件至<v0>。"),
        ("\u2068https://agora.example/returns\u2069 و", "\u2068<v0>\u2069 و"),
    ],
)
def test_values_of_every_script_become_one_sentinel_each(text: str, expected: str) -> None:
    protected = protect([text])
    assert protected.texts == (expected,)
    assert restore(expected, protected.sentinels) == text


def test_every_text_of_our_own_comes_back_as_it_was_and_shows_the_writer_no_digit() -> None:
    n_texts = 0
    for text in _own_texts():
        protected = protect([text])
        assert restore(protected.texts[0], protected.sentinels) == text
        bare = SENTINEL.sub("", protected.texts[0])
        assert not PLACEHOLDER.search(bare)
        assert not any(character.isdigit() for character in bare)
        n_texts += 1
    assert n_texts > 1000


def test_beyond_the_last_sentinel_values_stay_as_they_are() -> None:
    text = " ".join(str(number) for number in range(100, 120))
    protected = protect([text])
    assert len(protected.sentinels) == N_SENTINELS
    assert protected.texts[0].endswith("<v15> 116 117 118 119")
    assert restore(protected.texts[0], protected.sentinels) == text


def test_an_unknown_sentinel_stays_for_the_checks_to_find() -> None:
    assert restore("<v0> <v7>", {"<v0>": "30"}) == "30 <v7>"


def test_ten_and_more_sentinels_do_not_run_into_each_other() -> None:
    sentinels = {f"<v{number}>": f"[{number}]" for number in range(12)}
    assert restore("<v1><v11><v10>", sentinels) == "[1][11][10]"


def test_fill_puts_every_value_in() -> None:
    assert fill("{a} und {b}, {a}", {"a": "x", "b": "0", "c": "unused"}, language="de") == "x und 0, x"


def test_a_value_is_text_and_never_a_template() -> None:
    assert fill("{a}", {"a": "{b} \\1 <v0>", "b": "secret"}, language="en") == "{b} \\1 <v0>"


def test_right_to_left_texts_isolate_their_values() -> None:
    assert fill("الطلب {n}.", {"n": "AG-1"}, language="ar") == "الطلب \u2068AG-1\u2069."
    assert fill("order {n}.", {"n": "AG-1"}, language="en") == "order AG-1."


@pytest.mark.parametrize("values", [{"b": "x"}, {"a": "", "b": "x"}])
def test_a_missing_or_empty_value_is_named(values: dict[str, str]) -> None:
    with pytest.raises(MissingValue, match=r"no value for a, c; given are .*b"):
        fill("{c} {a} {b} {a}", values, language="en")
