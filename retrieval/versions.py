"""Versions of an index in one folder: written whole, then named by one pointer, so that no reader meets files of two builds.

    models/index/manifest.json    the pointer: names the version and the sha256 of its files; replaced by one rename
    models/index/v7/              the files of the served version
    models/index/v6/              those of the one before, for a reader that is just loading it
    models/index/.lock            held by whoever writes

An index of the old layout has its files beside the manifest, which then names no version; the next write ends that.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retrieval.provenance import MANIFEST_NAME

LOCK_NAME = ".lock"
_VERSION = re.compile(r"v(\d+)")
_BLOCK = 1 << 20


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the lock of the folder, which is made where it is missing; waits for another writer, thread or process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_NAME).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield  # closing the file releases the lock, and so does the death of the process


def publish(folder: Path, write: Callable[[Path], Mapping[str, Any]]) -> None:
    """Let `write` fill the folder of a new version, then make it the served one; the caller holds the lock.

    What `write` returns goes into the manifest, beside the version's name and the sha256 of its files. When anything fails
    before the one rename, the old version is served as before and nothing of the new one is left. Older versions go, but for
    the last.
    """
    before = _read(folder).get("version")
    version = folder / f"v{1 + max(_numbers(folder), default=0)}"
    version.mkdir()
    try:
        facts = write(version)
        hashes = {path.name: _settled(path) for path in sorted(version.iterdir())}
        _to_disk(version)
        temporary = folder / (MANIFEST_NAME + ".tmp")
        manifest = {**facts, "version": version.name, "sha256": hashes}
        temporary.write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
        _to_disk(temporary)
    except BaseException:
        shutil.rmtree(version, ignore_errors=True)
        raise
    os.replace(temporary, folder / MANIFEST_NAME)
    _to_disk(folder)
    if before is not None:  # otherwise a reader may be at the files of the old layout
        _remove_flat(folder, hashes)
    _remove(folder, keep={version.name, before})


def files_of(folder: Path, version: str | None) -> Path:
    """Where the files of a version lie, as a manifest names it: `folder` itself in the old layout, which names none."""
    return folder / version if version else folder


def forget_previous(folder: Path) -> int:
    """Remove every version but the served one, as erasure needs; returns how many there were."""
    with writing(folder):
        manifest = _read(folder)
        if manifest.get("version"):
            _remove_flat(folder, manifest.get("sha256", {}))
        return _remove(folder, keep={manifest.get("version")})


def digest(path: Path) -> str:
    """sha256 of a file, read in blocks: an index may be larger than what memory is left."""
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            hasher.update(block)
    return hasher.hexdigest()


def _read(folder: Path) -> dict[str, Any]:
    """The manifest, {} where there is none that can be read: a new version mends that."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _numbers(folder: Path) -> list[int]:
    return [int(match[1]) for match in map(_VERSION.fullmatch, (path.name for path in folder.iterdir())) if match]


def _remove(folder: Path, *, keep: set[str | None]) -> int:
    gone = [name for name in (f"v{number}" for number in _numbers(folder)) if name not in keep]
    for name in gone:
        shutil.rmtree(folder / name)
    return len(gone)


def _remove_flat(folder: Path, names: Mapping[str, str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _settled(path: Path) -> str:
    _to_disk(path)
    return digest(path)


def _to_disk(path: Path) -> None:
    """Wait until the machine has it on disk: a rename must not arrive before what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
