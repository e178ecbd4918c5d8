"""CLINC150: what is out of scope, told by doubt and by a class of its own.

    uv run python -m benchmarks.clinc150                        # 15 minutes on two cores
    uv run python -m benchmarks.clinc150 --quick --out PATH     # a few rows and steps, to see that it runs

Learnt from is `train`, once alone and once with `oos_train` as one more class; measured is on `val` and `oos_val` (the test
partitions are not here). The encoder is pre-trained without labels: the shipped starter's pre-training learnt `oos_train` as a
class, and would know of it where nobody told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from benchmarks.options import asked, percent, work_folder, write
from benchmarks.starts import QUICK, fine_tuned, label_free_start
from nlu.parser import Parser
from training.config import NluConfig
from training.data import corpora
from training.data.dataset import Example
from training.evaluation.detection import detection
from training.evaluation.measure_nlu import judge
from training.evaluation.nlu_figures import Judged

OUT_OF_SCOPE = "oos"
SETTINGS = NluConfig(
    learning_rate=7e-4,
    epochs=8.0,
    batch_size=96,
    augment=0.1,
    kept_share=0.03,
    max_length=64,
    tagger_epochs=2,
)
ALONE, WITH_CLASS = "train", "train and oos_train"
BY_DOUBT, BY_CLASS = "1 - highest probability", "probability of out of scope"


def read(corpora_dir: Path, *partitions: str) -> list[Example]:
    """Rows of CLINC150's partitions.

    Raises FileNotFoundError where the set is not there.
    """
    rows = [
        Example(row.text, row.language, row.label, "", ())
        for name in partitions
        for row in corpora.clinc150(corpora_dir, name)
    ]
    if not rows:
        raise FileNotFoundError(
            f"{corpora_dir}: expected clinc150/train_val.json.gz, found none. Name it by --corpora."
        )
    return rows


def scored(rows: Sequence[Judged], learnt: str) -> list[list[str]]:
    """A table's rows: each score that the model gives, with AUROC, FPR@95 and the accuracy on requests in scope.

    A request in scope that is taken for out of scope counts as wrong.
    """
    outside = [row.example.intent == OUT_OF_SCOPE for row in rows]
    inside = [row.correct for row, is_outside in zip(rows, outside, strict=True) if not is_outside]
    scores = {BY_DOUBT: [1 - row.confidence for row in rows]}
    if learnt == WITH_CLASS:
        scores[BY_CLASS] = [row.out_of_scope for row in rows]
    shown: list[list[str]] = []
    for name, values in scores.items():
        found = detection(values, outside)
        if found is None:
            raise ValueError("expected rows in scope and out of scope to measure on, found one kind. Give both.")
        interval = f"{percent(found.auroc_95.low)} to {percent(found.auroc_95.high)}"
        figures = [percent(found.auroc), interval, percent(found.fpr_at_95)]
        shown.append([learnt, name, *figures, percent(sum(inside) / len(inside))])
    return shown


def tables(rows: Sequence[Sequence[str]], *, n_inside: int, n_outside: int) -> list[dict[str, Any]]:
    """All rows in one table."""
    return [
        {
            "title": f"CLINC150: {n_inside} requests of 150 intents, {n_outside} out of scope",
            "columns": ["learnt from", "score", "AUROC %", "95 % of it", "FPR@95 %", "accuracy in scope %"],
            "rows": [list(row) for row in rows],
            "note": "val and oos_val; the test partitions are not here. FPR@95: share of the requests in scope that would be "
            "turned away so that 95 % of the others are noticed, lower is better. No label was in the encoder's pre-training.",
        }
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Fine-tune both ways, measure, write the figures."""
    options = asked(__doc__ or "", Path("benchmarks/clinc150.json"), given)
    inside, outside = read(options.corpora, "val"), read(options.corpora, "oos_val")
    config, step = SETTINGS, 1
    if options.quick:
        config, step = replace(config, **QUICK), 50
        inside, outside = inside[:40], outside[:10]
    shown: list[list[str]] = []
    with work_folder(options.quick) as work:
        start = label_free_start(options.encoder, Path(work), corpora_dir=options.corpora, quick=options.quick)
        for learnt, partitions in ((ALONE, ["train"]), (WITH_CLASS, ["train", "oos_train"])):
            rows = [row for name in partitions for row in read(options.corpora, name)[::step]]
            fine_tuned(config, rows, start, Path(work) / "clinc150")
            parser = Parser(Path(work) / "clinc150", n_threads=torch.get_num_threads())
            shown += scored(judge(parser, [*inside, *outside], out_of_scope=OUT_OF_SCOPE), learnt)
    write(
        {
            "title": "CLINC150: out of scope",
            "command": "uv run python -m benchmarks.clinc150",
            "tables": tables(shown, n_inside=len(inside), n_outside=len(outside)),
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
