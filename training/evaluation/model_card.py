"""A model card beside the weights, generated from what the training knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE_NAME = "README.md"

_WHAT = {
    "pretrain": "A compact multilingual encoder (XLM-RoBERTa's architecture), the start of fine-tuning. Weights in bfloat16.",
    "language": "Character n-gram model that names the language of short messages.",
    "nlu": "Joint intent and entity model of customer messages in fourteen languages. ONNX, int8.",
    "encoder": "Multilingual sentence encoder: questions and their answer templates lie together. ONNX, int8.",
    "writer": "Compact mT5 that says an answer template in the customer's language. CTranslate2, int8.",
}


def write_model_card(folder: Path, *, stage: str, arguments: Mapping[str, Any], licences: Mapping[str, str]) -> None:
    """Write `README.md` into `folder`."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in arguments.items())
    sources = "\n".join(f"| {name} | {licence} |" for name, licence in licences.items())
    text = f"""# {stage}

{_WHAT[stage]}

Made by `uv run xenia train --only {stage}` on the CPU; figures by language stand in docs/results.md, written by
`uv run xenia evaluate`. Licence of the weights: Apache-2.0; attribution to the sources below is required by theirs.

Not for: decisions about people, text outside customer service, languages it was not measured on.

| trained on | licence |
|---|---|
{sources}

| argument | value |
|---|---|
{rows}
"""
    (folder / FILE_NAME).write_text(text, "utf-8")
