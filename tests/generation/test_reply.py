"""Fallbacks in their order, with a real writer that is untrained and so writes nothing a check lets through."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generation.checks import Check, KnownNames, KnownValues, RequiredParts, WellFormed
from generation.prompt import LANGUAGES
from generation.reply import Reply, ReplyRequest, ReplySource, ReplyWriter, WrittenBy
from generation.writer import Writer
from tests.models import untrained_writer

CHECKS: tuple[Check, ...] = (WellFormed(), KnownValues(), KnownNames(), RequiredParts())
DE = ReplySource("refund.de.1", "de", "Ihr Geld kommt bis {date}, spätestens in 14 Tagen.")
EN = ReplySource("refund.en.1", "en", "Your refund arrives by {date}.")
SV = ReplySource("refund.sv.1", "sv", "Pengarna kommer {date}.")
VALUES = {"date": "12. November"}


def _notice(reply_language: str, answer_language: str) -> str:
    return f"[{reply_language}: answer in {answer_language}]"


def _request(
    *sources: ReplySource, language: str = "de", values: Mapping[str, str] = VALUES, message: str = "wann?"
) -> ReplyRequest:
    return ReplyRequest(language, "refund_status", message, sources, values)


@pytest.fixture
def replies() -> ReplyWriter:
    return ReplyWriter(Writer(untrained_writer(), time_limit_s=60), CHECKS, nearest_notice=_notice)


class Copyist(Writer):
    """Says the first template of the prompt, as a well-trained writer does; `reply` where a test needs another text."""

    def __init__(self, reply: str | None = None) -> None:
        self.reply = reply
        self.prompts: list[str] = []

    def write(self, prompt: str, *, max_tokens: int = 96) -> str | None:
        self.prompts.append(prompt)
        return self.reply or prompt.split("<t>")[1].split("<m>")[0].split("> ", 1)[1]


def _with(writer: Writer | None) -> ReplyWriter:
    return ReplyWriter(writer, CHECKS, nearest_notice=_notice)


def test_a_refused_text_gives_way_to_the_template_word_for_word(replies: ReplyWriter) -> None:
    reply = replies.write(_request(DE, EN))
    assert reply is not None
    assert reply.text == "Ihr Geld kommt bis 12. November, spätestens in 14 Tagen."
    assert (reply.language, reply.answer_ids, reply.written_by) == ("de", ("refund.de.1",), WrittenBy.TEMPLATE)
    assert set(reply.checks) == {"well_formed", "values", "names", "required"}
    assert any(outcome != "ok" for outcome in reply.checks.values())


def test_the_template_in_the_customers_language_is_taken_also_where_it_is_second(replies: ReplyWriter) -> None:
    reply = replies.write(_request(EN, DE))
    assert reply is not None
    assert (reply.language, reply.answer_ids) == ("de", ("refund.de.1",))


def test_a_foreign_template_comes_behind_a_sentence_that_says_so(replies: ReplyWriter) -> None:
    reply = replies.write(_request(EN, language="ja"))
    assert reply is not None
    assert reply.text == "[ja: answer in en] Your refund arrives by 12. November."
    assert (reply.language, reply.written_by) == ("en", WrittenBy.TEMPLATE)


def test_a_source_whose_value_is_missing_is_passed_over(replies: ReplyWriter) -> None:
    plain = ReplySource("plain.en.1", "en", "Your refund is on its way.")
    reply = replies.write(_request(DE, plain, values={}))
    assert reply is not None
    assert reply.text == "[de: answer in en] Your refund is on its way."
    assert reply.answer_ids == ("plain.en.1",)


@pytest.mark.parametrize("values", [{}, {"date": ""}])
def test_without_a_source_that_can_be_filled_there_is_no_reply(replies: ReplyWriter, values: dict[str, str]) -> None:
    assert replies.write(_request(DE, EN, values=values)) is None
    assert replies.write(_request()) is None


def test_a_writer_that_runs_out_of_time_gives_way_to_the_template() -> None:
    late = _with(Writer(untrained_writer(), time_limit_s=0.0))
    assert late.write(_request(DE)) == Reply(
        "Ihr Geld kommt bis 12. November, spätestens in 14 Tagen.",
        "de",
        ("refund.de.1",),
        WrittenBy.TEMPLATE,
        {"written": "nothing within the time limit"},
    )


@pytest.mark.parametrize("with_writer", [True, False])
def test_a_language_that_the_writer_did_not_learn_gets_the_template(replies: ReplyWriter, with_writer: bool) -> None:
    assert "sv" not in LANGUAGES
    reply = (replies if with_writer else _with(None)).write(_request(SV, language="sv"))
    assert reply == Reply("Pengarna kommer 12. November.", "sv", ("refund.sv.1",), WrittenBy.TEMPLATE, {})


def test_a_grounded_text_goes_out_with_its_values() -> None:
    reply = _with(Copyist()).write(_request(DE, EN))
    assert reply == Reply(
        "Ihr Geld kommt bis 12. November, spätestens in 14 Tagen.",
        "de",
        ("refund.de.1",),
        WrittenBy.GENERATOR,
        {"well_formed": "ok", "values": "ok", "names": "ok", "required": "ok"},
    )


def test_a_value_in_arabic_is_isolated_and_still_grounded() -> None:
    source = ReplySource("site.en.1", "en", "See {url}.")
    values = {"url": "https://agora.example/returns"}
    reply = _with(Copyist("راجع <v0>.")).write(_request(source, language="ar", values=values))
    assert reply is not None
    assert (reply.text, reply.written_by) == (
        "راجع \u2068https://agora.example/returns\u2069.",
        WrittenBy.GENERATOR,
    )


def test_a_written_placeholder_without_a_value_gives_way_to_the_template() -> None:
    reply = _with(Copyist("Bis {iban}.")).write(_request(DE))
    assert reply is not None
    assert reply.written_by is WrittenBy.TEMPLATE
    assert reply.checks == {"written": "a placeholder without a value"}


def test_a_text_that_drops_a_value_gives_way_to_the_template() -> None:
    reply = _with(Copyist("Ihr Geld kommt spätestens in <v1> Tagen, ganz bestimmt.")).write(_request(DE))
    assert reply is not None
    assert reply.written_by is WrittenBy.TEMPLATE
    assert reply.checks["required"] == "1 required value(s) are missing"


def test_a_reply_names_the_template_that_the_writer_saw() -> None:
    writer = Copyist()
    reply = _with(writer).write(_request(SV, EN, language="en"))
    assert reply is not None
    assert "<t><en> Your refund" in writer.prompts[0]
    assert (reply.text, reply.answer_ids) == ("Your refund arrives by 12. November.", ("refund.en.1",))
