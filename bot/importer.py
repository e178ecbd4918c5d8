"""Rasa's file importer, fast enough for tens of thousands of utterances: named under `importers:` in config.yml.

Rasa reads each NLU file with a parser written in Python, twice, checks it against a schema, then copies and hashes every
message several times: minutes for our data. Here libyaml reads it once, `make check` (training.check_data) is the check,
and a message that did not change keeps its hash. What the files may hold is what Rasa allows.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.exceptions import RasaException, YamlSyntaxException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method


class _Utterance(Message):  # type: ignore[misc]
    """A message whose copies are quick; `set` to the same value is no change."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _Utterance:
        copied = _Utterance(copy.deepcopy(self.data, memo), set(self.output_properties), self.time, list(self.features))
        copied._cached_fingerprint = self._cached_fingerprint
        return copied

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """As Rasa's, but an equal value keeps the fingerprint."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)


class _Reader(RasaYAMLReader):  # type: ignore[misc]
    """Gathers the examples of several files."""

    def add(self, path: str) -> None:
        """Read one file; raises YamlSyntaxException or RasaException naming it."""
        self.filename = path
        try:
            content = yaml.load(Path(path).read_text("utf-8"), Loader=yaml.CSafeLoader) or {}
        except yaml.YAMLError as error:
            raise YamlSyntaxException(path, underlying_yaml_exception=error) from error
        if not isinstance(content, dict):
            raise RasaException(f"{path}: expected keys such as `nlu:`, found a {type(content).__name__}.")
        self._parse_nlu(content.get("nlu"))
        self.responses.update(content.get("responses") or {})

    def gathered(self) -> TrainingData:
        """All that was read."""
        examples = [_Utterance(message.data) for message in self.training_examples]
        return TrainingData(examples, self.entity_synonyms, self.regex_features, self.lookup_tables, self.responses)


class SupportDataImporter(RasaFileImporter):  # type: ignore[misc]
    """Stories, domain and configuration as Rasa reads them; NLU data by libyaml, once."""

    @cached_method  # type: ignore[misc]
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All utterances, synonyms, patterns and look-up tables of the NLU files."""
        reader = _Reader()
        for path in self._nlu_files:
            reader.add(path)
        return reader.gathered()
