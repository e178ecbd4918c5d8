"""What a joint model in training is worth on rows kept aside: intents and entities by language, one score."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from nlu.encoding import allowed_transitions, best_tags, entities_of, pad
from nlu.labels import Labels
from nlu.model import JointModel
from training.data.dataset import INTENT_ONLY, Example
from training.evaluation.metrics import span_counts
from training.subwords import SubwordSampler

BATCH_SIZE = 128
FEWEST_ROWS = 20
"""A language with fewer rows is in the mean but is not called the worst: chance would choose it."""


class NluScore:
    """Called during a training: figures of the model as it stands, `score` among them."""

    def __init__(self, model: JointModel, sampler: SubwordSampler, labels: Labels, rows: Sequence[Example]) -> None:
        self._model, self._labels, self._pad_id = model, labels, sampler.pad_id
        self._rows = sorted(rows, key=lambda row: len(row.text))
        self._encoded = [sampler.best(row.text) for row in self._rows]
        self._allowed = allowed_transitions(labels)

    def __call__(self) -> dict[str, float]:
        """`mean` and `worst` intent accuracy of the languages, `entity_f1` over all, and `score`, all in [0, 1].

        A language's figure in the score is the mean of its intent accuracy and, where it has entities, their F1.
        """
        right: dict[str, list[bool]] = {}
        spans: dict[str, list[tuple[set[tuple[int, int, str]], set[tuple[int, int, str]]]]] = {}
        for row, intent, found in self._predicted():
            right.setdefault(row.language, []).append(intent == row.intent)
            if row.situation != INTENT_ONLY:
                spans.setdefault(row.language, []).append((set(row.spans), found))
        accuracy = {language: sum(one) / len(one) for language, one in right.items()}
        counts = {one: span_counts([a for a, _ in pairs], [b for _, b in pairs]) for one, pairs in spans.items()}
        joint = {
            one: (accuracy[one] + counts[one].f1) / 2 if one in counts and counts[one].there else accuracy[one]
            for one in accuracy
        }
        enough = [one for one in accuracy if len(right[one]) >= FEWEST_ROWS] or list(accuracy)
        everywhere = span_counts(
            [a for pairs in spans.values() for a, _ in pairs], [b for pairs in spans.values() for _, b in pairs]
        )
        return {
            "mean": sum(accuracy.values()) / len(accuracy),
            "worst": min(accuracy[one] for one in enough),
            "entity_f1": everywhere.f1,
            "score": (sum(joint.values()) / len(joint) + min(joint[one] for one in enough)) / 2,
        }

    def _predicted(self) -> list[tuple[Example, str, set[tuple[int, int, str]]]]:
        found: list[tuple[Example, str, set[tuple[int, int, str]]]] = []
        where = next(self._model.parameters()).device
        for at in range(0, len(self._rows), BATCH_SIZE):
            encoded = self._encoded[at : at + BATCH_SIZE]
            input_ids = torch.from_numpy(pad([one.input_ids for one in encoded], self._pad_id)).to(where)
            mask = torch.from_numpy(pad([[1] * len(one.input_ids) for one in encoded], 0)).to(where)
            output = self._model(input_ids, mask)
            intents = output.intent_logits.argmax(-1).tolist()
            tag_logits = output.tag_logits.float().log_softmax(-1).cpu().numpy()
            for number, one in enumerate(encoded):
                row = self._rows[at + number]
                path = best_tags(tag_logits[number, : len(one.input_ids)], self._allowed)
                entities = entities_of(row.text, one.offsets, path, [1.0] * len(path), self._labels)
                spans = {(entity.start, entity.end, entity.label) for entity in entities}
                found.append((row, self._labels.intents[intents[number]], spans))
        return found
