"""What an export loses: the served model beside the torch model on the same rows, before it takes the old one's place.

Each comparison gives `ExportCheck`s; `refuse_losses` raises where one of them loses more than it may. Where too few rows
were kept aside the outputs on a fixed sample are compared instead (`sample_checks`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.calibration import softmax
from nlu.encoding import Encoded, allowed_transitions, best_tags, entities_of, pad
from nlu.labels import Labels
from training.data.dataset import INTENT_ONLY, Example
from training.evaluation.metrics import SpanCounts, span_counts
from training.subwords import SubwordSampler
from training.vocabulary import TOKENIZER_NAME
from training.writer.rows import Row

FILE_NAME = "export.json"
FEWEST_ROWS = 20
"""On fewer rows a share says nothing: the sample is compared instead."""
BATCH_SIZE, WRITTEN_AT_ONCE = 64, 16
LONGEST_PROMPT, LONGEST_REPLY = 160, 96
"""Tokens, as `generation.writer` reads and writes."""
ROUNDING = 1e-9
Run = Callable[[NDArray[Any], NDArray[Any]], Sequence[NDArray[Any]]]
"""`input_ids` and `attention_mask` (n, t), int64 -> a model's outputs."""


@dataclass(frozen=True, slots=True)
class ExportCheck:
    """A figure in [0, 1], higher is better, of the torch model and of its export; `limit`: what the export may lose."""

    name: str
    torch: float
    exported: float
    limit: float

    @property
    def is_lost(self) -> bool:
        """Whether the export loses more than it may, or gives no number at all."""
        return not self.torch - self.exported <= self.limit + ROUNDING


def refuse_losses(checks: Sequence[ExportCheck], folder: Path) -> None:
    """Raise ValueError that names each figure which lost too much, its limit and what to do."""
    lost = [
        f"{one.name} {one.torch:.4f} in torch, {one.exported:.4f} exported (may lose {one.limit:.4f})"
        for one in checks
        if one.is_lost
    ]
    if lost:
        raise ValueError(
            f"{folder}: the export loses too much: {'; '.join(lost)}. What was there before is left as it was. "
            "Train longer or a wider model, whose weights suffer less from eight bits, or set export_loss higher."
        )


def save_checks(checks: Sequence[ExportCheck], work_dir: Path) -> None:
    """Write `export.json`, from which a manifest can tell what was compared."""
    content = json.dumps([asdict(one) for one in checks], indent=1)
    (work_dir / FILE_NAME).write_text(content + "\n", "utf-8")


def read_checks(work_dir: Path) -> list[dict[str, Any]]:
    """What `save_checks` wrote, for the manifest; [] where nothing was exported."""
    path = work_dir / FILE_NAME
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


def sample_checks(
    wanted: Mapping[str, NDArray[Any]], got: Sequence[NDArray[Any]], tolerance: float
) -> list[ExportCheck]:
    """Of each output 1 less the relative error, |got - wanted| / |wanted|, which may be up to `tolerance`."""
    checks = []
    for (name, reference), found in zip(wanted.items(), got, strict=True):
        error = float(np.linalg.norm(found - reference)) / max(float(np.linalg.norm(reference)), 1e-9)
        checks.append(ExportCheck(f"agreement of {name}", 1.0, 1 - error, tolerance))
    return checks


def joint_checks(
    whole: Run, exported: Run, rows: Sequence[Example], labels: Labels, *, sampler: SubwordSampler, limit: float
) -> list[ExportCheck]:
    """Intent accuracy and, where the rows have entities, their F1; a single row or entity never decides alone."""
    encoded = [sampler.best(row.text) for row in rows]
    (before, spans), (after, spans_after) = (
        _judged(run, rows, encoded, labels, pad_id=sampler.pad_id) for run in (whole, exported)
    )
    checks = [ExportCheck("intent accuracy", before, after, max(limit, 1 / len(rows)))]
    if spans.there:
        checks.append(ExportCheck("entity F1", spans.f1, spans_after.f1, max(limit, 1 / spans.there)))
    return checks


