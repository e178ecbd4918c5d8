"""The parts of docs/results.md in order: a title, what its figures mean, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.evaluation.report_tables import Table, language_tables, nlu_tables, retrieval_tables, writer_tables


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
        "one that was learnt. `all` is the mean of the languages for intent accuracy, and over all rows for\n"
        "the rest. Entity F1 is micro F1 of exact spans and labels. ECE has ten bins. Out-of-scope\n"
        "AUROC ranks by the probability of `out_of_scope`; `by doubt` by one minus the highest\n"
        "probability. Intervals: bootstrap, 1,000 seeded draws.",
        nlu_tables,
    ),
    Section(
        "retrieval",
        "Answer retrieval",
        "A hit is right when the template's topic is the question's. `encoder`: cosine alone among the\n"
        "templates of the question's language. `served`: the ranking that customers get, over the\n"
        "templates of all languages, with threshold, language and the parser's intents; a hit must\n"
        "stand in the customer's language. MRR looks at ten hits.",
        retrieval_tables,
    ),
    Section(
        "writer",
        "Writer",
        "Every answer template said in its own language, and each topic in each language from a\n"
        "template of another one. `passed`: all checks of generation/checks.py; a text that fails is\n"
        "replaced by the template. `identical`: word for word a reference. The writer learnt from these\n"
        "templates: the figures say whether it holds them, not how it writes others.",
        writer_tables,
    ),
)
