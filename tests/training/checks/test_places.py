"""What cannot be read is named with the line where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.checks.places import Place, Severity, Unreadable, json_lines, read_yaml


def test_a_bad_byte_is_named_with_its_line_however_far_down(tmp_path: Path) -> None:
    data = b"a: 1\n" + b"# comment\n" * 30_000 + b"b: \xe9t\xe9\n"
    for name, read in (("a.yml", read_yaml), ("a.jsonl", lambda path: list(json_lines(path)))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unreadable, match=rf"{name}:30002: expected UTF-8, found the byte 0xE9"):
            read(tmp_path / name)


def test_a_character_that_yaml_forbids_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: ü\nb: x\x07\n", "utf-8")
    with pytest.raises(Unreadable, match=r"a\.yml:2: not YAML: .*U\+0007"):
        read_yaml(tmp_path / "a.yml")


def test_only_what_stops_nothing_is_printed_with_its_severity() -> None:
    here = Place(Path("a.yml"), 3)
    assert [str(here.problem("x", severity)) for severity in Severity] == [
        "a.yml:3: x",
        "a.yml:3: left out: x",
        "a.yml:3: warning: x",
    ]
