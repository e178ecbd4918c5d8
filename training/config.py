"""Every setting of the trainings, read from one TOML file; a wrong key or value is an error that names the known ones."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import tomli

CONFIG_PATH = Path("training/configs/compact.toml")


@dataclass(frozen=True)
class Fit:
    """What every training has in common. `bf16` multiplies a GPU's matrices in bfloat16 (weights and losses stay float32)."""

    learning_rate: float
    epochs: float = 1.0
    batch_size: int = 64
    warmup_share: float = 0.05
    weight_decay: float = 0.01
    clip: float = 1.0
    seed: int = 7
    bf16: bool = True

    def __post_init__(self) -> None:
        for name in ("learning_rate", "epochs", "batch_size", "clip"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected a number above 0, found {getattr(self, name)}")
        if not 0 <= self.warmup_share < 1:
            raise ValueError(f"warmup_share: expected 0 <= share < 1, found {self.warmup_share}")


@dataclass(frozen=True)
class PretrainConfig(Fit):
    """The compact encoder: vocabulary, shape, and the mixture it is pre-trained on."""

    vocabulary_size: int = 20000
    vocabulary_lines: int = 300_000
    own_text_weight: int = 8
    sampling_exponent: float = 0.5
    hidden_size: int = 256
    n_layers: int = 2
    n_heads: int = 4
    feed_forward: int = 1024
    max_length: int = 48
    temperature: float = 0.05
    n_pairs: int = 96
    n_interface_pairs: int = 64
    n_support_rows: int = 64
    steps: int = 1800
    static_steps: int = 1500
    static_pairs: int = 768
    static_learning_rate: float = 0.01

    def static_fit(self) -> Fit:
        """The settings of the embeddings' own training."""
        return Fit(learning_rate=self.static_learning_rate, weight_decay=0.0, clip=self.clip, seed=self.seed)


@dataclass(frozen=True)
class NluConfig(Fit):
    """Joint intent and entity fine-tuning; a small set is passed over more than `epochs` times, until `min_steps`."""

    max_length: int = 96
    label_smoothing: float = 0.1
    entity_weight: float = 1.0
    augment: float = 0.5
    swapped_values: float = 0.5
    token_dropout: float = 0.1
    n_ngrams: int = 80_000
    n_tag_features: int = 60_000
    tagger_epochs: int = 3
    n_borrowed_support: int = 40
    n_borrowed_foreign: int = 50
    min_steps: int = 300

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.tagger_epochs < 2:
            raise ValueError(
                f"tagger_epochs: expected 2 or more (all features, then the strongest), found {self.tagger_epochs}"
            )


@dataclass(frozen=True)
class EncoderConfig(Fit):
    """Contrastive fine-tuning of the sentence encoder."""

    max_length: int = 64
    temperature: float = 0.05


@dataclass(frozen=True)
class WriterConfig(Fit):
    """The mT5 writer from scratch. A share of rows, `scrambled`, is random words to copy."""

    vocabulary_size: int = 12000
    hidden_size: int = 256
    n_encoder_layers: int = 3
    n_decoder_layers: int = 3
    n_heads: int = 4
    feed_forward: int = 512
    max_input: int = 160
    max_output: int = 96
    steps: int = 4000
    scrambled: float = 0.1


@dataclass(frozen=True)
class TrainingConfig:
    """One TOML file: a table for each training."""

    pretrain: PretrainConfig
    nlu: NluConfig
    encoder: EncoderConfig
    writer: WriterConfig
    corpora_dir: str = "../shared/data"
    output_dir: str = field(default="models/starter")


_TABLES = {"pretrain": PretrainConfig, "nlu": NluConfig, "encoder": EncoderConfig, "writer": WriterConfig}


def load_config(path: Path = CONFIG_PATH) -> TrainingConfig:
    """Read a configuration; raises ValueError that names file, table, key and the known keys."""
    with path.open("rb") as handle:
        try:
            data = tomli.load(handle)
        except tomli.TOMLDecodeError as error:
            raise ValueError(f"{path}: {error}") from error
    tables = {name: _table(path, name, data.pop(name, {})) for name in _TABLES}
    plain = {"corpora_dir", "output_dir"}
    if unknown := set(data) - plain:
        raise ValueError(f"{path}: unknown key {sorted(unknown)}; known are {sorted(plain | set(_TABLES))}")
    for key, value in data.items():
        if not isinstance(value, str):
            raise ValueError(f"{path}: {key}: expected str, found {value!r}")
    return TrainingConfig(**tables, **data)


def _table(path: Path, name: str, values: Any) -> Any:
    if not isinstance(values, dict):
        raise ValueError(f"{path}: [{name}] expected a table, found {values!r}")
    known = {entry.name: entry for entry in fields(_TABLES[name])}
    if unknown := set(values) - set(known):
        raise ValueError(f"{path}: [{name}] unknown key {sorted(unknown)}; known are {sorted(known)}")
    for key, value in values.items():
        wanted = {"float": (int, float), "int": (int,), "bool": (bool,)}[str(known[key].type)]
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise ValueError(f"{path}: [{name}] {key}: expected {known[key].type}, found {value!r}")
    try:
        return _TABLES[name](**values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: [{name}] {error}") from error
