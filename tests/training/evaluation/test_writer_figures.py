"""What is counted of a written text: its language, its values, its nearness to a person's."""

from __future__ import annotations

import pytest

from retrieval.templates import AnswerTemplate
from store.status import Status
from training.evaluation.writer_figures import Task, Written, is_faithful, speaks, summary


def task(language: str = "de", *references: str) -> Task:
    template = AnswerTemplate("a.how.en.1", "en", "x", ("?",), "yes", (), Status.APPROVED, "test")
    return Task(template, language, references or ("ja", "doch"))


def written(text: str, language: str = "de", *, right: bool, failed: tuple[str, ...] = ()) -> Written:
    return Written(task(language), text, right, failed, right_language=right, faithful=right)


def test_the_writers_texts_are_summed_up() -> None:
    rows = [
        written("doch", right=True),
        written("zzz", right=False, failed=("language", "values")),
        written("ja", "fr", right=True),
        written("ja", "fr", right=True),
    ]
    figures = summary(rows)
    overall = figures["overall"]
    shares = ("passed", "identical", "right_language", "faithful")
    assert [overall[name] for name in shares] == [0.75] * 4
    assert figures["languages"]["de"]["faithful"] == 0.5
    assert figures["languages"]["fr"]["passed_95"] == [1.0, 1.0]
    assert overall["rouge_l"] == pytest.approx(0.75)
    assert figures["failed_checks"] == {"language": 1, "values": 1}
    assert figures["rows"]["de"]["passed"] == "10"


def test_no_texts_are_no_error() -> None:
    assert summary([])["overall"]["passed"] == 0.0


@pytest.mark.parametrize(
    ("text", "faithful"),
    [
        ("Bis {date}, 30 Tage.", True),
        ("Bis {date}, dreißig Tage.", True),
        ("Bis {date}, 31 Tage.", False),
        ("Bis {deadline}, 30 Tage.", False),
        ("Code AB-12 gilt.", True),
        ("Code AB-13 gilt.", False),
        ("Schreiben Sie an hilfe@laden.example.", True),
        ("Schreiben Sie an hilfe@betrug.example.", False),
        ("Siehe https://laden.example/hilfe", False),
        ("Bis <v30> Tage.", False),
        ("  ", False),
    ],
)
def test_every_value_stands_in_the_template_a_slot_or_the_message(text: str, faithful: bool) -> None:
    found = is_faithful(
        text,
        template="Return it within 30 days, by {date}.",
        message="is ab-12 still good?",
        values={"email": "hilfe@laden.example", "date": "May"},
    )
    assert found is faithful


def test_the_number_in_a_placeholders_name_is_no_value() -> None:
    assert is_faithful("Straße: {line2}", template="Street: {line2}", message="", values={})
    assert not is_faithful("Straße 2", template="Street: {line2}", message="", values={})


def test_a_text_speaks_a_language_when_it_is_identified_as_that() -> None:
    seen: list[str] = []

    def identify(text: str) -> str | None:
        seen.append(text)
        return None if len(text) < 4 else "de"

    assert speaks("Bis {order_number} dann", "de", identify)
    assert not speaks("Bis dann", "nl", identify)
    assert not speaks("ok", "de", identify)
    assert not speaks("{order_number}", "de", identify)
    assert len(seen) == 3
    assert "order" not in seen[0]
