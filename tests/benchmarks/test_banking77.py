"""The draw of few examples, and a run on rows written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.banking77 import few_of_each, main, tables
from tests.models import TRACING, checkpoint
from training.data.dataset import Example


def rows(**intents: list[str]) -> list[Example]:
    return [Example(text, "en", intent, "", ()) for intent, texts in intents.items() for text in texts]


def test_so_many_of_each_intent_are_drawn_and_the_others_are_left() -> None:
    everything = rows(top_up=["a", "b", "c", "d"], pin=["e", "f", "g"])
    learnt, rest = few_of_each(everything, n_each=2, seed=1)
    assert sorted(row.intent for row in learnt) == ["pin", "pin", "top_up", "top_up"]
    assert sorted(row.text for row in learnt + rest) == list("abcdefg")


def test_a_draw_is_its_seeds_and_another_seed_draws_others() -> None:
    everything = rows(top_up=[str(number) for number in range(50)])
    drawn = [[row.text for row in few_of_each(everything, n_each=10, seed=seed)[0]] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_text_that_was_drawn_is_not_measured_on_where_it_stands_again() -> None:
    everything = rows(pin=["Lost my PIN", "lost my pin", "LOST MY PIN"])
    learnt, rest = few_of_each(everything, n_each=1, seed=1)
    assert (len(learnt), rest) == (1, [])


def test_an_intent_with_too_few_rows_is_named() -> None:
    with pytest.raises(ValueError, match=r"more than 2 rows of each intent, found fewer of \['pin'\]"):
        few_of_each(rows(pin=["a", "b"], top_up=["c", "d", "e"]), n_each=2, seed=1)


def test_the_table_says_mean_and_range() -> None:
    (table,) = tables({"random weights": [0.7, 0.8, 0.75]}, n_rest=9)
    assert table["rows"][0] == ["Xenia, compact encoder, random weights", "75.0", "70.0 to 80.0"]
    assert [row[1] for row in table["rows"][1:]] == ["84.3", "85.2", "89.8"]
    assert "the 9 rows of it that were not drawn" in table["note"]


@TRACING
def test_it_runs(tmp_path: Path) -> None:
    (tmp_path / "banking77").mkdir()
    texts = {"pin": ["lost my pin", "change pin", "new pin please"], "top_up": ["top up", "add money", "top up failed"]}
    lines = ["text,category", *(f"{text},{intent}" for intent, found in texts.items() for text in found)]
    (tmp_path / "banking77" / "train.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "massive").mkdir()
    for locale, text in (("en-US", "wake me up"), ("de-DE", "weck mich")):
        record = {"id": "1", "locale": locale, "partition": "train", "intent": "alarm_set", "annot_utt": text}
        (tmp_path / "massive" / f"{locale}.jsonl.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    strings = json.dumps({"texts": {"en": "Save changes", "de": "Sichern"}})
    (tmp_path / "ui_parallel.jsonl.gz").write_bytes(gzip.compress(strings.encode()))
    out = tmp_path / "figures.json"
    given = ["--quick", "--out", str(out), "--corpora", str(tmp_path), "--encoder", str(checkpoint())]
    assert main(given) == 0
    (table,) = json.loads(out.read_text("utf-8"))["tables"]
    assert [row[0] for row in table["rows"][:2]] == [
        "Xenia, compact encoder, random weights",
        "Xenia, compact encoder, pre-trained without labels",
    ]


def test_without_the_set_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="banking77/train.csv"):
        main(["--corpora", str(tmp_path)])
