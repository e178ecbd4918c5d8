"""Every conversation of the fourteen files, held with the running server; and what is kept of it."""

from __future__ import annotations

import pytest

from tests.conversations.harness import METADATA_KEYS, Conversation, marked, problems_of, read_conversations, replay
from tests.xenia_server import Server

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]
CONVERSATIONS = read_conversations()


@pytest.mark.parametrize("conversation", [marked(one) for one in CONVERSATIONS])
def test_the_conversation_goes_as_written(server: Server, conversation: Conversation) -> None:
    replay(server, conversation)


@pytest.mark.parametrize("source", ["tracker", "database"])
def test_what_was_understood_and_said_is_kept(server: Server, source: str) -> None:
    if source == "database" and server.database_path is None:
        pytest.skip("the database of the server of XENIA_URL cannot be read from here")
    sender = server.new_sender("kept")
    replies = server.say(sender, "Wie viele Tage habe ich, um etwas zurückzuschicken?", language="de")
    server.say(sender, "Wo ist denn meine Bestellung 10022?", language="de")
    events = server.events(sender) if source == "tracker" else server.stored_events(sender)
    question, request = [event["parse_data"] for event in events if event["event"] == "user"]
    assert question["language"]["code"] == "de"
    assert question["intent"]["name"] == "return_policy"
    assert question["answers"][0]["intent"] == "return_policy"
    assert 0 < question["answers"][0]["score"] <= 1
    assert [(one["entity"], one["value"]) for one in request["entities"]] == [("order_number", "10022")]
    # Rasa keeps what an NLG returns beside its text one level down, under the name it came by.
    said = [event["metadata"]["metadata"] for event in events if event["event"] == "bot"]
    assert len(said) == 2
    assert all(set(metadata) >= METADATA_KEYS for metadata in said)
    assert said[0]["answer_ids"] == replies[0].metadata["answer_ids"]
    assert [metadata["language"] for metadata in said] == ["de", "de"]


def test_two_customers_do_not_mix(server: Server) -> None:
    """Turn by turn in two languages: slots and language belong to the conversation."""
    tracked = [one for one in CONVERSATIONS if one.page and one.language in ("ja", "tr")]
    senders = [server.new_sender(f"mixed-{one.language}") for one in tracked]
    for steps in zip(*(one.steps for one in tracked), strict=True):
        for conversation, sender, step in zip(tracked, senders, steps, strict=True):
            replies = server.say(sender, step.customer, language=conversation.language)
            assert problems_of(step, replies) == [], [reply.text for reply in replies]