def _judged(
    run: Run, rows: Sequence[Example], encoded: Sequence[Encoded], labels: Labels, *, pad_id: int
) -> tuple[float, SpanCounts]:
    allowed = allowed_transitions(labels)
    n_right, there, found = 0, [], []
    for at in range(0, len(rows), BATCH_SIZE):
        batch = encoded[at : at + BATCH_SIZE]
        intents, tags = run(*_padded([one.input_ids for one in batch], pad_id))
        for row, one, intent, tag in zip(rows[at : at + BATCH_SIZE], batch, intents, tags, strict=True):
            n_right += labels.intents[int(intent.argmax())] == row.intent
            if row.situation == INTENT_ONLY:
                continue
            path = best_tags(np.log(np.clip(softmax(tag[: len(one.input_ids)]), 1e-9, None)), allowed)
            entities = entities_of(row.text, one.offsets, path, [1.0] * len(path), labels)
            there.append(set(row.spans))
            found.append({(entity.start, entity.end, entity.label) for entity in entities})
    return n_right / len(rows), span_counts(there, found)


def sentence_checks(
    whole: Run, exported: Run, texts: Sequence[str], *, sampler: SubwordSampler, limit: float
) -> list[ExportCheck]:
    """Mean cosine of a text's two vectors, and the mean cosine in torch of a text with what is its nearest for either.

    Which of two equally near texts is taken makes no difference so; to count agreeing neighbours would call it a loss.
    """
    ids = [sampler.best(text).input_ids for text in dict.fromkeys(texts)]
    vectors, quantised = (_vectors(run, ids, sampler.pad_id) for run in (whole, exported))
    near, found = vectors @ vectors.T, quantised @ quantised.T
    for scores in (near, found):
        np.fill_diagonal(scores, -np.inf)
    rows = np.arange(len(ids))
    cosine = float((vectors * quantised).sum(1).mean())
    nearest, taken = float(near.max(1).mean()), float(near[rows, found.argmax(1)].mean())
    return [
        ExportCheck("cosine with torch", 1.0, cosine, limit),
        ExportCheck("nearness of the nearest text", nearest, taken, limit),
    ]


def _vectors(run: Run, ids: Sequence[Sequence[int]], pad_id: int) -> NDArray[Any]:
    parts = [run(*_padded(ids[at : at + BATCH_SIZE], pad_id))[0] for at in range(0, len(ids), BATCH_SIZE)]
    return np.concatenate(parts)


def _padded(ids: Sequence[Sequence[int]], pad_id: int) -> tuple[NDArray[Any], NDArray[Any]]:
    return pad([list(one) for one in ids], pad_id), pad([[1] * len(one) for one in ids], 0)


def writer_checks(torch_dir: Path, folder: Path, rows: Sequence[Row], *, limit: float) -> list[ExportCheck]:
    """chrF with the rows' replies of what either model writes, greedily: another text that is as good is no loss."""
    from generation.writer import Writer
    from training.evaluation.text_metrics import chrf

    writer = Writer(folder, time_limit_s=float("inf"), max_input=LONGEST_PROMPT)
    whole = _written(torch_dir, [row.prompt for row in rows], writer.decode)
    exported = [writer.write(row.prompt, max_tokens=LONGEST_REPLY) or "" for row in rows]
    replies = [[row.reply] for row in rows]
    return [ExportCheck("chrF of replies", chrf(whole, replies), chrf(exported, replies), limit)]


@torch.no_grad()
def _written(torch_dir: Path, prompts: Sequence[str], decode: Callable[[list[str]], str]) -> list[str]:
    """What the torch model writes, read and spelt by the tokenizer that serves."""
    from transformers import AutoModelForSeq2SeqLM

    model = AutoModelForSeq2SeqLM.from_pretrained(torch_dir, dtype=torch.float32).eval()
    tokenizer = Tokenizer.from_file(str(torch_dir / TOKENIZER_NAME))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST_PROMPT)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(prompts))]
    ends = {model.config.pad_token_id, model.config.eos_token_id}
    texts = [""] * len(ids)
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    for at in range(0, len(order), WRITTEN_AT_ONCE):
        batch = order[at : at + WRITTEN_AT_ONCE]
        input_ids, mask = map(torch.from_numpy, _padded([ids[index] for index in batch], model.config.pad_token_id))
        written = model.generate(
            input_ids=input_ids, attention_mask=mask, do_sample=False, num_beams=1, max_new_tokens=LONGEST_REPLY
        )
        for index, row in zip(batch, written.tolist(), strict=True):
            texts[index] = decode([tokenizer.id_to_token(one) for one in row if one not in ends])
    return texts
