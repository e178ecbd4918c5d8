"""Texts -> parses, from an exported model folder.

That is `model.onnx`, `lexical.npz`, `tagger.npz`, `parser.json`, `tokenizer.json`, `labels.json` and `manifest.json`.

Imports neither torch nor transformers. A text longer than the window is read in overlapping windows: its intent
probabilities are averaged over them, each weighted by its confidence, and entities are taken from where they stand.
Of a text beyond `MAX_WINDOWS` the two ends are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from nlu.calibration import softmax
from nlu.encoding import Encoded, TextEncoder, allowed_transitions, best_tags, entities_of, pad
from nlu.labels import Labels
from nlu.lexical import MODEL_NAME as LEXICAL_NAME
from nlu.lexical import LexicalModel
from nlu.tagger import MODEL_NAME as TAGGER_NAME
from nlu.tagger import Tagger, joints
from nlu.types import Entity, Intent, Parse
from store.manifest import verify

MODEL_NAME = "model.onnx"
SETTINGS_NAME = "parser.json"
MAX_WINDOWS = 32
STRETCHED, FEW = 20, 3
"""More characters than `STRETCHED`, of which at most `FEW` are different, are no word."""
LONGEST_VALUE = 80
"""A text of more characters is no single value."""
_VALUE_ALONE = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[A-Za-z]{1,4}[-/ ]?)?\d[\d/-]*(?:-[A-Z])?")
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class ParserSettings:
    """Saved beside the weights: window length in tokens, how the models are weighed, lowest confidence of an entity."""

    max_length: int = 96
    temperature: float = 1.0
    lexical_weight: float = 0.0
    tagger_weight: float = 0.0
    transition_weight: float = 0.0
    entity_threshold: float = 0.2

    def save(self, folder: Path) -> None:
        """Write `parser.json`."""
        values = {name: getattr(self, name) for name in self.__slots__}
        (folder / SETTINGS_NAME).write_text(json.dumps(values, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> ParserSettings:
        """Read `parser.json`."""
        return cls(**json.loads((folder / SETTINGS_NAME).read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class TagParts:
    """Log probabilities of the encoder and logits of the tagger, (t, n_tags) each, and the tokens' joints (t,)."""

    encoder: NDArray[Any]
    tagger: NDArray[Any]
    joints: NDArray[Any]


