"""Zendesk tickets with their comments -> dialogues.

From the full JSON export (one ticket a line, people as objects) or the API (`{"tickets": [...], "users": [...]}`), with the
comments put into each ticket:

    {"id": 35436, "external_id": "ahg35h3jh", "created_at": "2009-07-20T22:55:29Z", "status": "solved", "tags": ["refund"],
     "via": {"channel": "email"}, "requester_id": 20978392, "satisfaction_rating": {"score": "good"},
     "requester": {"id": 20978392, "email": "...", "external_id": "..."}, "is_public": true, "description": "...",
     "comments": [{"author_id": 20978392, "public": true, "plain_body": "...", "body": "...", "html_body": "...",
                   "created_at": "2009-07-20T22:55:29Z", "via": {"channel": "email"}}]}
    {"users": [{"id": 20978392, "role": "end-user", "email": "..."}]}

A comment is the customer's by its author: the requester, or an end-user of `users`; the bot's where the author is the system
(-1) or a trigger wrote it (`via.channel` of `rule` or `system`); else an agent's. One that is not `public` is an internal
note and no turn. `description` repeats the first comment and counts only where a ticket came without `comments`.
`metric_set`, where it was side-loaded, tells in `reopens` that the ticket was reopened.
Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ and .../tickets/ticket_comments/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from training.ingest.export_fields import (
    first_text,
    identifier,
    ids_of,
    in_order,
    inner,
    objects,
    optional_id,
    stars,
    strings,
    with_reopened,
)
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.fields import moment

_SYSTEM = "-1"
_AUTOMATIC = frozenset({"rule", "system"})
_SOLVED = frozenset({"solved", "closed"})
_STAFF = frozenset({"agent", "admin"})
_SCORES = {"good": 5.0, "goodwithcomment": 5.0, "bad": 1.0, "badwithcomment": 1.0}


class People:
    """Who the users of an export are: the staff's ids, and the customers' e-mails."""

    def __init__(self, users: Iterable[object] = ()) -> None:
        self._emails: dict[str, str] = {}
        self._customers: set[str] = set()
        for user in users:
            if isinstance(user, dict) and (name := optional_id(user.get("id"))) and user.get("role") not in _STAFF:
                self._customers.add(name)
                if email := optional_id(user.get("email")):
                    self._emails[name] = email

    def is_customer(self, name: str | None) -> bool:
        """Whether this id is an end-user's."""
        return name in self._customers

    def email(self, name: str | None) -> str | None:
        """The e-mail of an end-user."""
        return self._emails.get(name or "")


NOBODY = People()


def is_ticket(record: Mapping[str, Any]) -> bool:
    """Whether a record looks like a ticket of Zendesk's."""
    is_asked = "requester_id" in record or isinstance(record.get("requester"), dict)
    return is_asked and ("comments" in record or "satisfaction_rating" in record or "is_public" in record)


def read_ticket(record: Mapping[str, Any], people: People = NOBODY) -> tuple[Dialogue, tuple[str, ...]]:
    """A ticket and the customer's ids; raises BadField."""
    requester = inner(record, "requester")
    customer = optional_id(record.get("requester_id")) or optional_id(requester.get("id"))
    dialogue = Dialogue(
        conversation_id=identifier(record, "id"),
        channel=optional_id(inner(record, "via").get("channel")),
        started_at=moment(record.get("created_at"), "created_at"),
        resolved=True if record.get("status") in _SOLVED else None,
        rating=_rating(record),
        tags=with_reopened(strings(record.get("tags")), inner(record, "metric_set").get("reopens")),
        turns=in_order(_turns(record, customer, people)),
    )
    ids = (customer, requester.get("external_id"), requester.get("email"), people.email(customer))
    return dialogue, ids_of(*ids)


def _rating(record: Mapping[str, Any]) -> float | None:
    score = inner(record, "satisfaction_rating").get("score")
    return _SCORES.get(score.replace("_", "")) if isinstance(score, str) else stars(score)


def _turns(record: Mapping[str, Any], customer: str | None, people: People) -> Iterator[Turn]:
    if "comments" not in record:
        if record.get("is_public") is not False and (text := first_text(record, "description")):
            yield Turn(Role.CUSTOMER, text, moment(record.get("created_at"), "created_at"))
        return
    for comment in objects(record["comments"]):
        text = first_text(comment, "plain_body", "body", "html_body")
        if comment.get("public") is not False and text:
            yield Turn(_role(comment, customer, people), text, moment(comment.get("created_at"), "created_at"))


def _role(comment: Mapping[str, Any], customer: str | None, people: People) -> Role:
    person = inner(comment, "author")
    author = optional_id(comment.get("author_id")) or optional_id(person.get("id"))
    if author == _SYSTEM or inner(comment, "via").get("channel") in _AUTOMATIC:
        return Role.BOT
    # A second end-user is a colleague of the customer's in copy.
    is_customer = author == customer or person.get("role") == "end-user" or people.is_customer(author)
    return Role.CUSTOMER if is_customer else Role.AGENT
