"""What an index was built from, told from the files alone: neither the encoder nor FAISS is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from retrieval.templates import AnswerTemplate
from store.status import Status

MODEL_NAME = "model.onnx"
TOKENIZER_NAME = "tokenizer.json"
MANIFEST_NAME = "manifest.json"


def encoder_id(folder: Path) -> str:
    """One hash of all that decides a vector; raises FileNotFoundError naming what is missing in `folder`."""
    digest = hashlib.sha256()
    for name in (MODEL_NAME, TOKENIZER_NAME):
        if not (folder / name).exists():
            raise FileNotFoundError(
                f"{folder / name} is missing: the sentence encoder cannot be loaded. "
                "Run `uv run xenia train --only encoder`."
            )
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def indexed(templates: Iterable[AnswerTemplate]) -> list[AnswerTemplate]:
    """Those that an index holds: all that are not retired."""
    return [template for template in templates if template.status is not Status.RETIRED]


def digest_of(templates: Iterable[AnswerTemplate]) -> str:
    """One hash of the templates in an index, whatever their order: an updated index has another than a new one."""
    lines = [template.to_json() for template in sorted(templates, key=lambda template: template.id)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_current(index_dir: Path, *, templates: Iterable[AnswerTemplate], encoder_dir: Path) -> bool:
    """Whether an index lies in `index_dir` that was built from exactly these templates with this encoder."""
    try:
        manifest = json.loads((index_dir / MANIFEST_NAME).read_text("utf-8"))
        built_from = manifest["encoder"], manifest["templates"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return built_from == (encoder_id(encoder_dir), digest_of(indexed(templates)))
