"""Two evaluations side by side: difference, its interval, p-value and verdict, per language and overall.

Where both reports keep the outcomes of the same rows (`outcomes`), the rows are compared one by one: McNemar's test for
right and wrong in one language, the paired bootstrap for everything else. Where the splits differ, or a figure does not
follow from rows, the two intervals are compared, and the comparison says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.evaluation.compared_figures import FIGURES, Figure, Kind, Overall
from training.evaluation.comparison import OVERALL, Comparison, Difference, Method, Verdict
from training.evaluation.outcomes import same_rows
from training.evaluation.significance import Test, holm, mcnemar, paired, unpaired

__all__ = ["OVERALL", "Comparison", "Difference", "Method", "Verdict", "compare"]
LEVEL = 0.05


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare two results of `evaluate`, the earlier one first; parts that only one of them has are left out.

    Raises ValueError where they have no part in common.
    """
    differences: list[Difference] = []
    notes: dict[str, None] = {}
    for figure in FIGURES:
        views = (figure.view_in(before), figure.view_in(after))
        if views[0] is None or views[1] is None:
            continue
        differences += _of_figure(figure, views[0], views[1])
        notes |= dict.fromkeys(_notes(figure, views[0], views[1]))
    if not differences:
        found = [sorted(set(report) - {"about"}) for report in (before, after)]
        raise ValueError(
            f"expected two evaluations with a part in common, found {found[0]} and {found[1]}. "
            "Make both with `uv run xenia evaluate`."
        )
    return Comparison(_named(before), _named(after), tuple(differences), tuple(notes))


def _named(report: Mapping[str, Any]) -> str:
    about = report.get("about", {})
    return f"{about.get('models', 'unknown weights')}, {str(about.get('at', 'unknown date'))[:16]}"


def _of_figure(figure: Figure, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    languages = [language for language in before["languages"] if language in after["languages"]]
    by_language = [
        _difference(figure, language, before, after, (language,))
        for language in languages
        if _measured(figure, before["languages"][language], after["languages"][language])
    ]
    overall: list[Difference] = []
    if _measured(figure, before["overall"], after["overall"]):
        everywhere = tuple(sorted({*before["languages"], *after["languages"]}))
        overall = [_difference(figure, OVERALL, before, after, everywhere)]
    return [*overall, *_corrected(by_language, figure)]


def _measured(figure: Figure, *figures: Mapping[str, Any]) -> bool:
    return all(one.get(figure.key) is not None for one in figures)


def _difference(
    figure: Figure,
    language: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    groups: Sequence[str],
) -> Difference:
    old, new = (view["overall"] if language == OVERALL else view["languages"][language] for view in (before, after))
    method, test = _tested(figure, language, before, after, groups)
    if test is None and old.get(f"{figure.key}_95") and new.get(f"{figure.key}_95"):
        bounds = (old[f"{figure.key}_95"], new[f"{figure.key}_95"])
        method, test = Method.UNPAIRED, unpaired(old[figure.key], new[figure.key], *bounds)
    one = Difference(
        part=figure.view[0],
        figure=figure.name,
        language=language,
        before=float(old[figure.key]),
        after=float(new[figure.key]),
        low=test.low if test else None,
        high=test.high if test else None,
        p_value=test.p_value if test else None,
        method=method,
        verdict=Verdict.NOT_TESTED,
    )
    return replace(one, verdict=_verdict(one, figure))


def _tested(
    figure: Figure, language: str, before: Mapping[str, Any], after: Mapping[str, Any], groups: Sequence[str]
) -> tuple[Method, Test | None]:
    rows = [(before.get("rows", {}).get(group), after.get("rows", {}).get(group)) for group in groups]
    if not all(same_rows(old, new) and figure.kept(old) and figure.kept(new) for old, new in rows):
        return Method.NONE, None
    old_values = [figure.values(old) for old, _ in rows]
    new_values = [figure.values(new) for _, new in rows]
    if figure.overall is Overall.ALL_ROWS:
        old_values, new_values = [np.concatenate(old_values)], [np.concatenate(new_values)]
    test = paired(old_values, new_values, figure.statistic)
    if language == OVERALL or not _is_binary(figure):
        return Method.PAIRED, test
    p_value = mcnemar(_bits(old_values[0]), _bits(new_values[0]))
    return Method.MCNEMAR, replace(test, p_value=p_value)


def _is_binary(figure: Figure) -> bool:
    return figure.kind is Kind.SHARE or (figure.kind is Kind.RANK and figure.key != "mrr")


def _bits(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return values[:, 0].astype(np.int64)


def _corrected(differences: Sequence[Difference], figure: Figure) -> list[Difference]:
    """The languages of one figure are as many questions: their p-values are corrected before the verdict."""
    tested = [one for one in differences if one.p_value is not None]
    corrected = dict(zip([one.language for one in tested], holm([one.p_value or 0.0 for one in tested]), strict=True))
    changed = [replace(one, p_value=corrected.get(one.language)) for one in differences]
    return [replace(one, verdict=_verdict(one, figure)) for one in changed]


def _verdict(one: Difference, figure: Figure) -> Verdict:
    if one.p_value is None:
        return Verdict.NOT_TESTED
    if one.p_value >= LEVEL or one.difference == 0:
        return Verdict.NONE_SHOWN
    return Verdict.BETTER if (one.difference > 0) is not figure.lower_is_better else Verdict.WORSE


def _notes(figure: Figure, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What keeps the rows of a view from being compared one by one."""
    name = " ".join(figure.view)
    notes: list[str] = []
    alone = sorted({*before["languages"]} ^ {*after["languages"]})
    if alone:
        notes.append(
            f"{name}: only one of the reports has the languages {', '.join(alone)}; over all they are not of the same rows."
        )
    for title, view in (("earlier", before), ("later", after)):
        if "rows" not in view:
            notes.append(f"{name}: the {title} report keeps no outcomes of rows; compared unpaired.")
    kept = [view.get("rows", {}) for view in (before, after)]
    changed = [one for one in kept[0] if one in kept[1] and not same_rows(kept[0][one], kept[1][one])]
    if changed:
        notes.append(f"{name}: the splits differ in {', '.join(changed)}; compared unpaired there and over all.")
    return notes
