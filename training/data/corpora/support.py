"""English support utterances with one intent: Bitext, Banking77, CLINC150."""

from __future__ import annotations

from pathlib import Path

from training.data.corpora.files import checked_partition, document, table
from training.data.corpora.records import Utterance

CLINC_PARTITIONS = ("train", "val", "oos_train", "oos_val")
OUT_OF_SCOPE = "oos"
"""CLINC150's label of what is out of scope."""


def bitext(corpora_dir: Path, partition: str) -> list[Utterance]:
    """Bitext's utterances of `train` or `dev` with their intent and, where they have one, their entity."""
    rows = []
    name = f"{checked_partition(partition, ('train', 'dev'))}.csv.gz"
    for row in table(corpora_dir / "bitext" / name):
        label = row.get("entity_type")
        spans = ((int(row["start_offset"]), int(row["end_offset"]), label),) if label else ()
        rows.append(Utterance(row["utterance"], "en", row["intent"], spans))
    return rows


def banking77(corpora_dir: Path) -> list[Utterance]:
    """Banking77's training utterances; the set here has no others."""
    return [
        Utterance(row["text"].strip(), "en", row["category"]) for row in table(corpora_dir / "banking77" / "train.csv")
    ]


def banking77_categories(corpora_dir: Path) -> list[str]:
    """The 77 intents in the set's own order."""
    return [str(name) for name in document(corpora_dir / "banking77" / "categories.json") or ()]


def clinc150(corpora_dir: Path, partition: str) -> list[Utterance]:
    """CLINC150's utterances of `train`, `val`, `oos_train` or `oos_val`; the last two are out of scope, labelled `oos`."""
    data = document(corpora_dir / "clinc150" / "train_val.json.gz") or {}
    rows = data.get(checked_partition(partition, CLINC_PARTITIONS), ())
    return [Utterance(text, "en", label) for text, label in rows]


def support_intents(corpora_dir: Path) -> dict[str, list[Utterance]]:
    """What there is to learn from by set: `bitext` (each text once), `banking77`, `clinc150` (with its out-of-scope rows)."""
    once: dict[str, Utterance] = {}
    for row in bitext(corpora_dir, "train"):
        once.setdefault(row.text, row)
    sets = {
        "bitext": list(once.values()),
        "banking77": banking77(corpora_dir),
        "clinc150": [*clinc150(corpora_dir, "train"), *clinc150(corpora_dir, "oos_train")],
    }
    return {name: rows for name, rows in sets.items() if rows}
