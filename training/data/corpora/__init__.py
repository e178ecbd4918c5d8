"""Readers of the public sets that lie beside the project (`../shared/data`); no row of them enters the repository.

Each reader takes the folder of the sets and yields plain records (`records`); a missing set is an empty one, so that a
checkout without the sets still trains on its own data. `licences` says what may be learnt from; sets that are to measure
with only have their readers too.
"""

from training.data.corpora.annotated import multidogo, nlupp_banking, pii_presidio
from training.data.corpora.dialogues import bcontrast, maia_chat, risawoz_fewshot
from training.data.corpora.faq import bitext_replies, covid_faq, covid_questions, dstc9_faq
from training.data.corpora.files import lines
from training.data.corpora.licences import LICENCES, MEASURE_ONLY, licences_of, may_train_shipped
from training.data.corpora.parallel import massive, parallel_interface, slots_of, tatoeba
from training.data.corpora.records import (
    Conversation,
    ParallelText,
    QuestionAnswer,
    QuestionPair,
    Turn,
    Utterance,
)
from training.data.corpora.support import banking77, banking77_categories, bitext, clinc150, support_intents

__all__ = [
    "LICENCES",
    "MEASURE_ONLY",
    "Conversation",
    "ParallelText",
    "QuestionAnswer",
    "QuestionPair",
    "Turn",
    "Utterance",
    "banking77",
    "banking77_categories",
    "bcontrast",
    "bitext",
    "bitext_replies",
    "clinc150",
    "covid_faq",
    "covid_questions",
    "dstc9_faq",
    "licences_of",
    "lines",
    "maia_chat",
    "massive",
    "may_train_shipped",
    "multidogo",
    "nlupp_banking",
    "parallel_interface",
    "pii_presidio",
    "risawoz_fewshot",
    "slots_of",
    "support_intents",
    "tatoeba",
]
