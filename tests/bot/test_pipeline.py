"""The retriever as a component of Rasa's pipeline, with a real index: which intent a message gets by its best answer."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.pipeline import LOGGED_NEED, AnswerRetriever
from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex
from retrieval.retriever import Retriever, RetrieverSettings
from retrieval.templates import AnswerTemplate
from store.status import Status
from tests.models import table_encoder

VECTORS = {"helmet": (1, 0), "casque": (4, 3), "refund": (0, 1)}
KNOWN = {"refund_status", "out_of_scope"}


def template(text: str, intent: str) -> AnswerTemplate:
    return AnswerTemplate(f"{text}.en.1", "en", intent, (), text, (), Status.APPROVED, "logs")


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> AnswerRetriever:
    encoder = SentenceEncoder(table_encoder(tmp_path_factory.mktemp("encoder"), VECTORS))
    index = TemplateIndex(encoder.dim)
    index.add([template("helmet", "helmet_crash"), template("refund", "refund_status")], encoder)
    return AnswerRetriever(Retriever(encoder, index, RetrieverSettings(threshold=0.1)))


def parsed(component: AnswerRetriever, text: str, *, known: set[str] | None) -> Message:
    message = Message.build(text)
    ranking = [{"name": "out_of_scope", "confidence": 0.6}, {"name": "refund_status", "confidence": 0.4}]
    message.set("intent", ranking[0])
    message.set("intent_ranking", ranking)
    message.set("known_intents", known)
    (done,) = component.process([message])
    return done


def test_a_need_of_the_logs_is_what_a_message_is_about_where_its_answer_is_the_best(component: AnswerRetriever) -> None:
    done = parsed(component, "casque", known=KNOWN)
    assert done.get("answers")[0]["id"] == "helmet.en.1"
    assert done.get("intent") == {"name": LOGGED_NEED, "confidence": 0.8}
    assert [one["name"] for one in done.get("intent_ranking")] == [LOGGED_NEED, "out_of_scope", "refund_status"]
    assert sum(one["confidence"] for one in done.get("intent_ranking")) == pytest.approx(1)


def test_an_answer_of_a_known_intent_leaves_the_models_intent(component: AnswerRetriever) -> None:
    assert parsed(component, "refund", known=KNOWN).get("intent")["name"] == "out_of_scope"
    assert parsed(component, "helmet", known={*KNOWN, "helmet_crash"}).get("intent")["name"] == "out_of_scope"
    assert parsed(component, "helmet", known=None).get("intent")["name"] == "out_of_scope"
