"""Utterances are read with their lines from each of the layouts that Rasa knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.checks.places import Problem
from training.checks.utterances import read_rows


def rows_of(tmp_path: Path, text: str) -> tuple[list[tuple[int, str, str, str]], list[Problem]]:
    """(line, intent, situation, annotated) of each row, and the problems."""
    path = tmp_path / "de.yml"
    path.write_text(text, "utf-8")
    problems: list[Problem] = []
    rows = list(read_rows(path, problems))
    assert {row.language for row in rows} <= {"de"}
    return [(row.place.line, row.intent, row.situation, row.annotated) for row in rows], problems


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        ("|\n    - eins\n\n    - - zwei", [(4, "eins"), (6, "- zwei")]),
        ('"- eins\\n- zwei"', [(3, "eins"), (3, "zwei")]),
        ("\n  - text: eins\n    metadata: {a: 1}\n  - text: |\n      zwei\n", [(4, "eins"), (7, "zwei")]),
        ("\n  - eins\n  - '- zwei'\n", [(4, "eins"), (5, "- zwei")]),
    ],
)
def test_each_layout_gives_rows_with_their_lines(
    tmp_path: Path, examples: str, expected: list[tuple[int, str]]
) -> None:
    rows, problems = rows_of(tmp_path, f"nlu:\n- intent: a\n  examples: {examples}\n")
    assert rows == [(line, "a", "", text) for line, text in expected]
    assert problems == []


def test_metadata_of_another_company_is_no_situation(tmp_path: Path) -> None:
    block = "- intent: a\n  metadata: {}\n  examples: |\n    - eins\n"
    rows, problems = rows_of(tmp_path, "nlu:\n" + block.format("{sentiment: good}") + block.format("[x, y]"))
    assert rows == [(5, "a", "", "eins"), (9, "a", "", "eins")]
    assert problems == []


def test_a_broken_block_does_not_hide_the_others(tmp_path: Path) -> None:
    text = "nlu:\n- intent: a\n- intent: b\n  examples: |\n- intent: c\n  examples: |\n    - drei\n- d\n"
    rows, problems = rows_of(tmp_path, text)
    assert rows == [(7, "c", "", "drei")]
    assert [(each.line, each.message) for each in problems] == [
        (2, "expected the key `examples`, found intent"),
        (3, "the intent b has no examples"),
        (8, "expected `key: value` entries"),
    ]


def test_a_row_gives_its_text_and_spans(tmp_path: Path) -> None:
    path = tmp_path / "de.yml"
    path.write_text("nlu:\n- intent: a\n  examples: |\n    - wo ist [48213](order_number)?\n", "utf-8")
    (row,) = read_rows(path, [])
    assert (row.sample().text, row.sample().spans) == ("wo ist 48213?", ((7, 12, "order_number"),))
