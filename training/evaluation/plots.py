"""Three plots of an evaluation as SVG: reliability, recall between languages, intent accuracy by language.

Equal figures give equal bytes (no date, fixed ids), so that a file changes only when what it shows does. No window and no
global state: figures are made without pyplot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes  # type: ignore[import-untyped, unused-ignore]
    from matplotlib.figure import Figure  # type: ignore[import-untyped, unused-ignore]

BLUE, GREY, ORANGE = "#3b6ea8", "#8a8f98", "#c8622c"
STYLE = {
    "svg.hashsalt": "xenia",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A file that was written: the part of the evaluation it belongs to, and its text for who cannot see it."""

    part: str
    path: Path
    alt: str


def write_plots(evaluation: Mapping[str, Any], folder: Path) -> list[Plot]:
    """Write `intent_accuracy.svg`, `reliability.svg` and `recall_across.svg`; those without figures are left out."""
    import matplotlib  # type: ignore[import-untyped, unused-ignore]

    plots: list[Plot] = []
    nlu, cells = evaluation.get("nlu"), evaluation.get("retrieval", {}).get("across")
    with matplotlib.rc_context(STYLE):
        if nlu:
            path = _save(intent_accuracy(nlu), folder / "intent_accuracy.svg")
            plots.append(Plot("nlu", path, "Intent accuracy by language with 95 % intervals"))
        if nlu and nlu["overall"].get("reliability"):
            path = _save(reliability_diagram(nlu["overall"]), folder / "reliability.svg")
            plots.append(Plot("nlu", path, "Reliability diagram: accuracy of the intent by its confidence"))
        if cells:
            path = _save(recall_heat_map(cells), folder / "recall_across.svg")
            plots.append(Plot("retrieval", path, "Recall@1 by language of the question and of the templates"))
    return plots


def reliability_diagram(overall: Mapping[str, Any]) -> Figure:
    """Accuracy in each bin of confidence over the diagonal, and below how many rows a bin has.

    `overall` is `nlu.overall` of an evaluation, with `reliability` (see `reliability.Bin`) and `ece`.
    """
    figure = _figure(5.2, 5.2)
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [4, 1]})
    bins = overall["reliability"]
    middles = [(one["low"] + one["high"]) / 2 for one in bins]
    width = 0.9 * (bins[0]["high"] - bins[0]["low"])
    upper.bar(middles, [one["accuracy"] for one in bins], width=width, color=BLUE, alpha=0.75, label="accuracy")
    upper.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, zorder=3, label="perfectly calibrated")
    upper.plot(
        [one["confidence"] for one in bins],
        [one["accuracy"] for one in bins],
        color=ORANGE,
        marker="o",
        markersize=4,
        linewidth=1,
        label="at the bin's mean confidence",
    )
    upper.set(ylim=(0, 1), ylabel="share that is right")
    upper.set_title(f"Calibration of the intent, all languages: ECE {100 * overall['ece']:.1f} %", fontsize=11)
    upper.legend(frameon=False, loc="upper left", fontsize=9)
    lower.bar(middles, [one["n"] for one in bins], width=width, color=GREY)
    lower.set(xlim=(0, 1), xlabel="confidence", ylabel="rows")
    figure.tight_layout()
    return figure


def intent_accuracy(part: Mapping[str, Any]) -> Figure:
    """Bars by language, the highest first, with their intervals and the mean of the languages. `part` is `nlu`."""
    rows = sorted(part["languages"].items(), key=lambda item: (-item[1]["intent_accuracy"], item[0]))
    shares = [100 * row["intent_accuracy"] for _, row in rows]
    bounds = [[100 * bound for bound in row["intent_accuracy_95"]] for _, row in rows]
    below = [max(0.0, share - low) for share, (low, _) in zip(shares, bounds, strict=True)]
    above = [max(0.0, high - share) for share, (_, high) in zip(shares, bounds, strict=True)]
    figure = _figure(max(4.0, 1.5 + 0.45 * len(rows)), 3.6)
    axes: Axes = figure.subplots()
    places = list(range(len(rows)))
    axes.bar(places, shares, color=BLUE, width=0.7)
    axes.errorbar(places, shares, yerr=[below, above], fmt="none", ecolor="#222222", elinewidth=1, capsize=3)
    for place, share in zip(places, shares, strict=True):
        axes.text(place, share / 2, f"{share:.0f}", ha="center", va="center", color="white", fontsize=9)
    mean = 100 * part["overall"]["intent_accuracy"]
    axes.axhline(mean, color=ORANGE, linewidth=1, linestyle="--", label=f"mean of the languages {mean:.1f} %")
    axes.set_xticks(places)
    axes.set_xticklabels([language for language, _ in rows])
    axes.set(ylim=(0, 112), ylabel="intent accuracy %", xlim=(-0.6, len(rows) - 0.4))
    axes.set_yticks(range(0, 101, 20))
    axes.legend(frameon=False, loc="upper right", fontsize=9)
    figure.tight_layout()
    return figure


def recall_heat_map(cells: Mapping[str, Mapping[str, float]]) -> Figure:
    """Recall@1 in per cent; rows are the languages of the questions, columns those of the templates. Missing: blank."""
    asked = list(cells)
    answered = sorted({language for row in cells.values() for language in row})
    shares = [[100 * cells[one].get(other, float("nan")) for other in answered] for one in asked]
    figure = _figure(1.6 + 0.42 * len(answered), 1.2 + 0.4 * len(asked))
    axes: Axes = figure.subplots()
    lowest = 10 * (min((share for row in shares for share in row if share == share), default=0) // 10)
    lowest = min(lowest, 90)  # a scale of at least ten points: noise does not look like a difference
    image = axes.imshow(shares, cmap="viridis", vmin=lowest, vmax=100, aspect="auto", interpolation="nearest")
    for row, values in enumerate(shares):
        for column, share in enumerate(values):
            if share == share:  # not NaN: the pair was measured
                colour = "black" if share > (lowest + 100) / 2 else "white"
                axes.text(column, row, f"{share:.0f}", ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(len(answered)))
    axes.set_xticklabels(answered)
    axes.set_yticks(range(len(asked)))
    axes.set_yticklabels(asked)
    axes.set(xlabel="language of the templates", ylabel="language of the question")
    axes.set_title("Recall@1 in %, encoder alone", fontsize=11)
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, fraction=0.045, pad=0.03)
    figure.tight_layout()
    return figure


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure as NewFigure  # type: ignore[import-untyped, unused-ignore]

    return NewFigure(figsize=(width, height))


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    return path
