"""Where a training starts: a folder on disk or a name on the hub, with the fast tokenizer that serving needs beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from training.processes import main_only
from training.vocabulary import SENTENCEPIECE_NAME, TOKENIZER_NAME

CONFIG_NAME = "config.json"


def resolved(checkpoint: str) -> Path:
    """The folder of a checkpoint: as it stands where it is one, else downloaded from the hub by its name.

    Raises FileNotFoundError that says what to download and where to put it.
    """
    folder = Path(checkpoint)
    if (folder / CONFIG_NAME).exists():
        return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        wanted = ["*.json", "*.safetensors", "*.model", "*.txt"]
        return Path(snapshot_download(checkpoint, allow_patterns=wanted, etag_timeout=5))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise FileNotFoundError(
            f"no checkpoint {checkpoint!r}: it is no folder with {CONFIG_NAME}, and the model hub could not be asked for it "
            f"({type(error).__name__}). Download config.json, model.safetensors and tokenizer.json (or the SentencePiece "
            f"model) of it on a machine with a network, put them into one folder, and name that folder."
        ) from error


def with_tokenizer(checkpoint: Path, folder: Path) -> Path:
    """`checkpoint` itself where its `tokenizer.json` lies beside the weights; else a copy in `folder` that has one.

    Older checkpoints bring only a vocabulary or a SentencePiece model; transformers makes the fast tokenizer of it.
    """
    if (checkpoint / TOKENIZER_NAME).exists() or not (checkpoint / CONFIG_NAME).exists():
        return checkpoint
    if not (folder / TOKENIZER_NAME).exists():
        main_only(lambda: _copy_with_tokenizer(checkpoint, folder))
    return folder


def _copy_with_tokenizer(checkpoint: Path, folder: Path) -> None:
    from transformers import AutoTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    for path in (one for one in checkpoint.iterdir() if one.is_file()):
        shutil.copyfile(path, folder / path.name)
    AutoTokenizer.from_pretrained(checkpoint, use_fast=True).save_pretrained(folder)


def copy_tokenizer(checkpoint: Path, folder: Path, *, sampling: bool = False) -> None:
    """Put the tokenizer of a checkpoint beside the weights; `sampling` also takes our own SentencePiece model."""
    has_model = sampling and (checkpoint / SENTENCEPIECE_NAME).exists()
    for name in (TOKENIZER_NAME, *([SENTENCEPIECE_NAME] if has_model else [])):
        if not (checkpoint / name).exists():
            raise FileNotFoundError(f"{checkpoint / name} is missing: a checkpoint needs its tokenizer.json beside it")
        shutil.copyfile(checkpoint / name, folder / name)
