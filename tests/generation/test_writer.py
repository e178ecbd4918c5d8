"""The served writer: limits and damage, on an untrained model; what a trained one writes stands in tests/training."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generation.writer import Writer
from store.manifest import DamagedArtefact, write_manifest
from tests.models import rows, untrained_writer

PROMPT = "<2de> greet<s>= <t><de> guten Tag<m> hallo"


def test_it_writes_the_same_text_for_the_same_prompt() -> None:
    writer = Writer(untrained_writer(), time_limit_s=60)
    first = writer.write(PROMPT)
    assert first
    assert writer.write(PROMPT) == first


def test_more_tokens_give_a_longer_text_that_begins_the_same() -> None:
    writer = Writer(untrained_writer(), time_limit_s=60)
    short, long = writer.write(PROMPT, max_tokens=12), writer.write(PROMPT, max_tokens=40)
    assert short is not None
    assert long is not None
    assert len(short) < len(long)


def test_a_reply_that_would_come_too_late_is_none() -> None:
    assert Writer(untrained_writer(), time_limit_s=0.0).write(PROMPT) is None


def test_a_prompt_beyond_the_limit_is_cut_and_not_refused() -> None:
    assert Writer(untrained_writer(), time_limit_s=60).write(PROMPT * 100, max_tokens=8) is not None


def test_pieces_become_the_text_they_stand_for() -> None:
    writer = Writer(untrained_writer())
    for text in ["guten Tag <v0>", "注文<v1>はどこですか", *(row.text for row in rows())]:
        pieces = writer._tokenizer.encode(text).tokens
        assert writer.decode([piece for piece in pieces if piece != "</s>"]) == text


def test_pieces_that_the_vocabulary_does_not_hold_are_left_out() -> None:
    assert Writer(untrained_writer()).decode(["<v0>", "no such piece", "<v1>"]) == "<v0><v1>"


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_missing_or_damaged_file_is_named_with_the_command(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "writer"
    shutil.copytree(untrained_writer(), folder)
    write_manifest(folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:-9])
    with pytest.raises(DamagedArtefact, match=rf"{name} is damaged.*xenia train --only writer"):
        Writer(folder)
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name} is missing.*xenia train --only writer"):
        Writer(folder)
