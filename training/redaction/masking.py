"""Personal data out of a text before it reaches a training set: stand-ins in what customers wrote, placeholders in answers.

`training.redaction.personal` finds what is personal by its shape. A conversation knows more: what was labelled as an order
number once is one wherever it stands in the conversation. Values of the shop itself (its address, its telephone) are
handed in as `Facts`; they are no secret, and in answers they become the placeholder the template notation has for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from store.keys import order_number_key
from training.logs.dialogues import Dialogue, Origin, Role, Span
from training.redaction.personal import Found, Kind, find
from training.redaction.stand_ins import StandIns
from training.redaction.values import NO_FACTS, Facts, any_of, comparable, matches

KIND_OF_LABEL: Mapping[str, Kind] = {
    "order_number": Kind.ORDER_NUMBER,
    "email": Kind.EMAIL,
    "phone": Kind.PHONE,
    "phone_number": Kind.PHONE,
    "iban": Kind.IBAN,
    "card_number": Kind.CARD,
    "name": Kind.NAME,
    "address": Kind.ADDRESS,
    "street_address": Kind.ADDRESS,
    "national_id": Kind.NATIONAL_ID,
    "customer_number": Kind.CUSTOMER_NUMBER,
    "ip_address": Kind.IP_ADDRESS,
    "url": Kind.URL,
    "password": Kind.PASSWORD,
}
"""Entities whose values are personal whatever they look like."""
_NEEDS_NO_DIGIT = frozenset({Kind.EMAIL, Kind.NAME, Kind.ADDRESS, Kind.URL, Kind.PASSWORD})
_MIN_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data. `spans` have moved with it; `n_by_kind` counts what was replaced."""

    text: str
    spans: tuple[Span, ...]
    n_by_kind: Mapping[Kind, int]


class Masker:
    """Masks the texts of one conversation, so that a value has the same stand-in in all of them."""

    def __init__(
        self,
        key: str,
        *,
        labelled: Iterable[tuple[str, str]] = (),
        kept: Iterable[str] = (),
        texts: Iterable[str] = (),
        facts: Facts = NO_FACTS,
        languages: Iterable[str] = (),
    ) -> None:
        """What the conversation tells.

        Args:
            key: the conversation's id; stand-ins follow from it.
            labelled: (value, entity) pairs that somebody or the model marked in it.
            kept: values that a person marked as something that is not personal, such as a product.
            texts: what its customer wrote; numbers in it that return in an answer become placeholders there.
            facts: values of the shop.
            languages: ISO 639-1 of its turns, where known.
        """
        self._stand_ins, self._facts = StandIns(key), facts
        self._texts, self._languages = tuple(texts), tuple(dict.fromkeys(languages))
        self._kinds = {
            comparable(value): KIND_OF_LABEL[entity]
            for value, entity in labelled
            if entity in KIND_OF_LABEL and len(value.strip()) >= _MIN_LENGTH and _can_be_masked(value, entity)
        }
        self._known = any_of(self._kinds)
        self._kept = any_of(comparable(value) for value in kept if len(value.strip()) >= _MIN_LENGTH)

    @classmethod
    def of(cls, dialogue: Dialogue, *, facts: Facts = NO_FACTS) -> Masker:
        """All that a dialogue's labels and turns tell; only a person's marks keep a value from being masked."""
        labelled, kept, texts = [], [], []
        for turn in dialogue.turns:
            if turn.role is Role.CUSTOMER:
                texts.append(turn.text)
                for start, end, entity in (turn.label.spans if turn.label else None) or ():
                    labelled.append((turn.text[start:end], entity))
                    if turn.label and turn.label.origin is Origin.REVIEWED and entity not in KIND_OF_LABEL:
                        kept.append(turn.text[start:end])
        languages = [turn.language for turn in dialogue.turns if turn.language]
        key = dialogue.conversation_id
        return cls(key, labelled=labelled, kept=kept, texts=texts, facts=facts, languages=languages)

    def masked(self, text: str, spans: Sequence[Span] = ()) -> Masked:
        """With stand-ins; `spans` of the text move with it, and one that cuts a value in two takes all of it in."""
        return replaced(text, spans, self.find(text, spans), self._stand_in)

    def with_placeholders(self, text: str) -> Masked:
        """For an answer: `{email}`, the `{order_number}` that the customer named, the shop's own values by their names.

        What the template notation has no placeholder for gets its stand-in, the same as in the customer's words.
        """
        found = self.find(text)
        facts = {(start, end): f"{{{name}}}" for start, end, name in self._facts.find(text)}
        places = [Found(start, end, Kind.EMAIL) for start, end in facts]

        def replacement(one: Found, written: str) -> str:
            return facts.get((one.start, one.end)) or self._placeholder(one.kind, written)

        merged = replaced(text, (), sorted([*found, *places], key=lambda one: one.start), replacement)
        return Masked(merged.text, (), Counter(one.kind for one in found))

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """Order numbers that the customer named."""
        written = (
            text[one.start : one.end]
            for text in self._texts
            for one in self.find(text)
            if one.kind is Kind.ORDER_NUMBER
        )
        return frozenset(map(order_number_key, written))

    def _stand_in(self, one: Found, written: str) -> str:
        return self._stand_ins.of(one.kind, written)

    def _placeholder(self, kind: Kind, written: str) -> str:
        if kind is Kind.EMAIL:
            return "{email}"
        if kind is Kind.ORDER_NUMBER and order_number_key(written) in self._numbers:
            return "{order_number}"
        return self._stand_ins.of(kind, written)

    def find(self, text: str, spans: Sequence[Span] = ()) -> list[Found]:
        """Personal data in a text of the conversation; `spans` are its labels.

        A mark in the text itself ends where the person set it, also where no space follows (`CD-1905` `2月14号`).
        """
        marked = [
            Found(start, end, KIND_OF_LABEL[entity])
            for start, end, entity in spans
            if entity in KIND_OF_LABEL and _can_be_masked(text[start:end], entity)
        ]
        named = [Found(*span, self._kinds[written]) for span, written in matches(self._known, text)]
        kept = [(start, end) for start, end, entity in spans if entity not in KIND_OF_LABEL]
        kept += [span for span, _ in matches(self._kept, text)]
        public = [(start, end) for start, end, _ in self._facts.find(text)]
        return find(text, public=public, known=[*marked, *named], kept=kept, languages=self._languages)


