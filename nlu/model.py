"""The joint model in torch: one encoder, an intent head on the pooled vector and a BIO head on tokens.

Only training and export import this module; the server runs the exported graph (`nlu.parser`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from nlu.labels import Labels

WINDOW = 5
"""Tokens that the convolution sees at once."""


@dataclass(frozen=True, slots=True)
class JointOutput:
    """`intent_logits` (n, n_intents) and `tag_logits` (n, t, n_tags), both float32, before any softmax."""

    intent_logits: torch.Tensor
    tag_logits: torch.Tensor


class JointModel(nn.Module):
    """An encoder of the XLM-RoBERTa family; both heads see its states and, beside them, its input embeddings.

    Pooling is the mean over tokens beside the maximum of a convolution over neighbouring tokens (arXiv:1408.5882); the
    same convolution tells the entity head what stands left and right. The embeddings' own mean keeps the plain bag of
    words in sight. Both matter for an encoder as small as ours.

    Where intents are joined (`greet+track_order`, Rasa's notation) the head scores the parts, and a joined intent's logit
    is the sum of theirs: what is learnt of a part serves every intent that holds it.
    """

    def __init__(self, encoder: nn.Module, *, labels: Labels) -> None:
        super().__init__()
        self.encoder = encoder
        hidden_size = encoder.config.hidden_size
        self.neighbours = nn.Linear(WINDOW * 2 * hidden_size, hidden_size)
        parts = torch.from_numpy(labels.parts_of_intents())
        self.intent_head = nn.Linear(3 * hidden_size, parts.shape[1])
        self.tag_head = nn.Linear(3 * hidden_size, len(labels.tags))
        self.register_buffer("parts", parts if labels.has_joined else None, persistent=False)

    @classmethod
    def from_checkpoint(cls, checkpoint: Path | str, *, labels: Labels) -> JointModel:
        """Start from an encoder's folder or name; both heads are new."""
        return cls(load_encoder(checkpoint), labels=labels)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> JointOutput:
        """`input_ids` and `attention_mask` (n, t), int64."""
        mask = attention_mask.unsqueeze(-1).float()
        states = states_and_embeddings(self.encoder, input_ids, attention_mask)
        local = functional.gelu(self.neighbours(with_neighbours(states * mask))) * mask
        # Not below 0, where padding lies: a text says the same alone and in a batch of longer ones.
        strongest = local.amax(dim=1).clamp(min=0)
        pooled = torch.cat([mean_over_tokens(states, attention_mask), strongest], dim=-1)
        intent_logits = self.intent_head(pooled)
        if self.parts is not None:
            intent_logits = intent_logits @ self.parts.T
        return JointOutput(intent_logits, self.tag_head(torch.cat([states, local], dim=-1)))


def with_neighbours(states: torch.Tensor) -> torch.Tensor:
    """(n, t, d) -> (n, t, WINDOW * d): each token's states beside those of its neighbours, zeros past the ends.

    A linear layer on it is a convolution; ONNX Runtime has no int8 convolution but an int8 matrix product.
    """
    side = WINDOW // 2
    padded = functional.pad(states, (0, 0, side, side))
    return torch.cat([padded[:, i : i - 2 * side or None] for i in range(WINDOW)], dim=-1)


def states_and_embeddings(encoder: nn.Module, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """(n, t) -> (n, t, 2 * hidden_size), float32: last states beside the input embeddings of each token."""
    hidden = encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    embeddings = encoder.get_input_embeddings()(input_ids)  # type: ignore[operator]
    return torch.cat([hidden.float(), embeddings.float()], dim=-1)


def mean_over_tokens(states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """(n, t, d), (n, t) -> (n, d): mean over real tokens."""
    weights = attention_mask.unsqueeze(-1).to(states.dtype)
    pooled: torch.Tensor = (states * weights).sum(1) / weights.sum(1).clamp(min=1)
    return pooled


def sentence_vectors(states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """(n, t, 2 d), (n, t) -> (n, 2 d) of length 1: pooled states and pooled embeddings with equal weight."""
    contextual, plain = mean_over_tokens(states, attention_mask).chunk(2, dim=-1)
    halves = [functional.normalize(contextual, dim=-1), functional.normalize(plain, dim=-1)]
    return torch.cat(halves, dim=-1) / 2**0.5


def load_encoder(checkpoint: Path | str) -> nn.Module:
    """An encoder (XLM-R, BERT, MiniLM, mE5 ...) without its pooler, float32.

    Raises FileNotFoundError that says what to put where, ValueError for a model that gives no state for each token.
    """
    try:
        encoder = _without_pooler(checkpoint)
    except (OSError, ValueError) as error:
        raise FileNotFoundError(
            f"no encoder at {checkpoint}: expected a folder with config.json, model.safetensors and tokenizer.json. "
            "Run `uv run xenia train --only pretrain`, or download a checkpoint and name its folder."
        ) from error
    if encoder.config.is_encoder_decoder:  # type: ignore[union-attr]
        raise ValueError(f"{checkpoint}: expected an encoder, found {encoder.config.model_type}, which also decodes")  # type: ignore[union-attr]
    return encoder


def _without_pooler(checkpoint: Path | str) -> nn.Module:
    try:
        encoder: nn.Module = AutoModel.from_pretrained(checkpoint, dtype=torch.float32, add_pooling_layer=False)
    except TypeError:  # a family that has none to leave out
        encoder = AutoModel.from_pretrained(checkpoint, dtype=torch.float32)
    return encoder
