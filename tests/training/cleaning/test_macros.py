"""What many conversations hold is a macro, counted once a conversation; the courtesies among them can be cut."""

from __future__ import annotations

import pytest

from training.cleaning.folding import text_key
from training.cleaning.macros import Macro, find_macros, without_macro_courtesies

REFUND = "Your refund reaches you within five working days."
RATE = "Please rate our chat in the mail that you will get."


def conversations(count: int, *texts: str) -> list[tuple[str, str]]:
    return [(f"c-{number}", text) for number in range(count) for text in texts]


def found(macros: list[Macro]) -> list[tuple[str, int, bool]]:
    return [(macro.text, macro.n_conversations, macro.is_courtesy) for macro in macros]


def test_sentences_that_come_back_are_found_with_their_conversations() -> None:
    rows = [(f"c-{number}", f"About {'abcdefg'[number]} lamp: it is late. {REFUND}") for number in range(6)]
    assert found(find_macros(rows)) == [(REFUND, 6, False)]


def test_a_conversation_counts_once() -> None:
    assert find_macros(conversations(4, REFUND, REFUND)) == []
    assert found(find_macros(conversations(5, REFUND, REFUND))) == [(REFUND, 5, False)]


def test_the_least_number_of_conversations_decides() -> None:
    assert found(find_macros(conversations(2, REFUND), min_conversations=2)) == [(REFUND, 2, False)]
    assert find_macros(conversations(2, REFUND), min_conversations=3) == []


def test_forms_are_joined_and_the_most_frequent_gives_the_text() -> None:
    rows = conversations(4, "Hi [name:4F7K], your refund reaches you within five working days!!")
    rows += [
        (f"d-{number}", f"Hi [name:{number}PQ2], your refund reaches you within five working days") for number in (3, 5)
    ]
    rows += [
        (f"e-{number}", "Hi [name:4F7K], your refund reaches you within five working days, ok") for number in range(3)
    ]
    [macro] = find_macros(rows)
    assert macro.text == "Hi [name:4F7K], your refund reaches you within five working days!!"
    assert macro.n_conversations == 9
    assert macro.keys == {text_key(rows[0][1]), text_key(rows[-1][1])}


def test_a_message_stands_for_the_sentences_that_only_come_in_it() -> None:
    whole = f"{REFUND} The mail tells you when."
    assert found(find_macros(conversations(5, whole))) == [(whole, 5, False)]
    alone = [(f"d-{number}", REFUND) for number in range(2)]
    assert found(find_macros(conversations(5, whole) + alone)) == [(REFUND, 7, False), (whole, 5, False)]


def test_courtesies_are_told_from_answers() -> None:
    rows = conversations(5, "Thank you for your patience.", RATE, f"Thank you. {REFUND}")
    courtesies = {macro.text: macro.is_courtesy for macro in find_macros(rows)}
    assert courtesies == {"Thank you for your patience.": True, RATE: True, f"Thank you. {REFUND}": False}


def test_single_words_are_no_macros() -> None:
    assert find_macros(conversations(9, "Hello!", "48213")) == []


def test_rare_wordings_take_no_memory_and_still_add_up() -> None:
    rows = [(f"c-{number}", f"Only once {chr(0x4E00 + number)} said here.") for number in range(3000)]
    assert found(find_macros([*rows, *conversations(5, REFUND)])) == [(REFUND, 5, False)]


def test_once_is_refused() -> None:
    with pytest.raises(ValueError, match="min_conversations: expected 2 or more, found 1"):
        find_macros([], min_conversations=1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"It ships today. {RATE}", "It ships today."),
        (f"{RATE}\nIt ships today. {RATE}", "It ships today."),
        (f"It ships today. {RATE.upper()}  It is blue.", "It ships today. It is blue."),
        (RATE, ""),
        (f"It ships today. {REFUND}", f"It ships today. {REFUND}"),
    ],
)
def test_the_courtesies_among_macros_are_cut(text: str, left: str) -> None:
    macros = find_macros(conversations(5, RATE, REFUND))
    assert len(macros) == 2
    assert without_macro_courtesies(text, macros) == left
