"""Characters of a wrong decoding are found; those that languages and emoji need are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.checks.characters import character_problems
from training.checks.places import Place, Severity

HERE = Place(Path("de.yml"), 6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f\ufffdr", "U+FFFD (REPLACEMENT CHARACTER) at character 1 of the text"),
        ("a\x00b", "U+0000 (a control character) at character 1 of the text"),
        ("ab\u2028", "U+2028 (LINE SEPARATOR) at character 2 of the text"),
        ("\ufeffab", "U+FEFF (ZERO WIDTH NO-BREAK SPACE) at character 0 of the text"),
        ("für mich".encode().decode("cp1252"), "'Ã¼' looks like UTF-8 that was read as Windows-1252"),
        ("it’s".encode().decode("cp1252"), "'â€' looks like UTF-8 that was read as Windows-1252"),
    ],
)
def test_what_no_customer_typed_is_a_warning(text: str, message: str) -> None:
    (problem,) = character_problems(HERE, text)
    assert (problem.severity, problem.message) == (Severity.WARNING, message)


def test_half_a_character_is_an_error_since_no_tokenizer_takes_it() -> None:
    (problem,) = character_problems(HERE, "\ud83d")
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    "text", ["क्\u200dष 👩\u200d💻 ❤\ufe0f", "a\tb\nc", "AÇÃO NÃO “Ação”", "می\u200cخواهم \u200f", "Â§ ß 日本"]
)
def test_what_languages_need_is_no_problem(text: str) -> None:
    assert list(character_problems(HERE, text)) == []
