"""Rows of the public sets that mean one of the demo shop's intents, as extra training rows; none enters the repository.

Bitext's support intents (English) where one of ours means the same, and MASSIVE's requests to a home assistant in every
language we serve as `out_of_scope`. How many is bounded, so that they season our own rows and do not drown them.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path

from retrieval.templates import AnswerTemplate
from training.data.corpora import lines, massive
from training.data.dataset import INTENT_ONLY, Example

BITEXT_TO_OURS = {
    "cancel_order": "cancel_order",
    "change_order": "change_order",
    "change_shipping_address": "change_address",
    "check_payment_methods": "payment_methods",
    "complaint": "complain",
    "contact_human_agent": "talk_to_human",
    "create_account": "create_account",
    "delete_account": "delete_account",
    "delivery_period": "delivery_time",
    "get_invoice": "request_invoice",
    "get_refund": "request_refund",
    "payment_issue": "payment_problem",
    "recover_password": "login_problem",
    "track_order": "track_order",
    "track_refund": "refund_status",
}
_ENTITIES = {"": None, "order_id": "order_number", "invoice_id": None, "refund_amount": "amount"}
_HOME_ASSISTANT = (
    "weather",
    "music",
    "play",
    "news",
    "cooking",
    "alarm",
    "iot",
    "audio",
    "qa",
    "transport",
    "datetime",
)
OUT_OF_SCOPE = "out_of_scope"


def borrowed_examples(
    corpora_dir: Path, *, languages: tuple[str, ...], n_support: int, n_foreign: int, seed: int
) -> list[Example]:
    """At most `n_support` English rows an intent and `n_foreign` out-of-scope rows a language; [] without the sets."""
    draw = random.Random(seed)
    return [*_support(corpora_dir, n_support, draw), *_foreign(corpora_dir, languages, n_foreign, draw)]


def question_examples(templates: Iterable[AnswerTemplate]) -> list[Example]:
    """The questions of our answer templates as rows of their intent; their entities are not annotated."""
    return [
        Example(question, template.language, template.intent, INTENT_ONLY, ())
        for template in templates
        for question in template.question_examples
    ]


def _support(corpora_dir: Path, n_rows: int, draw: random.Random) -> list[Example]:
    by_intent: dict[str, list[Example]] = {}
    seen: set[str] = set()
    for row in csv.DictReader(lines(corpora_dir / "bitext" / "train.csv.gz")):
        ours = BITEXT_TO_OURS.get(row["intent"])
        if ours is None or row["entity_type"] not in _ENTITIES or row["utterance"] in seen:
            continue
        seen.add(row["utterance"])
        label = _ENTITIES[row["entity_type"]]
        spans = ((int(row["start_offset"]), int(row["end_offset"]), label),) if label else ()
        by_intent.setdefault(ours, []).append(Example(row["utterance"], "en", ours, "bitext", spans))
    return [row for _, rows in sorted(by_intent.items()) for row in draw.sample(rows, min(n_rows, len(rows)))]


def _foreign(corpora_dir: Path, languages: tuple[str, ...], n_rows: int, draw: random.Random) -> list[Example]:
    groups = [
        group
        for _, group in sorted(massive(corpora_dir, "train").items())
        if group[0].label.split("_")[0] in _HOME_ASSISTANT
    ]
    rows: list[Example] = []
    for language in languages if groups else ():
        texts = [row.text for group in groups for row in group if row.language == language]
        chosen = draw.sample(texts, min(n_rows, len(texts)))
        rows += [Example(text, language, OUT_OF_SCOPE, INTENT_ONLY, ()) for text in chosen]
    return rows
