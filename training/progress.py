"""What a training shows and leaves behind: a bar on stderr with loss, score and time left, and `metrics.jsonl`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

METRICS_NAME = "metrics.jsonl"
_SHOWN = ("loss", "grad_norm", "learning_rate", "epoch")
"""What Trainer logs of itself; the sum of the losses, `loss`, is left to the bar."""


class Progress(TrainerCallback):
    """Draws the bar, and appends each log of Trainer as one line with the training's name, step and seconds."""

    def __init__(self, *, title: str, log_dir: Path) -> None:
        self._title, self._path = title, log_dir / METRICS_NAME
        self._bar: Any = None
        self._began = time.monotonic()
        self._figures: dict[str, str] = {}

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Start where the training does, after a checkpoint too."""
        self._bar = tqdm(total=state.max_steps, initial=state.global_step, desc=self._title, mininterval=1.0)
        self._began = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """One optimizer step more."""
        self._bar.update(state.global_step - self._bar.n)

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **_: Any
    ) -> None:
        """Named losses and scores, with the step they belong to."""
        figures = {name: value for name, value in (logs or {}).items() if isinstance(value, (int, float))}
        if "train_runtime" in figures or not figures:
            return
        shown = {name: value for name, value in figures.items() if name not in _SHOWN[1:]}
        self._figures |= {name.removeprefix("eval_"): f"{value:.3f}" for name, value in shown.items()}
        if self._bar is not None:
            self._bar.set_postfix(self._figures, refresh=False)
        record: dict[str, Any] = {"training": self._title, "step": state.global_step}
        record["elapsed_s"] = round(time.monotonic() - self._began, 1)
        record |= {name: round(value, 8) for name, value in figures.items() if name != "epoch"}
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()
