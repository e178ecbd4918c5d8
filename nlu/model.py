"""The joint model in torch: one encoder, an intent head on the pooled vector and a BIO head on tokens.

Only training and export import this module; the server runs the exported graph (`nlu.parser`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel


@dataclass(frozen=True, slots=True)
class JointOutput:
    """`intent_logits` (n, n_intents) and `tag_logits` (n, t, n_tags), both float32, before any softmax."""

    intent_logits: torch.Tensor
    tag_logits: torch.Tensor


class JointModel(nn.Module):
    """Any Hugging Face encoder with mean pooling (arXiv:1902.10909 uses the first token; the mean did better here)."""

    def __init__(self, encoder: nn.Module, *, n_intents: int, n_tags: int) -> None:
        super().__init__()
        self.encoder = encoder
        hidden_size = encoder.config.hidden_size
        self.intent_head = nn.Linear(hidden_size, n_intents)
        self.tag_head = nn.Linear(hidden_size, n_tags)

    @classmethod
    def from_checkpoint(cls, checkpoint: Path | str, *, n_intents: int, n_tags: int) -> JointModel:
        """Start from an encoder's folder or name; both heads are new."""
        return cls(load_encoder(checkpoint), n_intents=n_intents, n_tags=n_tags)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> JointOutput:
        """`input_ids` and `attention_mask` (n, t), int64."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        weights = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
        return JointOutput(self.intent_head(pooled), self.tag_head(hidden))


def load_encoder(checkpoint: Path | str) -> nn.Module:
    """An encoder without its pooler; raises FileNotFoundError that says what to put where."""
    try:
        encoder: nn.Module = AutoModel.from_pretrained(
            checkpoint, add_pooling_layer=False, attn_implementation="sdpa", dtype=torch.float32
        )
    except OSError as error:
        raise FileNotFoundError(
            f"no encoder at {checkpoint}: expected a folder with config.json, model.safetensors and tokenizer.json. "
            "Run `uv run xenia train --only pretrain`, or download a checkpoint and name its folder."
        ) from error
    return encoder
