"""The writer's start: weights with which an untrained mT5 already says its source word for word.

A writer from scratch must copy texts that it has never seen, and learns that slowly (the step between "reproduces what
it was taught" and "copies anything" is an induction head: arXiv:2209.11895). So the head is there before the first
step. Two heads of the first encoder layer leave at every token a trace of the one before it and of the one before
that; a head of the first decoder layer leaves a trace of the token before the last; and the last cross-attention looks
for the place whose traces are the last two tokens written, and says what stands there. All other sublayers begin with
nothing to say (their output projections are zero), so that a token's own embedding is not drowned. Training is free to
change all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from transformers import MT5ForConditionalGeneration

_SHARPNESS = 8.0  # of a head that looks at one distance, as a bias in its attention
_MATCH = 0.7  # of query and key: a matching pair scores about d_kv * _MATCH**2, any other sqrt(d_kv) * _MATCH**2
_OLDER = 0.2  # what the token before the last counts beside the last: it decides between two places, and finds none


def _rows(n: int, width: int) -> torch.Tensor:
    """`n` orthonormal rows (n, width)."""
    return torch.linalg.qr(torch.randn(width, n))[0].T.contiguous()


@torch.no_grad()
def begin_with_copying(
    model: MT5ForConditionalGeneration, *, start: int, end: int, before: Sequence[int], after: Sequence[int]
) -> None:
    """Write the copying heads into `model`, in place; draws from torch's global generator.

    start, end: ids of the token that begins and of the one that ends a reply. before: ids that stand before a source's
    first token. after: ids that stand behind its last one. Needs two heads and one layer of encoder and decoder. Raises
    ValueError where output and input embeddings are two: what stands at a place could not be said.
    """
    if model.lm_head.weight is not model.shared.weight:
        raise ValueError("expected an mT5 whose output embeddings are its input embeddings, found two tables")
    for name, weight in model.named_parameters():
        if name.endswith((".o.weight", ".wo.weight")):
            weight.zero_()
    width, d, n_heads = model.config.d_model, model.config.d_kv, model.config.num_heads
    n = min(d, width // 4)  # what is read and where its trace is left are four spaces that do not overlap
    read_last, read_older, trace_last, trace_older = _rows(4 * n, width).split(n)

    encoder = model.encoder.block[0].layer[0].SelfAttention
    decoder = model.decoder.block[0].layer[0].SelfAttention
    scale = float(model.shared.weight.std()) * 2  # a trace is as loud as the embedding beside it
    for attention, head, distance, read, trace in (
        (encoder, 0, 1, read_last, trace_last),
        (encoder, 1, 2, read_older, trace_older),
        (decoder, 0, 1, read_older, trace_older),
    ):
        part = slice(head * d, head * d + n)
        attention.relative_attention_bias.weight[distance, head] = _SHARPNESS
        attention.q.weight[head * d : (head + 1) * d] = 0
        attention.v.weight[part] = read
        attention.o.weight[:, part] = trace.T * scale

    cross = model.decoder.block[-1].layer[1].EncDecAttention
    values = _rows(n_heads * d, width)
    own = torch.eye(width) - trace_last.T @ trace_last - trace_older.T @ trace_older
    for head in range(n_heads):
        part = slice(head * d, (head + 1) * d)
        cross.q.weight[head * d : head * d + n] = (read_last + _OLDER * trace_older) * _MATCH
        cross.k.weight[head * d : head * d + n] = (trace_last + trace_older) * _MATCH
        cross.v.weight[part] = values[part] @ own
        cross.o.weight[:, part] = values[part].T

    embeddings = model.shared.weight
    embeddings[list(before)] = (embeddings[list(before)] + embeddings[start]) / 2**0.5  # so a start finds any of them
    embeddings[end] = embeddings[list(after)].sum(0)  # so what stands behind a source is said as an end
