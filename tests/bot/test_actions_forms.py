"""The order forms read answers by what was asked, look orders up, and leave digressions to the rules."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.engine import Engine

from bot.actions import (
    AskCancelOrderConfirmed,
    AskContact,
    AskOrderNumber,
    AskRequestRefundConfirmed,
    ValidateCancelOrderForm,
    ValidateChangeAddressForm,
    ValidateRequestRefundForm,
    ValidateReturnItemForm,
    ValidateTrackOrderForm,
    services,
)
from bot.shop import ShopUnavailable
from tests.bot.trackers import LISTEN, answering, bot, is_rejected, keys_of, opening, run, slot, slots_of, tracker, user

EMAIL = "demo.en@example.com"
TRACK, CANCEL, RETURN = "track_order_form", "cancel_order_form", "return_item_form"
ADDRESS = "change_address_form"
pytestmark = pytest.mark.usefixtures("actions_database")


class Silent:
    """A shop that cannot answer."""

    async def find_order(self, number: str, contact: str) -> None:
        raise ShopUnavailable("expected an answer, found none: test")


def test_an_opening_that_says_all_ends_the_form() -> None:
    message = user(f"where is #10012? ({EMAIL})", "track_order", entities={"order_number": "#10012"})
    _, events = run(ValidateTrackOrderForm(), opening(TRACK, LISTEN, message))
    found = slots_of(events)
    assert (found["order_number"], found["contact"], found["requested_slot"]) == ("10012", EMAIL, None)


def test_a_number_the_model_overlooked_is_found_in_the_opening() -> None:
    _, events = run(ValidateCancelOrderForm(), opening(CANCEL, LISTEN, user("10011 stornieren", "cancel_order")))
    assert slots_of(events)["order_number"] == "10011"
    assert slots_of(events)["requested_slot"] == "contact"


def test_a_number_that_the_model_marked_too_widely_is_found() -> None:
    message = user("es el 10042", "track_order", entities={"order_number": "es el 10042"})
    assert slots_of(run(ValidateTrackOrderForm(), opening(TRACK, LISTEN, message))[1])["order_number"] == "10042"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("注文番号は10013です", {"order_number": "1001"}),
        ("order 10013", {"product": "10013"}),
        ("10013", {"amount": "10013"}),
    ],
)
def test_a_short_answer_is_read_by_its_shape_whatever_the_model_marked(text: str, marks: dict[str, str]) -> None:
    over = answering(TRACK, "order_number", user(text, entities=marks))
    assert slots_of(run(ValidateTrackOrderForm(), over)[1])["order_number"] == "10013"


def test_wrong_marks_of_the_model_do_not_spoil_a_contact_or_a_number() -> None:
    message = user(EMAIL, entities={"email": ["de", "mo.en@example.com"], "amount": "1"})
    over = opening(TRACK, LISTEN, message, LISTEN, user("where is it", "track_order"), order_number="10012")
    assert slots_of(run(ValidateTrackOrderForm(), over)[1])["contact"] == EMAIL
    message = user("10012 de", entities={"email": "de", "amount": ["1", "0"]})
    found = slots_of(run(ValidateTrackOrderForm(), answering(TRACK, "order_number", message))[1])
    assert (found["order_number"], found["contact"]) == ("10012", None)


def test_a_number_said_before_is_not_asked_for_again() -> None:
    earlier = user("10012 is a mess", "complain", entities={"order_number": "10012"})
    bare = user(EMAIL, "nlu_fallback")
    now = user("so where is it", "track_order")
    _, events = run(ValidateTrackOrderForm(), opening(TRACK, LISTEN, earlier, LISTEN, bare, LISTEN, now))
    assert slots_of(events)["requested_slot"] is None


def test_a_number_of_another_session_is_asked_for() -> None:
    earlier = user("10012", "track_order", entities={"order_number": "10012"})
    now = user("where is it", "track_order")
    over = opening(TRACK, LISTEN, earlier, {"event": "session_started"}, LISTEN, now)
    assert slots_of(run(ValidateTrackOrderForm(), over)[1])["requested_slot"] == "order_number"


def test_a_number_that_went_into_the_slot_before_does_not_come_back() -> None:
    earlier = user("10012", entities={"order_number": "10012"})
    over = opening(TRACK, LISTEN, earlier, slot("order_number", None), LISTEN, user("where is it", "track_order"))
    assert slots_of(run(ValidateTrackOrderForm(), over)[1])["order_number"] is None


def test_a_new_number_replaces_the_known_one_and_keeps_the_contact() -> None:
    message = user("and 10012?", "track_order", entities={"order_number": "10012"})
    over = opening(TRACK, LISTEN, message, order_number="10011", contact=EMAIL)
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["order_number"], found["contact"], found["requested_slot"]) == ("10012", EMAIL, None)


def test_a_contact_that_fits_only_the_earlier_order_is_asked_for_without_a_reproach() -> None:
    message = user("and 10022?", "track_order", entities={"order_number": "10022"})
    over = opening(TRACK, LISTEN, message, order_number="10011", contact=EMAIL)
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["requested_slot"], found["notice"], found["misses"]) == ("contact", None, 0)


@pytest.mark.parametrize("intent", ["greet", "deny", "goodbye", "delivery_time", "cancel_order", "nlu_fallback"])
def test_a_bare_number_answers_whatever_its_intent(intent: str) -> None:
    _, events = run(ValidateTrackOrderForm(), answering(TRACK, "order_number", user("10012", intent)))
    assert slots_of(events)["order_number"] == "10012"
    assert not is_rejected(events)


@pytest.mark.parametrize(
    "contact", [EMAIL, "ls1 4dy", "LS14DY", "My e-mail is demo.en@example.com.", "postcode: LS1 4DY"]
)
def test_a_contact_answers_whatever_its_intent(contact: str) -> None:
    over = answering(TRACK, "contact", user(contact, "delete_account"), order_number="10012")
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["requested_slot"], found["notice"]) == (None, None)


def test_full_width_digits_are_a_number_and_no_postcode_as_well() -> None:
    found = slots_of(run(ValidateTrackOrderForm(), answering(TRACK, "order_number", user("１００１２")))[1])
    assert (found["order_number"], found["contact"]) == ("10012", None)


def test_number_and_postcode_in_one_answer_are_both_taken() -> None:
    found = slots_of(run(ValidateTrackOrderForm(), answering(TRACK, "order_number", user("10022, 50667")))[1])
    assert (found["order_number"], found["contact"], found["requested_slot"]) == ("10022", "50667", None)


def test_another_order_number_in_place_of_the_contact_is_one() -> None:
    over = answering(TRACK, "contact", user("no, AG-77120-3", "deny"), order_number="10012")
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["order_number"], found["contact"], found["requested_slot"]) == ("AG-77120-3", None, "contact")


def test_a_question_is_left_to_the_rules() -> None:
    message = user("how long do you take, 2 or 4 days?", "delivery_time")
    _, events = run(ValidateTrackOrderForm(), answering(TRACK, "order_number", message))
    assert is_rejected(events)
    assert slots_of(events) == {}


def test_a_number_with_a_long_question_is_taken_and_the_question_left_to_the_rules() -> None:
    message = user("it is 10012 and by the way how long does a delivery to Spain take?", "delivery_time")
    _, events = run(ValidateTrackOrderForm(), answering(TRACK, "order_number", message))
    assert is_rejected(events)
    assert slots_of(events)["order_number"] == "10012"


def test_a_form_goes_on_after_a_digression_with_the_same_question() -> None:
    done = {"event": "action", "name": "action_answer"}
    asked = [slot("requested_slot", "contact"), {"event": "action", "name": TRACK}]
    over = tracker(
        LISTEN,
        user("2 days?", "delivery_time"),
        done,
        *asked,
        form=TRACK,
        requested_slot="contact",
        order_number="10012",
    )
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["requested_slot"], found["order_number"], found["notice"]) == ("contact", "10012", None)


def test_a_question_about_refunds_is_answered_within_the_form() -> None:
    answers = [{"intent": "refund_status", "score": 0.6}]
    message = user("how long does the refund take?", "refund_status", answers=answers)
    _, events = run(ValidateCancelOrderForm(), answering(CANCEL, "contact", message, order_number="10011"))
    assert {"event": "followup", "timestamp": None, "name": "action_answer"} in events
    assert is_rejected(events)


@pytest.mark.parametrize("intent", ["cancel_order", "talk_to_human"])
def test_leaving_a_form_needs_more_than_a_guess(intent: str) -> None:
    sure = answering(TRACK, "order_number", user("...", intent, confidence=0.7))
    guess = answering(TRACK, "order_number", user("...", intent, confidence=0.5))
    assert is_rejected(run(ValidateTrackOrderForm(), sure)[1])
    assert not is_rejected(run(ValidateTrackOrderForm(), guess)[1])


@pytest.mark.parametrize(("intent", "notice"), [("deny", "utter_form_stopped"), ("goodbye", "utter_goodbye")])
def test_a_no_or_a_goodbye_ends_the_form(intent: str, notice: str) -> None:
    found = slots_of(run(ValidateTrackOrderForm(), answering(TRACK, "order_number", user("...", intent)))[1])
    assert (found["requested_slot"], found["notice"]) == (None, notice)


def test_a_word_for_leaving_it_ends_the_form_even_where_text_is_free() -> None:
    over = answering(RETURN, "return_reason", user("never mind"), order_number="10013", contact=EMAIL)
    assert slots_of(run(ValidateReturnItemForm(), over)[1])["notice"] == "utter_form_stopped"


@pytest.mark.parametrize(
    ("requested", "text", "notice"),
    [
        ("order_number", "12", "utter_wrong_order_number"),
        ("order_number", "hm", None),
        ("contact", "my name is kim@", "utter_contact_invalid"),
    ],
)
def test_an_answer_that_does_not_help_is_counted_and_named(requested: str, text: str, notice: str | None) -> None:
    over = answering(TRACK, requested, user(text), order_number="10012" if requested == "contact" else None)
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["requested_slot"], found["misses"], found["notice"]) == (requested, 1, notice)


def test_a_wrong_contact_asks_for_both_and_the_next_one_is_paired_with_the_number() -> None:
    over = answering(TRACK, "contact", user("wrong@example.com"), order_number="10012")
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["order_number"], found["requested_slot"], found["misses"]) == (None, "order_number", 1)
    assert found["notice"] == "utter_order_not_found"
    found = slots_of(
        run(ValidateTrackOrderForm(), answering(TRACK, "order_number", user(EMAIL), tried=found["tried"]))[1]
    )
    assert (found["order_number"], found["contact"], found["requested_slot"]) == ("10012", EMAIL, None)


def test_another_number_paired_with_the_contact_that_was_tried_counts_as_the_second_failure() -> None:
    over = answering(TRACK, "order_number", user("55555"), tried=["10012", "wrong@example.com"])
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["misses"], found["notice"]) == (2, "utter_order_not_found")
    assert found["tried"] == ("55555", "wrong@example.com")


def test_a_shop_that_does_not_answer_ends_the_form_and_keeps_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "shop", Silent)
    over = answering(TRACK, "contact", user(EMAIL), order_number="10012")
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["notice"], found["requested_slot"]) == ("utter_shop_unavailable", None)
    assert (found["order_number"], found["contact"]) == ("10012", EMAIL)


@pytest.mark.parametrize(
    "intent", ["damaged_item", "complain", "affirm", "nlu_fallback", "cancel_order", "track_order"]
)
def test_a_reason_may_have_any_of_many_intents(intent: str) -> None:
    over = answering(RETURN, "return_reason", user("came too late", intent), order_number="10013", contact=EMAIL)
    found = slots_of(run(ValidateReturnItemForm(), over)[1])
    assert (found["return_reason"], found["requested_slot"]) == ("came too late", "confirmed")


def test_a_clear_question_is_no_reason() -> None:
    over = answering(RETURN, "return_reason", user("is it free?", "return_policy"), order_number="10013", contact=EMAIL)
    assert is_rejected(run(ValidateReturnItemForm(), over)[1])


def test_an_address_is_taken_whatever_its_intent() -> None:
    message = user("Mill Lane 7, Leeds LS1 4AP", "payment_methods")
    over = answering(ADDRESS, "new_address", message, order_number="10011", contact=EMAIL)
    found = slots_of(run(ValidateChangeAddressForm(), over)[1])
    assert (found["new_address"], found["requested_slot"]) == ("Mill Lane 7, Leeds LS1 4AP", "confirmed")


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "confirmed"),
    [
        ("yes", "affirm", 0.9, True),
        ("/affirm", "affirm", 1.0, True),
        ("ok do it", "cancel_order", 0.9, True),
        ("yes!", "nlu_fallback", 0.35, True),
        ("yes, of course", "deny", 0.5, True),
        ("yes", "deny", 0.95, None),
        ("cancel it already", "cancel_order", 0.9, None),
        ("hmm", "nlu_fallback", 0.35, None),
    ],
)
def test_only_a_clear_yes_confirms(text: str, intent: str, confidence: float, confirmed: bool | None) -> None:
    message = user(text, intent, confidence=confidence)
    over = answering(CANCEL, "confirmed", message, order_number="10011", contact=EMAIL)
    found = slots_of(run(ValidateCancelOrderForm(), over)[1])
    assert found["confirmed"] is confirmed
    assert found["requested_slot"] == (None if confirmed else "confirmed")


def test_another_number_at_the_confirmation_is_asked_about_anew() -> None:
    message = user("no, 10022", "deny", entities={"order_number": "10022"})
    over = answering(CANCEL, "confirmed", message, order_number="10011", contact=EMAIL)
    found = slots_of(run(ValidateCancelOrderForm(), over)[1])
    assert (found["order_number"], found["confirmed"], found["requested_slot"]) == ("10022", None, "contact")


@pytest.mark.parametrize(("number", "contact"), [("10012", EMAIL), ("70551", "s.murphy@example.ie")])
def test_what_cannot_be_cancelled_needs_no_confirmation(number: str, contact: str) -> None:
    over = answering(CANCEL, "contact", user(contact), order_number=number)
    assert slots_of(run(ValidateCancelOrderForm(), over)[1])["requested_slot"] is None


@pytest.mark.parametrize(
    ("form", "number", "contact"),
    [
        (ValidateReturnItemForm, "EN-30118", "s.murphy@example.ie"),
        (ValidateReturnItemForm, "10012", EMAIL),
        (ValidateRequestRefundForm, "10011", EMAIL),
        (ValidateRequestRefundForm, "10014", EMAIL),
        (ValidateChangeAddressForm, "10012", EMAIL),
    ],
)
def test_what_the_shop_rules_out_is_not_asked_about(form: type, number: str, contact: str) -> None:
    over = answering(form().form(), "contact", user(contact), order_number=number)
    assert slots_of(run(form(), over)[1])["requested_slot"] is None


def test_a_yes_to_a_person_offered_beside_the_question_is_left_to_the_rules() -> None:
    over = answering(TRACK, "order_number", user("yes", "affirm"), offer="handoff")
    assert is_rejected(run(ValidateTrackOrderForm(), over)[1])


def test_a_no_to_a_person_asks_the_question_again() -> None:
    over = answering(TRACK, "order_number", user("no", "deny"), offer="handoff", misses=2)
    found = slots_of(run(ValidateTrackOrderForm(), over)[1])
    assert (found["requested_slot"], found["misses"], found["offer"]) == ("order_number", 0, None)


def test_a_question_is_asked_plainly() -> None:
    messages, events = run(AskContact(), tracker(LISTEN, user("10012")))
    assert keys_of(messages) == ["utter_ask_contact"]
    assert "offer" not in slots_of(events)


def test_a_notice_is_said_in_place_of_the_question() -> None:
    over = tracker(LISTEN, user("x"), notice="utter_order_not_found", tried=["10012", "x@example.com"], misses=1)
    messages, events = run(AskOrderNumber(), over)
    assert keys_of(messages) == ["utter_order_not_found"]
    assert messages[0]["order_number"] == "10012"
    assert slots_of(events)["notice"] is None


def test_the_second_miss_offers_a_person() -> None:
    messages, events = run(AskOrderNumber(), tracker(LISTEN, user("x"), misses=2))
    assert keys_of(messages) == ["utter_offer_human"]
    assert slots_of(events)["offer"] == "handoff"


def test_a_confirmation_names_the_products_in_the_conversations_language() -> None:
    german = user("bitte stornieren", "cancel_order", language=_language("de"))
    over = tracker(LISTEN, german, order_number="48213", contact="marie.durand@example.fr")
    messages, events = run(AskCancelOrderConfirmed(), over)
    assert keys_of(messages) == ["utter_ask_cancel_order_form_confirmed"]
    assert (messages[0]["order_number"], messages[0]["product"]) == ("48213", "City-Rucksack")
    assert slots_of(events)["offer"] is None


def test_several_products_are_enumerated_with_their_quantities() -> None:
    german = user("bitte stornieren", "cancel_order", language=_language("de"))
    over = tracker(LISTEN, german, order_number="DE-2024-1187", contact="34117")
    messages, _ = run(AskCancelOrderConfirmed(), over)
    assert messages[0]["product"] == "Laufschuhe und 2 × Laufsocken"


def test_a_confirmation_of_a_refund_names_the_amount_as_a_number() -> None:
    order = asyncio.run(services.shop().find_order("10013", EMAIL))
    assert order is not None
    messages, _ = run(AskRequestRefundConfirmed(), tracker(LISTEN, user("x"), order_number="10013", contact=EMAIL))
    assert messages[0]["amount"] == float(order.amount_eur)


def test_a_confirmation_says_when_the_shop_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "shop", Silent)
    messages, _ = run(AskCancelOrderConfirmed(), tracker(LISTEN, user("x"), bot("utter_ask_contact"), order_number="1"))
    assert keys_of(messages) == ["utter_shop_unavailable"]


def test_a_story_is_the_reason_itself(actions_database: Engine) -> None:
    story = (
        "hello I ordered the running shoes for my son three weeks ago but he has grown so much that they pinch him " * 2
    )
    over = opening(RETURN, LISTEN, user(story.strip(), "return_item"), order_number="10013", contact=EMAIL)
    found = slots_of(run(ValidateReturnItemForm(), over)[1])
    assert (found["return_reason"], found["requested_slot"]) == (story.strip(), "confirmed")


def _language(code: str) -> dict[str, object]:
    candidates = [{"code": code, "confidence": 0.99}]
    return {"code": code, "confidence": 0.99, "candidates": candidates, "abstained": False}
