"""English sets of one intent an utterance, on small files in each set's own format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training.data.corpora import Utterance, banking77, banking77_categories, bitext, clinc150, support_intents

HEADER = "utterance,intent,entity_type,entity_value,start_offset,end_offset,category,tags\r\n"


def _gzip(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8")))


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    plain = '"where is my order, please",track_order,,,,,ORDER,B\r\n'
    entity = "open a gold account,create_account,account_type,Gold,7,11,ACCOUNT,B\r\n"
    _gzip(tmp_path / "bitext" / "train.csv.gz", HEADER + plain + entity + plain)
    _gzip(tmp_path / "bitext" / "dev.csv.gz", HEADER + "cancel it,cancel_order,,,,,ORDER,B\r\n")
    (tmp_path / "banking77").mkdir()
    (tmp_path / "banking77" / "train.csv").write_text('text,category\n"card\nlost ",lost_card\n', "utf-8")
    (tmp_path / "banking77" / "categories.json").write_text('["lost_card", "top_up"]', "utf-8")
    clinc = {
        "train": [["set an alarm", "alarm"]],
        "oos_train": [["sing", "oos"]],
        "val": [["wake me", "alarm"]],
        "oos_val": [],
    }
    _gzip(tmp_path / "clinc150" / "train_val.json.gz", json.dumps(clinc))
    return tmp_path


def test_bitext_has_intents_and_entities_by_partition(sets: Path) -> None:
    plain = Utterance("where is my order, please", "en", "track_order")
    assert bitext(sets, "train") == [
        plain,
        Utterance("open a gold account", "en", "create_account", ((7, 11, "account_type"),)),
        plain,
    ]
    assert bitext(sets, "dev") == [Utterance("cancel it", "en", "cancel_order")]


def test_banking77_keeps_line_breaks_within_and_no_space_around(sets: Path) -> None:
    assert banking77(sets) == [Utterance("card\nlost", "en", "lost_card")]
    assert banking77_categories(sets) == ["lost_card", "top_up"]


def test_clinc_has_its_out_of_scope_rows_apart(sets: Path) -> None:
    assert clinc150(sets, "val") == [Utterance("wake me", "en", "alarm")]
    assert clinc150(sets, "oos_train") == [Utterance("sing", "en", "oos")]
    assert clinc150(sets, "oos_val") == []


def test_what_is_learnt_from_has_each_bitext_row_once_and_no_held_out_row(sets: Path) -> None:
    assert support_intents(sets) == {
        "bitext": bitext(sets, "train")[:2],
        "banking77": [Utterance("card\nlost", "en", "lost_card")],
        "clinc150": [Utterance("set an alarm", "en", "alarm"), Utterance("sing", "en", "oos")],
    }


def test_bitext_without_its_entity_columns_still_has_intents(tmp_path: Path) -> None:
    _gzip(tmp_path / "bitext" / "train.csv.gz", "utterance,intent\nhi,greet\n")
    assert support_intents(tmp_path) == {"bitext": [Utterance("hi", "en", "greet")]}


def test_a_partition_that_a_set_has_not_is_an_error_that_names_those_it_has(sets: Path) -> None:
    with pytest.raises(ValueError, match=r"expected a partition of train, dev, found 'test'"):
        bitext(sets, "test")
    with pytest.raises(ValueError, match=r"train, val, oos_train, oos_val, found 'test'"):
        clinc150(sets, "test")
