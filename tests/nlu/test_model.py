"""The joint model: padding counts nothing, and a missing encoder says how to get one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nlu.model import JointModel, load_encoder
from tests.models import checkpoint


def _model() -> JointModel:
    torch.manual_seed(1)
    return JointModel.from_checkpoint(checkpoint(), n_intents=3, n_tags=5).eval()


@torch.no_grad()
def test_padding_changes_neither_intents_nor_tags() -> None:
    model, ids = _model(), torch.tensor([[0, 300, 301, 2]])
    padded = torch.tensor([[0, 300, 301, 2, 1, 1, 1]])
    short, long = model(ids, torch.ones_like(ids)), model(padded, (padded != 1).long())
    assert short.intent_logits.shape == (1, 3)
    assert short.tag_logits.shape == (1, 4, 5)
    torch.testing.assert_close(long.intent_logits, short.intent_logits)
    torch.testing.assert_close(long.tag_logits[:, :4], short.tag_logits)


@torch.no_grad()
def test_intents_are_read_from_the_mean_over_tokens() -> None:
    model, ids = _model(), torch.tensor([[0, 300, 301, 2]])
    hidden = model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    expected = hidden[0].mean(0) @ model.intent_head.weight.T + model.intent_head.bias
    torch.testing.assert_close(model(ids, torch.ones_like(ids)).intent_logits[0], expected)


def test_a_missing_encoder_names_its_folder_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere.*xenia train --only pretrain"):
        load_encoder(tmp_path / "nowhere")
