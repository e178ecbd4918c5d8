"""Sets with spans and several intents, on small files in each set's own format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training.data.corpora import Utterance, multidogo, nlupp_banking, pii_presidio


def _multidogo(folder: Path, *rows: tuple[str, str, str], name: str = "airline.train") -> None:
    text = "conversationId\tturnNumber\tutteranceId\tutterance\tslot-labels\tintent\n"
    text += "".join(f"c\t{number}\tu\t{one}\t{labels}\t{intent}\n" for number, (one, labels, intent) in enumerate(rows))
    (folder / "multidogo").mkdir(parents=True, exist_ok=True)
    (folder / "multidogo" / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode("utf-8")))


def test_nlupp_joins_intents_and_orders_slots_by_place(tmp_path: Path) -> None:
    folder = tmp_path / "nlupp_banking" / "banking"
    folder.mkdir(parents=True)
    slots = {"to": {"text": "5 pm", "span": [15, 19]}, "from": {"text": "4 pm", "span": [5, 9]}}
    rows = [{"text": "from 4 pm until 5 pm", "intents": ["pin", "arrival"], "slots": slots}, {"text": "that's it"}]
    slots["to"]["span"] = [16, 20]
    (folder / "fold0.json").write_text(json.dumps(rows[:1]), "utf-8")
    (folder / "fold12.json").write_text(json.dumps(rows[1:]), "utf-8")
    first = Utterance("from 4 pm until 5 pm", "en", "arrival+pin", ((5, 9, "from"), (16, 20, "to")))
    assert nlupp_banking(tmp_path) == [first, Utterance("that's it", "en", "")]
    assert nlupp_banking(tmp_path, folds=[12]) == [Utterance("that's it", "en", "")]


def test_multidogo_words_of_one_label_in_a_row_are_one_slot(tmp_path: Path) -> None:
    _multidogo(
        tmp_path,
        ("from new york to rome", "O city city O city", "bookflight<div>askprice"),
        ("rome oslo two", "to from from", "contentonly"),
        ("  hi", "O O O", "greet"),
        ("", "O", "outofdomain"),
    )
    assert multidogo(tmp_path, "airline", "train") == [
        Utterance("from new york to rome", "en", "askprice+bookflight", ((5, 13, "city"), (17, 21, "city"))),
        Utterance("rome oslo two", "en", "contentonly", ((0, 4, "to"), (5, 13, "from"))),
        Utterance("  hi", "en", "greet"),
    ]


def test_multidogo_line_breaks_begin_and_end_no_slot(tmp_path: Path) -> None:
    rows = [
        ('"a st \n b st \n now"', "at at at at at at O", "x"),
        ('"hi \n b"', "O at at", "x"),
        ('"b \n hi"', "at O O", "x"),
    ]
    _multidogo(tmp_path, *rows)
    found = [[row.text[start:end] for start, end, _ in row.spans] for row in multidogo(tmp_path, "airline", "train")]
    assert found == [["a st \n b st"], ["b"], ["b"]]


def test_multidogo_domains_and_partitions_that_are_not_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected a domain of airline, fastfood, media, software, found 'hotel'"):
        multidogo(tmp_path, "hotel", "train")
    with pytest.raises(ValueError, match="expected a partition of train, dev, found 'test'"):
        multidogo(tmp_path, "media", "test")


def test_personal_data_has_its_places_in_order(tmp_path: Path) -> None:
    (tmp_path / "pii_presidio").mkdir()
    spans = [
        {"entity_type": "GPE", "start_position": 15, "end_position": 19},
        {"entity_type": "PERSON", "start_position": 5, "end_position": 8},
    ]
    rows = [{"full_text": "I am Ada, from Rome", "spans": spans}]
    path = tmp_path / "pii_presidio" / "synth_dataset_v2.json.gz"
    path.write_bytes(gzip.compress(json.dumps(rows).encode()))
    (row,) = pii_presidio(tmp_path)
    assert [(row.text[start:end], label) for start, end, label in row.spans] == [("Ada", "PERSON"), ("Rome", "GPE")]
