"""The customer asks for a language, or which ones there are."""

from __future__ import annotations

import asyncio

from babel.lists import format_list
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.order_replies import Reply
from bot.actions.turn import language_of, latest_turn
from bot.conversation import CHOICE_SLOT
from bot.settings import settings
from nlu.language_names import language_name, language_of_name

SWITCHED_KEY = "utter_language_switched"


class ActionSwitchLanguage(Action):
    """Goes on in a language that is served; says so where it is not; asks which where none was named.

    "Gladly in X" is a followup action of its own: replies of one action are written before its slots are set, and it
    would still come in the old language.
    """

    def name(self) -> str:
        """The name in the domain."""
        return "action_switch_language"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Sets `language_choice`, or says why not."""
        served, spoken = settings().languages, language_of(tracker)
        code = await asyncio.to_thread(_named_language, tracker, served)
        if code in served:
            return [SlotSet(CHOICE_SLOT, code), FollowupAction(SWITCHED_KEY)]
        if code is None:
            names = [language_name(one, one) for one in served]
            Reply("utter_language_which", {"languages": str(format_list(names, locale=spoken))}).say(dispatcher)
        else:
            Reply("utter_language_unavailable", {"target_language": language_name(code, spoken)}).say(dispatcher)
        return []


def _named_language(tracker: Tracker, served: tuple[str, ...]) -> str | None:
    """The language that the model marked, else one named anywhere in the message; served ones before others."""
    turn = latest_turn(tracker)
    marked = " ".join(turn.entities.get("target_language", ()))
    return (language_of_name(marked, served=served) if marked else None) or language_of_name(turn.text, served=served)
