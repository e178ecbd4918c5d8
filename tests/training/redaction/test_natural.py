from __future__ import annotations

from training.logs.dialogues import Dialogue, Label, Origin, Role, Turn
from training.redaction.natural import natural
from training.redaction.pseudonyms import PSEUDONYM


def dialogue(*turns: Turn) -> Dialogue:
    return Dialogue("c", None, None, None, None, (), turns)


def test_a_pseudonym_becomes_the_same_value_wherever_it_stands_and_its_span_moves_along() -> None:
    text = "wo ist [order_number:4F7K]?"
    label = Label("track_order", ((7, 26, "order_number"),), Origin.REVIEWED)
    told = natural(
        dialogue(
            Turn(Role.CUSTOMER, text, language="de", label=label),
            Turn(Role.AGENT, "[order_number:4F7K] ist da, [order_number:9PQR] nicht", language="de"),
        )
    )
    asked, answered = told.turns
    ((start, end, name),) = asked.label.spans
    number = asked.text[start:end]
    assert (asked.text, name) == (f"wo ist {number}?", "order_number")
    assert number.isdigit()
    assert len(number) == 5
    assert answered.text.startswith(f"{number} ist da")
    assert answered.text.count(number) == 1


def test_names_are_written_in_the_script_of_the_language() -> None:
    (russian,) = natural(dialogue(Turn(Role.CUSTOMER, "меня зовут [name:4F7K]", language="ru"))).turns
    assert not PSEUDONYM.search(russian.text)
    assert not any("a" <= char.lower() <= "z" for char in russian.text)


def test_what_holds_no_pseudonym_stays_as_it_is() -> None:
    told = dialogue(Turn(Role.CUSTOMER, "wo ist [mein Paket]?"))
    assert natural(told) == told
