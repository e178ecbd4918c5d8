"""Sentences that run the conversation are known in fourteen languages; those that also answer are none."""

from __future__ import annotations

import pytest

from training.cleaning.about_chat import is_about_chat


@pytest.mark.parametrize(
    "sentence",
    [
        "I'm going to end the chat now.",
        "Please rate our chat, thank you.",
        "Is there anything else I can help you with today?",
        "Kann ich sonst noch etwas für Sie tun oder Ihnen weiterhelfen?",
        "Bitte bewerten Sie unseren Chat.",
        "Y a-t-il autre chose que je puisse faire pour vous aider ?",
        "¿En qué puedo ayudarle?",
        "C'è altro in cui posso aiutarla?",
        "Posso ajudar com mais alguma coisa? Mais em que posso ajudar?",
        "Kan ik u verder nog ergens mee helpen?",
        "Czy mogę w czymś jeszcze pomóc? W czym mogę pomóc?",
        "Size nasıl yardımcı olabilirim?",
        "Чем я могу вам помочь?",
        "كيف يمكنني مساعدتك؟",
        "मैं आपकी कैसे मदद कर सकता हूँ?",
        "请问还有其他可以帮您的吗？",
        "他に何かご質問はございますか？",
    ],
)
def test_running_the_conversation_is_recognised(sentence: str) -> None:
    assert is_about_chat(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I have cancelled your order, is there anything else I can help you with?",
        "Your refund was sent yesterday and I'm going to end the chat now.",
        "Ihre Erstattung ist unterwegs, kann ich noch etwas für Sie tun und Ihnen helfen?",
        "The interest rate is 3 percent.",
        "Tap Settings.",
        "Order 48213, anything else I can help with?",
    ],
)
def test_a_sentence_that_also_answers_is_none(sentence: str) -> None:
    assert not is_about_chat(sentence)
