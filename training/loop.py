"""One training loop: warm-up, linear decay, clipping, checkpoints that resume exactly. It neither prints nor evaluates.

`steps` yields after each optimizer step; the caller draws the progress bar, writes `metrics.jsonl` and measures.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
from tqdm import tqdm

from training.config import Fit

CHECKPOINT_NAME = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Step:
    """What one optimizer step cost: `losses` by name, seconds since the start of this process."""

    number: int
    losses: dict[str, float]
    elapsed_s: float


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy, torch and, where this thread has not drawn from it yet, SentencePiece."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    sentencepiece.set_random_generator_seed(seed)


def device() -> torch.device:
    """The GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def matrices_in(bf16: bool) -> torch.autocast:
    """Context in which a GPU's matrix products run in bfloat16, never in float16; a CPU computes in float32.

    A processor without bfloat16 units emulates them, a hundred times slower than float32.
    """
    where = device().type
    return torch.autocast(where, dtype=torch.bfloat16, enabled=bf16 and where == "cuda")


def rate_at(step: int, *, total: int, warmup: int) -> float:
    """Factor on the learning rate: linear from 0 to 1 over `warmup` steps, then linear to 0 at `total`.

    >>> [rate_at(step, total=10, warmup=2) for step in (0, 1, 2, 6)]
    [0.5, 1.0, 1.0, 0.5]
    """
    if step < warmup:
        return (step + 1) / warmup
    return max(0.0, (total - step) / max(1, total - warmup))


def fit_steps(
    model: torch.nn.Module,
    *,
    losses_of: Callable[[int], dict[str, torch.Tensor]],
    total: int,
    fit: Fit,
    checkpoint_dir: Path,
    checkpoint_every: int = 200,
) -> Iterator[Step]:
    """Run `total` optimizer steps, resuming from `checkpoint_dir` where a checkpoint lies there.

    The last step leaves a checkpoint too, so that what follows the steps can be taken up again; `forget_checkpoint` ends it.
    `losses_of(step)` returns named losses; their sum is minimised. It must draw its batch from the step number alone, so
    that a resumed run sees what an uninterrupted one would have seen.
    """
    optimizer = torch.optim.AdamW(_groups(model, fit), lr=fit.learning_rate, betas=(0.9, 0.98))
    warmup = max(1, round(fit.warmup_share * total))
    start = _resume(model, optimizer, checkpoint_dir / CHECKPOINT_NAME)
    began = time.monotonic()
    model.train()
    for number in range(start, total):
        for group in optimizer.param_groups:
            group["lr"] = fit.learning_rate * rate_at(number, total=total, warmup=warmup)
        losses = losses_of(number)
        optimizer.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), fit.clip)
        optimizer.step()
        if (number + 1) % checkpoint_every == 0 or number + 1 == total:
            _save(model, optimizer, number + 1, checkpoint_dir / CHECKPOINT_NAME)
        yield Step(
            number + 1,
            {name: float(loss.detach()) for name, loss in losses.items()},
            time.monotonic() - began,
        )


def forget_checkpoint(checkpoint_dir: Path) -> None:
    """Take the checkpoint away: the weights that it led to are written, the next training starts anew."""
    (checkpoint_dir / CHECKPOINT_NAME).unlink(missing_ok=True)


def follow(steps: Iterator[Step], *, total: int, title: str, log_dir: Path, every: int = 20) -> None:
    """Draw the progress bar on stderr and append every `every`-th step to `metrics.jsonl`."""
    log_dir.mkdir(parents=True, exist_ok=True)
    with (log_dir / "metrics.jsonl").open("a", encoding="utf-8") as log, tqdm(total=total, desc=title) as bar:
        for step in steps:
            bar.update(step.number - bar.n)
            if step.number % every == 0 or step.number == total:
                bar.set_postfix({name: f"{loss:.3f}" for name, loss in step.losses.items()})
                record: dict[str, Any] = {
                    "training": title,
                    "step": step.number,
                    "elapsed_s": round(step.elapsed_s, 1),
                }
                log.write(json.dumps({**record, **{k: round(v, 5) for k, v in step.losses.items()}}) + "\n")
                log.flush()


def _groups(model: torch.nn.Module, fit: Fit) -> list[dict[str, Any]]:
    decayed = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    plain = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
    return [{"params": decayed, "weight_decay": fit.weight_decay}, {"params": plain, "weight_decay": 0.0}]


def _resume(model: torch.nn.Module, optimizer: torch.optim.Optimizer, path: Path) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def _save(model: torch.nn.Module, optimizer: torch.optim.Optimizer, step: int, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)
