"""Every setting of the trainings, read from one TOML file; a wrong key or value is an error that names the known ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any

import tomli

CONFIG_PATH = Path("training/configs/compact.toml")


class Decay(str, Enum):
    """How the learning rate falls after its warm-up (names of transformers' schedulers)."""

    LINEAR = "linear"
    COSINE = "cosine"
    CONSTANT = "constant_with_warmup"


class Tuning(str, Enum):
    """Which weights learn: all, or those of an adapter (`training.adapters`)."""

    FULL = "full"
    LORA = "lora"
    ADALORA = "adalora"
    PREFIX = "prefix"


@dataclass(frozen=True)
class Fit:
    """What every training has in common.

    batch_size: rows that one process sees at once; accumulation: so many batches make one optimizer step.
    bf16: a GPU's matrix products run in bfloat16 (weights and losses stay float32; a CPU computes in float32).
    compile: torch.compile, worth its minute where steps are many. workers: processes that draw batches ahead.
    tuning, rank: adapters of `training.adapters` in place of all weights. checkpoint_every: optimizer steps.
    checkpoint: encoder or mT5 to start from, a folder or a name on the hub; "" is our own.
    export_loss: largest share that a served model may lose against the one in torch on rows kept aside; else it is refused.
    """

    learning_rate: float = 5e-4
    epochs: float = 1.0
    batch_size: int = 64
    accumulation: int = 1
    warmup_share: float = 0.05
    decay: Decay = Decay.LINEAR
    weight_decay: float = 0.01
    clip: float = 1.0
    seed: int = 7
    bf16: bool = True
    compile: bool = False
    workers: int = 0
    tuning: Tuning = Tuning.FULL
    rank: int = 16
    checkpoint: str = ""
    checkpoint_every: int = 200
    tensorboard: bool = False
    wandb: bool = False
    export_loss: float = field(default=0.02, repr=False)  # not shown: another limit is no reason to train anew

    def __post_init__(self) -> None:
        for name in ("learning_rate", "epochs", "batch_size", "accumulation", "clip", "rank", "checkpoint_every"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected a number above 0, found {getattr(self, name)}")
        if not 0 <= self.warmup_share < 1:
            raise ValueError(f"warmup_share: expected 0 <= share < 1, found {self.warmup_share}")
        if not 0 <= self.export_loss <= 1:
            raise ValueError(f"export_loss: expected a share between 0 and 1, found {self.export_loss}")
        if self.workers < 0:
            raise ValueError(f"workers: expected 0 or more, found {self.workers}")


@dataclass(frozen=True)
class PretrainConfig(Fit):
    """The compact encoder: vocabulary, shape, and the mixture it is pre-trained on.

    languages: how many of the public sets' languages the vocabulary is made for, those with the most lines first.
    n_masked: rows a step of masked and translation language modelling; masked: share of tokens to guess.
    """

    vocabulary_size: int = 20000
    vocabulary_lines: int = 300_000
    languages: int = 50
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
    n_masked: int = 32
    masked: float = 0.15
    steps: int = 1800
    static_steps: int = 1500
    static_pairs: int = 768
    static_learning_rate: float = 0.01

    def static_fit(self) -> Fit:
        """The settings of the embeddings' own training."""
        return Fit(
            learning_rate=self.static_learning_rate,
            weight_decay=0.0,
            clip=self.clip,
            seed=self.seed,
            checkpoint_every=self.checkpoint_every,
        )


@dataclass(frozen=True)
class NluConfig(Fit):
    """Joint intent and entity fine-tuning; a small set is passed over more than `epochs` times, until `min_steps`.

    class_weight: an intent of share p weighs ~ p**-class_weight (0: all rows alike).
    language_exponent: a language with share p is drawn ~ p**exponent (1: as the rows lie; arXiv:1911.02116, 3.1).
    consistency: weight of the symmetric divergence between two samplings of one row (arXiv:2106.14448), 0 is off.
    adversarial: length of the step on the embeddings against the gradient (FGM, arXiv:1605.07725), 0 is off.
    switched, romanised: shares of the varied rows with words of another language, and in Latin letters.
    evaluate_every, patience: optimizer steps between two looks at the kept rows, and how many looks without a better
    score end the training (0: no early stop). The score is the mean of the languages' mean and the worst language.
    n_layers: so many of the checkpoint's layers, evenly spread, learn and serve (0: all).
    teacher: folder of a larger joint model in torch (`models/work/nlu/torch` of its training, copied to where no training
    clears it), whose distributions are learnt beside the labels with the weight `distil_weight`; "": none.
    """

    max_length: int = 96
    label_smoothing: float = 0.1
    entity_weight: float = 1.0
    class_weight: float = 0.0
    language_exponent: float = 1.0
    consistency: float = 0.0
    adversarial: float = 0.0
    augment: float = 0.5
    swapped_values: float = 0.5
    switched: float = 0.0
    romanised: float = 0.0
    token_dropout: float = 0.1
    kept_share: float = 0.04
    n_ngrams: int = 80_000
    n_tag_features: int = 60_000
    tagger_epochs: int = 3
    n_borrowed_support: int = 40
    n_borrowed_foreign: int = 50
    min_steps: int = 300
    evaluate_every: int = 0
    patience: int = 0
    n_layers: int = 0
    teacher: str = ""
    distil_weight: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_distillation(self.n_layers, self.distil_weight)
        if self.tagger_epochs < 2:
            raise ValueError(
                f"tagger_epochs: expected 2 or more (all features, then the strongest), found {self.tagger_epochs}"
            )
        if self.patience and not self.evaluate_every:
            raise ValueError("patience: expected evaluate_every above 0 beside it, found 0: nothing would be looked at")
        for name in ("augment", "swapped_values", "switched", "romanised", "token_dropout"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: expected a share between 0 and 1, found {getattr(self, name)}")
        if not 0 < self.kept_share < 1:
            raise ValueError(f"kept_share: expected 0 < share < 1, found {self.kept_share}")


@dataclass(frozen=True)
class EncoderConfig(Fit):
    """Contrastive fine-tuning of the sentence encoder.

    narrow_widths: how many halvings of the width are learnt beside the full one (Matryoshka, arXiv:2205.13147).
    hard_negatives: wrong templates beside each right one, mined from the index of the encoder as it stands.
    n_layers, teacher, distil_weight: as in `NluConfig`; the teacher is a sentence encoder in torch (`models/work/encoder/torch`)
    whose vectors are as long.
    """

    max_length: int = 64
    temperature: float = 0.05
    narrow_widths: int = 2
    hard_negatives: int = 1
    n_layers: int = 0
    teacher: str = ""
    distil_weight: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_distillation(self.n_layers, self.distil_weight)


def _check_distillation(n_layers: int, distil_weight: float) -> None:
    for name, value in (("n_layers", n_layers), ("distil_weight", distil_weight)):
        if value < 0:
            raise ValueError(f"{name}: expected 0 or more, found {value}")


@dataclass(frozen=True)
class WriterConfig(Fit):
    """The mT5 writer, from scratch or from `checkpoint`. A share of rows, `scrambled`, is random words to copy."""

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
class Range:
    """Where a search may look for one setting: `low` to `high` (in logarithms where `log`), or one of `choices`."""

    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class SearchConfig:
    """The budget of a search, `trials` trainings of `share` of the steps each, and its space by table and key."""

    trials: int = 20
    share: float = 0.25
    space: Mapping[str, Mapping[str, Range]] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainingConfig:
    """One TOML file: a table for each training."""

    pretrain: PretrainConfig
    nlu: NluConfig
    encoder: EncoderConfig
    writer: WriterConfig
    personal: NluConfig = field(default_factory=NluConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    corpora_dir: str = "../shared/data"
    output_dir: str = "models/starter"


TABLES = {
    "pretrain": PretrainConfig,
    "nlu": NluConfig,
    "encoder": EncoderConfig,
    "writer": WriterConfig,
    "personal": NluConfig,
}


def load_config(path: Path = CONFIG_PATH) -> TrainingConfig:
    """Read a configuration; raises ValueError that names file, table, key and the known keys."""
    try:
        data = tomli.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(sorted(map(str, CONFIG_PATH.parent.glob("*.toml"))))
        raise ValueError(f"{path}: no such file; the repository's own are {known}") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    tables: dict[str, Any] = {name: _table(path, name, data.pop(name, {})) for name in TABLES}
    tables["search"] = _search(path, data.pop("search", {}))
    plain = {"corpora_dir", "output_dir"}
    if unknown := set(data) - plain:
        raise ValueError(f"{path}: unknown key {sorted(unknown)}; known are {sorted(plain | set(tables))}")
    for key, value in data.items():
        if not isinstance(value, str):
            raise ValueError(f"{path}: {key}: expected str, found {value!r}")
    return TrainingConfig(**tables, **data)


_KINDS: dict[str, tuple[type, ...]] = {"float": (int, float), "int": (int,), "bool": (bool,), "str": (str,)}
_ENUMS: dict[str, type[Enum]] = {"Decay": Decay, "Tuning": Tuning}


def _table(path: Path, name: str, values: Any) -> Any:
    if not isinstance(values, dict):
        raise ValueError(f"{path}: [{name}] expected a table, found {values!r}")
    try:
        return TABLES[name](**{key: setting(name, key, value) for key, value in values.items()})
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: [{name}] {error}") from error


def setting(table: str, key: str, value: Any) -> Any:
    """The value of one key as its training wants it; raises ValueError naming the known keys or values."""
    known = {entry.name: str(entry.type) for entry in fields(TABLES[table])}
    if key not in known:
        raise ValueError(f"unknown key {key}; known are {sorted(known)}")
    if known[key] in _ENUMS:
        values = [one.value for one in _ENUMS[known[key]]]
        if value not in values:
            raise ValueError(f"{key}: expected one of {values}, found {value!r}")
        return _ENUMS[known[key]](value)
    wanted = _KINDS[known[key]]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise ValueError(f"{key}: expected {known[key]}, found {value!r}")
    return value


def _search(path: Path, values: Any) -> SearchConfig:
    if not isinstance(values, dict):
        raise ValueError(f"{path}: [search] expected a table, found {values!r}")
    plain = {key: value for key, value in values.items() if key not in TABLES}
    try:
        space = {
            name: {key: _range(name, key, one) for key, one in values[name].items()}
            for name in TABLES
            if name in values
        }
        config = SearchConfig(**plain, space=space)
        if config.trials < 1 or not 0 < config.share <= 1:
            raise ValueError("expected trials of 1 or more and 0 < share <= 1")
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{path}: [search] {error}") from error
    return config


def _range(table: str, key: str, values: Mapping[str, Any]) -> Range:
    found = Range(**{**values, "choices": tuple(values.get("choices", ()))})
    if found.choices:
        for value in found.choices:
            setting(table, key, value)
    elif not found.low < found.high or (found.log and found.low <= 0):
        raise ValueError(f"{table}.{key}: expected choices, or low below high (above 0 with log), found {dict(values)}")
    else:
        setting(table, key, type(found.low)(found.low))
    return found
