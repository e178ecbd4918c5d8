"""The check before a training finds, in any company's data, what would spoil it; a clean small tree, then one fault each."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from training.checks.places import Problem, Severity
from training.checks.preflight import preflight, without_left_out
from training.data.dataset import Example

ROOT = Path(__file__).parents[3]

# Lines 4-8 and 11-15 are utterances; nothing here has a situation, a metadata block or a domain.
ENGLISH = """nlu:
- intent: order/track
  examples: |
    - where is [4711](order_no)
    - has [4712](order_no) left yet
    - what became of my parcel
    - parcel still on its way?
    - how far is it
- intent: greet
  examples: |
    - hello there [Eve](name)
    - good morning
    - hi
    - hey you
    - good evening [Ann]{"entity": "name", "role": "agent"} and [Bob](name)
- synonym: parcel
  examples: |
    - package
- regex: order_no
  examples: |
    - [0-9]{4}
"""
HELD_OUT = "nlu:\n- intent: greet\n  examples: |\n    - top of the morning\n    - order 99 please\n"
TEMPLATE = {
    "id": "anything",
    "language": "en",
    "intent": "order/track",
    "question_examples": ["can i follow my order"],
    "text": "Here: {link}",
    "placeholders": ["link"],
    "status": "approved",
    "source": "wiki",
}
QUESTION = {"topic": "t", "language": "en", "question": "do you show the way of a parcel"}
FILES = {
    "data/nlu/en.yml": ENGLISH,
    "data/templates/en.jsonl": json.dumps(TEMPLATE) + "\n",
    "data/replies/en.yml": "replies:\n  utter_a:\n  - one {x}\n  - two {x}\n",
    "tests/nlu/en.yml": HELD_OUT,
    "tests/questions/en.jsonl": json.dumps(QUESTION) + "\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clean tree of one language."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def found(tree: Path, examples: Sequence[Example] = ()) -> list[str]:
    """The problems as they are printed, with paths as seen from the tree."""
    return [str(each).replace(f"{tree}/", "") for each in problems_of(tree, examples)]


def problems_of(tree: Path, examples: Sequence[Example] = ()) -> list[Problem]:
    return preflight(data_dir=tree / "data", tests_dir=tree / "tests", examples=examples)


def spoil(tree: Path, name: str, old: str, new: str) -> None:
    """Put one fault into a file of the tree; `old` stands in it once."""
    content = (tree / name).read_text("utf-8")
    assert content.count(old) == 1, f"{name} should hold {old!r} once"
    (tree / name).write_text(content.replace(old, new), "utf-8")


def logged(text: str, intent: str = "greet", spans: tuple[tuple[int, int, str], ...] = ()) -> Example:
    return Example(text, "en", intent, "logged", spans)


def test_clean_data_without_situations_or_domain_has_no_problem(tree: Path) -> None:
    assert found(tree) == []


# Ten utterances: whatever takes one away also brings the language below ten, so the first of the problems is compared.
@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("data/nlu/en.yml", "intent: greet", "intent: ''", "data/nlu/en.yml:9: the intent is empty"),
        ("data/nlu/en.yml", "intent: greet", "intent:", "data/nlu/en.yml:9: the intent is empty"),
        ("data/nlu/en.yml", "intent: greet", "intent: greet+", "data/nlu/en.yml:9: a label of the intent 'greet+'"),
        ("data/nlu/en.yml", "intent: greet", "intent: yes", "data/nlu/en.yml:9: the intent yes needs quotes"),
        ("data/nlu/en.yml", "intent: greet", "intend: greet", "data/nlu/en.yml:9: expected the key `intent`, found in"),
        ("data/nlu/en.yml", "[4711](", "[](", "data/nlu/en.yml:4: the annotation of order_no holds no text"),
        ("data/nlu/en.yml", "4711](order_no)", "4711]()", "data/nlu/en.yml:4: the annotation '4711' names no entity"),
        ("data/nlu/en.yml", "[4711](", "4711](", "data/nlu/en.yml:4: a bracket is left over: where is 4711](order"),
        ("data/nlu/en.yml", "4711](order_no)", "4711](order-no)", "data/nlu/en.yml:4: unknown entity 'order-no'"),
        ("data/nlu/en.yml", '"entity": "name"', '"entity" "name"', 'data/nlu/en.yml:15: expected {"entity": "..."}'),
        ("data/nlu/en.yml", '"entity": "name"', '"type": "name"', 'data/nlu/en.yml:15: expected {"entity": "..."}'),
        ("data/nlu/en.yml", "- hey you", "- How far is IT", "data/nlu/en.yml:14: 'How far is IT' stands already at"),
        (
            "data/nlu/en.yml",
            "- hey you",
            "- top of the morning",
            "data/nlu/en.yml:14: 'top of the morning' is held out",
        ),
        ("data/nlu/en.yml", "- hey you", "- Order 7, please!", "data/nlu/en.yml:14: 'Order 7, please!' is held out at"),
        ("data/nlu/en.yml", "nlu:", "nlu: [", "data/nlu/en.yml:2: not YAML"),
        (
            "data/templates/en.jsonl",
            "can i follow my order",
            "do you show the way of a parcel?",
            "data/templates/en.jsonl:1: 'do you show the way of a parcel?' is held out at tests/questions/en.jsonl:1",
        ),
        (
            "data/templates/en.jsonl",
            "can i follow my order",
            "hi",
            "data/templates/en.jsonl:1: 'hi' stands already at data/nlu/en.yml:13 as greet, here as order/track",
        ),
        ("data/templates/en.jsonl", '"text"', '"answer"', "data/templates/en.jsonl:1: no answer template"),
        (
            "data/templates/en.jsonl",
            '["can i follow my order"]',
            "[7]",
            "data/templates/en.jsonl:1: no answer template",
        ),
        ("data/templates/en.jsonl", "}\n", "}\n" + json.dumps(TEMPLATE), "data/templates/en.jsonl:2: id 'anything' st"),
        ("data/templates/en.jsonl", '"order/track"', '" "', "data/templates/en.jsonl:1: the intent of the template is"),
        ("data/replies/en.yml", "one {x}", '""', "data/replies/en.yml:3: the text is empty"),
        ("tests/nlu/en.yml", "intent: greet", "intent: ''", "tests/nlu/en.yml:2: the intent is empty"),
        ("tests/questions/en.jsonl", "{", "", "tests/questions/en.jsonl:1: not JSON"),
    ],
)
def test_what_cannot_be_learnt_refuses_the_training(tree: Path, name: str, old: str, new: str, expected: str) -> None:
    spoil(tree, name, old, new)
    (error,) = [each for each in problems_of(tree) if each.severity is Severity.ERROR]
    assert str(error).replace(f"{tree}/", "").startswith(expected)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("data/nlu/en.yml", "- hi\n", "- hi [there]\n", "data/nlu/en.yml:13: warning: a bracket is left over"),
        ("data/nlu/en.yml", "[4711]", "[4711 ]", "data/nlu/en.yml:4: warning: white space at the edge"),
        ("data/nlu/en.yml", "- hey you", "- How far is it?", "data/nlu/en.yml:14: warning: 'How far is it?' stands al"),
        ("data/nlu/en.yml", "- how far is it", "- where is 4711", "data/nlu/en.yml:8: warning: 'where is 4711' stands"),
        (
            "data/nlu/en.yml",
            "4711](order_no)",
            "4711](ordr_no)",
            "data/nlu/en.yml:4: warning: the entity ordr_no stand",
        ),
        ("data/nlu/en.yml", "    - hi\n", "    hi\n", "data/nlu/en.yml:13: warning: expected `- ` before"),
        (
            "data/nlu/en.yml",
            "hi\n",
            "h\ufffdi\n",
            "data/nlu/en.yml:13: warning: U+FFFD (REPLACEMENT CHARACTER) at char",
        ),
        (
            "data/replies/en.yml",
            "two {x}",
            "two {y}",
            "data/replies/en.yml:4: warning: reply utter_a has the placeholder",
        ),
    ],
)
def test_what_may_be_meant_is_a_warning(tree: Path, name: str, old: str, new: str, expected: str) -> None:
    spoil(tree, name, old, new)
    assert all(each.severity is Severity.WARNING for each in problems_of(tree))
    assert any(line.startswith(expected) for line in found(tree)), found(tree)


def test_rows_that_differ_in_their_entities_only_name_the_first_place(tree: Path) -> None:
    spoil(tree, "data/nlu/en.yml", "- how far is it", "- Where is 4711?")
    assert found(tree) == [
        "data/nlu/en.yml:8: warning: 'Where is 4711?' stands already at data/nlu/en.yml:4 with other entities"
    ]


def test_an_utterance_without_text_is_named_and_not_counted(tree: Path) -> None:
    spoil(tree, "data/nlu/en.yml", "- hey you", "-")
    assert found(tree) == [
        "data/nlu/en.yml:1: warning: the language en has 9 rows, expected 10 or more",
        "data/nlu/en.yml:14: warning: the utterance is empty",
    ]


def test_a_repeated_row_with_the_same_labels_is_no_problem(tree: Path) -> None:
    spoil(tree, "data/nlu/en.yml", "- how far is it", "- ¿Where is [4711](order_no)")
    assert found(tree) == []


def test_the_same_text_in_another_language_is_no_problem(tree: Path) -> None:
    german = "nlu:\n- intent: order/track\n  examples: |\n    - hi\n    - top of the morning\n"
    (tree / "data/nlu/de.yml").write_text(german, "utf-8")
    assert found(tree) == ["data/nlu/de.yml:1: warning: the language de has 2 rows, expected 10 or more"]


def test_a_language_with_three_rows_and_an_intent_with_one_are_warnings(tree: Path) -> None:
    german = (
        "nlu:\n- intent: greet\n  examples: |\n    - hallo\n    - moin\n- intent: bye\n  examples: |\n    - tschüss\n"
    )
    (tree / "data/nlu/de.yml").write_text(german, "utf-8")
    assert found(tree) == [
        "data/nlu/de.yml:1: warning: the language de has 3 rows, expected 10 or more",
        "data/nlu/de.yml:8: warning: the intent bye has a single row: once it is learnt none is left to measure it",
    ]


def test_bytes_that_are_no_utf8_are_named_with_their_line(tree: Path) -> None:
    path = tree / "data/nlu/en.yml"
    path.write_bytes(ENGLISH.replace("good evening", "gr\xfc\xdf gott").encode("latin-1"))
    (problem,) = [line for line in found(tree) if "warning" not in line]
    assert problem == "data/nlu/en.yml:15: expected UTF-8, found the byte 0xFC: invalid start byte"


def test_a_file_that_names_no_language_is_checked_against_every_held_out_text(tree: Path) -> None:
    (tree / "data/nlu/en.yml").rename(tree / "data/nlu/nlu.yml")
    assert found(tree) == [
        "data/nlu/nlu.yml:1: warning: the file's name is no language: expected en.yml, de.yml ... (ISO 639-1), "
        "found nlu.yml"
    ]
    spoil(tree, "data/nlu/nlu.yml", "- hey you", "- top of the morning")
    assert any("nlu.yml:14: 'top of the morning' is held out at tests/nlu/en.yml:4" in line for line in found(tree))


@pytest.mark.parametrize("name", ["data/nlu.yml", "data/nlu/en.yaml", "data/nlu/faq/en.yml"])
def test_a_file_where_no_training_looks_for_it_is_named(tree: Path, name: str) -> None:
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text(ENGLISH, "utf-8")
    (line,) = found(tree)
    assert line.startswith(f"{name}:1: warning: a training does not read this file: move its rows to data/nlu/<lang")
    (tree / "data/nlu/en.yml").unlink()
    assert found(tree)[-1].startswith(f"{name}:1: a training does not read this file")


def test_a_folder_without_utterances_refuses_the_training_unless_rows_are_given(tmp_path: Path) -> None:
    (problem,) = preflight(data_dir=tmp_path)
    assert str(problem) == f"{tmp_path}/nlu:1: expected <language>.yml with utterances, found none"
    rows = [logged(f"hello {letter}") for letter in "abcdefghij"]
    assert preflight(data_dir=tmp_path, examples=rows) == []


def test_faulty_rows_of_logs_are_left_out_and_the_training_goes_on(tree: Path) -> None:
    rows = [
        logged("this one is fine"),
        logged("Top of the morning!"),
        logged("how far is it"),
        logged("ship 12", spans=((5, 8, "order_no"),)),
        logged("ship 12", spans=((5, 7, " "),)),
        logged("  "),
        logged("nothing at all", intent=""),
        logged("half a \ud83d smiley"),
        logged("tea\x07 time"),
    ]
    problems = problems_of(tree, rows)
    assert [str(each).replace(f"{tree}/", "") for each in problems] == [
        "logs:2: left out: this text is held out at tests/nlu/en.yml:4",
        "logs:3: left out: this text stands already at data/nlu/en.yml:8 as order/track, here as greet",
        "logs:4: left out: the entity 'order_no' at 5-8 lies outside of its text of 7 characters",
        "logs:5: left out: the span 5-7 names no entity",
        "logs:6: left out: the text is empty",
        "logs:7: left out: the intent, or a label of it, is empty",
        "logs:8: left out: U+D83D (half a character) at character 7 of the text",
        "logs:9: warning: U+0007 (a control character) at character 3 of the text",
    ]
    assert without_left_out(rows, problems) == [rows[0], rows[8]]


def test_a_row_of_logs_never_makes_a_file_wrong(tree: Path) -> None:
    (problem,) = problems_of(tree, [logged("can i follow my order")])
    assert problem.severity is Severity.LEFT_OUT


def test_our_own_data_is_clean_and_checked_within_fifteen_seconds_of_one_core() -> None:
    begin = time.process_time()
    assert preflight(data_dir=ROOT / "data", tests_dir=ROOT / "tests/data") == []
    assert time.process_time() - begin < 15
