"""Parameter-efficient fine-tuning by peft: LoRA, AdaLoRA or a learnt prefix in place of all weights.

LoRA and AdaLoRA are merged into the weights after the training. A prefix (arXiv:2101.00190) cannot be: it stands in the exported
graph of an encoder beside the unchanged weights, and CTranslate2 has no place for one, so a writer takes none.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from training.config import Fit, Tuning

SHARE_OF_ALPHA = 2
"""LoRA's alpha over its rank: an adapter's step is as large whatever the rank (arXiv:2106.09685, 4.1)."""


def adapted(model: nn.Module, config: Fit, *, total: int = 0) -> nn.Module:
    """`model` itself, or with adapters while all other weights of it stand still.

    `total` optimizer steps are AdaLoRA's budget. Raises ValueError for a prefix on a model that takes none.
    """
    if config.tuning is Tuning.FULL:
        return model
    from peft import AdaLoraConfig, LoraConfig, PrefixTuningConfig, TaskType, get_peft_model

    decodes = bool(getattr(model.config, "is_encoder_decoder", False))
    task = TaskType.SEQ_2_SEQ_LM if decodes else TaskType.FEATURE_EXTRACTION
    common: dict[str, Any] = {"task_type": task}
    if config.tuning is Tuning.PREFIX:
        return _prefixed(model, get_peft_model(model, PrefixTuningConfig(num_virtual_tokens=config.rank, **common)))  # type: ignore[arg-type]
    common |= {"target_modules": "all-linear", "lora_alpha": SHARE_OF_ALPHA * config.rank, "lora_dropout": 0.0}
    if config.tuning is Tuning.LORA:
        return get_peft_model(model, LoraConfig(r=config.rank, **common))  # type: ignore[arg-type]
    steps = max(total, 10)
    budget = AdaLoraConfig(
        init_r=config.rank + config.rank // 2,
        target_r=config.rank,
        tinit=steps // 10,
        tfinal=steps // 2,
        deltaT=max(1, steps // 100),
        total_step=steps,
        **common,
    )
    return get_peft_model(model, budget)  # type: ignore[arg-type]


def _prefixed(model: nn.Module, prefixed: nn.Module) -> nn.Module:
    """The model with its prefix, if that changes what the model says at all."""
    ids = torch.tensor([[0, 2]])
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    try:
        with torch.no_grad():
            changed = not torch.equal(prefixed(**inputs).last_hidden_state, model(**inputs).last_hidden_state)
    except (TypeError, ValueError, AttributeError, RuntimeError):
        changed = False
    if not changed:
        raise ValueError(
            f"tuning: {model.config.model_type} takes no prefix, its attention has no place for one; "  # type: ignore[union-attr]
            "expected full, lora or adalora"
        )
    return prefixed


def has_prefix(model: nn.Module) -> bool:
    """Whether the model learnt a prefix: its own weights alone are not what was learnt."""
    return bool(getattr(getattr(model, "active_peft_config", None), "is_prompt_learning", False))


def merged(model: nn.Module) -> nn.Module:
    """The plain model with its adapters added to the weights; one without adapters, or with a prefix, comes back as it is."""
    if has_prefix(model):
        return model
    unload = getattr(model, "merge_and_unload", None)
    return unload() if unload is not None else model
