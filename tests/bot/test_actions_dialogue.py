"""domain.yml, data/rules.yml and data/stories.yml in a real Rasa: a core model is trained and talked to.

Messages come with their parse, so no model of language is needed; actions run in this process over the demo shop; the
NLG says the reply's key. What is tested is who speaks when, and what the forms keep.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.model_training import train
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import select
from sqlalchemy.engine import Engine

from store.handoffs import close_handoff
from store.sessions import session_scope
from store.tables import Handoff, Order, OrderStatus

pytestmark = pytest.mark.filterwarnings("ignore")
CONFIG = {
    "recipe": "default.v1",
    "language": "en",
    "assistant_id": "test",
    "pipeline": [],
    "policies": [
        {"name": "MemoizationPolicy", "max_history": 4},
        {"name": "RulePolicy", "core_fallback_threshold": 0.3, "core_fallback_action_name": "action_default_fallback"},
    ],
}
EMAIL = "demo.en@example.com"
ANSWER = {"id": "delivery_time.standard.en.1", "intent": "delivery_time", "language": "en", "score": 0.9, "text": "..."}


class Keys(NaturalLanguageGenerator):
    """Says the key, and keeps the values it was given with it."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []

    async def generate(self, utter_action: str, tracker: Any, output_channel: str, **kwargs: Any) -> dict[str, Any]:
        self.said.append((utter_action, {**kwargs, "slots": tracker.current_slot_values()}))
        return {"text": utter_action, "metadata": {"answer_ids": [utter_action]}}


class Here(EndpointConfig):
    """An action server in this process."""

    def __init__(self) -> None:
        super().__init__(url="http://here")
        self.executor = ActionExecutor()
        self.executor.register_package("bot.actions")

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        return await self.executor.run(json)


class Talk:
    """One conversation; `say` returns the keys of the replies."""

    def __init__(self, agent: Agent, nlg: Keys, sender: str) -> None:
        self.agent, self.nlg, self.sender = agent, nlg, sender

    async def say(
        self, text: str, intent: str, *, confidence: float = 0.95, answers: tuple[Any, ...] = (), **entities: str
    ) -> list[str]:
        n_said = len(self.nlg.said)
        ranked = [{"name": intent, "confidence": confidence}]
        if intent == "nlu_fallback":
            ranked.append({"name": "track_order", "confidence": 0.3})
        parse = {
            "text": text,
            "intent": ranked[0],
            "intent_ranking": ranked,
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "answers": list(answers),
            "language": {"code": "en", "confidence": 0.99, "candidates": [], "abstained": False},
        }
        message = UserMessage(text, CollectingOutputChannel(), self.sender, parse_data=parse, input_channel="rest")
        await self.agent.handle_message(message)
        return [key for key, _ in self.nlg.said[n_said:]]

    def values(self) -> dict[str, Any]:
        return self.nlg.said[-1][1]

    async def slots(self) -> dict[str, Any]:
        tracker = await self.agent.tracker_store.get_or_create_tracker(self.sender)
        return tracker.current_slot_values()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    configure_structlog()
    folder = tmp_path_factory.mktemp("core")
    (folder / "config.yml").write_text(yaml.safe_dump(CONFIG), "utf-8")
    files = ["data/rules.yml", "data/stories.yml"]
    result = train("domain.yml", str(folder / "config.yml"), files, output=str(folder), fixed_model_name="core")
    assert result.code == 0
    return Path(result.model)


@pytest.fixture
def talk(model: Path, actions_database: Engine) -> Talk:
    nlg = Keys()
    return Talk(Agent.load(model, generator=nlg, action_endpoint=Here()), nlg, "test-1")


def test_tracks_an_order_step_by_step(talk: Talk) -> None:
    async def conversation() -> None:
        assert await talk.say("hello", "greet") == ["utter_greet"]
        assert await talk.say("where is my order", "track_order") == ["utter_ask_order_number"]
        assert await talk.say("10012", "payment_methods") == ["utter_ask_contact"]
        assert await talk.say(EMAIL, "greet", email=EMAIL) == ["utter_order_shipped"]
        assert talk.values()["order_number"] == "10012"
        assert await talk.say("thanks", "thank") == ["utter_thank"]
        assert await talk.say("bye", "goodbye") == ["utter_goodbye"]

    asyncio.run(conversation())


