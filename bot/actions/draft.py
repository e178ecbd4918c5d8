"""The state of an order form while one message is worked on: slots -> `Draft` -> slot events.

`notice` is the reply that the next question, or the end of the form, says instead of its own. `misses` counts answers
in a row that did not help; from the second on a person is offered. `tried` is a number and a contact that fit no order
together, kept so that a customer who corrects one of them need not repeat the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from store.keys import contact_key, order_number_key

REQUESTED = "requested_slot"
OFFER = "offer"
HANDOFF = "handoff"
_KEPT = ("order_number", "contact", "tried", "new_address", "return_reason", "confirmed", "misses", "notice")
_OF_ONE_REQUEST = ("tried", "new_address", "return_reason", "confirmed", "misses", "notice")


@dataclass(slots=True)
class Draft:
    """Working copy of a form's slots. Only order number and contact outlive the request."""

    order_number: str | None = None
    contact: str | None = None
    tried: tuple[str, str] | None = None
    new_address: str | None = None
    return_reason: str | None = None
    confirmed: bool | None = None
    misses: int = 0
    notice: str | None = None
    requested: str | None = None
    has_new_number: bool = False
    has_new_contact: bool = False

    @classmethod
    def of(cls, tracker: Tracker) -> Draft:
        """From the slots; the notice of the last question is spent."""
        slots: dict[str, Any] = tracker.slots
        tried = slots.get("tried")
        return cls(
            order_number=slots.get("order_number"),
            contact=slots.get("contact"),
            tried=(tried[0], tried[1]) if tried else None,
            new_address=slots.get("new_address"),
            return_reason=slots.get("return_reason"),
            confirmed=slots.get("confirmed"),
            misses=int(slots.get("misses") or 0),
            requested=slots.get(REQUESTED),
        )

    @classmethod
    def opened(cls, tracker: Tracker) -> Draft:
        """For a new request: what is known of the order, nothing else."""
        return cls(order_number=tracker.slots.get("order_number"), contact=tracker.slots.get("contact"))

    def take(self, *, number: str | None = None, contact: str | None = None) -> bool:
        """Takes what a message gave; completes it with what was tried before. False where it gave nothing new."""
        is_new = bool(number and order_number_key(number) != order_number_key(self.order_number or ""))
        self.has_new_number |= is_new
        if number and is_new:
            self.order_number = number
            self.confirmed = self.new_address = None
        if contact and contact_key(contact) != contact_key(self.contact or ""):
            self.contact, self.has_new_contact = contact, True
        if self.tried and (number or contact):
            self.order_number = self.order_number or self.tried[0]
            self.contact = self.contact or self.tried[1]
        return self.has_new_number or self.has_new_contact

    def miss(self, notice: str | None = None) -> None:
        """The answer did not help; `notice` says why where that is known."""
        self.misses += 1
        self.notice = notice

    def end(self, notice: str) -> None:
        """The form ends without doing anything and says why."""
        self.requested, self.notice = None, notice

    def events(self) -> list[EventType]:
        """All slots as they are now; `requested_slot` None ends the form."""
        events = [SlotSet(name, getattr(self, name)) for name in _KEPT]
        return [*events, SlotSet(REQUESTED, self.requested)]


def cleared() -> list[EventType]:
    """What a finished request leaves behind: nothing but the order and its contact."""
    return [SlotSet(name, None) for name in _OF_ONE_REQUEST]
