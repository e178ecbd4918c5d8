"""Which turns ask and which one answers them."""

from __future__ import annotations

from tests.training.logs.builders import agent, bot, dialogue, said
from training.logs.pairs import Pair, answer_text, pairs_of

NEED = said("where is my parcel?")
ANSWER = "Your parcel left our warehouse on Monday."


def test_a_need_told_in_pieces_is_answered_by_all_that_the_agent_then_states_in_a_row() -> None:
    turns = (
        said("hi"),
        agent("Hello! How can I help you today?"),
        NEED,
        agent("One moment please."),
        agent("Could you tell me your order number, please?"),
        said("48213"),
        said("ok"),
        agent(ANSWER),
        agent("It should reach you within two working days."),
        said("thanks!"),
        agent("You're welcome, have a nice day and thank you for your patience."),
        said("and can I return it later?"),
        agent("Yes, within thirty days of the delivery."),
    )
    assert list(pairs_of(dialogue(*turns))) == [Pair((2, 5), (7, 8)), Pair((11,), (12,))]


def test_the_bot_counts_with_a_template_in_a_conversation_that_went_well() -> None:
    template = bot(ANSWER, "track_order.how.en.1")
    assert list(pairs_of(dialogue(NEED, template))) == []
    assert list(pairs_of(dialogue(NEED, template, resolved=True))) == [Pair((0,), (1,))]
    assert list(pairs_of(dialogue(NEED, template, rating=4))) == [Pair((0,), (1,))]
    assert list(pairs_of(dialogue(NEED, template, rating=3))) == []
    assert list(pairs_of(dialogue(NEED, template, resolved=True, rating=2))) == []
    assert list(pairs_of(dialogue(NEED, template, resolved=False, rating=5))) == []


def test_what_a_model_wrote_and_what_a_form_says_teach_nothing() -> None:
    written = bot(ANSWER, "track_order.how.en.1", by="generator")
    form = bot("Please give me your order number from the e-mail.", "utter_ask_order_number")
    handed = bot("A colleague is taking over this chat now.", "x", by="handoff")
    assert list(pairs_of(dialogue(NEED, written, form, handed, resolved=True))) == []


def test_an_agent_answers_what_the_bot_could_not() -> None:
    handed = bot("A colleague is taking over this chat now.", "utter_handoff", by="handoff")
    assert list(pairs_of(dialogue(NEED, handed, agent(ANSWER)))) == [Pair((0,), (2,))]


def test_an_unfilled_placeholder_is_no_answer() -> None:
    assert list(pairs_of(dialogue(NEED, agent("Hello {name}, your parcel left our warehouse on Monday.")))) == []


def test_an_answer_in_pieces_is_one_text_without_its_courtesies() -> None:
    turns = (
        NEED,
        agent("Hello Anna, your parcel left our warehouse on Monday."),
        agent("Is there anything else I can help you with?"),
        agent("It takes two days. Kind regards, Tom"),
        said("ok"),
    )
    told = dialogue(*turns)
    (pair,) = pairs_of(told)
    assert pair.answers == (1, 3)
    assert answer_text(told, pair) == "your parcel left our warehouse on Monday. It takes two days."


def test_buttons_and_single_words_need_nothing() -> None:
    assert list(pairs_of(dialogue(said("/track_order right now"), said("hm"), said(""), agent(ANSWER)))) == []
