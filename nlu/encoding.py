"""Text -> input ids with offsets, entities -> BIO tags and back. Shared by training and serving.

Offsets are characters of the original text, end exclusive, so that an entity is cut out of what the customer typed and
not out of a normalised copy; this also holds in languages without spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.labels import Labels
from nlu.types import Entity

FILE_NAME = "tokenizer.json"
PAD = 1
"""Padding of our own vocabularies and XLM-R's; other checkpoints bring their own (`TextEncoder.pad_id`)."""
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """`input_ids` with special tokens at both ends; `offsets[i]` is (start, end), (0, 0) for special tokens."""

    input_ids: list[int]
    offsets: list[tuple[int, int]]


class TextEncoder:
    """The tokenizer beside a checkpoint (`tokenizer.json`)."""

    def __init__(self, folder: Path, *, max_length: int = 96, stride: int = 24) -> None:
        """`max_length` tokens a window, special ones included; neighbouring windows share `stride` tokens."""
        if not (folder / FILE_NAME).exists():
            raise FileNotFoundError(
                f"{folder / FILE_NAME} is missing: expected a checkpoint with a fast tokenizer. Save one there "
                "(AutoTokenizer.from_pretrained(...).save_pretrained(folder))."
            )
        self._tokenizer = Tokenizer.from_file(str(folder / FILE_NAME))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length, stride=stride)
        self.pad_id = self._first_of("<pad>", "[PAD]", default=PAD)
        self.unknown_id = self._first_of("<unk>", "[UNK]", default=self.pad_id)

    def _first_of(self, *names: str, default: int) -> int:
        found = (self._tokenizer.token_to_id(name) for name in names)
        return next((one for one in found if one is not None), default)

    def windows(self, text: str) -> list[Encoded]:
        """One window for a text that fits, else overlapping ones that cover all of it."""
        first = self._tokenizer.encode(text)
        return [_encoded(part, text) for part in (first, *first.overflowing)]

    def encode(self, text: str) -> Encoded:
        """The first window of a text."""
        return _encoded(self._tokenizer.encode(text), text)


def _encoded(encoding: object, text: str) -> Encoded:
    offsets = [trim(text, start, end) for start, end in encoding.offsets]  # type: ignore[attr-defined]
    return Encoded(list(encoding.ids), offsets)  # type: ignore[attr-defined]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without white space at its ends: a piece carries the space before its word.

    >>> trim("ab cd", 2, 5)
    (3, 5)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def pad(rows: Sequence[Sequence[int]], value: int) -> NDArray[Any]:
    """Rows of ids -> int64 array (n, longest), filled up with `value` on the right."""
    out = np.full((len(rows), max(map(len, rows))), value, dtype=np.int64)
    for index, row in enumerate(rows):
        out[index, : len(row)] = row
    return out


def bio_tags(offsets: Sequence[tuple[int, int]], spans: Sequence[Span], labels: Labels) -> list[int]:
    """One tag id a token. A token belongs to a span when they overlap; its first token is `B`, the
    others `I`, also a blank one (the piece of a space) between two of them.

    >>> labels = Labels(intents=("x",), entities=("city",))
    >>> bio_tags([(0, 0), (0, 2), (3, 6), (6, 9), (0, 0)], [(3, 9, "city")], labels)
    [0, 0, 1, 2, 0]
    """
    position = {tag: index for index, tag in enumerate(labels.tags)}
    tags = [0] * len(offsets)
    for start, end, label in spans:
        mark = "B"
        for index, (left, right) in enumerate(offsets):
            overlaps = left < right and left < end and right > start
            blank_inside = left == right and start < left < end and mark == "I"
            if (overlaps or blank_inside) and tags[index] == 0:
                tags[index] = position[f"{mark}-{label}"]
                mark = "I"
    return tags


def allowed_transitions(labels: Labels) -> NDArray[Any]:
    """Bool array (n_tags + 1, n_tags): row = the tag before (last row: start of text), column = the tag after.

    `I-x` stands only after `B-x` or `I-x`; everything else is free.
    """
    n_tags = len(labels.tags)
    allowed = np.ones((n_tags + 1, n_tags), dtype=bool)
    for index in range(len(labels.entities)):
        begin, inside = 1 + 2 * index, 2 + 2 * index
        allowed[:, inside] = False
        allowed[[begin, inside], inside] = True
    return allowed


def best_tags(
    scores: NDArray[Any],
    allowed: NDArray[Any],
    transitions: NDArray[Any] | None = None,
    joints: NDArray[Any] | None = None,
) -> list[int]:
    """Viterbi path of (n_tokens, n_tags) scores over valid transitions only (Forney 1973, doi:10.1109/PROC.1973.9030).

    `transitions` (n_joints, n_tags, n_tags) are added where given: `joints` (n_tokens,) says which of them stands before a
    token.
    """
    if not len(scores):
        return []
    penalty = np.where(allowed, 0.0, -1e9)
    score = scores[0] + penalty[-1]
    back: list[NDArray[Any]] = []
    between = penalty[:-1][None] if transitions is None else penalty[:-1] + transitions
    places = np.zeros(len(scores), dtype=np.intp) if joints is None else joints
    for row, place in zip(scores[1:], places[1:], strict=True):
        paths = score[:, None] + between[place]
        back.append(paths.argmax(axis=0))
        score = paths.max(axis=0) + row
    path = [int(score.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def entities_of(
    text: str,
    offsets: Sequence[tuple[int, int]],
    tag_ids: Sequence[int],
    confidences: Sequence[float],
    labels: Labels,
) -> list[Entity]:
    """BIO tags -> entities cut out of `text`; an entity's confidence is the lowest of its tokens."""
    found: list[Entity] = []
    tags = labels.tags
    open_label, start, end, low = "", 0, 0, 1.0

    def close() -> None:
        if open_label and start < end:
            found.append(Entity(open_label, start, end, text[start:end], low))

    for (left, right), tag_id, confidence in zip(offsets, tag_ids, confidences, strict=True):
        if left == right:
            continue
        tag = tags[tag_id]
        if tag.startswith("I-") and tag[2:] == open_label:
            end, low = right, min(low, confidence)
            continue
        close()
        open_label = tag[2:] if tag.startswith("B-") else ""
        start, end, low = left, right, confidence
    close()
    return found
