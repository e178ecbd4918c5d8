"""Which logged conversations a model learnt from, kept beside its weights: who asks for erasure is told which models saw them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

FILE_NAME = "conversations.txt"


def write_seen(folder: Path, conversations: Collection[str]) -> None:
    """Write the `training.logs.rows.row_id`s, one a line and sorted; no file where there are none."""
    path = folder / FILE_NAME
    if conversations:
        path.write_text("".join(f"{one}\n" for one in sorted(set(conversations))), "utf-8")
    else:
        path.unlink(missing_ok=True)


def models_that_saw(conversations: Collection[str], models_dir: Path) -> Iterator[tuple[Path, int]]:
    """Model folders anywhere below `models_dir` that learnt from one of these conversations, and from how many."""
    wanted = frozenset(conversations)
    for path in sorted(models_dir.rglob(FILE_NAME)):
        if n_seen := len(wanted & set(path.read_text("utf-8").split())):
            yield path.parent, n_seen
