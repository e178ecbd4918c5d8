"""What a transfer is worth, as JSON and as a Markdown table: languages that were not learnt, and one that joined.

`training.transfer.run` trains and measures; here the figures are named, judged and written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.evaluation.compare import OVERALL, Comparison, Difference
from training.evaluation.report_tables import MISSING, percent, table

FIGURES = {"intent accuracy": "intent_accuracy", "entity F1": "entity_f1", "exact match": "exact_match"}
"""Name of a figure -> its key in `measure_nlu`; shares in [0, 1], higher is better."""
LOSS = 0.01
"""A language that lost more than this (one percentage point) is named."""


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """One language on `n` held-out rows, figures in [0, 1]; `is_learnt`: rows of it were trained on."""

    language: str
    n: int
    is_learnt: bool
    intent_accuracy: float
    entity_f1: float
    exact_match: float


@dataclass(frozen=True, slots=True)
class ZeroShotReport:
    """A model that learnt some languages, measured on all; `folder` is what `nlu.parser.Parser` loads."""

    name: str
    languages: tuple[LanguageFigures, ...]
    n_seen_in_training: int
    checkpoint: Path
    folder: Path

    def of(self, *, learnt: bool) -> list[LanguageFigures]:
        """The languages that were learnt, or all the others."""
        return [one for one in self.languages if one.is_learnt is learnt]

    def mean(self, key: str, *, learnt: bool = False) -> float:
        """A figure's mean over the languages, each weighing the same."""
        values = [getattr(one, key) for one in self.of(learnt=learnt)]
        return float(sum(values) / len(values))

    def worst(self, key: str) -> LanguageFigures:
        """Of the languages that were not learnt the one with the lowest figure."""
        return min(self.of(learnt=False), key=lambda one: float(getattr(one, key)))

    def markdown(self) -> str:
        """A table: the others by language, their mean and worst, and the learnt languages beside them."""
        learnt = self.of(learnt=True)
        rows = [_row(one.language, one) for one in self.of(learnt=False)]
        rows.append(["**mean**", "", *(percent(self.mean(key)) for key in FIGURES.values())])
        worst = [self.worst(key) for key in FIGURES.values()]
        cells = (
            f"{percent(getattr(one, key))} ({one.language})" for one, key in zip(worst, FIGURES.values(), strict=True)
        )
        rows.append(["**worst**", "", *cells])
        rows += [_row(f"{one.language} (learnt)", one) for one in learnt]
        names = ", ".join(one.language for one in learnt)
        lines = [
            f"# Zero-shot transfer: {self.name}",
            "",
            f"Trained on {names} from {self.checkpoint}; no row of the others.",
        ]
        lines += _seen(self.n_seen_in_training)
        lines += ["", *table(["language", "rows", *(f"{name} %" for name in FIGURES)], rows)]
        return "\n".join(lines) + "\n"

    def as_json(self) -> dict[str, Any]:
        """`trained_on`, `others` (`mean`, `worst`), and `languages` with all figures."""
        keys = list(FIGURES.values())
        worst = {key: self.worst(key) for key in keys}
        return {
            "name": self.name,
            "checkpoint": str(self.checkpoint),
            "folder": str(self.folder),
            "trained_on": [one.language for one in self.of(learnt=True)],
            "n_seen_in_training": self.n_seen_in_training,
            "others": {
                "mean": {key: self.mean(key) for key in keys},
                "worst": {key: {"language": one.language, key: getattr(one, key)} for key, one in worst.items()},
            },
            "languages": {
                one.language: {"n": one.n, "learnt": one.is_learnt, **{key: getattr(one, key) for key in keys}}
                for one in self.languages
            },
        }


