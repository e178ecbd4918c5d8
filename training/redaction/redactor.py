"""Dialogues -> the same without personal data: pseudonyms in texts, channel and tags, and digests for erasure.

`training.redaction.masking` makes rows for training, with values that look real; here a conversation is made ready to be
stored. What the rules find and what a tagger finds is put together; a name, an address or a number found once is found
wherever it stands in its conversation. Nothing of an original outlives the call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from training.logs.dialogues import Dialogue, Label, Role, Turn
from training.redaction.masking import Masker, replaced
from training.redaction.merging import merged
from training.redaction.personal import MARK, Found, Kind, find
from training.redaction.pseudonyms import Pseudonyms, checked_secret, conversation_digest, identity_digest
from training.redaction.recurring import Recurring
from training.redaction.values import NO_FACTS, Facts

IDENTIFYING = frozenset({Kind.EMAIL, Kind.PHONE, Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER})
"""Kinds by which a person asks to be erased."""
_NAME_LABELS = frozenset({"person", "person_name"})


class Tagger(Protocol):
    """Finds what has no form: names of persons and postal addresses."""

    def names_and_places(self, texts: Sequence[str]) -> list[list[Found]]:
        """Of each text, in its order: stretches of kind NAME or ADDRESS, characters of the text as given."""
        ...


@dataclass(frozen=True, slots=True)
class Redacted:
    """A dialogue without personal data.

    Attributes:
        dialogue: with pseudonyms; its id is a digest of the logged one, labels' spans have moved with their texts.
        n_by_kind: how many stretches were replaced.
        identities: (kind, `identity_digest`) of e-mails, telephones, customer and order numbers in it.
    """

    dialogue: Dialogue
    n_by_kind: Mapping[Kind, int]
    identities: frozenset[tuple[Kind, str]]


class Redactor:
    """Redacts dialogues with one secret: by rules, and with a tagger where there is one."""

    def __init__(self, secret: bytes, *, tagger: Tagger | None = None, facts: Facts = NO_FACTS) -> None:
        """Raises ValueError for a secret of fewer than 16 bytes. `facts` are the shop's own values; they stay."""
        self._secret, self._tagger, self._facts = checked_secret(secret), tagger, facts

    def redact(self, dialogues: Sequence[Dialogue]) -> list[Redacted]:
        """In the order given; the tagger sees the texts of all of them at once."""
        texts = [turn.text for dialogue in dialogues for turn in dialogue.turns]
        tagged = iter(self._tagger.names_and_places(texts) if self._tagger else [()] * len(texts))
        found = [self._found(dialogue, [next(tagged) for _ in dialogue.turns]) for dialogue in dialogues]
        return [self._replaced(dialogue, ones) for dialogue, ones in zip(dialogues, found, strict=True)]

    def find(self, texts: Sequence[str]) -> list[list[Found]]:
        """What would be replaced in each text, if it stood alone."""
        alone = [Dialogue("", None, None, None, None, (), (Turn(Role.CUSTOMER, text),)) for text in texts]
        tagged = self._tagger.names_and_places(texts) if self._tagger else [()] * len(texts)
        return [self._found(one, [places])[0] for one, places in zip(alone, tagged, strict=True)]

    def _found(self, dialogue: Dialogue, tagged: Sequence[Sequence[Found]]) -> list[list[Found]]:
        """Of each turn, what is to be replaced."""
        texts = [turn.text for turn in dialogue.turns]
        masker = Masker.of(dialogue, facts=self._facts)
        found = [
            merged(masker.find(turn.text, _spans(turn)), [*places, *_named(turn)], out=self._untouchable(turn.text))
            for turn, places in zip(dialogue.turns, tagged, strict=True)
        ]
        recurring = Recurring(
            (text[one.start : one.end], one.kind) for text, ones in zip(texts, found, strict=True) for one in ones
        )
        if recurring:
            found = [
                merged(ones, recurring.find(text), out=self._untouchable(text))
                for text, ones in zip(texts, found, strict=True)
            ]
        return found

    def _replaced(self, dialogue: Dialogue, found: Sequence[Sequence[Found]]) -> Redacted:
        work = _Work(self._secret, dialogue.conversation_id)
        pairs = list(zip(dialogue.turns, found, strict=True))
        work.learn(turn.text[one.start : one.end] for turn, ones in pairs for one in ones if one.kind is Kind.NAME)
        turns = tuple(work.turn(turn, ones) if ones else turn for turn, ones in pairs)
        work.note_identities(dialogue.conversation_id)
        redacted = replace(
            dialogue,
            conversation_id=conversation_digest(self._secret, dialogue.conversation_id),
            channel=work.text(dialogue.channel) if dialogue.channel else dialogue.channel,
            tags=tuple(map(work.text, dialogue.tags)),
            turns=turns,
        )
        return Redacted(redacted, work.n_by_kind, frozenset(work.identities))

    def _untouchable(self, text: str) -> list[tuple[int, int]]:
        """Pseudonyms and marks that stand there already, and the shop's own values."""
        return [match.span() for match in MARK.finditer(text)] + [
            (start, end) for start, end, _ in self._facts.find(text)
        ]


class _Work:
    """What is gathered while one dialogue's texts are replaced."""

    def __init__(self, secret: bytes, conversation_id: str) -> None:
        self._secret = secret
        self._pseudonyms = Pseudonyms(secret, conversation_id)
        self.learn = self._pseudonyms.learn
        self.n_by_kind: Counter[Kind] = Counter()
        self.identities: set[tuple[Kind, str]] = set()

    def turn(self, turn: Turn, found: Sequence[Found]) -> Turn:
        """With pseudonyms, its label's spans moved."""
        result = replaced(turn.text, _spans(turn), found, self._pseudonym)
        self.n_by_kind.update(result.n_by_kind)
        label: Label | None = turn.label
        if label is not None and label.spans is not None:
            label = replace(label, spans=result.spans)
        return replace(turn, text=result.text, label=label)

    def text(self, text: str) -> str:
        """A short text by itself, by rules alone."""
        result = replaced(text, (), find(text), self._pseudonym)
        self.n_by_kind.update(result.n_by_kind)
        return result.text

    def note_identities(self, conversation_id: str) -> None:
        """The e-mail or telephone that a logged id may be."""
        for one in find(conversation_id):
            if one.kind in (Kind.EMAIL, Kind.PHONE):
                self._note(one.kind, conversation_id[one.start : one.end])

    def _pseudonym(self, one: Found, written: str) -> str:
        if one.kind in IDENTIFYING:
            self._note(one.kind, written)
        return self._pseudonyms.of(one.kind, written)

    def _note(self, kind: Kind, written: str) -> None:
        self.identities.add((kind, identity_digest(self._secret, kind, written)))


def _spans(turn: Turn) -> tuple[tuple[int, int, str], ...]:
    return (turn.label.spans if turn.label else None) or ()


def _named(turn: Turn) -> Iterable[Found]:
    return (Found(start, end, Kind.NAME) for start, end, entity in _spans(turn) if entity in _NAME_LABELS)
