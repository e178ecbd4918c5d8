"""The joint model: padding counts nothing, and a missing encoder says how to get one."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional

from nlu.labels import Labels
from nlu.model import (
    JointModel,
    load_encoder,
    mean_over_tokens,
    sentence_vectors,
    states_and_embeddings,
    with_neighbours,
)
from tests.models import checkpoint


def _model() -> JointModel:
    torch.manual_seed(1)
    return JointModel.from_checkpoint(checkpoint(), labels=Labels(("a", "b", "c"), ("x", "y"))).eval()


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
def test_states_stand_beside_the_embeddings_of_their_tokens() -> None:
    model, ids = _model(), torch.tensor([[0, 300, 301, 2]])
    hidden = model.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    embeddings = model.encoder.get_input_embeddings()(ids)
    seen = states_and_embeddings(model.encoder, ids, torch.ones_like(ids))
    torch.testing.assert_close(seen, torch.cat([hidden, embeddings], dim=-1))


@torch.no_grad()
def test_the_heads_see_means_and_neighbours() -> None:
    model, ids = _model(), torch.tensor([[0, 300, 301, 302, 303, 2]])
    states = states_and_embeddings(model.encoder, ids, torch.ones_like(ids))
    local = functional.gelu(model.neighbours(with_neighbours(states)))
    output = model(ids, torch.ones_like(ids))
    pooled = torch.cat([states.mean(1), local.amax(1).clamp(min=0)], dim=-1)
    torch.testing.assert_close(output.intent_logits, model.intent_head(pooled))
    torch.testing.assert_close(output.tag_logits, model.tag_head(torch.cat([states, local], dim=-1)))


def test_each_token_sees_two_on_either_side_and_nothing_past_the_ends() -> None:
    states = torch.tensor([[[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]]])
    assert with_neighbours(states)[0, :, ::2].tolist() == [[0, 0, 1, 2, 3], [0, 1, 2, 3, 0], [1, 2, 3, 0, 0]]
    assert with_neighbours(states)[0, 1].tolist() == [0, 0, 1, -1, 2, -2, 3, -3, 0, 0]


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
