"""A guess counts only where the conversation bears it out."""

from __future__ import annotations

import pytest

from tests.training.logs.builders import agent, bot, dialogue, said
from training.logs.confirmation import confirmed_intent
from training.logs.dialogues import Origin, Turn

ASKED = said("what does shipping cost", "delivery_cost")
ANSWER = bot("It costs 4.90.", "delivery_cost.standard.en.1")
NEXT = said("and how long is the warranty on lamps?", "warranty")


def _is_confirmed(*turns: Turn, resolved: bool | None = None, threshold: float = 0.9) -> bool:
    return confirmed_intent(dialogue(*turns, resolved=resolved), 0, threshold=threshold) is not None


@pytest.mark.parametrize(
    "turns",
    [
        (ASKED, ANSWER, NEXT, ANSWER),
        (ASKED, ANSWER, said("10022", "nlu_fallback"), ANSWER),
        (ASKED, ANSWER, said("k@web.de", "nlu_fallback"), ANSWER),
    ],
)
def test_a_conversation_that_goes_on_confirms(turns: tuple[Turn, ...]) -> None:
    assert _is_confirmed(*turns)


@pytest.mark.parametrize(
    "turns",
    [
        (ASKED,),
        (ASKED, NEXT, ANSWER),
        (ASKED, ANSWER),
        (ASKED, bot("Could you put it another way?", "utter_ask_rephrase"), NEXT, ANSWER),
        (ASKED, bot("A colleague takes over.", "utter_handoff", by="handoff"), NEXT, ANSWER),
        (ASKED, agent("I can help with that."), NEXT, ANSWER),
        (ASKED, ANSWER, said("no", "deny"), ANSWER),
        (ASKED, ANSWER, said("/deny"), ANSWER),
        (ASKED, ANSWER, said("a person please", "talk_to_human"), ANSWER),
        (ASKED, ANSWER, said("that is not what I meant", "nlu_fallback"), ANSWER),
        (ASKED, ANSWER, said("What does the shipping cost?", "delivery_cost"), ANSWER),
        (ASKED, ANSWER, NEXT, bot("I didn't get that.", "utter_default")),
        (said("what does shipping cost", "nlu_fallback"), ANSWER, NEXT, ANSWER),
        (said("/greet", "greet"), ANSWER, NEXT, ANSWER),
        (said("what does shipping cost"), ANSWER, NEXT, ANSWER),
    ],
)
def test_silence_doubt_and_hand_offs_do_not(turns: tuple[Turn, ...]) -> None:
    assert not _is_confirmed(*turns)


def test_the_last_message_counts_where_the_conversation_went_well() -> None:
    assert _is_confirmed(ASKED, ANSWER, resolved=True)
    assert not _is_confirmed(ASKED, ANSWER, NEXT, ANSWER, resolved=False)


def test_confidence_must_reach_the_threshold() -> None:
    turns = (said("what does shipping cost", "delivery_cost", 0.9), ANSWER, NEXT, ANSWER)
    assert _is_confirmed(*turns, threshold=0.9)
    assert not _is_confirmed(*turns, threshold=0.91)


def test_what_the_customer_was_asked_and_affirmed_needs_no_further_sign() -> None:
    affirmed = said("my thing came in pieces", "damaged_item", 1.0, Origin.CUSTOMER)
    assert _is_confirmed(affirmed, bot("Is this about damage?", "utter_ask_affirmation"))
    assert not _is_confirmed(affirmed, resolved=False)
