"""Exported graphs say what torch says, at lengths they were not traced with, and a bad export is not kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from nlu.model import JointModel
from tests.models import TRACING, checkpoint
from training.export import copy_tokenizer, export, export_joint

pytestmark = TRACING


def _session(folder: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])


@torch.no_grad()
def test_the_exported_joint_model_follows_torch_at_any_length_and_batch(tmp_path: Path) -> None:
    torch.manual_seed(4)
    model = JointModel.from_checkpoint(checkpoint(), n_intents=4, n_tags=5).eval()
    export_joint(model, tmp_path)
    session = _session(tmp_path)
    for n_rows, length in ((1, 3), (3, 40), (2, 96)):
        ids = torch.randint(4, 450, (n_rows, length))
        ids[:, 0], ids[:, -1] = 0, 2
        ids[-1, length // 2 + 1 :] = 1
        mask = (ids != 1).long()
        feeds = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        intents, tags = session.run(["intent_logits", "tag_logits"], feeds)
        wanted = model(ids, mask)
        real = mask.bool().numpy()
        for got, want in ((intents, wanted.intent_logits.numpy()), (tags[real], wanted.tag_logits.numpy()[real])):
            assert got.shape == want.shape
            assert np.linalg.norm(got - want) / np.linalg.norm(want) < 0.05
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx"]


class _Table(nn.Module):
    """An embedding whose rows above the sample's ids are never compared."""

    def __init__(self, spread: float) -> None:
        super().__init__()
        self.rows = nn.Embedding(1000, 16)
        self.out = nn.Linear(16, 16)
        nn.init.uniform_(self.out.weight, -1, 1)
        self.out.weight.data[0, 0] *= spread

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        embedded = self.out(self.rows(input_ids)) * attention_mask.unsqueeze(-1)
        pooled: torch.Tensor = embedded.sum(1)
        return pooled


def test_weights_become_a_quarter_as_large(tmp_path: Path) -> None:
    export(_Table(1.0), tmp_path, outputs={"embedding": ("n",)})
    assert (tmp_path / "model.onnx").stat().st_size < 1000 * 16 * 4 * 0.4


def test_an_export_that_is_far_off_is_refused_with_its_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"embedding is 0\.\d+ off the torch model, allowed 1e-06"):
        export(_Table(1.0), tmp_path, outputs={"embedding": ("n",)}, tolerance=1e-6)


def test_the_tokenizer_goes_along_and_its_sentencepiece_model_only_where_asked_for(tmp_path: Path) -> None:
    copy_tokenizer(checkpoint(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]
    copy_tokenizer(checkpoint(), tmp_path, sampling=True)
    assert (tmp_path / "sentencepiece.model").read_bytes() == (checkpoint() / "sentencepiece.model").read_bytes()


def test_a_checkpoint_without_its_tokenizer_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"tokenizer\.json is missing"):
        copy_tokenizer(tmp_path, tmp_path)