def test_everything_in_one_message_is_answered_at_once(talk: Talk) -> None:
    text = f"where is 10012, my mail is {EMAIL}"
    assert asyncio.run(talk.say(text, "track_order", order_number="10012", email=EMAIL)) == ["utter_order_shipped"]


def test_a_digression_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("where is my order", "track_order")
        said = await talk.say("how long does delivery take?", "delivery_time", answers=(ANSWER,))
        assert said == ["utter_answer", "utter_ask_order_number"]
        assert await talk.say("thanks", "thank") == ["utter_thank", "utter_ask_order_number"]
        assert await talk.say("10012", "deny", order_number="10012") == ["utter_ask_contact"]
        assert await talk.say("are you a bot?", "bot_challenge") == ["utter_bot_challenge", "utter_ask_contact"]
        said = await talk.say("is the lamp in stock", "product_availability", product="floor lamp")
        assert said == ["utter_product_available", "utter_ask_contact"]
        assert await talk.say(EMAIL, "greet") == ["utter_order_shipped"]

    asyncio.run(conversation())


def test_a_refund_question_within_another_form_is_answered_there(talk: Talk) -> None:
    refund = {**ANSWER, "intent": "refund_status"}

    async def conversation() -> None:
        await talk.say("cancel 10011", "cancel_order", order_number="10011")
        said = await talk.say("how long does the refund take?", "refund_status", answers=(refund,))
        assert said == ["utter_answer", "utter_ask_contact"]
        assert await talk.say(EMAIL, "greet") == ["utter_ask_cancel_order_form_confirmed"]

    asyncio.run(conversation())


def test_cancels_after_a_confirmation(talk: Talk, actions_database: Engine) -> None:
    async def conversation() -> None:
        assert await talk.say("cancel 10011", "cancel_order", order_number="10011") == ["utter_ask_contact"]
        assert await talk.say(EMAIL, "greet") == ["utter_ask_cancel_order_form_confirmed"]
        assert talk.values()["product"]
        assert status_of(actions_database, "10011") is OrderStatus.PROCESSING
        said = await talk.say("what does delivery cost?", "delivery_cost", answers=(ANSWER,))
        assert said == ["utter_answer", "utter_ask_cancel_order_form_confirmed"]
        assert await talk.say("yes please cancel it", "cancel_order") == ["utter_cancel_done"]
        assert status_of(actions_database, "10011") is OrderStatus.CANCELLED
        assert await talk.say("yes", "affirm") == ["utter_what_next"]

    asyncio.run(conversation())


def test_a_no_leaves_the_order_alone(talk: Talk, actions_database: Engine) -> None:
    async def conversation() -> None:
        await talk.say("cancel 10011", "cancel_order", order_number="10011")
        await talk.say(EMAIL, "greet")
        assert await talk.say("no", "deny") == ["utter_form_stopped"]
        assert await talk.say("no", "deny") == ["utter_anything_else"]

    asyncio.run(conversation())
    assert status_of(actions_database, "10011") is OrderStatus.PROCESSING


