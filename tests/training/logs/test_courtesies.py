"""Greetings, thanks and signatures go, whatever the language; what is said stays."""

from __future__ import annotations

import pytest

from training.logs.courtesies import n_words_stated, substance


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hello! Thank you for contacting us.", ""),
        ("Hallo Frau Meier, einen Moment bitte.", ""),
        ("Bonjour, un instant s'il vous plaît.", ""),
        ("Здравствуйте! Одну минуту, пожалуйста.", ""),
        ("您好！请稍等。", ""),
        ("少々お待ちください。", ""),
        ("لحظة من فضلك", ""),
        ("Merhaba, bir dakika lütfen.", ""),
        ("🙂", ""),
        ("Danke, Ihre Bestellung 48213 ist storniert.", "Danke, Ihre Bestellung 48213 ist storniert."),
        ("Dear Ms Okafor, your parcel left on Monday.", "your parcel left on Monday."),
        ("Your refund takes 5 days.\nKind regards,\nAnna Berg\nCustomer care", "Your refund takes 5 days."),
        ("您好，退款需要5天。谢谢！", "退款需要5天。"),
        ("48213", "48213"),
        ("See https://agora.example/a.b for 4.90 EUR.", "See https://agora.example/a.b for 4.90 EUR."),
    ],
)
def test_courtesies_go_and_the_substance_stays(text: str, kept: str) -> None:
    assert substance(text) == kept


def test_a_question_states_nothing() -> None:
    assert n_words_stated("Could you tell me your order number, please?") == 0
    assert n_words_stated("We ship it today. Anything else?") == 4
    assert n_words_stated("請問訂單號碼？今天寄出。") == 2
