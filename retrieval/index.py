"""The index of answer templates over vectors of whatever structure is due, saved with what it was built from.

A template has several entries (its text and each of its question examples); an entry id is template number * 64 + place,
so that a template can be removed without touching the others. `retrieval.update` keeps a saved one up with the templates,
`retrieval.live` serves it while it changes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from retrieval import vectors as stored
from retrieval.encoder import SentenceEncoder
from retrieval.index_manifest import INDEX_NAME, REBUILD, TEMPLATES_NAME, IndexManifest
from retrieval.index_manifest import IndexMismatch as IndexMismatch  # part of what `load` promises
from retrieval.provenance import digest_of, indexed
from retrieval.recall import Recall
from retrieval.structures import MAX_MEMORY_MB, Structure, keeps, structure_for
from retrieval.templates import AnswerTemplate
from retrieval.versions import publish, writing
from store.status import Status

MAX_ENTRIES = 64
N_SUPPORT = 3
_BATCH = 16_384
_READ_TRIES = 5


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
    """Add, replace, remove, search, save and load; `len` is the number of templates."""

    def __init__(self, dim: int, *, max_memory_mb: int = MAX_MEMORY_MB) -> None:
        """`max_memory_mb` bounds the vectors of the saved index (see `structure_for`), not the templates' texts."""
        self._vectors = stored.empty(dim)
        self._templates: dict[int, AnswerTemplate] = {}
        self._numbers: dict[str, int] = {}
        self._groups: dict[tuple[str, str], dict[int, None]] = {}
        self._next = 0
        self._began = time.monotonic()
        self.max_memory_mb = max_memory_mb

    def __len__(self) -> int:
        return len(self._templates)

    @property
    def dim(self) -> int:
        """Width of the vectors."""
        return self._vectors.dim

    @property
    def n_entries(self) -> int:
        """Number of vectors."""
        return len(self._vectors)

    @property
    def kind(self) -> str:
        """Structure of the vectors, by FAISS's name (`Flat`, `IVF4096,SQ8`)."""
        return self._vectors.structure.kind

    @property
    def templates(self) -> tuple[AnswerTemplate, ...]:
        """All templates, in the order they were added."""
        return tuple(self._templates.values())

    def add(self, templates: Sequence[AnswerTemplate], encoder: SentenceEncoder) -> None:
        """Encode and add; a template whose id is there already is replaced, of one id twice the last one stays."""
        templates = list({template.id: template for template in templates}.values())
        self.remove(template.id for template in templates if template.id in self._numbers)
        entries: list[tuple[int, str]] = []
        for template in templates:
            number, self._next = self._next, self._next + 1
            self._enter(number, template)
            entries += _entries(number, template)
        for ids, rows in _encoded(entries, encoder):
            self._vectors.add(rows, ids)

    def replace(self, template: AnswerTemplate) -> bool:
        """Put a template in the place of that of its id when both are found by the same texts; nothing is encoded.

        False, and nothing done, when their texts differ or the id is not there: `add` it.
        """
        number = self._numbers.get(template.id)
        if number is None or _entries(number, self._templates[number]) != _entries(number, template):
            return False
        self._leave(number)
        self._enter(number, template)
        return True

    def remove(self, template_ids: Iterable[str]) -> int:
        """Take templates out; returns how many were there."""
        numbers = [self._numbers[template_id] for template_id in {*template_ids} if template_id in self._numbers]
        ids = [entry for number in numbers for entry, _ in _entries(number, self._templates[number])]
        for number in numbers:
            self._leave(number)
        if ids:
            self._vectors.remove(np.array(ids, dtype=np.int64))
        return len(numbers)

    def _enter(self, number: int, template: AnswerTemplate) -> None:
        self._templates[number] = template
        self._numbers[template.id] = number
        self._groups.setdefault((template.language, template.intent), {})[number] = None

    def _leave(self, number: int) -> None:
        template = self._templates.pop(number)
        del self._numbers[template.id]
        del self._groups[template.language, template.intent][number]

    def search(self, vector: NDArray[Any], *, n_entries: int = 400) -> list[Neighbour]:
        """Templates near one (dim,) unit vector, most support first; at most `n_entries` are looked at.

        An entry that is not among them counts as the last one that is.
        """
        if not len(self):
            return []
        scores, ids = self._vectors.search(vector.reshape(1, -1), min(n_entries, self.n_entries))
        found: dict[int, list[float]] = {}
        last = -1.0
        for score, entry in zip(scores[0].tolist(), ids[0].tolist(), strict=True):
            if entry < 0:  # the lists that were read hold no more
                break
            last = score
            found.setdefault(entry // MAX_ENTRIES, []).append(score)
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
        group = self._groups.get((language, self._templates[number].intent), {})
        others = [other for other in group if self._templates[other].status is Status.APPROVED]
        if not others:
            return None
        rows = self._vectors.rows(np.array([number, *others], dtype=np.int64) * MAX_ENTRIES)
        scores = rows[1:] @ rows[0]
        best = int(scores.argmax())
        return Neighbour(self._templates[others[best]], float(scores[best]), float(scores[best]))

    def settle(self, encoder: SentenceEncoder) -> bool:
        """Build the vectors anew where another structure is due; returns whether it was so. `save` does it.

        Raises ValueError when no structure fits `max_memory_mb`.
        """
        now, n = self._vectors.structure, self.n_entries
        n_trained = self._vectors.n_trained
        if keeps(now, n, self.dim, n_trained=n_trained, max_memory_mb=self.max_memory_mb):
            return False
        due = structure_for(n, self.dim, max_memory_mb=self.max_memory_mb)
        entries = [entry for number, template in self._templates.items() for entry in _entries(number, template)]
        if not entries:
            self._vectors = stored.empty(self.dim)
            return True
        ids = np.array([entry for entry, _ in entries], dtype=np.int64)
        is_exact = now.code == "Flat"  # coded vectors are not what they were
        parts = (rows for _, rows in _encoded(entries, encoder))
        self._vectors = stored.build(due, self._vectors.rows(ids) if is_exact else np.concatenate([*parts]), ids)
        return True

    def save(self, folder: Path, *, encoder: SentenceEncoder) -> None:
        """Make this the served version in `folder`, in the structure that is due; waits for another writer."""
        with writing(folder):
            self.save_locked(folder, encoder=encoder)

    def save_locked(self, folder: Path, *, encoder: SentenceEncoder) -> None:
        """`save` for a caller that holds the lock of the folder already (`versions.writing`)."""
        self.settle(encoder)

        def write(version: Path) -> dict[str, Any]:
            self._vectors.save(version / INDEX_NAME)
            with (version / TEMPLATES_NAME).open("w", encoding="utf-8", newline="") as file:
                for number, template in self._templates.items():
                    record = {"number": number, "template": json.loads(template.to_json())}
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
            return self._manifest(encoder).facts()

        publish(folder, write)

    def _manifest(self, encoder: SentenceEncoder) -> IndexManifest:
        return IndexManifest(
            encoder=encoder.id,
            templates=digest_of(self.templates),
            dim=self.dim,
            n_templates=len(self),
            n_entries=self.n_entries,
            kind=self.kind,
            nprobe=self._vectors.recall.nprobe,
            recall_at_10=round(self._vectors.recall.at_10, 4),
            n_trained=self._vectors.n_trained,
            max_memory_mb=self.max_memory_mb,
            built_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            duration_s=round(time.monotonic() - self._began, 2),
        )

    @classmethod
    def load(cls, folder: Path, *, encoder: SentenceEncoder) -> TemplateIndex:
        """Read and check the served version; raises IndexMismatch with the command that rebuilds."""
        for _ in range(_READ_TRIES):
            manifest = IndexManifest.read(folder)
            try:
                return cls._loaded(folder, manifest, encoder)
            except (IndexMismatch, OSError) as error:
                # Another writer may have taken this version away in the meantime.
                if IndexManifest.read(folder) == manifest:
                    raise error if isinstance(error, IndexMismatch) else IndexMismatch(f"{error}. {REBUILD}") from error
        raise IndexMismatch(f"{folder}: replaced {_READ_TRIES} times while it was read; try again")

    @classmethod
    def _loaded(cls, folder: Path, manifest: IndexManifest, encoder: SentenceEncoder) -> TemplateIndex:
        files = manifest.checked_files(folder, encoder_id=encoder.id)
        index = cls(manifest.dim, max_memory_mb=manifest.max_memory_mb)
        try:
            index._read(files, manifest)
        except (RuntimeError, ValueError, KeyError, TypeError) as error:
            raise IndexMismatch(f"{files} cannot be read: {error}. {REBUILD}") from error
        if index.dim != encoder.dim or index.n_entries != manifest.n_entries:
            raise IndexMismatch(f"{folder}: width or number of vectors does not fit its manifest. {REBUILD}")
        return index

    def _read(self, files: Path, manifest: IndexManifest) -> None:
        self._vectors = stored.read(
            files / INDEX_NAME,
            Structure.of_kind(manifest.kind),
            n_trained=manifest.n_trained,
            recall=Recall(nprobe=manifest.nprobe, at_10=manifest.recall_at_10),
        )
        with (files / TEMPLATES_NAME).open(encoding="utf-8", newline="\n") as lines:
            for line in filter(str.strip, lines):
                record = json.loads(line)
                self._enter(record["number"], AnswerTemplate.from_json(json.dumps(record["template"])))
        self._next = max(self._templates, default=-1) + 1


def build_index(
    templates: Sequence[AnswerTemplate],
    *,
    encoder: SentenceEncoder,
    folder: Path,
    max_memory_mb: int = MAX_MEMORY_MB,
) -> TemplateIndex:
    """Encode all templates that are not retired and save the index; `retrieval.update` encodes what is new."""
    index = TemplateIndex(encoder.dim, max_memory_mb=max_memory_mb)
    index.add(indexed(templates), encoder)
    index.save(folder, encoder=encoder)
    return index


def n_entries_of(templates: Iterable[AnswerTemplate]) -> int:
    """Number of vectors that an index of these templates has."""
    return sum(len(_entries(0, template)) for template in templates)


def _entries(number: int, template: AnswerTemplate) -> list[tuple[int, str]]:
    """Ids and texts of a template's entries."""
    texts = [template.text, *template.question_examples][:MAX_ENTRIES]
    return [(number * MAX_ENTRIES + place, text) for place, text in enumerate(texts)]


def _encoded(
    entries: Sequence[tuple[int, str]], encoder: SentenceEncoder
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Ids and rows, part by part: the encoder holds the tokens of one part at a time."""
    with tqdm(total=len(entries), desc="encoding", disable=None if len(entries) > _BATCH else True) as bar:
        for at in range(0, len(entries), _BATCH):
            part = entries[at : at + _BATCH]
            yield np.array([entry for entry, _ in part], dtype=np.int64), encoder.encode([text for _, text in part])
            bar.update(len(part))
