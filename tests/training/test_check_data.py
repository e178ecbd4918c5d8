"""The check names every fault of the data by file and line: a small clean tree, and one fault at a time put into it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.check_data import main, problems
from training.checks.domain import held_out_situations

ROOT = Path(__file__).parents[2]
LANGUAGES = ("de", "en")
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

# Held out (crc32 of the intent, modulo 2, over the sorted names): greet "plain", track_order "late".
SITUATIONS = """situations:
  greet: {plain: "hello", casual: "slangy hello"}
  track_order: {curious: "merely curious", late: "should have come"}
"""
DOMAIN = """intents:
- greet
- track_order: {use_entities: true}
entities: [order_number]
actions: [utter_greet, utter_answer, action_track]
"""
FACTS = """facts:
  account_url: https://agora.example/account
"""


def utterances(intent: str, situation: str, texts: list[str]) -> str:
    """One block of Rasa's YAML."""
    lines = "".join(f"    - {text}\n" for text in texts)
    return f"- intent: {intent}\n  metadata:\n    situation: {situation}\n  examples: |\n{lines}"


def replies(language: str) -> str:
    """One file of data/replies."""
    return f"""language: {language}
replies:
  utter_greet:
  - "{language} hello"
  - "{language} good day"
  utter_found:
  - "{language} found {{order_number}}"
  - "{language} here is {{order_number}}"
topics:
  greet: "{language} greeting"
  track_order: "{language} parcel"
page:
  title: "{language} title"
"""


