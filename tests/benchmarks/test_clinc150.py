"""Scores of what is out of scope, worked out by hand, and a run on rows written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.clinc150 import ALONE, BY_CLASS, BY_DOUBT, WITH_CLASS, main, read, scored
from tests.models import TRACING, checkpoint
from training.data.dataset import Example
from training.evaluation.nlu_figures import Judged


def judged(expected: str, found: str, confidence: float, out_of_scope: float) -> Judged:
    return Judged(Example("x", "en", expected, "", ()), found, confidence, out_of_scope, frozenset())


ROWS = [
    judged("oos", "transfer", 0.5, 0.45),
    judged("oos", "balance", 0.9, 0.4),
    judged("balance", "balance", 0.95, 0.1),
    judged("transfer", "oos", 0.6, 0.6),
]


def test_both_scores_are_ranked_and_a_request_taken_for_out_of_scope_is_wrong() -> None:
    doubt, by_class = scored(ROWS, WITH_CLASS)
    # Doubt: out of scope 0.5 and 0.1, in scope 0.05 and 0.4. Three of four pairs are in order; 0.4 is alarmed before 0.1.
    assert doubt[:3] + doubt[4:] == [WITH_CLASS, BY_DOUBT, "75.0", "50.0", "50.0"]
    # The class: out of scope 0.45 and 0.4, in scope 0.1 and 0.6. Two of four pairs; 0.6 is alarmed before 0.4 is reached.
    assert by_class[:3] + by_class[4:] == [WITH_CLASS, BY_CLASS, "50.0", "50.0", "50.0"]


def test_a_model_without_the_class_has_only_its_doubt() -> None:
    assert [row[1] for row in scored(ROWS, ALONE)] == [BY_DOUBT]


def test_rows_of_one_kind_cannot_be_measured_on() -> None:
    with pytest.raises(ValueError, match="found one kind"):
        scored(ROWS[:2], ALONE)


def write_sets(folder: Path) -> None:
    (folder / "clinc150").mkdir()
    texts = {"balance": "what is on my account", "transfer": "send money to bob"}
    data = {name: [[f"{text} {name}", intent] for intent, text in texts.items()] * 30 for name in ("train", "val")}
    data |= {name: [[f"why is the sky blue {name}", "oos"]] * 12 for name in ("oos_train", "oos_val")}
    (folder / "clinc150" / "train_val.json.gz").write_bytes(gzip.compress(json.dumps(data).encode()))
    (folder / "massive").mkdir()
    for locale, text in (("en-US", "wake me up"), ("de-DE", "weck mich")):
        record = {"id": "1", "locale": locale, "partition": "train", "intent": "alarm_set", "annot_utt": text}
        (folder / "massive" / f"{locale}.jsonl.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    strings = json.dumps({"texts": {"en": "Save changes", "de": "Sichern"}})
    (folder / "ui_parallel.jsonl.gz").write_bytes(gzip.compress(strings.encode()))


def test_partitions_are_read_in_order(tmp_path: Path) -> None:
    write_sets(tmp_path)
    found = [row.intent for row in read(tmp_path, "val", "oos_val")]
    assert (found[:2], found[60:], len(found)) == (["balance", "transfer"], ["oos"] * 12, 72)


def test_without_the_set_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"clinc150/train_val\.json\.gz"):
        read(tmp_path, "train")


@TRACING
def test_it_runs(tmp_path: Path) -> None:
    write_sets(tmp_path)
    out = tmp_path / "figures.json"
    given = ["--quick", "--out", str(out), "--corpora", str(tmp_path), "--encoder", str(checkpoint())]
    assert main(given) == 0
    (table,) = json.loads(out.read_text("utf-8"))["tables"]
    assert [row[:2] for row in table["rows"]] == [[ALONE, BY_DOUBT], [WITH_CLASS, BY_DOUBT], [WITH_CLASS, BY_CLASS]]
    assert table["title"] == "CLINC150: 40 requests of 150 intents, 10 out of scope"
