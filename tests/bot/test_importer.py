"""Our importer reads what Rasa's own reads, and names a file that it cannot read."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter

from bot.importer import SupportDataImporter

FIRST = """version: "3.1"
nlu:
- intent: greet
  metadata:
    situation: plain
  examples: |
    - hallo
    - hi [Anna](person)
- synonym: Berlin
  examples: |
    - spree-athen
"""
SECOND = """version: "3.1"
nlu:
- intent: track_order
  examples: |
    - wo ist [48213](order_number)?
    - nach [bln]{"entity": "city", "value": "Berlin"}
- regex: order_number
  examples: |
    - \\d{5}
- lookup: product
  examples: |
    - Regenjacke
"""


def _folder(tmp_path: Path, *texts: str) -> list[str]:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yml").write_text(text, "utf-8")
    return [str(tmp_path)]


def test_it_reads_what_rasa_reads(tmp_path: Path) -> None:
    paths = _folder(tmp_path, FIRST, SECOND)
    ours = SupportDataImporter(training_data_paths=paths).get_nlu_data()
    theirs = RasaFileImporter(training_data_paths=paths).get_nlu_data()
    assert [example.as_dict() for example in ours.training_examples] == [
        example.as_dict() for example in theirs.training_examples
    ]
    assert ours.entity_synonyms == theirs.entity_synonyms == {"spree-athen": "Berlin", "bln": "Berlin"}
    assert (ours.regex_features, ours.lookup_tables) == (theirs.regex_features, theirs.lookup_tables)
    assert ours.fingerprint() == theirs.fingerprint()


def test_words_that_yaml_once_took_for_truth_are_names_of_intents(tmp_path: Path) -> None:
    text = 'version: "3.1"\nnlu:\n- intent: no\n  examples: |\n    - nein\n- intent: on\n  examples: |\n    - an\n'
    paths = _folder(tmp_path, text)
    ours = SupportDataImporter(training_data_paths=paths).get_nlu_data()
    theirs = RasaFileImporter(training_data_paths=paths).get_nlu_data()
    assert ours.intents == theirs.intents == {"no", "on"}


def test_a_key_that_stands_twice_is_named(tmp_path: Path) -> None:
    paths = _folder(tmp_path, FIRST + "nlu:\n- intent: again\n  examples: |\n    - hallo\n")
    with pytest.raises(RasaException, match="0.yml"):
        SupportDataImporter(training_data_paths=paths).get_nlu_data()


def test_rasas_json_is_read_too(tmp_path: Path) -> None:
    rows = [{"text": "hallo", "intent": "greet", "entities": []}]
    (tmp_path / "old.json").write_text(json.dumps({"rasa_nlu_data": {"common_examples": rows}}), "utf-8")
    data = SupportDataImporter(training_data_paths=_folder(tmp_path, SECOND)).get_nlu_data()
    assert {example.get("text") for example in data.training_examples} == {
        "hallo", "wo ist 48213?", "nach bln",
    }  # fmt: skip


def test_a_copied_message_is_its_own_and_a_changed_one_has_another_hash(tmp_path: Path) -> None:
    data = SupportDataImporter(training_data_paths=_folder(tmp_path, FIRST)).get_nlu_data()
    message = data.training_examples[1]
    before = message.fingerprint()
    copied = copy.deepcopy(message)
    copied.get("entities")[0]["value"] = "Berta"
    copied.set("intent", "greet")
    assert (message.get("entities")[0]["value"], message.fingerprint()) == ("Anna", before)
    copied.set("intent", "goodbye")
    assert copied.fingerprint() != before


def test_it_is_the_one_that_config_names() -> None:
    importer = TrainingDataImporter.load_from_config("config.yml")
    assert isinstance(importer.importer._importer._importers[0], SupportDataImporter)


@pytest.mark.parametrize("text", ["nlu: [", "- nlu\n- nlu:\n"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    importer = SupportDataImporter(training_data_paths=_folder(tmp_path, FIRST))
    importer._nlu_files = [str(tmp_path / "broken.yml")]
    (tmp_path / "broken.yml").write_text(text, "utf-8")
    with pytest.raises(RasaException, match=r"broken\.yml"):
        importer.get_nlu_data()
