"""One rename makes a version the served one: whatever fails before it, the old one is served."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from pathlib import Path

import pytest

from retrieval.versions import digest, files_of, forget_previous, publish, writing
from store.manifest import sha256


def _write(folder: Path, text: str) -> None:
    def write(version: Path) -> dict[str, str]:
        (version / "a").write_text(text)
        (version / "b").write_text(text)
        return {"text": text}

    with writing(folder):
        publish(folder, write)


def _manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    return found


def _served(folder: Path) -> tuple[object, str, str]:
    files = files_of(folder, str(_manifest(folder)["version"]))
    return _manifest(folder)["text"], (files / "a").read_text(), (files / "b").read_text()


def _versions(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_the_manifest_names_the_version_and_its_checksums(tmp_path: Path) -> None:
    _write(tmp_path / "index", "one")
    files = files_of(tmp_path / "index", "v1")
    assert _served(tmp_path / "index") == ("one", "one", "one")
    assert _manifest(tmp_path / "index")["sha256"] == {name: sha256(files / name) for name in ("a", "b")}
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == [".lock", "manifest.json", "v1"]


def test_the_last_version_is_kept_and_older_ones_go(tmp_path: Path) -> None:
    for text in ("one", "two", "three", "four"):
        _write(tmp_path, text)
    assert _served(tmp_path) == ("four", "four", "four")
    assert _versions(tmp_path) == ["v3", "v4"]


def test_a_writer_that_fails_leaves_the_old_version_and_nothing_of_the_new(tmp_path: Path) -> None:
    _write(tmp_path, "one")

    def write(version: Path) -> dict[str, str]:
        (version / "a").write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"), writing(tmp_path):
        publish(tmp_path, write)
    assert _served(tmp_path) == ("one", "one", "one")
    assert _versions(tmp_path) == ["v1"]
    _write(tmp_path, "two")
    assert _served(tmp_path) == ("two", "two", "two")


def test_a_process_that_dies_before_the_rename_leaves_the_old_version_and_the_next_clears_up(tmp_path: Path) -> None:
    _write(tmp_path, "one")
    child = os.fork()
    if not child:  # a power cut: nothing is cleaned up

        def write(version: Path) -> dict[str, str]:
            (version / "a").write_text("half")
            os._exit(0)

        try:
            with writing(tmp_path):
                publish(tmp_path, write)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert _served(tmp_path) == ("one", "one", "one")
    assert _versions(tmp_path) == ["v1", "v2"]
    _write(tmp_path, "two")  # and the dead process's lock does not hold it up
    assert _served(tmp_path) == ("two", "two", "two")
    assert _versions(tmp_path) == ["v1", "v3"]


def test_a_rename_that_fails_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "one")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="read-only"):
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("read-only")))
        _write(tmp_path, "two")
    assert _served(tmp_path) == ("one", "one", "one")


def test_who_writes_holds_the_lock_and_lets_it_go(tmp_path: Path) -> None:
    def is_free() -> bool:
        with (tmp_path / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    with writing(tmp_path):
        assert not is_free()
    assert is_free()


def test_two_writers_at_once_follow_one_another(tmp_path: Path) -> None:
    threads = [threading.Thread(target=_write, args=(tmp_path, str(number))) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text, first, second = _served(tmp_path)
    assert text == first == second
    assert _versions(tmp_path) == ["v7", "v8"]


def test_erasure_leaves_the_served_version_alone(tmp_path: Path) -> None:
    _write(tmp_path, "one")
    _write(tmp_path, "two")
    assert forget_previous(tmp_path) == 1
    assert _versions(tmp_path) == ["v2"]
    assert _served(tmp_path) == ("two", "two", "two")
    assert forget_previous(tmp_path) == 0


def test_erasure_removes_files_of_the_old_layout_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    _write(tmp_path, "new")
    assert (tmp_path / "a").exists()
    forget_previous(tmp_path)
    assert not (tmp_path / "a").exists()
    assert _served(tmp_path) == ("new", "new", "new")


def test_a_digest_read_in_blocks_is_that_of_the_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * ((1 << 20) + 5))
    assert digest(tmp_path / "a") == sha256(tmp_path / "a")
