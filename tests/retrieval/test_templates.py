"""Answer templates and their files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.templates import AnswerTemplate, read_templates
from store.status import Status

RECORD = {
    "id": "refund.when.de.1",
    "language": "de",
    "intent": "refund_status",
    "question_examples": ["wann kommt mein Geld", "Geld zurück?"],
    "text": "Ihr Geld kommt bis {date}. Fragen? {support_email}",
    "placeholders": ["support_email", "date"],
    "status": "mined",
    "source": "logs",
}


def _line(**changes: object) -> str:
    return json.dumps({**RECORD, **changes}, ensure_ascii=False)


def test_a_line_comes_back_as_it_was_written() -> None:
    template = AnswerTemplate.from_json(_line())
    assert template.status is Status.MINED
    assert template.question_examples == ("wann kommt mein Geld", "Geld zurück?")
    assert json.loads(template.to_json()) == RECORD
    assert list(json.loads(template.to_json())) == list(RECORD)


@pytest.mark.parametrize("placeholders", [[], ["date"], ["date", "support_email", "city"]])
def test_the_listed_placeholders_are_those_of_the_text(placeholders: list[str]) -> None:
    with pytest.raises(ValueError, match=r"refund\.when\.de\.1: the text uses \['date', 'support_email'\]"):
        AnswerTemplate.from_json(_line(placeholders=placeholders))


def test_an_unknown_or_missing_field_is_an_error_that_lists_all() -> None:
    with pytest.raises(ValueError, match=r"placeholders.*found.*colour"):
        AnswerTemplate.from_json(_line(colour="red"))
    with pytest.raises(ValueError, match=r"has the fields.*'source'.*found"):
        AnswerTemplate.from_json(json.dumps({name: value for name, value in RECORD.items() if name != "source"}))


def test_an_unknown_status_is_an_error() -> None:
    with pytest.raises(ValueError, match="'ready' is not a valid Status"):
        AnswerTemplate.from_json(_line(status="ready"))


def test_files_are_read_in_their_order_and_blank_lines_are_none(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(_line(id="b") + "\n\n", "utf-8")
    (tmp_path / "a.jsonl").write_text(_line(id="a2") + "\n" + _line(id="a1"), "utf-8")
    assert [template.id for template in read_templates(tmp_path.glob("*.jsonl"))] == ["a2", "a1", "b"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"])
def test_a_line_separator_inside_a_text_does_not_end_the_record(tmp_path: Path, separator: str) -> None:
    written = AnswerTemplate.from_json(_line(text="eins" + separator + "zwei", placeholders=[]))
    (tmp_path / "a.jsonl").write_text(written.to_json() + "\n", "utf-8")
    (template,) = read_templates([tmp_path / "a.jsonl"])
    assert template.text == "eins" + separator + "zwei"


@pytest.mark.parametrize("wrong", ["{", '{"id": 1}', "[]", "7", _line(question_examples=None)])
def test_a_wrong_line_is_named_by_file_and_number(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "de.jsonl").write_text(_line() + "\n" + wrong + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"de\.jsonl:2: "):
        read_templates([tmp_path / "de.jsonl"])


def test_an_id_that_stands_twice_is_named_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(_line() + "\n", "utf-8")
    (tmp_path / "b.jsonl").write_text(_line(id="other") + "\n" + _line() + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"b\.jsonl:2: id 'refund.when.de.1' stands already at .*a\.jsonl:1"):
        read_templates(tmp_path.glob("*.jsonl"))
