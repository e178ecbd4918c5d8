"""From written texts to figures: passed, right language, faithful, identical, and nearness to a person's text.

A text is judged as the writer wrote it, with placeholders in their places, whether or not the checks let it go; one that
never came counts as wrong in everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.checks import Draft, KnownValues
from generation.placeholders import PLACEHOLDER, SENTINEL
from retrieval.templates import AnswerTemplate
from training.evaluation.metrics import Interval, bootstrap
from training.evaluation.outcomes import outcomes, split_fingerprint
from training.evaluation.text_metrics import ReferencedText, nearness

SHARES = ("passed", "right_language", "faithful", "identical")


@dataclass(frozen=True, slots=True)
class Task:
    """Say `source` in `language`; `references` are the texts of that topic in that language."""

    source: AnswerTemplate
    language: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a task. `text` has its placeholders back; `failed` names the checks it did not pass.

    `right_language`: identified as the language asked for. `faithful`: see `is_faithful`.
    """

    task: Task
    text: str
    passed: bool
    failed: tuple[str, ...]
    right_language: bool
    faithful: bool

    @property
    def identical(self) -> bool:
        """Word for word a reference."""
        return self.text in self.task.references


def is_faithful(text: str, *, template: str, message: str, values: Mapping[str, str]) -> bool:
    """Every number, link, e-mail, code and placeholder of a text stands in the template, a slot or the message.

    >>> is_faithful("In 3 Tagen: {date}", template="Bis {date}", message="3 Tage?", values={})
    True
    >>> is_faithful("In 3 Tagen", template="Bis {date}", message="wann?", values={"date": "5. Mai"})
    False
    """
    if not text.strip() or SENTINEL.search(text):
        return False
    if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(template)):
        return False
    known = (PLACEHOLDER.sub(" ", template), message, *values.values())
    draft = Draft(PLACEHOLDER.sub(" ", text), "", known[0], "", required=(), known=known)
    return KnownValues().check(draft).passed


def speaks(text: str, language: str, identify: Callable[[str], str | None]) -> bool:
    """The text is identified as being in `language`; where `identify` cannot tell (None) it is not.

    Placeholders are left out: their names are English in every language.
    """
    words = PLACEHOLDER.sub(" ", text).strip()
    return bool(words) and identify(words) == language


def summary(rows: Sequence[Written]) -> dict[str, Any]:
    """Figures by language and over all rows, how often each check failed, and each row's outcome."""
    grouped: dict[str, list[Written]] = {}
    for row in sorted(rows, key=lambda row: row.task.language):
        grouped.setdefault(row.task.language, []).append(row)
    failed = Counter(name for row in rows for name in row.failed)
    return {
        "languages": {language: _figures(group) for language, group in grouped.items()},
        "overall": _figures(rows),
        "failed_checks": dict(sorted(failed.items(), key=lambda item: (-item[1], item[0]))),
        "rows": {language: _outcomes(group) for language, group in grouped.items()},
    }


def _figures(rows: Sequence[Written]) -> dict[str, Any]:
    figures: dict[str, Any] = {"n": len(rows)}
    if not rows:
        return figures | dict.fromkeys((*SHARES, "chrf", "bleu", "rouge_l"), 0.0)
    for name in SHARES:
        right = np.array([[getattr(row, name), 1] for row in rows], dtype=float)
        figures[name] = float(right[:, 0].mean())
        figures[f"{name}_95"] = _bounds(bootstrap([right]))
    near = nearness([ReferencedText(row.text, row.task.references, row.task.language) for row in rows])
    return figures | {
        "chrf": near.chrf,
        "chrf_95": _bounds(near.chrf_95),
        "bleu": near.bleu,
        "bleu_95": _bounds(near.bleu_95),
        "rouge_l": near.rouge_l,
        "rouge_l_95": _bounds(near.rouge_l_95),
    }


def _outcomes(rows: Sequence[Written]) -> dict[str, str]:
    asked = [(row.task.source.id, row.task.source.text, row.task.references) for row in rows]
    columns = {name: [getattr(row, name) for row in rows] for name in SHARES}
    return outcomes(split_fingerprint(asked), **columns)


def _bounds(interval: Interval) -> list[float]:
    return [interval.low, interval.high]
