"""Making small: torch -> ONNX with int8 weights (encoders), torch -> CTranslate2 with int8 weights (writer).

Each export is made beside the folder's files and compared with torch (`training.export_checks`); only one that loses little
takes their place.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from nlu.labels import Labels
from nlu.model import JointModel
from store.manifest import FILE_NAME as MANIFEST_NAME
from training.config import Fit
from training.data.dataset import Example
from training.export_checks import (
    FEWEST_ROWS,
    ExportCheck,
    Run,
    joint_checks,
    refuse_losses,
    sample_checks,
    sentence_checks,
    writer_checks,
)
from training.subwords import SubwordSampler
from training.vocabulary import TOKENIZER_NAME
from training.writer.rows import Row

ONNX_NAME = "model.onnx"
SAMPLE_IDS = ((0, 260, 300, 420, 2), (0, 301, 999, 2, 1))
TOLERANCE = 0.25
"""Relative error that int8 may make on the sample's outputs."""
Compare = Callable[[Run, Run], list[ExportCheck]]


class _JointGraph(nn.Module):
    def __init__(self, model: JointModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        output = self.model(input_ids, attention_mask)
        return output.intent_logits, output.tag_logits


def export_joint(
    model: JointModel,
    folder: Path,
    *,
    labels: Labels,
    held: Sequence[Example],
    sampler: SubwordSampler,
    limit: float = Fit.export_loss,
) -> list[ExportCheck]:
    """Write `model.onnx` (int8) with the outputs `intent_logits` and `tag_logits`; see `export` for what is raised.

    On the rows `held` the intent accuracy and the entity F1 may each lose `limit`.
    """

    def compare(whole: Run, exported: Run) -> list[ExportCheck]:
        return joint_checks(whole, exported, held, labels, sampler=sampler, limit=limit)

    outputs = {"intent_logits": ("n",), "tag_logits": ("n", "t")}
    return export(_JointGraph(model), folder, outputs=outputs, compare=compare if len(held) >= FEWEST_ROWS else None)


def export_sentences(
    graph: nn.Module,
    folder: Path,
    *,
    held: Sequence[str],
    sampler: SubwordSampler,
    limit: float = Fit.export_loss,
) -> list[ExportCheck]:
    """Write `model.onnx` (int8) with the output `embedding`; see `export` for what is raised.

    The vectors of the texts `held` may turn away by `limit`, and so may the neighbours that are found by them.
    """

    def compare(whole: Run, exported: Run) -> list[ExportCheck]:
        return sentence_checks(whole, exported, held, sampler=sampler, limit=limit)

    enough = len(set(held)) >= FEWEST_ROWS
    return export(graph, folder, outputs={"embedding": ("n",)}, compare=compare if enough else None)


def export(
    graph: nn.Module,
    folder: Path,
    *,
    outputs: dict[str, tuple[str, ...]],
    compare: Compare | None = None,
    tolerance: float = TOLERANCE,
) -> list[ExportCheck]:
    """Export, quantize, compare, and only then put `model.onnx` into `folder`.

    Without `compare` the relative error on a fixed sample may be up to `tolerance`. Raises ValueError that names what
    lost too much; the folder is then as it was.
    """
    graph.eval()
    with _staged(folder) as staged:
        _to_int8(graph, staged, outputs)
        session = onnxruntime.InferenceSession(str(staged / ONNX_NAME), providers=["CPUExecutionProvider"])

        def exported(input_ids: NDArray[Any], attention_mask: NDArray[Any]) -> Sequence[NDArray[Any]]:
            feeds = {"input_ids": input_ids, "attention_mask": attention_mask}
            return session.run(list(outputs), feeds)  # type: ignore[no-any-return]

        @torch.no_grad()
        def whole(input_ids: NDArray[Any], attention_mask: NDArray[Any]) -> Sequence[NDArray[Any]]:
            found = graph(torch.from_numpy(input_ids), torch.from_numpy(attention_mask))
            return [one.numpy() for one in (found if isinstance(found, tuple) else (found,))]

        if compare is not None:
            checks = compare(whole, exported)
        else:
            sample = [one.numpy() for one in _sample()]
            wanted = dict(zip(outputs, whole(*sample), strict=True))
            checks = sample_checks(wanted, exported(*sample), tolerance)
        refuse_losses(checks, folder)
    return checks


def _sample() -> tuple[torch.Tensor, torch.Tensor]:
    input_ids = torch.tensor(SAMPLE_IDS)
    return input_ids, (input_ids != 1).long()


def _to_int8(graph: nn.Module, folder: Path, outputs: dict[str, tuple[str, ...]]) -> None:
    full = folder / "full.onnx"
    axes = {name: dict(enumerate(axis_names)) for name, axis_names in outputs.items()}
    with torch.no_grad():
        torch.onnx.export(
            graph,
            _sample(),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=list(outputs),
            dynamic_axes={"input_ids": {0: "n", 1: "t"}, "attention_mask": {0: "n", 1: "t"}, **axes},
            opset_version=17,
            dynamo=False,
        )
    # Seven bits: without VNNI a processor adds two products of eight bits in sixteen, and saturates.
    logging.disable(logging.WARNING)  # of tensors that hold shapes and have nothing to quantize
    try:
        quantize_dynamic(
            str(full), str(folder / ONNX_NAME), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    finally:
        logging.disable(logging.NOTSET)
    full.unlink()
    onnx.checker.check_model(str(folder / ONNX_NAME))


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """A folder whose files take the place of those of `folder`, unless something was raised.

    A manifest of the files before would call the new ones damaged, so it goes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=folder) as name:
        yield Path(name)
        (folder / MANIFEST_NAME).unlink(missing_ok=True)
        for path in Path(name).iterdir():
            path.replace(folder / path.name)


def export_writer(
    torch_dir: Path, folder: Path, *, held: Sequence[Row] = (), limit: float = Fit.export_loss
) -> list[ExportCheck]:
    """torch checkpoint -> CTranslate2 with int8 weights; nothing is compared without rows `held`.

    Raises ValueError where its replies to them lose more than `limit`; the folder is then as it was.
    """
    from ctranslate2.converters import TransformersConverter

    with _staged(folder) as staged:
        TransformersConverter(str(torch_dir)).convert(str(staged), quantization="int8", force=True)
        shutil.copyfile(torch_dir / TOKENIZER_NAME, staged / TOKENIZER_NAME)
        checks = writer_checks(torch_dir, staged, held, limit=limit) if held else []
        refuse_losses(checks, folder)
    return checks
