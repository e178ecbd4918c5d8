"""Which figures of two reports are compared, where they stand in the JSON, and how they follow from a row's outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.evaluation.metrics import f1_of_counts, mean_of_first
from training.evaluation.outcomes import unpack
from training.evaluation.rank_figures import rank_values


class Overall(str, Enum):
    """What the figure over all languages is."""

    MEAN = "mean of the languages"
    ALL_ROWS = "all rows together"


class Kind(str, Enum):
    """How a row's outcome becomes the figure."""

    SHARE = "share of right rows"
    RANK = "rank of the first right hit"
    COUNTS = "micro F1 of counts"
    NONE = "rows are not kept"


@dataclass(frozen=True, slots=True)
class Figure:
    """`view` leads to `languages`, `overall` and `rows`; `columns` are the outcomes that `key` follows from."""

    name: str
    view: tuple[str, ...]
    key: str
    columns: tuple[str, ...] = ()
    kind: Kind = Kind.SHARE
    overall: Overall = Overall.MEAN
    lower_is_better: bool = False

    def view_in(self, report: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The part of a report, None where it was not measured."""
        part: Any = report
        for name in self.view:
            part = part.get(name) if isinstance(part, Mapping) else None
        return part if isinstance(part, Mapping) else None

    def kept(self, outcome: Mapping[str, str]) -> bool:
        """The rows of one language have the columns of this figure."""
        return bool(self.columns) and all(column in outcome for column in self.columns)

    def values(self, outcome: Mapping[str, str]) -> NDArray[np.float64]:
        """(n_rows, k) for `statistic`."""
        columns = [unpack(outcome[column]) for column in self.columns]
        if self.kind is Kind.COUNTS:
            return np.stack(columns, axis=1).astype(float)
        first = columns[0].astype(float)
        if self.kind is Kind.RANK:
            first = rank_values([int(rank) or None for rank in columns[0]])[self.key]
        return np.stack([first, np.ones(len(first))], axis=1)

    @property
    def statistic(self) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        """From sums of `values` to the figure."""
        return f1_of_counts if self.kind is Kind.COUNTS else mean_of_first


def _nlu() -> list[Figure]:
    view, pooled = ("nlu",), Overall.ALL_ROWS
    counts = ("entities_right", "entities_found", "entities_there")
    return [
        Figure("intent accuracy", view, "intent_accuracy", ("intent",)),
        Figure("exact match", view, "exact_match", ("exact",)),
        Figure("entity F1", view, "entity_f1", counts, Kind.COUNTS, pooled),
        Figure("intent macro F1", view, "intent_macro_f1", (), Kind.NONE, pooled),
        Figure("calibration error (ECE)", view, "ece", (), Kind.NONE, pooled, lower_is_better=True),
        Figure("out-of-scope AUROC", view, "out_of_scope_auroc", (), Kind.NONE, pooled),
        Figure("out-of-scope FPR@95", view, "out_of_scope_fpr_at_95", (), Kind.NONE, pooled, lower_is_better=True),
    ]


def _retrieval() -> list[Figure]:
    names = {"recall_at_1": "recall@1", "recall_at_3": "recall@3", "recall_at_10": "recall@10", "mrr": "MRR"}
    return [
        Figure(f"{name}, {title}", ("retrieval", view), key, ("rank",), Kind.RANK)
        for view, title in (("served", "served"), ("encoder_alone", "encoder alone"))
        for key, name in names.items()
    ]


def _writer() -> list[Figure]:
    shares = {
        "passed": "passed all checks",
        "right_language": "right language",
        "faithful": "faithful",
        "identical": "identical",
    }
    figures: list[Figure] = []
    for kind in ("within", "across"):
        view, pooled = ("writer", kind), Overall.ALL_ROWS
        figures += [Figure(f"{name}, {kind}", view, key, (key,), Kind.SHARE, pooled) for key, name in shares.items()]
        figures += [
            Figure(f"{name}, {kind}", view, key, (), Kind.NONE, pooled)
            for key, name in (("chrf", "chrF"), ("bleu", "BLEU"), ("rouge_l", "ROUGE-L"))
        ]
    return figures


FIGURES = (
    Figure("language identification", ("language",), "accuracy", ("right",)),
    *_nlu(),
    *_retrieval(),
    *_writer(),
)
