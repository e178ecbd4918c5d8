"""Answers, yes and no, languages, what was not understood, products, and giving the conversation to a person."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from bot.actions import (
    ActionAffirm,
    ActionAnswer,
    ActionComplain,
    ActionDefaultAskAffirmation,
    ActionDefaultAskRephrase,
    ActionDefaultFallback,
    ActionDeny,
    ActionHandoff,
    ActionProduct,
    ActionSessionStart,
    ActionSwitchLanguage,
    ValidateHandoffForm,
    handoff,
    services,
)
from bot.shop import ShopUnavailable
from store.handoffs import close_handoff
from store.sessions import session_scope
from store.tables import Handoff
from tests.bot.trackers import LISTEN, answering, bot, is_rejected, keys_of, run, slot, slots_of, tracker, user

FORM = "handoff_form"
GERMAN = {"code": "de", "confidence": 0.99, "candidates": [{"code": "de", "confidence": 0.99}], "abstained": False}
ANSWERS = [{"id": "warranty.period.en.1", "intent": "warranty", "score": 0.8}]
pytestmark = pytest.mark.usefixtures("actions_database")


def ranking(*intents: tuple[str, float]) -> list[dict[str, object]]:
    return [{"name": name, "confidence": confidence} for name, confidence in intents]


def unclear(text: str, *intents: tuple[str, float], **parse: object) -> dict[str, object]:
    return user(text, confidence=0.35, intent_ranking=ranking(("nlu_fallback", 0.35), *intents), **parse)


def open_handoffs(database: Engine) -> list[Handoff]:
    with session_scope(database) as session:
        return list(session.scalars(select(Handoff).where(Handoff.closed_at.is_(None))))


@pytest.mark.parametrize(("answers", "offer"), [(ANSWERS, None), ([], "handoff")])
def test_an_answer_offers_a_person_only_where_retrieval_found_nothing(answers: list[object], offer: str | None) -> None:
    messages, events = run(ActionAnswer(), tracker(LISTEN, user("how long?", "warranty", answers=answers)))
    assert keys_of(messages) == ["utter_answer"]
    assert slots_of(events) == {"offer": offer}


@pytest.mark.parametrize(
    ("action", "key"), [(ActionComplain, "utter_complain"), (ActionDefaultFallback, "utter_default")]
)
def test_replies_that_offer_a_person_say_so_in_the_slot(action: type, key: str) -> None:
    messages, events = run(action(), tracker(LISTEN, user("x")))
    assert keys_of(messages) == [key]
    assert slots_of(events) == {"offer": "handoff"}


def test_asking_for_other_words_offers_nothing() -> None:
    messages, events = run(ActionDefaultAskRephrase(), tracker(LISTEN, user("x")))
    assert (keys_of(messages), slots_of(events)) == (["utter_ask_rephrase"], {"offer": None})


def test_a_yes_to_nothing_asks_what_to_do() -> None:
    messages, _ = run(ActionAffirm(), tracker(LISTEN, user("yes", "affirm")))
    assert keys_of(messages) == ["utter_what_next"]


def test_a_yes_to_a_person_hands_over(actions_database: Engine) -> None:
    messages, events = run(ActionAffirm(), tracker(LISTEN, user("yes", "affirm"), offer="handoff"))
    (handed_over,) = open_handoffs(actions_database)
    assert keys_of(messages) == ["utter_handoff"]
    assert messages[0]["ticket"] == handed_over.ticket
    assert handed_over.reason == "accepted_offer"
    assert slots_of(events)["handed_off"] is True


def test_a_yes_to_a_person_whom_only_the_nlg_offered_hands_over() -> None:
    said = bot("utter_answer", answer_ids=["utter_no_answer"])
    messages, _ = run(ActionAffirm(), tracker(LISTEN, user("x"), said, LISTEN, user("yes", "affirm")))
    assert keys_of(messages) == ["utter_handoff"]


def test_a_yes_to_a_topic_repeats_the_message_with_that_intent() -> None:
    first = unclear("hmm 10012", ("track_order", 0.3), entities={"order_number": "10012"}, answers=ANSWERS)
    over = tracker(LISTEN, first, bot("utter_ask_affirmation"), LISTEN, user("yes", "affirm"), offer="track_order")
    messages, events = run(ActionAffirm(), over)
    assert messages == []
    assert [event["event"] for event in events] == ["slot", "action", "user"]
    repeated = events[-1]
    assert repeated["text"] == "hmm 10012"
    assert repeated["parse_data"]["intent"] == {"name": "track_order", "confidence": 1.0}
    assert repeated["parse_data"]["entities"] == [{"entity": "order_number", "value": "10012"}]
    assert repeated["parse_data"]["answers"] == ANSWERS


@pytest.mark.parametrize(
    ("offer", "key"),
    [(None, "utter_anything_else"), ("handoff", "utter_anything_else"), ("track_order", "utter_ask_rephrase")],
)
def test_a_no_depends_on_what_was_offered(offer: str | None, key: str) -> None:
    messages, events = run(ActionDeny(), tracker(LISTEN, user("no", "deny"), offer=offer))
    assert keys_of(messages) == [key]
    assert slots_of(events) == {"offer": None}


def test_what_was_not_understood_is_asked_about_with_choices() -> None:
    over = tracker(LISTEN, unclear("hmm", ("affirm", 0.34), ("warranty", 0.2)))
    messages, events = run(ActionDefaultAskAffirmation(), over)
    assert keys_of(messages) == ["utter_ask_affirmation"]
    assert messages[0]["topic"] == "warranty"
    assert [choice["payload"] for choice in messages[0]["choices"]] == ["/affirm", "/deny"]
    assert messages[0]["buttons"] == []
    assert slots_of(events) == {"offer": "warranty"}


def test_what_resembles_no_topic_is_asked_for_in_other_words() -> None:
    messages, _ = run(
        ActionDefaultAskAffirmation(), tracker(LISTEN, unclear("grmbl", ("greet", 0.3), ("warranty", 0.05)))
    )
    assert keys_of(messages) == ["utter_ask_rephrase"]


@pytest.mark.parametrize("before", ["utter_ask_affirmation", "utter_ask_rephrase"])
def test_a_second_failure_gives_up_and_offers_a_person(before: str) -> None:
    over = tracker(LISTEN, user("x"), bot(before), LISTEN, unclear("hmm", ("warranty", 0.2)))
    messages, events = run(ActionDefaultAskAffirmation(), over)
    assert keys_of(messages) == ["utter_default"]
    assert slots_of(events) == {"offer": "handoff"}


def test_an_unclear_yes_to_a_person_hands_over() -> None:
    over = tracker(LISTEN, user("x"), bot("utter_complain"), LISTEN, unclear("yes put me through", ("warranty", 0.2)))
    assert keys_of(run(ActionDefaultAskAffirmation(), over)[0]) == ["utter_handoff"]


@pytest.mark.parametrize(("score", "key"), [(0.8, "utter_answer"), (0.6, "utter_ask_affirmation")])
def test_an_unclear_question_with_a_strong_answer_is_answered(score: float, key: str) -> None:
    answers = [{**ANSWERS[0], "score": score}]
    over = tracker(LISTEN, unclear("how many years?", ("warranty", 0.3), answers=answers))
    assert keys_of(run(ActionDefaultAskAffirmation(), over)[0]) == [key]


def test_a_bare_order_number_asks_what_to_do_with_it() -> None:
    over = tracker(LISTEN, unclear("#48213", ("track_order", 0.3)))
    assert keys_of(run(ActionDefaultAskAffirmation(), over)[0]) == ["utter_what_next"]


def test_a_served_language_is_chosen_and_announced_afterwards() -> None:
    message = user("auf Deutsch bitte", "switch_language", entities={"target_language": "Deutsch"})
    messages, events = run(ActionSwitchLanguage(), tracker(LISTEN, message))
    assert messages == []
    assert slots_of(events) == {"language_choice": "de"}
    assert [event["name"] for event in events if event["event"] == "followup"] == ["utter_language_switched"]


def test_a_language_the_model_did_not_mark_is_found() -> None:
    _, events = run(ActionSwitchLanguage(), tracker(LISTEN, user("können wir deutsch schreiben", "switch_language")))
    assert slots_of(events) == {"language_choice": "de"}


def test_an_unserved_language_is_named_in_the_conversations_language() -> None:
    message = user("Schwedisch?", "switch_language", entities={"target_language": "Schwedisch"}, language=GERMAN)
    messages, events = run(ActionSwitchLanguage(), tracker(LISTEN, user("hallo", language=GERMAN), LISTEN, message))
    assert keys_of(messages) == ["utter_language_unavailable"]
    assert messages[0]["target_language"] == "Schwedisch"
    assert events == []


def test_no_language_at_all_is_answered_with_those_there_are() -> None:
    messages, _ = run(ActionSwitchLanguage(), tracker(LISTEN, user("which ones do you speak?", "switch_language")))
    assert keys_of(messages) == ["utter_language_which"]
    assert all(name in messages[0]["languages"] for name in ("English", "Deutsch", "日本語"))


@pytest.mark.parametrize(
    ("name", "intent", "key", "values"),
    [
        ("floor lamp", "product_availability", "utter_product_available", {"product": "Floor lamp", "amount": 84.5}),
        ("rain jacket", "product_availability", "utter_product_restock", {"product": "Rain jacket"}),
        ("coffee grinder", "product_availability", "utter_product_unavailable", {"product": "Coffee grinder"}),
        ("Stehlampe", "product_information", "utter_product_details", {"product": "Floor lamp", "amount": 84.5}),
        ("submarine", "product_availability", "utter_product_unknown", {"product": "submarine"}),
    ],
)
def test_a_named_product_is_looked_up(name: str, intent: str, key: str, values: dict[str, object]) -> None:
    messages, _ = run(ActionProduct(), tracker(LISTEN, user("?", intent, entities={"product": name}, answers=ANSWERS)))
    assert keys_of(messages) == [key]
    assert {name: messages[0][name] for name in values} == values


def test_the_day_a_product_comes_back_is_an_iso_day() -> None:
    messages, _ = run(
        ActionProduct(), tracker(LISTEN, user("?", "product_availability", entities={"product": "smartwatch"}))
    )
    assert date.fromisoformat(messages[0]["date"]) > date.today()


def test_a_question_without_a_product_is_answered_from_retrieval_and_else_by_the_product_before() -> None:
    over = tracker(LISTEN, user("how is it washed?", "product_information", answers=ANSWERS), product="floor lamp")
    assert keys_of(run(ActionProduct(), over)[0]) == ["utter_answer"]
    over = tracker(LISTEN, user("and the price?", "product_information"), product="floor lamp")
    assert keys_of(run(ActionProduct(), over)[0]) == ["utter_product_details"]
    messages, events = run(ActionProduct(), tracker(LISTEN, user("and the price?", "product_information")))
    assert (keys_of(messages), slots_of(events)) == (["utter_answer"], {"offer": "handoff"})


def test_a_shop_that_does_not_answer_about_a_product_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        async def find_product(self, name: str, language: str) -> None:
            raise ShopUnavailable("expected an answer, found none: test")

    monkeypatch.setattr(services, "shop", Silent)
    over = tracker(LISTEN, user("?", "product_availability", entities={"product": "lamp"}))
    assert keys_of(run(ActionProduct(), over)[0]) == ["utter_shop_unavailable"]


def test_a_request_for_a_person_opens_one_handoff_with_what_is_known(actions_database: Engine) -> None:
    over = tracker(
        LISTEN, user("where is 10012", "track_order"), LISTEN, user("a person!", "talk_to_human"),
        form="track_order_form", order_number="10012", contact="demo.en@example.com",
    )  # fmt: skip
    messages, events = run(ActionHandoff(), over)
    run(ActionHandoff(), over)
    (opened,) = open_handoffs(actions_database)
    assert messages[0]["ticket"] == opened.ticket
    assert (opened.conversation_id, opened.channel, opened.language) == ("test-1", "rest", "en")
    assert opened.summary.splitlines() == [
        "Open request: track_order",
        "Order: 10012",
        "Contact: demo.en@example.com",
        "Customer: where is 10012",
        "Customer: a person!",
    ]
    assert {"event": "active_loop", "name": FORM, "timestamp": None} in events


def test_an_unsure_request_for_a_person_is_asked_back(actions_database: Engine) -> None:
    messages, events = run(ActionHandoff(), tracker(LISTEN, user("hm", "talk_to_human", confidence=0.4)))
    assert keys_of(messages) == ["utter_offer_human"]
    assert slots_of(events) == {"offer": "handoff"}
    assert open_handoffs(actions_database) == []


def test_a_handoff_that_cannot_be_stored_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff, "open_handoff", _broken)
    messages, events = run(ActionHandoff(), tracker(LISTEN, user("a person", "talk_to_human")))
    assert (keys_of(messages), events) == (["utter_error"], [])


def test_a_person_has_it_until_closed(actions_database: Engine) -> None:
    run(ActionHandoff(), tracker(LISTEN, user("a person", "talk_to_human")))
    messages, events = run(ValidateHandoffForm(), answering(FORM, "handoff_over", user("hello?", "greet")))
    assert messages == []
    assert slots_of(events) == {"handed_off": True, "requested_slot": "handoff_over"}
    assert not is_rejected(events)
    messages, _ = run(ValidateHandoffForm(), answering(FORM, "handoff_over", user("a person", "talk_to_human")))
    assert keys_of(messages) == ["utter_handoff_waiting"]
    with session_scope(actions_database) as session:
        close_handoff(session, "test-1")
    messages, events = run(ValidateHandoffForm(), answering(FORM, "handoff_over", user("hello?", "greet")))
    assert messages == []
    assert is_rejected(events)
    assert slots_of(events) == {"handed_off": None, "requested_slot": None}


def test_the_bot_stays_quiet_while_the_database_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff, "is_handed_off", _broken)
    _, events = run(ValidateHandoffForm(), answering(FORM, "handoff_over", user("hello?", "greet")))
    assert not is_rejected(events)


def test_a_session_keeps_the_language_and_forgets_the_order() -> None:
    over = tracker(slot("language_choice", "de"), language_choice="de", order_number="10012")
    _, events = run(ActionSessionStart(), over)
    assert [event["event"] for event in events] == ["session_started", "slot", "action"]
    assert slots_of(events) == {"language_choice": "de"}


def test_a_session_of_a_conversation_that_a_person_has_is_quiet() -> None:
    run(ActionHandoff(), tracker(LISTEN, user("a person", "talk_to_human")))
    _, events = run(ActionSessionStart(), tracker())
    assert {"event": "active_loop", "name": FORM, "timestamp": None} in events
    assert events[-1]["name"] == "action_listen"


def test_a_session_starts_although_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff, "is_handed_off", _broken)
    assert [event["event"] for event in run(ActionSessionStart(), tracker())[1]] == ["session_started", "action"]


def _broken(*_: object, **__: object) -> None:
    raise OperationalError("SELECT", {}, Exception("no database"))