class Parser:
    """Loads one model folder and parses batches of texts."""

    def __init__(self, folder: Path, *, n_threads: int = 1) -> None:
        """Raises FileNotFoundError naming what is missing in `folder`."""
        for name in (MODEL_NAME, LEXICAL_NAME, TAGGER_NAME, SETTINGS_NAME, "tokenizer.json", "labels.json"):
            if not (folder / name).exists():
                raise FileNotFoundError(
                    f"{folder / name} is missing: the intent model cannot be loaded. Run `uv run xenia train --only nlu`."
                )
        verify(folder, mend="Run `uv run xenia train --only nlu`.")
        self.labels = Labels.load(folder)
        self.settings = ParserSettings.load(folder)
        self._lexical = LexicalModel.load(folder)
        self._tagger = Tagger.load(folder)
        self.encoder = TextEncoder(folder, max_length=self.settings.max_length)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_NAME), options, providers=["CPUExecutionProvider"]
        )
        self._allowed = allowed_transitions(self.labels)
        for name, n_known, n_labels in (
            (LEXICAL_NAME, self._lexical.n_intents, len(self.labels.intents)),
            (TAGGER_NAME, self._tagger.n_tags, len(self.labels.tags)),
        ):
            if n_known != n_labels:
                raise ValueError(
                    f"{folder / name} knows {n_known} labels, labels.json {n_labels}: they are not of one training. "
                    "Run `uv run xenia train --only nlu`."
                )

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """One parse a text. A text that says nothing of what is wanted has evenly spread intents (`says_nothing`)."""
        windows = [_bounded(self.encoder.windows(text)) for text in texts]
        flat = [window for group in windows for window in group]
        if not flat:
            return []
        intent_logits, tag_logits = self.logits(flat)
        lexical = np.stack([self.lexical_logits(text) for text in texts])
        owner = [number for number, group in enumerate(windows) for _ in group]
        intent_logits = intent_logits + self.settings.lexical_weight * lexical[owner]
        intent_logits[np.array([says_nothing(text) for text in texts])[owner]] = 0.0
        probabilities = softmax(intent_logits, self.settings.temperature)
        parses: list[Parse] = []
        at = 0
        for text, group in zip(texts, windows, strict=True):
            rows = range(at, at + len(group))
            at += len(group)
            intents = self._intents(probabilities[list(rows)])
            parses.append(Parse(intents, self._tagged(text, group, tag_logits[at - len(group) : at])))
        return parses

    def tagged(self, texts: Sequence[str]) -> list[tuple[Entity, ...]]:
        """The entities alone, of every window of a text however long it is."""
        windows = [self.encoder.windows(text) for text in texts]
        flat = [window for group in windows for window in group]
        tag_logits = self.logits(flat)[1] if flat else np.zeros((0, 0, 0))
        found = []
        at = 0
        for text, group in zip(texts, windows, strict=True):
            at += len(group)
            found.append(self._tagged(text, group, tag_logits[at - len(group) : at]))
        return found

    def _tagged(self, text: str, windows: Sequence[Encoded], tag_logits: NDArray[Any]) -> tuple[Entity, ...]:
        return _merged(
            [
                self.entities(text, row, self.tag_parts(text, row, logits), self.settings)
                for row, logits in zip(windows, tag_logits, strict=True)
            ]
        )

    def logits(self, rows: Sequence[Encoded]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Intent logits (n, n_intents) and tag logits (n, t, n_tags) of encoded rows."""
        feeds = {
            "input_ids": pad([row.input_ids for row in rows], self.encoder.pad_id),
            "attention_mask": pad([[1] * len(row.input_ids) for row in rows], 0),
        }
        intent_logits, tag_logits = self._session.run(["intent_logits", "tag_logits"], feeds)
        return intent_logits, tag_logits

    def lexical_logits(self, text: str) -> NDArray[Any]:
        """Intent logits (n_intents,) of a text by its n-grams, before they are weighed."""
        return self._lexical.logits(text)

    def tag_parts(self, text: str, row: Encoded, tag_logits: NDArray[Any]) -> TagParts:
        """What both models say of a row's tags, before it is weighed; `tag_logits` (t, n_tags) of the encoder."""
        logits = tag_logits[: len(row.input_ids)]
        return TagParts(
            np.log(np.clip(softmax(logits), 1e-9, None)),
            self._tagger.logits(text, row.offsets),
            joints(text, row.offsets),
        )

    def entities(self, text: str, row: Encoded, parts: TagParts, settings: ParserSettings) -> list[Entity]:
        """The entities of one window, by the weights of `settings`."""
        scores = parts.encoder + settings.tagger_weight * parts.tagger
        transitions = settings.transition_weight * self._tagger.transitions
        path = best_tags(scores, self._allowed, transitions, parts.joints)
        probabilities = softmax(scores)
        confidences = [float(probabilities[index, tag]) for index, tag in enumerate(path)]
        found = entities_of(text, row.offsets, path, confidences, self.labels)
        return [entity for entity in found if entity.confidence >= settings.entity_threshold]

    def _intents(self, probabilities: NDArray[Any]) -> tuple[Intent, ...]:
        weights = probabilities.max(axis=1)
        mean = (probabilities * (weights / weights.sum())[:, None]).sum(axis=0)
        order = np.argsort(-mean, kind="stable")
        return tuple(Intent(self.labels.intents[index], float(mean[index])) for index in order)


def says_nothing(text: str) -> bool:
    """Whether a text names no intent by itself: it is empty, one value alone, or the same letters over and over.

    An order number or an address alone answers a question; which one, only the dialogue knows.

    >>> [says_nothing(text) for text in (" ", "#10022", "k.lorenz@example.de", "a" * 30, "ok")]
    [True, True, True, True, False]
    """
    bare = text.strip()
    if not bare or (len(bare) > STRETCHED and len(set(bare)) <= FEW):
        return True
    return len(bare) <= LONGEST_VALUE and _VALUE_ALONE.fullmatch(_EDGES.sub("", bare)) is not None


def _bounded(windows: list[Encoded]) -> list[Encoded]:
    half = MAX_WINDOWS // 2
    return windows if len(windows) <= MAX_WINDOWS else windows[:half] + windows[-half:]


def _merged(windows: Sequence[Sequence[Entity]]) -> tuple[Entity, ...]:
    """Entities of overlapping windows: where two overlap, the longer one stays, then the more confident."""
    kept: list[Entity] = []
    everything = [entity for window in windows for entity in window]
    for entity in sorted(everything, key=lambda one: (one.start - one.end, -one.confidence)):
        if all(entity.end <= other.start or entity.start >= other.end for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda one: one.start))