def masked(text: str, *, key: str = "", spans: Sequence[Span] = ()) -> Masked:
    """One text by itself, with stand-ins.

    >>> masked("wo ist 48213?").n_by_kind[Kind.ORDER_NUMBER]
    1
    """
    labelled = [(text[start:end], entity) for start, end, entity in spans]
    return Masker(key, labelled=labelled).masked(text, spans)


def _can_be_masked(value: str, entity: str) -> bool:
    """A stand-in changes digits; what was marked as a number and has none would stay as it is."""
    return KIND_OF_LABEL[entity] in _NEEDS_NO_DIGIT or any(char.isdecimal() for char in value)


def replaced(
    text: str, spans: Sequence[Span], found: Sequence[Found], replacement: Callable[[Found, str], str]
) -> Masked:
    """The text with `replacement(one, written)` for each of `found` (in order, not overlapping); `spans` follow."""
    parts: list[str] = []
    moves: list[tuple[int, int, int, int]] = []
    at = end = 0
    for one in found:
        new = replacement(one, text[one.start : one.end])
        parts += [text[end : one.start], new]
        start = at + one.start - end
        at, end = start + len(new), one.end
        moves.append((one.start, one.end, start, at))
    parts.append(text[end:])
    moved = tuple((_moved(left, moves)[0], _moved(right, moves)[1], label) for left, right, label in spans)
    return Masked("".join(parts), moved, Counter(one.kind for one in found))


def _moved(position: int, moves: Sequence[tuple[int, int, int, int]]) -> tuple[int, int]:
    """Where a position of the old text lies in the new one, as a span's start and as its end."""
    shift = 0
    for old_start, old_end, new_start, new_end in moves:
        if position <= old_start:
            break
        if position < old_end:
            return new_start, new_end
        shift = new_end - old_end
    return position + shift, position + shift
