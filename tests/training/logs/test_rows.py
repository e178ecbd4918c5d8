"""Dialogues become masked rows, counted by where they came from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.training.logs.builders import agent, bot, dialogue, said
from training.data.dataset import INTENT_ONLY
from training.logs.dialogues import Fault, Label, Origin
from training.logs.rows import REVIEWED, LogRows, Rules, row_id, rows_of
from training.redaction.personal import Kind
from training.redaction.values import Facts

ANSWER = bot("It costs 4.90 within the whole country.", "delivery_cost.standard.en.1")
ASKED = said("what does shipping cost", "delivery_cost")


def _rows(*dialogues: object, rules: Rules | None = None) -> LogRows:
    return rows_of(dialogues, rules or Rules())  # type: ignore[arg-type]


def test_a_reviewed_label_becomes_a_masked_row_with_its_spans() -> None:
    label = Label("track_order", ((10, 15, "order_number"),), Origin.REVIEWED)
    turn = replace(said(" where is 48213?\n"), label=label)
    (row,) = _rows(dialogue(turn)).examples
    start, end, entity = row.spans[0]
    assert (row.language, row.intent, row.situation) == ("en", "track_order", REVIEWED)
    assert (start, end, entity) == (9, 14, "order_number")
    assert row.text[:9] == "where is "
    assert row.text[14:] == "?"
    assert row.text[9:14].isdecimal()
    assert row.text[9:14] != "48213"


def test_a_row_whose_entities_nobody_looked_for_teaches_its_intent_only() -> None:
    turn = replace(said("where is it"), label=Label("track_order", None, Origin.REVIEWED))
    (row,) = _rows(dialogue(turn)).examples
    assert (row.situation, row.spans) == (INTENT_ONLY, ())


def test_guesses_become_rows_only_where_that_is_switched_on() -> None:
    one = dialogue(
        replace(ASKED, label=Label("delivery_cost", ((0, 4, "x"),), Origin.MODEL, 0.95)), ANSWER, resolved=True
    )
    assert _rows(one).examples == ()
    assert _rows(one).answered[0].intent is None
    switched = _rows(one, rules=Rules(confirmed=True))
    assert [(row.intent, row.situation, row.spans) for row in switched.examples] == [("delivery_cost", INTENT_ONLY, ())]
    assert switched.answered[0].intent == "delivery_cost"
    assert switched.report.n_confirmed == 1
    assert _rows(one, rules=Rules(confirmed=True, threshold=0.96)).examples == ()


def test_a_reviewed_text_is_not_taken_with_a_guess_as_well() -> None:
    reviewed = dialogue(said("what does shipping cost", "payment", 1.0, Origin.REVIEWED), name="c-2")
    rows = _rows(dialogue(ASKED, ANSWER, resolved=True), reviewed, rules=Rules(confirmed=True))
    assert [row.intent for row in rows.examples] == ["payment"]
    assert (rows.report.n_reviewed, rows.report.n_confirmed) == (1, 0)
    assert rows.report.n_left_out == {"confirmed but reviewed elsewhere": 1}


def test_a_pair_is_masked_on_both_sides_and_carries_no_logged_id() -> None:
    facts = Facts({"support_email": "service@agora.example"})
    one = dialogue(
        said("Hello, my parcel is late!"),
        said("it is 48213"),
        agent("Dear Ms Okafor, 48213 left on Monday. Write to service@agora.example. Kind regards, Anna"),
        name="+49 170 1234567",
    )
    (pair,) = _rows(one, rules=Rules(facts=facts)).answered
    assert pair.question.startswith("my parcel is late! it is ")
    assert pair.question[-5:].isdecimal()
    assert pair.question[-5:] != "48213"
    assert pair.answer == "{order_number} left on Monday. Write to {support_email}."
    assert pair.language == "en"
    assert pair.conversation_id == row_id("+49 170 1234567")
    assert "170" not in repr(pair)


def test_nothing_stands_twice() -> None:
    one = dialogue(said("when do you open", "hours", 1.0, Origin.REVIEWED), agent("We open at nine every morning."))
    rows = _rows(one, replace(one, conversation_id="c-2"))
    assert (len(rows.examples), len(rows.answered)) == (1, 1)
    assert rows.report.n_left_out == {"repeated": 2}
    assert (rows.report.n_reviewed, rows.report.n_from_agents) == (1, 1)


def test_a_missing_language_is_asked_of_the_identifier() -> None:
    turn = replace(said("wo ist es", "track", 1.0, Origin.REVIEWED), language=None)
    assert _rows(dialogue(turn)).examples[0].language == ""
    told = _rows(dialogue(turn), rules=Rules(identify=lambda text: "de" if "wo" in text else None))
    assert told.examples[0].language == "de"
    asked = _rows(dialogue(replace(turn, language="nl")), rules=Rules(identify=lambda text: "de"))
    assert asked.examples[0].language == "nl"


def test_the_report_counts_where_rows_came_from_and_quotes_nothing() -> None:
    label = Label("track_order", (), Origin.REVIEWED)
    one = dialogue(
        replace(said("where is 48213? I am k@web.de"), label=label),
        agent("48213 left our warehouse on Monday."),
        said("what does shipping cost"),
        ANSWER,
        resolved=True,
    )
    faults = [Fault(f"a.jsonl:{number}", "expected JSON") for number in range(25)]
    report = _rows(one, *faults).report
    assert report.n_masked == {Kind.EMAIL: 2, Kind.ORDER_NUMBER: 3}
    lines = report.lines()
    assert lines[:6] == [
        "conversations: 1 with 4 turns",
        "classifier rows: 1 reviewed, 0 confirmed by the conversation",
        "question and answer pairs: 1 by agents, 1 by templates",
        "personal values masked: 2 email, 3 order_number",
        "left out: none",
        "unreadable rows: 25",
    ]
    assert lines[6] == "  a.jsonl:0: expected JSON"
    assert lines[-1] == "  and 5 more"
    assert "48213" not in "".join(lines)


def test_a_threshold_is_a_confidence() -> None:
    with pytest.raises(ValueError, match=r"threshold: expected a confidence from 0 to 1, found 90"):
        Rules(threshold=90)
