"""YAML and JSON Lines with the file and line of everything in them, so that a fault can be named where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

STRING_TAG = "tag:yaml.org,2002:str"


class Severity(str, Enum):
    """What a training does about a problem: it does not start, goes on without that row, or goes on as it is."""

    ERROR = "error"
    LEFT_OUT = "left out"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault. `line` counts from 1; something that is missing is named at the line of what lacks it."""

    file: Path
    line: int
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        kind = "" if self.severity is Severity.ERROR else f"{self.severity.value}: "
        return f"{self.file}:{self.line}: {kind}{self.message}"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; `line` counts from 1."""

    file: Path
    line: int

    def problem(self, message: str, severity: Severity = Severity.ERROR) -> Problem:
        """A fault at this place."""
        return Problem(self.file, self.line, message, severity)

    def below(self, n_lines: int) -> Place:
        """So many lines further down."""
        return Place(self.file, self.line + n_lines)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Unreadable(ValueError):
    """A file whose layout does not let the reading go on; holds the problem that says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(path: Path) -> Node:
    """The file as nodes that know their lines; raises Unreadable."""
    try:
        with path.open(encoding="utf-8") as handle:
            node = yaml.compose(handle, Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise Unreadable(Problem(path, 1, "the file is missing")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(_not_utf8(path)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(Problem(path, line, f"not YAML: {error.problem}")) from error
    except yaml.reader.ReaderError as error:
        line = _line_at(path.read_bytes(), error.position)
        raise Unreadable(Problem(path, line, f"not YAML: {error.reason} (U+{error.character:04X})")) from error
    except yaml.YAMLError as error:
        raise Unreadable(Problem(path, 1, f"not YAML: {error}")) from error
    if node is None:
        raise Unreadable(Problem(path, 1, "the file is empty"))
    return node


def place(node: Node) -> Place:
    """Where a node begins; a literal block (`|`) begins at the line of its bar, its first row one line below."""
    return Place(Path(node.start_mark.name), node.start_mark.line + 1)


def entries(node: Node) -> dict[str, Node]:
    """Key -> value of a mapping; raises Unreadable for anything else, a repeated key or one that is no text."""
    if not isinstance(node, MappingNode):
        raise Unreadable(place(node).problem("expected `key: value` entries"))
    found: dict[str, Node] = {}
    for key, value in node.value:
        if key.tag != STRING_TAG:
            raise Unreadable(place(key).problem(f"the key {key.value} needs quotes: YAML reads it as {key.tag[18:]}"))
        if key.value in found:
            raise Unreadable(
                place(key).problem(f"the key {key.value} stands twice, first at {place(found[key.value])}")
            )
        found[key.value] = value
    return found


def section(node: Node, key: str) -> Node:
    """The value of one key of a mapping; raises Unreadable where the key is missing."""
    found = entries(node)
    if key not in found:
        raise Unreadable(place(node).problem(f"expected the key `{key}`, found {', '.join(found) or 'none'}"))
    return found[key]


def items(node: Node) -> list[Node]:
    """The members of a list; raises Unreadable for anything else."""
    if not isinstance(node, SequenceNode):
        raise Unreadable(place(node).problem("expected a list"))
    return list(node.value)


def text(node: Node) -> str:
    """A scalar as it is written; raises Unreadable for anything else."""
    if not isinstance(node, ScalarNode):
        raise Unreadable(place(node).problem("expected a text"))
    return str(node.value)


def json_lines(path: Path) -> Iterator[tuple[Place, str]]:
    """The lines of a JSON Lines file that are not blank, each with its place; raises Unreadable."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except FileNotFoundError as error:
        raise Unreadable(Problem(path, 1, "the file is missing")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(_not_utf8(path)) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield Place(path, number), line


def json_object(where: Place, line: str) -> dict[str, object]:
    """One line as a JSON object; raises Unreadable."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise Unreadable(where.problem(f"not JSON: {error}")) from error
    if not isinstance(record, dict):
        raise Unreadable(where.problem("expected a JSON object"))
    return record


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _not_utf8(path: Path) -> Problem:
    """The first byte that is none; decoded anew, since a stream's error counts from the start of its buffer."""
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        return Problem(
            path, _line_at(data, error.start), f"expected UTF-8, found the byte 0x{byte:02X}: {error.reason}"
        )
    return Problem(path, 1, "expected UTF-8")
