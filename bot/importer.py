"""Rasa's file importer, fast enough for tens of thousands of utterances: named under `importers:` in config.yml.

Rasa reads each NLU file with a parser written in Python, twice, checks it against a schema, then copies and hashes every
message several times: minutes for our data. Here libyaml reads it once, `make check` (training.check_data) is the check,
and a message that did not change keeps its hash. What the files may hold is what Rasa allows.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.exceptions import RasaException, YamlSyntaxException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

_BOOL = "tag:yaml.org,2002:bool"


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


class _Yaml12Loader(yaml.CSafeLoader):
    """libyaml with the two rules of YAML 1.2 that Rasa goes by: `no` and `on` are words, and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """As libyaml's; raises ConstructorError for a key that stands twice."""
        keys = [key.value for key, _ in node.value]
        for number, (key, _) in enumerate(node.value):
            if key.value in keys[:number]:
                raise yaml.constructor.ConstructorError(
                    "while reading a mapping", node.start_mark, f"the key {key.value!r} stands twice", key.start_mark
                )
        return dict(super().construct_mapping(node, deep))


_Yaml12Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Yaml12Loader.add_implicit_resolver(_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


class _Reader(RasaYAMLReader):  # type: ignore[misc]
    """Gathers the examples of several files."""

    def add(self, path: str) -> None:
        """Read one file; raises YamlSyntaxException or RasaException naming it."""
        self.filename = path
        try:
            content = yaml.load(Path(path).read_text("utf-8"), Loader=_Yaml12Loader) or {}
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
        others = []
        for path in self._nlu_files:
            if Path(path).suffix in (".yml", ".yaml"):
                reader.add(path)
            else:
                others.append(load_data(path, language or "en"))
        return reader.gathered().merge(*others)
