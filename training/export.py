"""Making small: torch -> ONNX with int8 weights (encoders). Each export is compared with torch before it is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from nlu.model import JointModel
from training.vocabulary import SENTENCEPIECE_NAME, TOKENIZER_NAME

ONNX_NAME = "model.onnx"
SAMPLE_IDS = ((0, 260, 300, 420, 2), (0, 301, 999, 2, 1))


class _JointGraph(nn.Module):
    def __init__(self, model: JointModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        output = self.model(input_ids, attention_mask)
        return output.intent_logits, output.tag_logits


def copy_tokenizer(checkpoint: Path, folder: Path, *, sampling: bool = False) -> None:
    """Put the tokenizer of a checkpoint beside the weights; `sampling` also takes the SentencePiece model."""
    names = [
        TOKENIZER_NAME,
        *([SENTENCEPIECE_NAME] if sampling and (checkpoint / SENTENCEPIECE_NAME).exists() else []),
    ]
    for name in names:
        if not (checkpoint / name).exists():
            raise FileNotFoundError(f"{checkpoint / name} is missing: a checkpoint needs its tokenizer.json beside it")
        shutil.copyfile(checkpoint / name, folder / name)


def export_joint(model: JointModel, folder: Path) -> None:
    """Write `model.onnx` (int8) with the outputs `intent_logits` and `tag_logits`."""
    export(_JointGraph(model), folder, outputs={"intent_logits": ("n",), "tag_logits": ("n", "t")})


def export(graph: nn.Module, folder: Path, *, outputs: dict[str, tuple[str, ...]], tolerance: float = 0.25) -> None:
    """Export, quantize and compare; raises ValueError when the relative error on the sample is above `tolerance`."""
    graph.eval()
    input_ids = torch.tensor(SAMPLE_IDS)
    inputs = (input_ids, (input_ids != 1).long())
    full = folder / "full.onnx"
    axes = {name: dict(enumerate(axis_names)) for name, axis_names in outputs.items()}
    with torch.no_grad():
        torch.onnx.export(
            graph,
            inputs,
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=list(outputs),
            dynamic_axes={"input_ids": {0: "n", 1: "t"}, "attention_mask": {0: "n", 1: "t"}, **axes},
            opset_version=17,
            dynamo=False,
        )
        wanted = graph(*inputs)
    # Seven bits: without VNNI a processor adds two products of eight bits in sixteen, and saturates.
    quantize_dynamic(
        str(full), str(folder / ONNX_NAME), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )
    full.unlink()
    onnx.checker.check_model(str(folder / ONNX_NAME))
    _compare(folder, inputs, wanted, list(outputs), tolerance)


def _compare(
    folder: Path, inputs: tuple[torch.Tensor, ...], wanted: object, outputs: list[str], tolerance: float
) -> None:
    session = onnxruntime.InferenceSession(str(folder / ONNX_NAME), providers=["CPUExecutionProvider"])
    feeds = {"input_ids": inputs[0].numpy(), "attention_mask": inputs[1].numpy()}
    expected = wanted if isinstance(wanted, tuple) else (wanted,)
    for name, got, want in zip(outputs, session.run(outputs, feeds), expected, strict=True):
        reference = want.numpy()
        error = float(np.linalg.norm(got - reference)) / max(float(np.linalg.norm(reference)), 1e-9)
        if error > tolerance:
            raise ValueError(f"{folder / ONNX_NAME}: {name} is {error:.3f} off the torch model, allowed {tolerance}")
