"""The index of answer templates: FAISS `IndexIDMap2` over exact inner products, saved with what it was built from.

A template has several entries (its text and each of its question examples); an entry id is template number * 64 + place,
so that a template can be removed without touching the others (`IndexIDMap2`: HNSW cannot delete).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import SentenceEncoder
from retrieval.provenance import MANIFEST_NAME, digest_of, indexed
from retrieval.templates import AnswerTemplate, Status
from store.manifest import sha256

INDEX_NAME = "index.faiss"
TEMPLATES_NAME = "templates.jsonl"
MAX_ENTRIES = 64
N_SUPPORT = 3
REBUILD = "Run `uv run xenia index`."


class IndexMismatch(ValueError):
    """The index on disk does not belong to this encoder, or is damaged; the message names the command that mends it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A template near a vector: cosines in [-1, 1], higher is nearer.

    `score` is that of its nearest entry. `support`, by which templates are ranked, lies halfway between it and the mean of
    the `N_SUPPORT` nearest entries (of all, where there are fewer): a template that one odd question example alone brings
    near has little of it, and one of whose examples is the very question still wins.
    """

    template: AnswerTemplate
    score: float
    support: float


class TemplateIndex:
    """Add, remove, search, save and load; `len` is the number of templates."""

    def __init__(self, dim: int) -> None:
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        self._templates: dict[int, AnswerTemplate] = {}
        self._numbers: dict[str, int] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._templates)

    @property
    def dim(self) -> int:
        """Width of the vectors."""
        return int(self._index.d)

    @property
    def templates(self) -> tuple[AnswerTemplate, ...]:
        """All templates, in the order they were added."""
        return tuple(self._templates.values())

    def add(self, templates: Sequence[AnswerTemplate], encoder: SentenceEncoder) -> None:
        """Encode and add; a template whose id is there already is replaced, of one id twice the last one stays."""
        templates = list({template.id: template for template in templates}.values())
        self.remove(template.id for template in templates if template.id in self._numbers)
        texts: list[str] = []
        ids: list[int] = []
        for template in templates:
            entries = [template.text, *template.question_examples][:MAX_ENTRIES]
            texts += entries
            ids += [self._next * MAX_ENTRIES + place for place in range(len(entries))]
            self._templates[self._next] = template
            self._numbers[template.id] = self._next
            self._next += 1
        if texts:
            self._index.add_with_ids(encoder.encode(texts), np.array(ids, dtype=np.int64))

    def remove(self, template_ids: Iterable[str]) -> int:
        """Take templates out; returns how many were there."""
        numbers = [self._numbers.pop(template_id) for template_id in list(template_ids) if template_id in self._numbers]
        for number in numbers:
            del self._templates[number]
        if numbers:
            ids = np.array([n * MAX_ENTRIES + p for n in numbers for p in range(MAX_ENTRIES)], dtype=np.int64)
            self._index.remove_ids(faiss.IDSelectorBatch(ids))
        return len(numbers)

    def search(self, vector: NDArray[Any], *, n_entries: int = 400) -> list[Neighbour]:
        """Templates near one (dim,) unit vector, most support first; at most `n_entries` are looked at.

        An entry that is not among them counts as the last one that is.
        """
        if not len(self):
            return []
        scores, ids = self._index.search(vector.reshape(1, -1), min(n_entries, self._index.ntotal))
        found: dict[int, list[float]] = {}
        for score, entry in zip(scores[0].tolist(), ids[0].tolist(), strict=True):
            found.setdefault(entry // MAX_ENTRIES, []).append(score)
        last = float(scores[0, -1])
        neighbours = [self._neighbour(number, near, last) for number, near in found.items()]
        return sorted(neighbours, key=lambda neighbour: -neighbour.support)

    def _neighbour(self, number: int, near: list[float], last: float) -> Neighbour:
        template = self._templates[number]
        n = min(N_SUPPORT, 1 + len(template.question_examples))
        mean = sum([*near, *[last] * n][:n]) / n
        return Neighbour(template, near[0], (near[0] + mean) / 2)

    def nearest_in(self, template_id: str, language: str) -> Neighbour | None:
        """The approved template of one language and the same intent whose text is nearest to another template's text.

        The vectors are the index's own, nothing is encoded. None for an unknown id or when the language has no such one.
        """
        if template_id not in self._numbers:
            return None
        number = self._numbers[template_id]
        vector = self._index.reconstruct(number * MAX_ENTRIES)
        intent = self._templates[number].intent
        twins = [
            (float(vector @ self._index.reconstruct(other * MAX_ENTRIES)), template)
            for other, template in self._templates.items()
            if template.language == language and template.intent == intent and template.status is Status.APPROVED
        ]
        if not twins:
            return None
        score, template = max(twins, key=lambda twin: twin[0])
        return Neighbour(template, score, score)

    def save(self, folder: Path, *, encoder: SentenceEncoder) -> None:
        """Write index, templates and manifest; each file is swapped in whole, the manifest last."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            json.dumps({"number": n, "template": json.loads(t.to_json())}, ensure_ascii=False)
            for n, t in self._templates.items()
        ]
        _swap_in(folder / INDEX_NAME, faiss.serialize_index(self._index).tobytes())
        _swap_in(folder / TEMPLATES_NAME, ("\n".join(lines) + "\n").encode())
        manifest = {
            "encoder": encoder.id,
            "templates": digest_of(self.templates),
            "dim": self.dim,
            "n_templates": len(self),
            "n_entries": int(self._index.ntotal),
            "sha256": {name: sha256(folder / name) for name in (INDEX_NAME, TEMPLATES_NAME)},
        }
        _swap_in(folder / MANIFEST_NAME, (json.dumps(manifest, indent=1) + "\n").encode())

    @classmethod
    def load(cls, folder: Path, *, encoder: SentenceEncoder) -> TemplateIndex:
        """Read and check; raises IndexMismatch with the command that rebuilds."""
        for name in (MANIFEST_NAME, INDEX_NAME, TEMPLATES_NAME):
            if not (folder / name).exists():
                raise IndexMismatch(f"{folder / name} is missing: there is no answer index. {REBUILD}")
        manifest = _read_manifest(folder / MANIFEST_NAME)
        for name, wanted in manifest["sha256"].items():
            if sha256(folder / name) != wanted:
                raise IndexMismatch(f"{folder / name} is damaged: its sha256 is not the manifest's. {REBUILD}")
        if manifest["encoder"] != encoder.id:
            raise IndexMismatch(
                f"{folder} was built with encoder {manifest['encoder'][:12]}, loaded is {encoder.id[:12]}. {REBUILD}"
            )
        index = cls(manifest["dim"])
        index._index = faiss.deserialize_index(np.frombuffer((folder / INDEX_NAME).read_bytes(), dtype=np.uint8))
        for line in filter(None, (folder / TEMPLATES_NAME).read_text("utf-8").split("\n")):
            record = json.loads(line)
            template = AnswerTemplate.from_json(json.dumps(record["template"]))
            index._templates[record["number"]] = template
            index._numbers[template.id] = record["number"]
        index._next = max(index._templates, default=-1) + 1
        if index._index.d != encoder.dim or index._index.ntotal != manifest["n_entries"]:
            raise IndexMismatch(f"{folder}: width or number of vectors does not fit its manifest. {REBUILD}")
        return index


def build_index(templates: Sequence[AnswerTemplate], *, encoder: SentenceEncoder, folder: Path) -> TemplateIndex:
    """Encode all templates that are not retired and save the index."""
    index = TemplateIndex(encoder.dim)
    index.add(indexed(templates), encoder)
    index.save(folder, encoder=encoder)
    return index


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise IndexMismatch(f"{path} is damaged: it is not JSON. {REBUILD}") from error
    if not isinstance(manifest, dict) or not {"encoder", "dim", "n_entries", "sha256"} <= set(manifest):
        raise IndexMismatch(f"{path} is damaged: it is not an index's manifest. {REBUILD}")
    return manifest


def _swap_in(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(path.suffix + ".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
