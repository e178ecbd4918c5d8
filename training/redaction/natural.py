"""Pseudonyms of stored conversations -> made-up values that look real, so that models learn from them as from any log.

`[order_number:4F7K]` becomes a number of five digits, the same one wherever it stands. Who it was, nobody knows any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from training.logs.dialogues import Dialogue, Label, Turn
from training.redaction.masking import replaced
from training.redaction.personal import Found, Kind
from training.redaction.pseudonyms import PSEUDONYM, kind_of
from training.redaction.stand_ins import StandIns

_NAMES: Mapping[str, str] = {"ru": "Анна Белова", "ar": "ليلى منصور", "hi": "रीना वर्मा", "ja": "田中", "zh": "林"}
_ADDRESSES: Mapping[str, str] = {
    "ru": "ул. Новая, д. 1",
    "ar": "شارع النور 1",
    "hi": "मकान 1, नई रोड",
    "ja": "東町1-1",
    "zh": "东路1号",
}
_FORMS: Mapping[Kind, str] = {
    Kind.EMAIL: "anna.berg@mail.example",
    Kind.PHONE: "+49 170 1234567",
    Kind.CARD: "4000 0000 0000 0000",
    Kind.IBAN: "DE00 1000 0000 0000 0000 00",
    Kind.ORDER_NUMBER: "48213",
    Kind.CUSTOMER_NUMBER: "204881",
    Kind.NATIONAL_ID: "123456789012",
    Kind.IP_ADDRESS: "192.0.2.1",
    Kind.URL: "https://shop.example/x?token=0123456789abcdef",
    Kind.PASSWORD: "********",
}


def natural(dialogue: Dialogue) -> Dialogue:
    """The dialogue with values in the place of pseudonyms; labels' spans move along."""
    return replace(dialogue, turns=tuple(map(_turn, dialogue.turns)))


def _turn(turn: Turn) -> Turn:
    found = [Found(*match.span(), kind_of(match[0])) for match in PSEUDONYM.finditer(turn.text)]
    if not found:
        return turn
    label: Label | None = turn.label
    spans = (label.spans if label else None) or ()
    made = replaced(turn.text, spans, found, lambda one, written: _value(one.kind, written, turn.language or ""))
    if label is not None and label.spans is not None:
        label = replace(label, spans=made.spans)
    return replace(turn, text=made.text, label=label)


def _value(kind: Kind, pseudonym: str, language: str) -> str:
    """A value of the kind, in the script of the language, that follows from the pseudonym."""
    by_language = {Kind.NAME: _NAMES.get(language, "Anna Berg"), Kind.ADDRESS: _ADDRESSES.get(language, "Neustr. 1")}
    form = by_language.get(kind) or _FORMS[kind]
    return StandIns(pseudonym).of(kind, form)