@dataclass(frozen=True, slots=True)
class TransferReport:
    """A language joined: the model before and after on the same held-out rows of every language.

    `n_examples` rows of it were learnt; `kept_from_file` says that it was measured on rows of its own file that were
    kept aside, for want of held-out ones. `folder` is what `nlu.parser.Parser` loads.
    """

    name: str
    language: str
    n_examples: int
    kept_from_file: bool
    n_held_out: Mapping[str, int]
    n_seen_in_training: int
    comparison: Comparison
    checkpoint: Path
    folder: Path

    @property
    def differences(self) -> list[Difference]:
        """By figure, over all and by language."""
        return [one for one in self.comparison.differences if one.figure in FIGURES]

    @property
    def losers(self) -> list[str]:
        """Languages that lost more than one point of any figure, in order."""
        lost = (one.language for one in self.differences if _is_loss(one) and one.language != OVERALL)
        return sorted(set(lost))

    @property
    def verdict(self) -> str:
        """One line that names the languages that lost more than a point, and what may be chance."""
        if not self.losers:
            return "No language lost more than 1 point."
        parts: list[str] = []
        for language in self.losers:
            found = [_loss(one) for one in self.differences if one.language == language and _is_loss(one)]
            parts.append(f"{language} ({', '.join(found)})")
        return f"Lost more than 1 point: {'; '.join(parts)}."

    def markdown(self) -> str:
        """The verdict, and a table with each figure before, after, and the difference with its interval."""
        kept = ", kept aside from its own file" if self.kept_from_file else ""
        lines = [f"# {self.language} joins: {self.name}", ""]
        lines += [
            f"{self.n_examples} examples of {self.language} were learnt beside the others' rows, from {self.checkpoint}."
        ]
        lines += [f"Measured on {self.n_held_out[self.language]} held-out rows of it{kept}."]
        lines += [*_seen(self.n_seen_in_training), "", f"**{self.verdict}**"]
        names = [self.language, *sorted(set(self.n_held_out) - {self.language}), OVERALL]
        columns = ["language", "rows", "before %", "after %", "difference", "95 % interval"]
        for figure in FIGURES:
            found = {one.language: one for one in self.differences if one.figure == figure}
            rows = [self._cells(name, found[name]) for name in names if name in found]
            lines += ["", f"{figure[:1].upper()}{figure[1:]}:", "", *table(columns, rows)]
        return "\n".join(lines) + "\n"

    def _cells(self, name: str, one: Difference) -> list[str]:
        n_rows = sum(self.n_held_out.values()) if name == OVERALL else self.n_held_out[name]
        title = f"{name} (new)" if name == self.language else name
        bounds = MISSING if one.low is None or one.high is None else f"{_points(one.low)} – {_points(one.high)}"
        return [title, str(n_rows), percent(one.before), percent(one.after), _points(one.difference), bounds]

    def as_json(self) -> dict[str, Any]:
        """Plain values; `differences` as `compare` gives them."""
        kept = {(one.figure, one.language) for one in self.differences}
        differences = self.comparison.as_json()["differences"]
        return {
            "name": self.name,
            "language": self.language,
            "n_examples": self.n_examples,
            "kept_from_file": self.kept_from_file,
            "n_held_out": dict(self.n_held_out),
            "n_seen_in_training": self.n_seen_in_training,
            "checkpoint": str(self.checkpoint),
            "folder": str(self.folder),
            "verdict": self.verdict,
            "lost_more_than_a_point": self.losers,
            "differences": [one for one in differences if (one["figure"], one["language"]) in kept],
        }


def write_report(report: ZeroShotReport | TransferReport, folder: Path, name: str) -> None:
    """`<name>.json` and `<name>.md` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / f"{name}.md").write_text(report.markdown(), "utf-8")


def _row(title: str, one: LanguageFigures) -> list[str]:
    return [title, str(one.n), *(percent(getattr(one, key)) for key in FIGURES.values())]


def _seen(n_rows: int) -> list[str]:
    """A leak is never passed over in silence."""
    return [f"{n_rows} of the held-out texts stand in the training rows: their figures are too good."] if n_rows else []


def _is_loss(one: Difference) -> bool:
    return one.difference < -LOSS - 1e-9


def _loss(one: Difference) -> str:
    by_chance = one.high is not None and one.high >= 0
    return f"{one.figure} {_points(one.difference)}{', may be chance' if by_chance else ''}"


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
