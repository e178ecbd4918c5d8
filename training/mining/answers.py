"""What an agent wrote -> what can be said to everybody with the same need, with placeholders; or the reason why nothing can.

Sentence by sentence: courtesies, questions back and what was said to one customer only (`training.mining.one_off`) are left
out; pseudonyms become placeholders where Xenia can fill them, and take their sentence with them where it cannot.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from training.cleaning.folding import text_key
from training.logs.courtesies import asks, n_words, sentences, substance
from training.mining.cases import Case
from training.mining.one_off import one_off
from training.redaction.pseudonyms import PSEUDONYM

MIN_WORDS, MAX_WORDS = 5, 120
FILLED: Mapping[str, str] = {"order_number": "order_number", "email": "email"}
"""Kinds of pseudonyms that the dialogue can fill, and their placeholders."""
MARKED: Mapping[str, str] = {
    "prs_org": "organisation",
    "product": "product",
    "url": "link",
    "email": "support_email",
}
"""Marks of other anonymisers (`#PRS_ORG#`, `{{Order Number}}`) and the placeholders that a person fills in the review."""
_MARK = re.compile(r"#([A-Z_]{3,30})#|\{\{\s*([\w ]{2,30}?)\s*\}\}|<([A-Z_]{3,30})>")


class Refusal(str, Enum):
    """Why no template comes of an answer."""

    NOTHING_GENERAL = "only what was said to one customer"
    PERSONAL = "names a person or their data"
    SHORT = f"fewer than {MIN_WORDS} words"
    LONG = f"more than {MAX_WORDS} words"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that could become a template. `generality` is the share of the answer's stating sentences that it keeps."""

    case: Case
    text: str
    generality: float


def candidate_of(case: Case, *, macros: Collection[int] = frozenset()) -> Candidate | Refusal:
    """The general part of a case's answer; `macros` are `text_key`s of courtesies that agents paste."""
    kept: list[str] = []
    left_out: Counter[Refusal] = Counter()
    for sentence in (one for part in case.parts for one in sentences(part)):
        if not n_words(substance(sentence)) or asks(sentence) or text_key(sentence) in macros:
            continue
        written = with_placeholders(sentence)
        if written is None:
            left_out[Refusal.PERSONAL] += 1
        elif one_off(sentence, case.answer_language):
            left_out[Refusal.NOTHING_GENERAL] += 1
        else:
            kept.append(written[0].upper() + written[1:])
    text = " ".join(kept)
    length = n_words(text)
    if not kept:
        return max(left_out, key=lambda reason: left_out[reason], default=Refusal.SHORT)
    if not MIN_WORDS <= length <= MAX_WORDS:
        return Refusal.SHORT if length < MIN_WORDS else Refusal.LONG
    return Candidate(case, text, len(kept) / (len(kept) + left_out.total()))


def with_placeholders(sentence: str) -> str | None:
    """`[order_number:4F7K]` -> `{order_number}`; None where it holds what nobody may say to another customer.

    >>> with_placeholders("Your order [order_number:4F7K] can be returned."), with_placeholders("[name:9PQR] will call.")
    ('Your order {order_number} can be returned.', None)
    """
    kinds = {match[1] for match in PSEUDONYM.finditer(sentence)}
    if not kinds <= set(FILLED):
        return None
    names = [next(filter(None, match.groups())).strip().replace(" ", "_").lower() for match in _MARK.finditer(sentence)]
    if any(name not in MARKED for name in names):
        return None
    marked = iter(names)
    text = PSEUDONYM.sub(lambda match: f"{{{FILLED[match[1]]}}}", sentence)
    return _MARK.sub(lambda _: f"{{{MARKED[next(marked)]}}}", text)
