"""Several processes of one training (`torchrun`, `accelerate launch`): who writes, and when the others go on.

A training that nobody launched so is process 0 of 1, and none of this costs anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import torch


def rank() -> int:
    """Number of this process among all, from 0."""
    return int(os.environ.get("RANK", "0"))


def n_processes() -> int:
    """How many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this process writes files and draws the progress bar."""
    return rank() == 0


def device() -> torch.device:
    """The GPU of this process where there is one, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


def wait_for_all() -> None:
    """Return when every process has come here; starts the process group where it has not begun yet."""
    if n_processes() == 1:
        return
    from datetime import timedelta

    from accelerate import PartialState

    state = PartialState(cpu=not torch.cuda.is_available(), timeout=timedelta(hours=6))
    state.wait_for_everyone()


def main_only(work: Callable[[], object]) -> None:
    """Let process 0 do `work` (write files, say) while the others wait for it."""
    if is_main():
        work()
    wait_for_all()
