"""What the channels ask of the agent in `app.ctx.agent`; Rasa puts another there with another model."""

from __future__ import annotations

from rasa.shared.core.constants import DEFAULT_INTENTS, USER_INTENT_OUT_OF_SCOPE
from sanic import Sanic

from bot.channels.text import YES_NO

_RASAS_OWN = frozenset(DEFAULT_INTENTS) - {USER_INTENT_OUT_OF_SCOPE}


def button_intents(app: Sanic) -> frozenset[str]:
    """The intents a button may send as `/<intent>`: the loaded domain's, not Rasa's own such as `/back`."""
    domain = getattr(getattr(app.ctx, "agent", None), "domain", None)
    if domain is None:
        return YES_NO
    return frozenset(domain.intents) - _RASAS_OWN | YES_NO


def is_ready(app: Sanic) -> bool:
    """Whether a model is loaded; without one Rasa takes messages and says nothing."""
    agent = getattr(app.ctx, "agent", None)
    return agent is not None and bool(agent.is_ready())
