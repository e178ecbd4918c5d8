"""Contrastive losses over unit rows: what belongs together against everything else of the batch (arXiv:1807.03748)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss, MultipleNegativesRankingLoss
from torch import nn
from torch.nn import functional


def info_nce(left: torch.Tensor, right: torch.Tensor, temperature: float) -> torch.Tensor:
    """Symmetric InfoNCE of unit rows (n, d): row i of `left` belongs to row i of `right`, all others are negatives."""
    scores = left @ right.T / temperature
    target = torch.arange(len(left), device=left.device)
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


class MaskedRankingLoss(MultipleNegativesRankingLoss):
    """sentence-transformers' in-batch ranking loss, both ways, that spares rows which may mean the same.

    Two customers who ask the same stand in one batch often enough; to push them apart teaches nonsense.
    """

    def forward(
        self, sentence_features: Iterable[Mapping[str, Any]], labels: Mapping[str, torch.Tensor]
    ) -> torch.Tensor:
        """Columns: left (n, d), right (n, d) and, as a third one, hard negatives of any row (m, d).

        `labels["same"]` (bool, n x (n + m)) takes a right side or a hard negative out of row i's negatives.
        """
        left, right, *hard = (self.model(features)["sentence_embedding"] for features in sentence_features)
        n = len(left)
        own = torch.eye(n, n + sum(map(len, hard)), dtype=torch.bool, device=left.device)
        spared = labels["same"].to(left.device)[:, : own.shape[1]] & ~own
        forth = (left @ torch.cat([right, *hard]).T * self.scale).masked_fill(spared, -1e4)
        back = (right @ left.T * self.scale).masked_fill(spared[:, :n].T, -1e4)
        target = torch.arange(n, device=left.device)
        return (functional.cross_entropy(forth, target) + functional.cross_entropy(back, target)) / 2


def narrowing(model: nn.Module, loss: nn.Module, *, width: int, halvings: int) -> nn.Module:
    """`loss` over the full width and, for `halvings` halves of it, over the first numbers alone (arXiv:2205.13147)."""
    widths = [width >> step for step in range(halvings + 1)]
    return MatryoshkaLoss(model, loss, widths) if halvings else loss
