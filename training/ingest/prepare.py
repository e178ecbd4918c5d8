"""Conversations as written -> cleaned and redacted ones, ready to be stored; also in processes beside this one.

What comes out holds nothing of a customer as it was written: the database and every later step see this only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nlu.language import LanguageIdentifier
from training.cleaning.text import clean
from training.ingest.assemble import Batch, Gathered
from training.logs.dialogues import Dialogue, Role, Turn
from training.logs.rows import Identify
from training.redaction.personal import Kind
from training.redaction.pseudonyms import identity_digest
from training.redaction.redactor import Redactor, Tagger
from training.redaction.values import Facts

_N_CHARACTERS = 400
"""As much of what one side wrote is enough to tell its language."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """All that a process needs to prepare batches. Folders are None where their model is not to be used."""

    secret: bytes
    namespace: str
    tagger_dir: Path | None = None
    language_dir: Path | None = None
    facts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A redacted conversation; `identities` are (kind, digest) of whom it concerns."""

    dialogue: Dialogue
    rows: tuple[int, ...]
    identities: frozenset[tuple[str, str]]
    n_redacted: Counter[str]


class Preparer:
    """Cleans, tells languages, redacts."""

    def __init__(self, settings: Preparing) -> None:
        """Loads the models that the settings name."""
        self._settings = settings
        self._identify = LanguageIdentifier(settings.language_dir).code_of if settings.language_dir else None
        self._redactor = Redactor(
            settings.secret, tagger=_tagger(settings.tagger_dir), facts=Facts(settings.facts or {})
        )

    def prepare(self, batch: Batch) -> list[Prepared]:
        """The batch's conversations in their order; turns without words after cleaning are left out."""
        cleaned = [self._cleaned(one) for one in batch.gathered]
        redacted = self._redactor.redact([one.dialogue for one in cleaned])
        return [
            Prepared(
                dialogue=done.dialogue,
                rows=one.rows,
                identities=frozenset((kind.value, digest) for kind, digest in done.identities) | self._ids(one),
                n_redacted=Counter({kind.value: count for kind, count in done.n_by_kind.items()}),
            )
            for one, done in zip(cleaned, redacted, strict=True)
        ]

    def _cleaned(self, one: Gathered) -> Gathered:
        kept = [
            (replace(turn, text=text) if turn.label is None else turn, row)
            for turn, row in zip(one.dialogue.turns, one.rows, strict=True)
            if (text := clean(turn.text)).strip()
        ]
        turns = tuple(turn for turn, _ in kept)
        dialogue = replace(
            one.dialogue,
            conversation_id=f"{self._settings.namespace}:{one.dialogue.conversation_id}",
            turns=_with_languages(turns, self._identify) if self._identify else turns,
        )
        return replace(one, dialogue=dialogue, rows=tuple(row for _, row in kept))

    def _ids(self, one: Gathered) -> frozenset[tuple[str, str]]:
        """Digests of the customer as the source names them: an address by its kind, anything else as a customer number."""
        found = set()
        for written in one.customer_ids:
            kind = Kind.EMAIL if "@" in written else Kind.CUSTOMER_NUMBER
            found.add((kind.value, identity_digest(self._settings.secret, kind, written)))
        return frozenset(found)


_preparer: list[Preparer] = []


def start_process(settings: Preparing) -> None:
    """Initialiser of a process of a pool."""
    _preparer[:] = [Preparer(settings)]


def prepare_in_process(batch: Batch) -> list[Prepared]:
    """`Preparer.prepare` in a process that `start_process` began."""
    return _preparer[0].prepare(batch)


def _with_languages(turns: tuple[Turn, ...], identify: Identify) -> tuple[Turn, ...]:
    """Turns that the log gives no language get that of all that their side wrote."""
    known: dict[Role, str | None] = {}
    for role in {turn.role for turn in turns if turn.language is None}:
        text = " ".join(turn.text for turn in turns if turn.role is role and turn.has_words)
        known[role] = identify(text[:_N_CHARACTERS])
    return tuple(turn if turn.language else replace(turn, language=known[turn.role]) for turn in turns)


def _tagger(folder: Path | None) -> Tagger | None:
    if folder is None:
        return None
    from training.redaction.tagger import PersonalTagger

    return PersonalTagger(folder)
