from __future__ import annotations

from training.cleaning.folding import text_key
from training.mining.answers import Candidate, Refusal, candidate_of
from training.mining.cases import Case

RATE_US = "You will shortly receive an email to rate our chat."


def case(*parts: str) -> Case:
    return Case("can I return it", "can I return it", parts, "en", "en", 1, 1, 0.5, None, ())


def text_of(*parts: str) -> str:
    made = candidate_of(case(*parts))
    assert isinstance(made, Candidate), made
    return made.text


def test_only_what_can_be_said_to_everybody_is_kept() -> None:
    made = candidate_of(
        case(
            "Hello Anna, thanks for waiting.",
            "Unworn shoes can be returned within 30 days. I have sent you the label.",
            "Is there anything else?",
        )
    )
    assert isinstance(made, Candidate)
    assert made.text == "Unworn shoes can be returned within 30 days."
    assert made.generality == 0.5


def test_an_order_number_becomes_a_placeholder() -> None:
    said = "The order [order_number:4F7K] can be returned within 30 days."
    assert text_of(said) == "The order {order_number} can be returned within 30 days."


def test_marks_of_other_anonymisers_become_placeholders() -> None:
    said = "Please register on the page #URL# and wait for the #PRS_ORG# courier."
    assert text_of(said) == "Please register on the page {link} and wait for the {organisation} courier."


def test_a_sentence_with_a_person_is_left_out_and_an_answer_of_nothing_else_is_refused() -> None:
    person = "The courier [name:9PQR] rings at the door of [address:22AA] before noon."
    assert (
        text_of(person, "Deliveries take three to five working days.") == "Deliveries take three to five working days."
    )
    assert candidate_of(case(person)) is Refusal.PERSONAL


def test_an_answer_to_one_customer_only_is_refused_with_its_reason() -> None:
    assert candidate_of(case("I will call the depot for you and come back with news.")) is Refusal.NOTHING_GENERAL
    assert candidate_of(case("Yes, of course.")) is Refusal.SHORT
    assert candidate_of(case("very " * 130 + "long answer.")) is Refusal.LONG


def test_what_agents_paste_into_every_chat_is_left_out() -> None:
    macros = frozenset({text_key(RATE_US)})
    said = "Deliveries take three to five working days."
    made = candidate_of(case(said, RATE_US), macros=macros)
    assert isinstance(made, Candidate)
    assert made.text == said
