"""Manifests: a damaged or half-copied artefact never passes, and the message says how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.manifest import DamagedArtefact, read_manifest, sha256, verify, write_manifest

MEND = "Run `uv run xenia train --only nlu`."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weights.bin").write_bytes(b"abc")
    (tmp_path / "labels.json").write_text("{}")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "other.bin").write_bytes(b"x")
    write_manifest(tmp_path, stage="nlu", licences={"Süßes": "CC BY 4.0"})
    return tmp_path


def test_sha256_is_the_digest_of_the_standard(tmp_path: Path) -> None:
    # FIPS 180-2, appendix B.1.
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_it_holds_the_facts_and_the_files_of_the_folder_but_not_itself(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest["stage"] == "nlu"
    assert manifest["licences"] == {"Süßes": "CC BY 4.0"}
    assert set(manifest["files"]) == {"weights.bin", "labels.json"}


def test_writing_it_twice_gives_the_same(folder: Path) -> None:
    before = (folder / "manifest.json").read_bytes()
    write_manifest(folder, stage="nlu", licences={"Süßes": "CC BY 4.0"})
    assert (folder / "manifest.json").read_bytes() == before


def test_a_whole_folder_passes_also_with_files_that_no_manifest_names(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    verify(folder, mend=MEND)


def test_a_folder_without_a_manifest_passes(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"abc")
    verify(tmp_path, mend=MEND)
    assert read_manifest(tmp_path) == {}


def test_one_changed_byte_is_named_with_its_cure(folder: Path) -> None:
    (folder / "weights.bin").write_bytes(b"abd")
    with pytest.raises(DamagedArtefact, match=r"weights\.bin is damaged.*xenia train --only nlu"):
        verify(folder, mend=MEND)


def test_a_file_that_is_gone_is_named_with_its_cure(folder: Path) -> None:
    (folder / "labels.json").unlink()
    with pytest.raises(DamagedArtefact, match=r"labels\.json is missing.*xenia train --only nlu"):
        verify(folder, mend=MEND)


@pytest.mark.parametrize("rest", ["", '{"files": {"weights.bin"', "[]"])
def test_a_half_written_manifest_is_named_with_its_cure(folder: Path, rest: str) -> None:
    (folder / "manifest.json").write_text(rest)
    with pytest.raises(DamagedArtefact, match=r"manifest\.json is damaged.*xenia train --only nlu"):
        verify(folder, mend=MEND)