def test_what_has_left_is_not_cancelled_and_not_asked_about(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("cancel 10012", "cancel_order", order_number="10012")
        assert await talk.say(EMAIL, "greet") == ["utter_cancel_too_late"]

    asyncio.run(conversation())


def test_a_wrong_contact_shows_nothing_and_then_offers_a_person(talk: Talk, actions_database: Engine) -> None:
    async def conversation() -> None:
        await talk.say("where is 10012", "track_order", order_number="10012")
        assert await talk.say("other@example.com", "greet") == ["utter_order_not_found"]
        assert await talk.say("another@example.com", "greet") == ["utter_order_not_found", "utter_offer_human"]
        assert await talk.say("yes", "affirm") == ["utter_handoff"]

    asyncio.run(conversation())
    assert open_ticket(actions_database) is not None


def test_the_right_contact_after_a_wrong_one_needs_no_second_order_number(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("where is 10012", "track_order", order_number="10012")
        await talk.say("other@example.com", "greet")
        assert await talk.say(f"sorry, {EMAIL}", "greet") == ["utter_order_shipped"]

    asyncio.run(conversation())


def test_another_request_takes_over_what_is_known(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("where is my order", "track_order")
        await talk.say("10011", "greet")
        assert await talk.say("no, cancel it", "cancel_order") == ["utter_ask_contact"]
        assert await talk.say(EMAIL, "greet") == ["utter_ask_cancel_order_form_confirmed"]
        await talk.say("no", "deny")
        assert await talk.say("and where is it?", "track_order") == ["utter_order_processing"]
        assert await talk.say("and 10012?", "track_order", order_number="10012") == ["utter_order_shipped"]

    asyncio.run(conversation())


def test_returns_with_a_reason_of_any_intent(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("return 10013", "return_item", order_number="10013")
        assert await talk.say(EMAIL, "greet") == ["utter_ask_return_reason"]
        assert await talk.say("it arrived broken", "damaged_item") == ["utter_ask_return_item_form_confirmed"]
        assert await talk.say("ok", "affirm") == ["utter_return_created"]
        assert talk.values()["email"] == EMAIL

    asyncio.run(conversation())


def test_an_address_is_asked_for_again_until_it_is_right(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("new address for 10011", "change_address", order_number="10011")
        assert await talk.say(EMAIL, "greet") == ["utter_ask_new_address"]
        assert await talk.say("Mill Lane 7", "contact_details", confidence=0.5) == ["utter_address_invalid"]
        said = await talk.say("Mill Lane 7, Leeds LS1 4AP", "track_order", confidence=0.9)
        assert said == ["utter_ask_change_address_form_confirmed"]
        assert await talk.say("no", "deny") == ["utter_ask_new_address"]
        await talk.say("Mill Lane 9, Leeds LS1 4AP", "affirm")
        assert await talk.say("yes", "affirm") == ["utter_address_changed"]
        assert talk.values()["address"] == "Mill Lane 9, Leeds LS1 4AP"

    asyncio.run(conversation())


def test_a_change_of_language_keeps_the_form(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("where is 10012", "track_order", order_number="10012")
        said = await talk.say("auf Deutsch bitte", "switch_language", target_language="Deutsch")
        assert said == ["utter_language_switched", "utter_ask_contact"]
        assert talk.values()["slots"]["language_choice"] == "de"
        assert await talk.say(EMAIL, "greet") == ["utter_order_shipped"]

    asyncio.run(conversation())


def test_the_new_language_is_known_when_it_is_announced(talk: Talk) -> None:
    assert asyncio.run(talk.say("auf Deutsch", "switch_language", target_language="Deutsch")) == [
        "utter_language_switched"
    ]
    assert talk.values()["slots"]["language_choice"] == "de"


def test_a_person_has_the_conversation_until_it_is_closed(talk: Talk, actions_database: Engine) -> None:
    async def conversation() -> None:
        await talk.say("where is my order", "track_order")
        assert await talk.say("a person please", "talk_to_human") == ["utter_handoff"]
        assert await talk.say("hello?", "greet") == []
        assert await talk.say("where is it", "track_order") == []
        assert await talk.say("what?", "nlu_fallback") == []
        assert await talk.say("a person!", "talk_to_human") == ["utter_handoff_waiting"]
        assert talk.values()["ticket"] == open_ticket(actions_database)
        with session_scope(actions_database) as session:
            close_handoff(session, talk.sender)
        assert await talk.say("hello?", "greet") == ["utter_greet"]
        assert not (await talk.slots())["handed_off"]
        assert await talk.say("where is my order", "track_order") == ["utter_ask_order_number"]

    asyncio.run(conversation())


def test_a_new_session_is_quiet_while_a_person_has_the_conversation(talk: Talk, actions_database: Engine) -> None:
    async def conversation() -> None:
        await talk.say("auf Deutsch", "switch_language", target_language="Deutsch")
        await talk.say("a person please", "talk_to_human")
        tracker = await talk.agent.tracker_store.get_or_create_tracker(talk.sender)
        for event in tracker.events:
            event.timestamp -= 2 * 60 * 60
        await talk.agent.tracker_store.save(tracker)
        assert await talk.say("hello?", "greet") == []
        with session_scope(actions_database) as session:
            close_handoff(session, talk.sender)
        assert await talk.say("hello?", "greet") == ["utter_greet"]
        assert (await talk.slots())["language_choice"] == "de"

    asyncio.run(conversation())


def test_a_complaint_offers_a_person(talk: Talk) -> None:
    async def conversation() -> None:
        assert await talk.say("terrible service", "complain") == ["utter_complain"]
        assert await talk.say("yes", "affirm") == ["utter_handoff"]

    asyncio.run(conversation())


def test_an_offer_is_off_after_something_else(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("terrible service", "complain")
        await talk.say("how long is the warranty", "warranty", answers=(ANSWER,))
        assert await talk.say("yes", "affirm") == ["utter_what_next"]

    asyncio.run(conversation())


def test_an_unanswered_question_offers_a_person(talk: Talk) -> None:
    async def conversation() -> None:
        assert await talk.say("do you plant trees?", "delivery_cost") == ["utter_answer"]
        assert await talk.say("yes", "affirm") == ["utter_handoff"]

    asyncio.run(conversation())


def test_what_was_meant_is_confirmed_and_then_done(talk: Talk) -> None:
    async def conversation() -> None:
        said = await talk.say("hmm parcel 10012?", "nlu_fallback", order_number="10012")
        assert said == ["utter_ask_affirmation"]
        assert talk.values()["topic"] == "track_order"
        assert await talk.say("/affirm", "affirm") == ["utter_ask_contact"]

    asyncio.run(conversation())


def test_gives_up_after_the_second_guess(talk: Talk) -> None:
    async def conversation() -> None:
        assert await talk.say("hrmpf", "nlu_fallback") == ["utter_ask_affirmation"]
        assert await talk.say("/deny", "deny") == ["utter_ask_rephrase"]
        assert await talk.say("hrmpf!", "nlu_fallback") == ["utter_default"]
        assert await talk.say("yes", "affirm") == ["utter_handoff"]

    asyncio.run(conversation())


@pytest.mark.parametrize("intent", ["input_empty", "input_too_long"])
def test_no_message_within_a_form_is_said_and_the_form_goes_on(talk: Talk, intent: str) -> None:
    async def conversation() -> None:
        await talk.say("where is my order", "track_order")
        said = await talk.say(f"/{intent}", intent)
        assert said == [f"utter_{intent}", "utter_ask_order_number"]

    asyncio.run(conversation())


def test_goodbye_ends_a_form(talk: Talk) -> None:
    async def conversation() -> None:
        await talk.say("where is my order", "track_order")
        assert await talk.say("bye", "goodbye") == ["utter_goodbye"]
        assert await talk.say("10012 hello", "greet") == ["utter_greet"]

    asyncio.run(conversation())


def test_every_action_of_the_domain_has_its_class_and_the_other_way_round() -> None:
    domain = yaml.safe_load(Path("domain.yml").read_text("utf-8"))
    served = set(Here().executor.actions)
    assert {name for name in domain["actions"] if not name.startswith("utter_")} == served


def test_the_domain_knows_the_intents_of_the_data() -> None:
    domain = yaml.safe_load(Path("domain.yml").read_text("utf-8"))
    situations = yaml.safe_load(Path("data/situations.yml").read_text("utf-8"))["situations"]
    assert set(domain["intents"]) == {*situations, "input_empty", "input_too_long", "logged_need"}


def status_of(database: Engine, number: str) -> OrderStatus:
    with session_scope(database) as session:
        return session.scalars(select(Order).where(Order.number == number)).one().status


def open_ticket(database: Engine) -> str | None:
    with session_scope(database) as session:
        found = session.scalars(select(Handoff).where(Handoff.closed_at.is_(None))).one_or_none()
        return None if found is None else found.ticket
