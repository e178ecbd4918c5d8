"""Names and postal addresses in texts, told by a trained model: the joint model of `nlu/` with the labels `name` and `address`.

Redaction asks it beside the rules, which know whatever has a form. Trained by `uv run xenia train --only personal` from
filled messages (`training.redaction.examples`); imports no torch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from nlu.parser import Parser
from nlu.types import Entity
from training.redaction.names import MARKS
from training.redaction.personal import Found, Kind
from training.redaction.shapes import UNSPACED

BATCH_SIZE = 16
"""Messages of about one length; larger batches are slower on a CPU, whose cache they leave."""
_WORD = re.compile(rf"[^\W\d_{UNSPACED}](?:[^\W\d_{UNSPACED}]|[{MARKS}\u200c\u200d])*")
_PREFIXES = "ولبكف"
_TRAIN = "Run `uv run xenia train --only personal`, or ingest with --rules-only."


class PersonalTagger:
    """`training.redaction.redactor.Tagger` over a folder of weights."""

    def __init__(self, folder: Path, *, n_threads: int = 1) -> None:
        """Raises FileNotFoundError naming what is missing in `folder` and what to do, ValueError for other labels."""
        if not folder.exists():
            raise FileNotFoundError(f"{folder} is missing: the tagger of names and addresses is not there. {_TRAIN}")
        self._parser = Parser(folder, n_threads=n_threads)
        known = {tag.removeprefix("B-") for tag in self._parser.labels.tags if tag.startswith("B-")}
        if strange := known - {Kind.NAME.value, Kind.ADDRESS.value}:
            raise ValueError(f"{folder}: expected the labels name and address, found {sorted(strange)}. {_TRAIN}")

    def names_and_places(self, texts: Sequence[str]) -> list[list[Found]]:
        """Of each text its names and addresses, in order; a text that stands there twice is read once."""
        found: dict[str, list[Found]] = {}
        order = sorted(set(texts), key=lambda text: (len(text), text))
        for at in range(0, len(order), BATCH_SIZE):
            batch = order[at : at + BATCH_SIZE]
            for text, entities in zip(batch, self._parser.tagged(batch), strict=True):
                found[text] = whole_words(text, [_found(entity) for entity in entities])
        return [found[text] for text in texts]


def whole_words(text: str, found: Sequence[Found]) -> list[Found]:
    """The same stretches, out to the ends of the words they cut; those that then meet are one.

    A stretch of less than half a word is no value of its own and is dropped. A word of Arabic keeps a prefix of one letter
    (و, ل, ب) outside; texts without spaces are left as they are.

    >>> text = "Flanellhemd von Sandra"
    >>> [text[one.start : one.end] for one in whole_words(text, [Found(0, 5, Kind.NAME), Found(16, 20, Kind.NAME)])]
    ['Sandra']
    """
    words = [match.span() for match in _WORD.finditer(text)] if found else []
    out: list[Found] = []
    for one in found:
        start, end = one.start, one.end
        for left, right in words:
            if left < start < right and not (start == left + 1 and text[left] in _PREFIXES):
                start = left
            if left < end < right:
                end = right
        if 2 * (one.end - one.start) < end - start:
            continue
        if out and out[-1].kind is one.kind and start <= out[-1].end:
            out[-1] = Found(out[-1].start, max(end, out[-1].end), one.kind)
        elif not out or start >= out[-1].end:
            out.append(Found(start, end, one.kind))
        elif end > out[-1].end:
            out.append(Found(out[-1].end, end, one.kind))
    return out


def _found(entity: Entity) -> Found:
    return Found(entity.start, entity.end, Kind(entity.label))
