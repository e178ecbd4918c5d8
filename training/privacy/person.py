"""A person as whoever asks for erasure names them, and whether a text or a stored conversation concerns them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from training.redaction.personal import Kind, find
from training.redaction.pseudonyms import identity_digest


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of them: ids as the help desk or Rasa has them, e-mail addresses, telephones, order numbers."""

    customer_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    order_numbers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where nothing is named, or an e-mail is none."""
        if not any((self.customer_ids, self.emails, self.phones, self.order_numbers)):
            raise ValueError(
                "erase: expected whom, found nothing; name --customer ID, --email, --phone or --order of the person"
            )
        for one in self.emails:
            if not any(found.kind is Kind.EMAIL for found in find(one)):
                raise ValueError("--email: expected an address such as name@example.com, found something else")

    @property
    def by_kind(self) -> Mapping[Kind, tuple[str, ...]]:
        """What is known, by the kind that redaction gives it."""
        return {
            Kind.CUSTOMER_NUMBER: self.customer_ids,
            Kind.EMAIL: self.emails,
            Kind.PHONE: self.phones,
            Kind.ORDER_NUMBER: self.order_numbers,
        }

    def digests(self, secret: bytes) -> frozenset[str]:
        """The keyed hashes under which ingested conversations name them."""
        return frozenset(
            identity_digest(secret, kind, written) for kind, values in self.by_kind.items() for written in values
        )


def digests_in(event: str, secret: bytes) -> frozenset[str]:
    """Digests of every address, telephone and number in the strings of an event's JSON."""
    found: set[str] = set()
    for text in _strings(event):
        for one in find(text):
            if one.kind in (Kind.EMAIL, Kind.PHONE, Kind.ORDER_NUMBER, Kind.CUSTOMER_NUMBER):
                written = text[one.start : one.end]
                found.add(identity_digest(secret, one.kind, written))
                # What looks like an order number may be what the help desk calls the customer.
                found.add(identity_digest(secret, Kind.CUSTOMER_NUMBER, written))
    return frozenset(found)


def _strings(event: str) -> list[str]:
    """The message's text and the value of a slot."""
    try:
        data = json.loads(event)
    except ValueError:
        return [event]
    values = [data.get("text"), data.get("value")] if isinstance(data, dict) else []
    return [value for value in values if isinstance(value, str)]
