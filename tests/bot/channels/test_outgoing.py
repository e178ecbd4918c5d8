"""Replies as Rasa makes them keep their metadata on the way out."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.actions.action import create_bot_utterance

from bot.channels.outgoing import ReplyCollector

METADATA = {"language": "de", "answer_ids": ["a-1"], "written_by": "template", "checks": {"grounded": True}}


def sent(*responses: dict[str, Any]) -> list[dict[str, Any]]:
    """What is collected when an NLG has returned these, by way of Rasa's bot event."""
    collector = ReplyCollector()

    async def send() -> None:
        for response in responses:
            event = create_bot_utterance({**response, "utter_action": "utter_x"})
            await collector.send_response("anna", event.message())

    asyncio.run(send())
    return collector.replies


def test_the_metadata_of_the_nlg_stands_on_each_part() -> None:
    buttons = [{"title": "Ja", "payload": "/affirm"}]
    replies = sent(
        {"text": "Soll ich?", "buttons": buttons, "metadata": METADATA}, {"text": "a\n\nb", "metadata": METADATA}
    )
    assert replies == [
        {"recipient_id": "anna", "text": "Soll ich?", "buttons": buttons, "metadata": METADATA},
        {"recipient_id": "anna", "text": "a", "metadata": METADATA},
        {"recipient_id": "anna", "text": "b", "metadata": METADATA},
    ]


def test_metadata_of_one_reply_does_not_stay_for_the_next() -> None:
    replies = sent({"text": "a", "metadata": METADATA}, {"text": "b"}, {"text": "c", "metadata": None})
    assert [reply["metadata"] for reply in replies] == [METADATA, {}, {}]


def test_images_and_quick_replies_carry_it_too() -> None:
    image, quick = sent(
        {"image": "https://a.example/x.png", "metadata": METADATA},
        {"text": "?", "quick_replies": [{"title": "Ja", "payload": "/affirm"}], "metadata": METADATA},
    )
    assert (image["image"], image["metadata"]) == ("https://a.example/x.png", METADATA)
    assert (quick["buttons"][0]["payload"], quick["metadata"]) == ("/affirm", METADATA)
