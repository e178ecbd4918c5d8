"""Dialogues -> masked training rows: labelled utterances for the classifier, question and answer for encoder and writer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from training.data.dataset import INTENT_ONLY, Example
from training.logs.confirmation import confirmed_intent
from training.logs.courtesies import substance
from training.logs.dialogues import Dialogue, Fault, Label, Origin, Role, Span, Turn
from training.logs.pairs import Pair, answer_text, pairs_of
from training.logs.report import Report
from training.redaction.masking import Masked, Masker
from training.redaction.values import NO_FACTS, Facts

Identify = Callable[[str], "str | None"]
"""A text -> its language (ISO 639-1), None where it cannot be told."""
REVIEWED = "reviewed log"
"""Situation of a row whose intent and entities a person reviewed."""
_BREAK = re.compile(r"[\r\n\t]")


@dataclass(frozen=True, slots=True)
class Answered:
    """A customer's need and its answer, both masked.

    Attributes:
        question: the customer's words, several turns joined.
        answer: with `{placeholders}` where the template notation has one.
        language: of the answer, ISO 639-1; empty where nobody knows.
        conversation_id: the same for all rows of one conversation, and not the logged one, which may be a telephone number.
        intent: of the question where a person reviewed it, or the conversation confirmed it and that was asked for.
    """

    question: str
    answer: str
    language: str
    conversation_id: str
    intent: str | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What becomes a row.

    Attributes:
        confirmed: whether the model's own confirmed guesses do.
        threshold: confidence from which on, in [0, 1].
        identify: tells the language of a turn where the log does not.
        facts: values of the shop, which are no secret.
    """

    confirmed: bool = False
    threshold: float = 0.9
    identify: Identify | None = None
    facts: Facts = NO_FACTS

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold: expected a confidence from 0 to 1, found {self.threshold}")


@dataclass(frozen=True, slots=True)
class LogRows:
    """The rows of a reading, none of them twice, and where they came from; `conversations`: the `row_id`s they come from."""

    examples: tuple[Example, ...]
    answered: tuple[Answered, ...]
    report: Report
    conversations: tuple[str, ...] = ()


def rows_of(dialogues: Iterable[Dialogue | Fault], rules: Rules) -> LogRows:
    """All rows; a text that a person reviewed is not taken with the model's guess as well."""
    rows = _Rows(rules)
    for one in dialogues:
        if isinstance(one, Fault):
            rows.report.add_fault(one)
        else:
            rows.add(one)
    return rows.result()


def row_id(conversation_id: str) -> str:
    """What stands for a conversation in a training row: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:16]


class _Rows:
    """Gathers rows dialogue by dialogue."""

    def __init__(self, rules: Rules) -> None:
        self.report = Report()
        self._rules = rules
        self._reviewed: dict[Example, Masked] = {}
        self._confirmed: dict[Example, Masked] = {}
        self._answered: dict[tuple[str, str], Answered] = {}
        self._conversations: dict[str, None] = {}

    def add(self, dialogue: Dialogue) -> None:
        """One dialogue's rows."""
        self.report.n_dialogues += 1
        self.report.n_turns += len(dialogue.turns)
        masker = Masker.of(dialogue, facts=self._rules.facts)
        labels = [self._label(dialogue, index) for index in range(len(dialogue.turns))]
        for turn, label in zip(dialogue.turns, labels, strict=True):
            if label is not None:
                self._conversations[row_id(dialogue.conversation_id)] = None
                self._add_example(turn, label, masker)
        for pair in pairs_of(dialogue):
            self._conversations[row_id(dialogue.conversation_id)] = None
            intents = [labels[index].intent for index in pair.questions if labels[index]]  # type: ignore[union-attr]
            self._add_pair(dialogue, pair, masker, intent=intents[0] if intents else None)

    def result(self) -> LogRows:
        """What was gathered, counted."""
        reviewed_texts = {(row.text.casefold(), row.language) for row in self._reviewed}
        confirmed = {
            row: masked
            for row, masked in self._confirmed.items()
            if (row.text.casefold(), row.language) not in reviewed_texts
        }
        self._left_out("confirmed but reviewed elsewhere", len(self._confirmed) - len(confirmed))
        self.report.n_reviewed, self.report.n_confirmed = len(self._reviewed), len(confirmed)
        for masked in (*self._reviewed.values(), *confirmed.values()):
            self.report.n_masked.update(masked.n_by_kind)
        return LogRows(
            (*self._reviewed, *confirmed), tuple(self._answered.values()), self.report, tuple(self._conversations)
        )

    def _label(self, dialogue: Dialogue, index: int) -> Label | None:
        turn = dialogue.turns[index]
        if turn.role is not Role.CUSTOMER or turn.label is None or not turn.has_words:
            return None
        if turn.label.origin is Origin.REVIEWED:
            return turn.label
        if self._rules.confirmed:
            return confirmed_intent(dialogue, index, threshold=self._rules.threshold)
        return None

    def _add_example(self, turn: Turn, label: Label, masker: Masker) -> None:
        """Nobody confirmed the entities of a guess: such a row teaches its intent only."""
        is_reviewed = label.origin is Origin.REVIEWED
        has_entities = is_reviewed and label.spans is not None
        masked = _stripped(masker.masked(turn.text, (label.spans or ()) if has_entities else ()))
        situation = REVIEWED if has_entities else INTENT_ONLY
        example = Example(masked.text, self._language(turn), label.intent, situation, masked.spans)
        rows = self._reviewed if is_reviewed else self._confirmed
        if example in rows:
            self._left_out("repeated", 1)
        rows[example] = masked

    def _add_pair(self, dialogue: Dialogue, pair: Pair, masker: Masker, *, intent: str | None) -> None:
        turn = dialogue.turns[pair.answers[0]]
        questions = [masker.masked(substance(dialogue.turns[index].text)) for index in pair.questions]
        answer = masker.with_placeholders(answer_text(dialogue, pair))
        row = Answered(
            question=" ".join(" ".join(question.text.split()) for question in questions),
            answer=" ".join(answer.text.split()),
            language=self._language(turn),
            conversation_id=row_id(dialogue.conversation_id),
            intent=intent,
        )
        if (row.question, row.answer) in self._answered:
            self._left_out("repeated", 1)
            return
        self._answered[row.question, row.answer] = row
        for masked in (*questions, answer):
            self.report.n_masked.update(masked.n_by_kind)
        if turn.role is Role.AGENT:
            self.report.n_from_agents += 1
        else:
            self.report.n_from_bot += 1

    def _language(self, turn: Turn) -> str:
        if turn.language is None and self._rules.identify is not None:
            return self._rules.identify(turn.text) or ""
        return turn.language or ""

    def _left_out(self, reason: str, count: int) -> None:
        if count:
            self.report.n_left_out[reason] += count


def _stripped(masked: Masked) -> Masked:
    """On one line and without white space at its ends; spans move along."""
    text = _BREAK.sub(" ", masked.text)
    n_cut = len(text) - len(text.lstrip())
    moved: list[Span] = [(start - n_cut, end - n_cut, label) for start, end, label in masked.spans]
    return Masked(text.strip(), tuple(moved), masked.n_by_kind)