def template(language: str) -> dict[str, object]:
    """The one answer template of a language."""
    return {
        "id": f"track_order.how.{language}.1",
        "language": language,
        "intent": "track_order",
        "question_examples": [f"{language} tracking link?"],
        "text": f"{language} see {{account_url}}",
        "placeholders": ["account_url"],
        "status": "approved",
        "source": "data/templates",
    }


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clean tree of two intents, one reply with a placeholder and one topic in two languages."""
    files = {"data/situations.yml": SITUATIONS, "data/facts.yml": FACTS, "domain.yml": DOMAIN}
    for language in LANGUAGES:
        orders = [f"{language} where {word} [{48200 + n}](order_number)" for n, word in enumerate(WORDS)]
        question = {"topic": "track_order.how", "language": language, "question": f"{language} held question"}
        files[f"data/nlu/{language}.yml"] = "nlu:\n" + (
            utterances("greet", "casual", [f"{language} hey {word}" for word in WORDS])
            + utterances("track_order", "curious", orders)
        )
        files[f"tests/data/nlu/{language}.yml"] = "nlu:\n" + (
            utterances("greet", "plain", [f"{language} hello"])
            + utterances("track_order", "late", [f"{language} late 48213"])
        )
        files[f"data/replies/{language}.yml"] = replies(language)
        files[f"data/templates/{language}.jsonl"] = json.dumps(template(language)) + "\n"
        files[f"tests/data/questions/{language}.jsonl"] = json.dumps(question) + "\n"
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def spoil(tree: Path, name: str, old: str, new: str) -> None:
    """Put one fault into a file of the tree; `old` stands in it once."""
    content = (tree / name).read_text("utf-8")
    assert content.count(old) == 1, f"{name} should hold {old!r} once"
    (tree / name).write_text(content.replace(old, new), "utf-8")


def found(tree: Path) -> list[str]:
    """The problems as they are printed."""
    return [str(problem) for problem in problems(tree)]


def test_clean_tree_has_no_problem(tree: Path) -> None:
    assert found(tree) == []


# In data/nlu/*.yml line 2 opens the first block, its twelve utterances are lines 6-17, line 18 opens the second
# block, whose utterances are lines 22-33. In data/replies/*.yml `replies:` is line 2, utter_greet's variants are lines
# 4 and 5, utter_found's 7 and 8, the topics 10 and 11, the page's title 13.
@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("data/nlu/de.yml", "    - de hey five\n", "", "data/nlu/de.yml:1: intent greet has 11 utterances"),
        ("data/nlu/de.yml", "situation: casual", "situation: odd", "data/nlu/de.yml:6: unknown situation 'odd'"),
        ("data/nlu/de.yml", "situation: casual", "situation: plain", "data/nlu/de.yml:17: situation 'plain' of greet"),
        ("data/nlu/en.yml", "intent: greet", "intent: gret", "data/nlu/en.yml:6: unknown intent 'gret'"),
        ("data/nlu/en.yml", "[48203](order_number)", "[48203](order)", "data/nlu/en.yml:25: unknown entity 'order'"),
        ("data/nlu/en.yml", "[48203]", "[48203 ]", "data/nlu/en.yml:25: white space at the edge"),
        ("data/nlu/en.yml", "[48203]", "48203]", "data/nlu/en.yml:25: a bracket is left over"),
        ("data/nlu/en.yml", "en hey two", "en [hey] two", "data/nlu/en.yml:7: a bracket is left over"),
        ("data/nlu/en.yml", "intent: greet", "intent:", "data/nlu/en.yml:2: the intent is empty"),
        ("data/nlu/en.yml", "[48203]", "[]", "data/nlu/en.yml:25: the annotation of order_number holds no text"),
        (
            "data/nlu/en.yml",
            "(order_number)\n    - en where two",
            '{"a": 1}\n    - en where two',
            "data/nlu/en.yml:22: ",
        ),
        (
            "data/nlu/en.yml",
            "en hey two",
            "En, hey ONE!",
            "data/nlu/en.yml:7: 'En, hey ONE!' stands already at data/nlu/",
        ),
        (
            "data/nlu/en.yml",
            "en where one [48200](order_number)",
            "en hey two",
            "data/nlu/en.yml:22: 'en hey two' stands",
        ),
        (
            "data/nlu/en.yml",
            "en hey three",
            "En hello.",
            "data/nlu/en.yml:8: 'En hello.' is held out at tests/data/nlu/",
        ),
        ("data/nlu/en.yml", "en where one [48200]", "EN late! [9]", "data/nlu/en.yml:22: 'EN late! 9' is held out at"),
        ("data/nlu/en.yml", "nlu:", "intents:", "data/nlu/en.yml:1: expected the key `nlu`"),
        ("data/nlu/en.yml", "  metadata:\n    situation: casual", "  metadata: [", "data/nlu/en.yml:4: not YAML"),
        (
            "tests/data/nlu/en.yml",
            "situation: plain",
            "situation: casual",
            "tests/data/nlu/en.yml:6: situation 'casual'",
        ),
        ("data/replies/de.yml", '  - "de good day"\n', "", "data/replies/de.yml:4: reply utter_greet has 1 variants"),
        (
            "data/replies/de.yml",
            "utter_greet",
            "utter_hi",
            "data/replies/de.yml:3: `replies` lacks the key utter_greet",
        ),
        ("data/replies/de.yml", "is {order_number}", "is {number}", "data/replies/de.yml:8: reply utter_found has the"),
        ("data/replies/de.yml", "is {order_number}", "is {order_number", "data/replies/de.yml:8: a brace without"),
        ("data/replies/de.yml", '  greet: "de greeting"\n', "", "data/replies/de.yml:10: `topics` lacks the key greet"),
        ("data/replies/de.yml", "  title", "  headline", "data/replies/de.yml:13: `page` lacks the key title"),
        ("data/replies/de.yml", "  title", "  yes", "data/replies/de.yml:13: the key yes needs quotes"),
        ("data/replies/de.yml", "  track_order", "  greet", "data/replies/de.yml:11: the key greet stands twice"),
        ("data/replies/de.yml", '"de title"', '""', "data/replies/de.yml:13: the text is empty"),
        ("data/replies/de.yml", "language: de", "language: fr", "data/replies/de.yml:1: the language is 'fr'"),
        ("domain.yml", "utter_answer", "utter_bye", "data/replies/de.yml:3: `replies` lacks the key utter_bye"),
        ("domain.yml", "- greet\n", "- greet\n- thank\n", "data/situations.yml:1: intent thank of domain.yml"),
        ("domain.yml", "- greet\n", "", "domain.yml:1: intent greet of data/situations.yml is not declared"),
        (
            "data/templates/en.jsonl",
            "how.en.1",
            "why.en.1",
            "data/templates/de.jsonl:1: topic track_order.why is missing",
        ),
        ("data/templates/en.jsonl", "how.en.1", "how.1", "data/templates/en.jsonl:1: id 'track_order.how.1'"),
        (
            "data/templates/en.jsonl",
            "how.en.1",
            "how.de.1",
            "data/templates/en.jsonl:1: id 'track_order.how.de.1' stands",
        ),
        (
            "data/templates/en.jsonl",
            "how.en.1",
            "how.de.1",
            "data/templates/en.jsonl:1: id 'track_order.how.de.1' is not",
        ),
        ("data/templates/en.jsonl", '"approved"', '"new"', "data/templates/en.jsonl:1: no answer template"),
        (
            "data/templates/en.jsonl",
            '"en tracking link?"',
            "",
            "data/templates/en.jsonl:1: track_order.how.en.1 has no",
        ),
        (
            "data/templates/en.jsonl",
            "en tracking link?",
            "EN held question",
            "data/templates/en.jsonl:1: 'EN held question'",
        ),
        ("data/templates/en.jsonl", '"en tracking link?"', '"a b", "A b?"', "data/templates/en.jsonl:1: 'A b?' stands"),
        ("tests/data/questions/en.jsonl", ".how", ".why", "tests/data/questions/en.jsonl:1: topic 'track_order.why'"),
        (
            "tests/data/questions/en.jsonl",
            '"topic"',
            '"id"',
            "tests/data/questions/en.jsonl:1: expected language, question",
        ),
        (
            "data/facts.yml",
            "account_url",
            "home_url",
            "data/templates/de.jsonl:1: the placeholder {account_url} has no",
        ),
        ("data/facts.yml", "account_url", "home_url", "data/facts.yml:2: the fact home_url is used by no template"),
    ],
)
def test_fault_is_named_with_its_file_and_line(tree: Path, name: str, old: str, new: str, expected: str) -> None:
    spoil(tree, name, old, new)
    assert any(line.startswith(expected) for line in found(tree)), found(tree)


def test_placeholders_that_differ_between_languages_are_named(tree: Path) -> None:
    spoil(tree, "data/templates/en.jsonl", "see {account_url}", "see the mail")
    spoil(tree, "data/templates/en.jsonl", '["account_url"]', "[]")
    named = [line for line in found(tree) if "topic track_order.how has the placeholders" in line]
    assert len(named) == 1
    assert named[0].startswith(("data/templates/de.jsonl:1: ", "data/templates/en.jsonl:1: "))


@pytest.mark.parametrize("folder", ["data/nlu", "data/replies", "tests/data/nlu"])
def test_language_without_one_of_its_files_is_named(tree: Path, folder: str) -> None:
    (tree / folder / "de.yml").unlink()
    assert found(tree) == [f"{folder}/de.yml:1: the file is missing"]


def test_tree_without_domain_is_checked_against_itself(tree: Path) -> None:
    (tree / "domain.yml").unlink()
    assert found(tree) == []


def test_tree_without_data_is_a_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == ["data/situations.yml:1: the file is missing"]


def test_held_out_situation_does_not_depend_on_the_order_of_the_names() -> None:
    # crc32(b"track_order") = 2_245_931_327 is odd: the second of two sorted names.
    assert held_out_situations("track_order", ("late", "curious")) == {"late"}
    assert held_out_situations("track_order", ("curious", "late")) == {"late"}


def test_each_ten_situations_hold_one_out_and_later_ones_move_no_earlier_one() -> None:
    # crc32(b"track_order") % 10 = 7: the eighth of ten sorted names, and 2_245_931_327 % 2 = 1 of a rest of two.
    names = [f"a{number}" for number in range(10)] + ["c", "b"]
    assert held_out_situations("track_order", names[:10]) == {"a7"}
    assert held_out_situations("track_order", names) == {"a7", "c"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("values:\n  dish: [pizza]\n", "2: unknown entity 'dish': expected one of order_number"),
        ("values:\n  order_number:\n  - A1\n  - A1\n", "4: 'A1' stands twice under order_number"),
        ("values:\n  order_number:\n  - ' A1'\n", "3: a value of order_number is empty or has white space"),
        ("nlu: []\n", "1: "),
    ],
)
def test_faults_of_further_values_are_named(tree: Path, values: str, message: str) -> None:
    (tree / "data/values").mkdir()
    (tree / "data/values/de.yml").write_text(values, "utf-8")
    (problem,) = found(tree)
    assert problem.startswith(f"data/values/de.yml:{message}")


@pytest.mark.parametrize(
    ("learnt", "measured", "expected"),
    [
        ("ich bin {nmae}", "", "data/personal/de.txt:2: expected slots among name"),
        ("ich bin {name", "", "data/personal/de.txt:2: expected slots as {name}"),
        ("ich bin [Anna] hier", "", "data/personal/de.txt:2: expected slots as {name}"),
        (
            "ich bin {name}\nIch bin {name}!",
            "",
            "data/personal/de.txt:3: the same message stands at data/personal/de.txt:2",
        ),
        (
            "wo ist {name}",
            "wo ist {name}",
            "tests/data/personal/de.txt:2: the same message stands at data/personal/de.txt:2",
        ),
    ],
)
def test_faults_of_messages_with_personal_slots_are_named(
    tree: Path, learnt: str, measured: str, expected: str
) -> None:
    for folder, text in (("data/personal", learnt), ("tests/data/personal", measured)):
        (tree / folder).mkdir(parents=True)
        (tree / folder / "de.txt").write_text(f"# messages\n{text}\n", "utf-8")
    assert any(str(one).startswith(expected) for one in problems(tree)), [*map(str, problems(tree))]


def test_command_prints_each_problem_and_fails(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(tree, "data/facts.yml", "account_url", "home_url")
    assert main([str(tree)]) == 1
    shown = capsys.readouterr()
    assert "data/facts.yml:2: the fact home_url is used by no template\n" in shown.out
    assert "3 problems in 3 files" in shown.err


def test_command_passes_a_clean_tree_without_a_word(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tree)]) == 0
    assert capsys.readouterr().out == ""


def test_our_own_data_is_clean() -> None:
    assert found(ROOT) == []
