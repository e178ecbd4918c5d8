"""The parts of docs/results.md in order: a title, what its figures mean, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.evaluation.nlu_tables import nlu_tables
from training.evaluation.report_tables import Table, language_tables
from training.evaluation.retrieval_tables import retrieval_tables
from training.evaluation.writer_tables import writer_tables


@dataclass(frozen=True, slots=True)
class Section:
    """`part` is the key in the evaluation; `tables` makes captions and tables of what lies there."""

    part: str
    title: str
    note: str
    tables: Callable[[Mapping[str, Any]], list[tuple[str, Table]]]


SECTIONS = (
    Section(
        "language",
        "Language identification",
        "Held-out utterances and questions without digits; in Chinese and Japanese 6 to 20 characters.\n"
        "An abstention counts as wrong. `all` is the mean of the languages.",
        language_tables,
    ),
    Section(
        "nlu",
        "Intents and entities",
        "The split holds out one situation in ten of each intent, in every language: no row is a variant of\n"
        "one that was learnt. `all` is the mean of the languages for intent accuracy and exact match, and over\n"
        "all rows for the rest. Exact match: the intent and all entities are right. Entity F1 is micro F1 of\n"
        "exact spans and labels (seqeval's, on characters). ECE has ten bins. Out of scope is ranked by the\n"
        "probability of `out_of_scope`, and `by doubt` by one minus the highest probability; FPR@95 is the share\n"
        "of requests in scope above the threshold that catches 95 % of those out of scope, lower is better.\n"
        "Intervals here and below: 95 %, bootstrap, 1,000 seeded draws.",
        nlu_tables,
    ),
    Section(
        "retrieval",
        "Answer retrieval",
        "A hit is right when the template's topic is the question's. The encoder alone: cosine among the\n"
        "templates of the question's language. Served: the ranking that customers get, over the templates of\n"
        "all languages, with threshold, language and the parser's intents; a hit must stand in the\n"
        "customer's language. MRR looks at ten hits. `all` is the mean of the languages.",
        retrieval_tables,
    ),
    Section(
        "writer",
        "Writer",
        "Every answer template said in its own language, and each topic in each language from a template of\n"
        "another one. `passed`: all checks of generation/checks.py; a text that fails is replaced by the\n"
        "template. `right language`: identified as the one asked for. `faithful`: every number, link, e-mail,\n"
        "code and placeholder stands in the template, a slot or the message. `identical`: word for word a\n"
        "reference. chrF, BLEU and ROUGE-L in %; their tokens are characters in Chinese and Japanese. The\n"
        "writer learnt from these templates: the figures say whether it holds them, not how it writes others.",
        writer_tables,
    ),
)
