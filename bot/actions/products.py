"""Is it in stock, what does it cost: questions about one product of the shop."""

from __future__ import annotations

import logging

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions import services
from bot.actions.conversation import answer
from bot.actions.draft import OFFER
from bot.actions.order_replies import Reply, Values
from bot.actions.turn import language_of, latest_turn
from bot.shop import Product, ShopUnavailable

logger = logging.getLogger(__name__)
SLOT = "product"


class ActionProduct(Action):
    """Looks up the product named in the message; a question that names none is answered from retrieval.

    Where retrieval knows nothing either, the product named before is meant: "and what does it cost?".
    """

    def name(self) -> str:
        """The name in the domain."""
        return "action_product"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utters one reply and keeps the product's name for the next question."""
        turn = latest_turn(tracker)
        name = turn.first(SLOT)
        if name is None and not tracker.latest_message.get("answers"):
            name = tracker.get_slot(SLOT)
        if name is None:
            return answer(dispatcher, tracker)
        try:
            product = await services.shop().find_product(name, language_of(tracker))
        except ShopUnavailable:
            logger.exception("The shop did not answer a question about a product")
            Reply("utter_shop_unavailable").say(dispatcher)
            return [SlotSet(OFFER, None)]
        product_reply(product, name, asks_stock=turn.intent == "product_availability").say(dispatcher)
        return [SlotSet(OFFER, None), SlotSet(SLOT, name if product else None)]


def product_reply(product: Product | None, name: str, *, asks_stock: bool) -> Reply:
    """What to say of a product; `name` is the customer's word for it."""
    if product is None:
        return Reply("utter_product_unknown", {"product": name})
    priced: Values = {"product": product.name, "amount": float(product.price_eur)}
    if not asks_stock:
        return Reply("utter_product_details", {**priced, "url": product.url})
    if product.stock > 0:
        return Reply("utter_product_available", priced)
    if product.restock_on is not None:
        return Reply("utter_product_restock", {"product": product.name, "date": product.restock_on.isoformat()})
    return Reply("utter_product_unavailable", {"product": product.name})
