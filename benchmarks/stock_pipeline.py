"""Rasa's stock NLU pipeline trained on a stated part of our data, for comparison.

One in `keep_every` utterances of each intent and language, `epochs` epochs of DIET: 8,500 rows take it about a
minute an epoch on two cores, and there are many more. The model is kept in `var/benchmarks`; a second run with the same data
and settings takes it from there.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

import yaml

WORK_DIR = Path("var/benchmarks/stock")


@dataclass(frozen=True, slots=True)
class StockSettings:
    """Which part of the data is learnt, and for how long."""

    keep_every: int = 30
    epochs: int = 20
    data_dir: Path = Path("data/nlu")

    def __post_init__(self) -> None:
        if self.keep_every < 1 or self.epochs < 1:
            raise ValueError(f"expected keep_every and epochs of 1 or more, found {self.keep_every}, {self.epochs}")


@dataclass(frozen=True, slots=True)
class StockModel:
    """The trained archive, the number of rows it learnt from and the seconds that took."""

    path: Path
    n_rows: int
    training_s: float


def pipeline(epochs: int) -> dict[str, Any]:
    """What `rasa init` configures, without the components that neither classify nor extract."""
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 7},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": None,
    }


def thinned(folder: Path, keep_every: int) -> dict[str, list[str]]:
    """Annotated utterances by intent: in each language the first of every `keep_every`, in file order."""
    kept: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        rows: dict[str, list[str]] = {}
        for block in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            lines = [line.strip() for line in block["examples"].splitlines() if line.strip()]
            rows.setdefault(block["intent"], []).extend(lines)
        for intent, lines in rows.items():
            kept.setdefault(intent, []).extend(lines[::keep_every])
    if not kept:
        raise FileNotFoundError(f"{folder}: expected <language>.yml with `nlu:` examples, found none")
    return kept


def train_stock(settings: StockSettings) -> StockModel:
    """Train, or take the kept model of the same rows and settings; fills this process's memory."""
    rows = thinned(settings.data_dir, settings.keep_every)
    n_rows = sum(map(len, rows.values()))
    stated = json.dumps([rows, asdict(settings)], default=str, ensure_ascii=False, sort_keys=True)
    folder = WORK_DIR / hashlib.sha256(stated.encode()).hexdigest()[:12]
    record = folder / "trained.json"
    if record.exists():
        return StockModel(folder / "stock.tar.gz", n_rows, json.loads(record.read_text("utf-8"))["training_s"])
    folder.mkdir(parents=True, exist_ok=True)
    nlu = [{"intent": intent, "examples": "\n".join(lines) + "\n"} for intent, lines in sorted(rows.items())]
    (folder / "config.yml").write_text(yaml.safe_dump(pipeline(settings.epochs), sort_keys=False), "utf-8")
    (folder / "nlu.yml").write_text(
        yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000), "utf-8"
    )
    from rasa.model_training import train_nlu

    began = time.perf_counter()
    made = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="stock")
    if made is None:
        raise RuntimeError(f"Rasa made no model from {folder}; its log above says why")
    training_s = time.perf_counter() - began
    record.write_text(json.dumps({"training_s": round(training_s, 1), "n_rows": n_rows}) + "\n", "utf-8")
    return StockModel(Path(made), n_rows, training_s)


def train_apart(settings: StockSettings) -> StockModel:
    """Train in a child process, so that the caller's memory and imports are untouched."""
    quiet = {"PYTHONWARNINGS": "ignore", "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", "benchmarks.stock_pipeline", *map(str, astuple(settings))]
    subprocess.run(command, check=True, env={**os.environ, **quiet})
    return train_stock(settings)


if __name__ == "__main__":
    keep_every, epochs, data_dir = sys.argv[1:]
    train_stock(StockSettings(int(keep_every), int(epochs), Path(data_dir)))
