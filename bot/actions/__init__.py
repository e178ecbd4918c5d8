"""The custom actions of the dialogue: `python -m rasa_sdk --actions bot.actions` serves every one of these classes.

    turn, values, words      reading: the tracker's latest message, the shapes in a text, yes and no in many languages
    draft, reading, forms    the engine of the order forms: state, what an answer means, what to ask next
    order_forms, asks        the six forms and their questions
    orders, order_replies    what the forms are for, and what to say about an order
    products                 stock and price
    conversation, language   answers, yes and no, what was not understood; the language
    handoff                  a person takes over, and the session's start
    services                 shop and database

docs/architecture.md says how the dialogue is meant; domain.yml, data/rules.yml and data/stories.yml name what is here.
"""

from bot.actions.asks import (
    AskCancelOrderConfirmed,
    AskChangeAddressConfirmed,
    AskContact,
    AskNewAddress,
    AskOrderNumber,
    AskRequestRefundConfirmed,
    AskReturnItemConfirmed,
    AskReturnReason,
)
from bot.actions.conversation import (
    ActionAffirm,
    ActionAnswer,
    ActionComplain,
    ActionDefaultAskAffirmation,
    ActionDefaultAskRephrase,
    ActionDefaultFallback,
    ActionDeny,
)
from bot.actions.handoff import ActionHandoff, ActionSessionStart, ValidateHandoffForm
from bot.actions.language import ActionSwitchLanguage
from bot.actions.order_forms import (
    ValidateCancelOrderForm,
    ValidateChangeAddressForm,
    ValidateRefundStatusForm,
    ValidateRequestRefundForm,
    ValidateReturnItemForm,
    ValidateTrackOrderForm,
)
from bot.actions.orders import (
    ActionCancelOrder,
    ActionChangeAddress,
    ActionRefundStatus,
    ActionRequestRefund,
    ActionReturnItem,
    ActionTrackOrder,
)
from bot.actions.products import ActionProduct

__all__ = [
    "ActionAffirm",
    "ActionAnswer",
    "ActionCancelOrder",
    "ActionChangeAddress",
    "ActionComplain",
    "ActionDefaultAskAffirmation",
    "ActionDefaultAskRephrase",
    "ActionDefaultFallback",
    "ActionDeny",
    "ActionHandoff",
    "ActionProduct",
    "ActionRefundStatus",
    "ActionRequestRefund",
    "ActionReturnItem",
    "ActionSessionStart",
    "ActionSwitchLanguage",
    "ActionTrackOrder",
    "AskCancelOrderConfirmed",
    "AskChangeAddressConfirmed",
    "AskContact",
    "AskNewAddress",
    "AskOrderNumber",
    "AskRequestRefundConfirmed",
    "AskReturnItemConfirmed",
    "AskReturnReason",
    "ValidateCancelOrderForm",
    "ValidateChangeAddressForm",
    "ValidateHandoffForm",
    "ValidateRefundStatusForm",
    "ValidateRequestRefundForm",
    "ValidateReturnItemForm",
    "ValidateTrackOrderForm",
]
