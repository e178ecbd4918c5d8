"""The manifest of a folder of artefacts: what each file's sha256 is and where it comes from.

Written beside weights by training/, checked by whoever loads them, so that a damaged or half-copied model never serves.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

FILE_NAME = "manifest.json"
_CARD_NAME = "README.md"


class DamagedArtefact(ValueError):
    """A file differs from its manifest; the message names it and the command that mends it."""


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, **facts: Any) -> None:
    """Write `manifest.json` with `facts` and the sha256 of every other file directly in `folder`."""
    files = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.is_file() and path.name != FILE_NAME}
    content = {**facts, "files": files}
    (folder / FILE_NAME).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, or {} where there is none."""
    path = folder / FILE_NAME
    content: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return content


def weights_digest(folder: Path) -> str | None:
    """sha256 over the checksums of a model's files, its card left out; None without a manifest."""
    files = read_manifest(folder).get("files")
    if files is None:
        return None
    known = {name: digest for name, digest in files.items() if name != _CARD_NAME}
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def verify(folder: Path, *, mend: str) -> None:
    """Check every file the manifest names; raises DamagedArtefact. A folder without a manifest passes (a trained one)."""
    try:
        files = dict(read_manifest(folder).get("files", {}))
    except (ValueError, AttributeError) as error:
        raise DamagedArtefact(f"{folder / FILE_NAME} is damaged: it cannot be read as a manifest. {mend}") from error
    for name, wanted in files.items():
        path = folder / name
        if not path.exists():
            raise DamagedArtefact(f"{path} is missing though its manifest names it. {mend}")
        if sha256(path) != wanted:
            raise DamagedArtefact(f"{path} is damaged: its sha256 is not the one in the manifest. {mend}")
