"""The manifest of a saved answer index: what it was built from, what structure it has, and which files are its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from retrieval.provenance import MANIFEST_NAME
from retrieval.structures import MAX_MEMORY_MB
from retrieval.versions import digest, files_of

INDEX_NAME = "index.faiss"
TEMPLATES_NAME = "templates.jsonl"
REBUILD = "Run `uv run xenia index`."
_OF_THE_FILES = {"version", "sha256"}
_REQUIRED = {"encoder", "dim", "n_entries", "sha256"}


class IndexMismatch(ValueError):
    """The index on disk does not belong to this encoder, or is damaged; the message names the command that mends it."""


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """`encoder` and `templates` are digests (`retrieval.provenance`); `n_entries` vectors of width `dim`.

    `kind`, `nprobe`, `recall_at_10` and `n_trained` tell the structure (`retrieval.structures`, `retrieval.recall`); an index
    of the old layout, which has neither them nor a `version`, is exact. `built_at` is UTC, ISO 8601; `duration_s` the seconds
    from the first template, or the loading, to the files.
    """

    encoder: str
    dim: int
    n_entries: int
    templates: str = ""
    n_templates: int = 0
    kind: str = "Flat"
    nprobe: int = 0
    recall_at_10: float = 1.0
    n_trained: int = 0
    max_memory_mb: int = MAX_MEMORY_MB
    built_at: str = ""
    duration_s: float = 0.0
    version: str | None = None
    sha256: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> IndexManifest:
        """The manifest of the version served in `folder`; raises IndexMismatch where there is none or it is damaged."""
        path = folder / MANIFEST_NAME
        try:
            found = json.loads(path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise IndexMismatch(f"{path} is missing: there is no answer index. {REBUILD}") from error
        except ValueError as error:
            raise IndexMismatch(f"{path} is damaged: it is not JSON. {REBUILD}") from error
        if not isinstance(found, dict) or not set(found) >= _REQUIRED:
            raise IndexMismatch(f"{path} is damaged: it is not an index's manifest. {REBUILD}")
        return cls(**{one.name: found[one.name] for one in fields(cls) if one.name in found})

    def facts(self) -> dict[str, Any]:
        """What `versions.publish` is given; it adds the version and the checksums."""
        return {name: value for name, value in asdict(self).items() if name not in _OF_THE_FILES}

    def checked_files(self, folder: Path, *, encoder_id: str) -> Path:
        """Where the files of this version lie; raises IndexMismatch for another encoder's, missing and damaged ones."""
        if self.encoder != encoder_id:
            raise IndexMismatch(
                f"{folder} was built with encoder {self.encoder[:12]}, loaded is {encoder_id[:12]}. {REBUILD}"
            )
        files = files_of(folder, self.version)
        for name in (INDEX_NAME, TEMPLATES_NAME):
            if not (files / name).exists():
                raise IndexMismatch(f"{files / name} is missing: there is no answer index. {REBUILD}")
            if digest(files / name) != self.sha256.get(name):
                raise IndexMismatch(f"{files / name} is damaged: its sha256 is not the manifest's. {REBUILD}")
        return files
