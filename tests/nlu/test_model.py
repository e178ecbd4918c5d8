"""The joint model: padding counts nothing, and a missing encoder says how to get one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from nlu.model import JointModel, load_encoder, mean_over_tokens, sentence_vectors, states_and_embeddings
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
def test_both_heads_see_states_beside_embeddings() -> None:
    model, ids = _model(), torch.tensor([[0, 300, 301, 2]])
    hidden = model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
    seen = torch.cat([hidden, model.encoder.get_input_embeddings()(ids)[0]], dim=-1)
    output = model(ids, torch.ones_like(ids))
    torch.testing.assert_close(
        output.intent_logits[0], seen.mean(0) @ model.intent_head.weight.T + model.intent_head.bias
    )
    torch.testing.assert_close(output.tag_logits[0], seen @ model.tag_head.weight.T + model.tag_head.bias)
    torch.testing.assert_close(states_and_embeddings(model.encoder, ids, torch.ones_like(ids))[0], seen)


def test_the_mean_counts_real_tokens_only() -> None:
    states = torch.tensor([[[1.0, 2.0], [3.0, 6.0], [100.0, 100.0]], [[1.0, 1.0], [9.0, 9.0], [9.0, 9.0]]])
    assert mean_over_tokens(states, torch.tensor([[1, 1, 0], [1, 0, 0]])).tolist() == [[2.0, 4.0], [1.0, 1.0]]
    assert mean_over_tokens(states[:1], torch.tensor([[0, 0, 0]])).tolist() == [[0.0, 0.0]]


def test_a_sentence_vector_is_both_halves_at_equal_weight_and_length_one() -> None:
    # States 3, 4 -> 0.6, 0.8; embeddings 0, 50 -> 0, 1; each half by 1 / sqrt(2).
    states = torch.tensor([[[6.0, 8.0, 0.0, 100.0], [0.0, 0.0, 0.0, 0.0], [7.0, 7.0, 7.0, 7.0]]])
    (vector,) = sentence_vectors(states, torch.tensor([[1, 1, 0]]))
    assert vector.tolist() == pytest.approx([value / 2**0.5 for value in (0.6, 0.8, 0.0, 1.0)])


def test_a_missing_encoder_names_its_folder_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere.*xenia train --only pretrain"):
        load_encoder(tmp_path / "nowhere")
