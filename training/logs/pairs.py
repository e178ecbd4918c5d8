"""A dialogue -> what a customer needed and what answered it: rows for the sentence encoder and the writer.

The need is all the customer said since the last answer, courtesies apart. Its answer begins with a person's first message
that states something; a question back or "one moment please" is none. What the same person states right behind it, before
the customer speaks again, is part of it. What the bot said counts only where it was an answer template word for word and
the conversation went well: a model must not learn from what a model wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generation.placeholders import PLACEHOLDER
from training.logs.courtesies import n_words, n_words_stated, substance
from training.logs.dialogues import Dialogue, Role, Turn

MIN_QUESTION_WORDS = 2
MIN_ANSWER_WORDS = 5
MIN_PART_WORDS = 2
_REPLY_KEYS = "utter_"
"""Replies of the dialogue (questions of a form, the state of an order) begin so; answer templates do not."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Indices of the customer's turns in the dialogue, and of the turns of one writer that answer them."""

    questions: tuple[int, ...]
    answers: tuple[int, ...]


def pairs_of(dialogue: Dialogue) -> Iterator[Pair]:
    """Every need that got an answer."""
    need: list[int] = []
    answers: list[int] = []
    for index, turn in enumerate(dialogue.turns):
        if turn.role is Role.CUSTOMER:
            if answers:
                yield Pair(tuple(need), tuple(answers))
                need, answers = [], []
            if _adds_to_need(turn, is_first=not need):
                need.append(index)
        elif answers:
            if _continues(turn, dialogue.turns[answers[0]]):
                answers.append(index)
        elif need and _is_answer(turn, dialogue):
            answers.append(index)
    if answers:
        yield Pair(tuple(need), tuple(answers))


def answer_text(dialogue: Dialogue, pair: Pair) -> str:
    """The parts of the answer, courtesies at their edges left out, one behind the other."""
    return " ".join(substance(dialogue.turns[index].text) for index in pair.answers)


def _adds_to_need(turn: Turn, *, is_first: bool) -> bool:
    """A first message needs two words; later a number or an address that was asked for is enough."""
    if not turn.has_words:
        return False
    said = substance(turn.text)
    return n_words(said) >= MIN_QUESTION_WORDS or (
        not is_first and any(char.isdecimal() or char == "@" for char in said)
    )


def _is_answer(turn: Turn, dialogue: Dialogue) -> bool:
    if not turn.has_words or PLACEHOLDER.search(turn.text) or n_words_stated(substance(turn.text)) < MIN_ANSWER_WORDS:
        return False
    if turn.role is Role.AGENT:
        return True
    is_template = turn.written_by in (None, "template") and not any(
        id_.startswith(_REPLY_KEYS) for id_ in turn.answer_ids
    )
    return is_template and dialogue.went_well


def _continues(turn: Turn, first: Turn) -> bool:
    """A person's next message that states something; a bot's next message answers nothing more."""
    if turn.role is not first.role or turn.role is not Role.AGENT or not turn.has_words:
        return False
    return n_words_stated(substance(turn.text)) >= MIN_PART_WORDS and not PLACEHOLDER.search(turn.text)
