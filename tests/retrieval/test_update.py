"""An update encodes what is new, and ends with the index that a build from nothing would make."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import structures
from retrieval.encoder import SentenceEncoder
from retrieval.index import TemplateIndex, build_index
from retrieval.provenance import is_current
from retrieval.templates import AnswerTemplate
from retrieval.update import IndexUpdate, update_index
from store.status import Status
from tests.models import table_encoder

WORDS = {"parcel": (1, 0, 0, 0), "late": (0, 1, 0, 0), "refund": (0, 0, 1, 0), "colour": (0, 0, 0, 1)}


class CountingEncoder(SentenceEncoder):
    """Keeps what it was asked to encode."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        self.asked += texts
        return super().encode(texts)


@pytest.fixture
def encoder(tmp_path: Path) -> CountingEncoder:
    return CountingEncoder(table_encoder(tmp_path / "encoder", WORDS))


def template(id: str, text: str, *questions: str, **changes: Any) -> AnswerTemplate:
    given: dict[str, Any] = {
        "language": "en",
        "intent": "track",
        "status": Status.APPROVED,
        "source": "test",
        **changes,
    }
    return AnswerTemplate(id=id, text=text, question_examples=questions, placeholders=(), **given)


PARCEL, REFUND, COLOUR = template("p", "parcel", "late"), template("r", "refund"), template("c", "colour")


def _pointer(folder: Path) -> tuple[int, int]:
    found = (folder / "manifest.json").stat()
    return found.st_ino, found.st_mtime_ns


def _loaded(folder: Path, encoder: SentenceEncoder) -> dict[str, AnswerTemplate]:
    return {one.id: one for one in TemplateIndex.load(folder, encoder=encoder).templates}


def test_the_first_time_everything_is_new(encoder: CountingEncoder, tmp_path: Path) -> None:
    gone = template("x", "late", status=Status.RETIRED)
    done = update_index([PARCEL, REFUND, gone], encoder=encoder, folder=tmp_path / "index")
    assert done == IndexUpdate(n_added=2, n_changed=0, n_removed=0, n_kept=0, rebuilt=True)
    assert done.n_templates == 2
    assert _loaded(tmp_path / "index", encoder) == {"p": PARCEL, "r": REFUND}


def test_only_what_is_new_or_changed_is_encoded_and_what_is_gone_or_retired_is_taken_out(
    encoder: CountingEncoder, tmp_path: Path
) -> None:
    update_index([PARCEL, REFUND, COLOUR, template("k", "late")], encoder=encoder, folder=tmp_path)
    encoder.asked.clear()
    changed, new = template("p", "parcel refund", "late"), template("n", "late colour")
    retired = template("c", "colour", status=Status.RETIRED)
    done = update_index([new, changed, retired, template("k", "late")], encoder=encoder, folder=tmp_path)
    assert done == IndexUpdate(n_added=1, n_changed=1, n_removed=2, n_kept=1, rebuilt=False)
    assert sorted(encoder.asked) == ["late", "late colour", "parcel refund"]
    assert _loaded(tmp_path, encoder) == {"n": new, "p": changed, "k": template("k", "late")}
    index = TemplateIndex.load(tmp_path, encoder=encoder)
    (best, *_) = index.search(encoder.encode(["parcel refund"])[0])
    assert (best.template.id, best.score) == ("p", pytest.approx(1.0))
    assert all(one.score < 0.1 for one in index.search(encoder.encode(["refund"])[0]) if one.template.id != "p")


def test_an_approval_encodes_nothing(encoder: CountingEncoder, tmp_path: Path) -> None:
    update_index([template("p", "parcel", status=Status.MINED)], encoder=encoder, folder=tmp_path)
    encoder.asked.clear()
    done = update_index([template("p", "parcel")], encoder=encoder, folder=tmp_path)
    assert (done.n_changed, encoder.asked) == (1, [])
    assert _loaded(tmp_path, encoder)["p"].status is Status.APPROVED


def test_where_nothing_changed_nothing_is_written(encoder: CountingEncoder, tmp_path: Path) -> None:
    update_index([PARCEL, REFUND], encoder=encoder, folder=tmp_path)
    before = _pointer(tmp_path)
    done = update_index([REFUND, PARCEL], encoder=encoder, folder=tmp_path)
    assert done == IndexUpdate(0, 0, 0, n_kept=2, rebuilt=False)
    assert _pointer(tmp_path) == before


def test_an_updated_index_is_current_whatever_order_it_came_about_in(encoder: CountingEncoder, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    update_index([REFUND, COLOUR], encoder=encoder, folder=folder)
    update_index([PARCEL, REFUND, COLOUR], encoder=encoder, folder=folder)
    given = {"encoder_dir": tmp_path / "encoder"}
    assert is_current(folder, templates=[PARCEL, REFUND, COLOUR], **given)
    assert not is_current(folder, templates=[PARCEL, REFUND], **given)
    assert not is_current(folder, templates=[template("p", "parcel"), REFUND, COLOUR], **given)


def test_another_encoder_encodes_everything(encoder: CountingEncoder, tmp_path: Path) -> None:
    update_index([PARCEL, REFUND], encoder=encoder, folder=tmp_path)
    other = CountingEncoder(table_encoder(tmp_path / "other", {**WORDS, "late": (1, 1, 0, 0)}))
    done = update_index([PARCEL, REFUND], encoder=other, folder=tmp_path)
    assert (done.n_added, done.rebuilt, sorted(other.asked)) == (2, True, ["late", "parcel", "refund"])
    assert _loaded(tmp_path, other) == {"p": PARCEL, "r": REFUND}


@pytest.mark.parametrize("name", ["manifest.json", "index.faiss", "templates.jsonl"])
def test_a_damaged_index_is_built_anew(encoder: CountingEncoder, tmp_path: Path, name: str) -> None:
    update_index([PARCEL], encoder=encoder, folder=tmp_path)
    (path,) = tmp_path.rglob(name)
    path.write_bytes(path.read_bytes()[:-9])
    assert update_index([PARCEL], encoder=encoder, folder=tmp_path).rebuilt
    assert _loaded(tmp_path, encoder) == {"p": PARCEL}


def test_a_rebuild_can_be_asked_for(encoder: CountingEncoder, tmp_path: Path) -> None:
    update_index([PARCEL], encoder=encoder, folder=tmp_path)
    encoder.asked.clear()
    assert update_index([PARCEL], encoder=encoder, folder=tmp_path, rebuild=True).rebuilt
    assert encoder.asked == ["parcel", "late"]


def _shelf(tmp_path: Path, n: int) -> tuple[CountingEncoder, list[AnswerTemplate]]:
    draws = np.random.default_rng(1).standard_normal((n, 64))
    words = {f"w{number}": tuple(draw.tolist()) for number, draw in enumerate(draws)}
    encoder = CountingEncoder(table_encoder(tmp_path / "shelf", words))
    return encoder, [template(word, word) for word in words]


def test_growth_over_the_limit_changes_the_kind_without_encoding_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structures, "FLAT_LIMIT", 200)
    encoder, templates = _shelf(tmp_path, 240)
    assert update_index(templates[:200], encoder=encoder, folder=tmp_path).n_added == 200
    encoder.asked.clear()
    done = update_index(templates, encoder=encoder, folder=tmp_path)
    assert done == IndexUpdate(n_added=40, n_changed=0, n_removed=0, n_kept=200, rebuilt=True)
    assert len(encoder.asked) == 40
    assert TemplateIndex.load(tmp_path, encoder=encoder).kind == "IVF6,Flat"
    done = update_index(templates[:200], encoder=encoder, folder=tmp_path)
    assert (done.n_removed, done.rebuilt) == (40, False)  # 240 would have lists: it does not flutter
    done = update_index(templates[:100], encoder=encoder, folder=tmp_path)
    assert (done.n_removed, done.rebuilt) == (100, True)
    assert TemplateIndex.load(tmp_path, encoder=encoder).kind == "Flat"


def test_the_memory_limit_changes_the_kind_and_is_remembered(tmp_path: Path) -> None:
    # 3,400 of width 64: 256 bytes and 48 for the id are 1.03 MB; in SQ8 64 and 48, and 87 centroids, are 0.40 MB.
    encoder, templates = _shelf(tmp_path, 3_400)
    update_index(templates, encoder=encoder, folder=tmp_path)
    encoder.asked.clear()
    done = update_index(templates, encoder=encoder, folder=tmp_path, max_memory_mb=1)
    assert (done.n_kept, done.rebuilt, encoder.asked) == (3_400, True, [])
    assert TemplateIndex.load(tmp_path, encoder=encoder).kind.endswith(",SQ8")
    done = update_index(templates[1:], encoder=encoder, folder=tmp_path)
    assert (done.n_removed, done.rebuilt) == (1, False)
    done = update_index(templates[1:], encoder=encoder, folder=tmp_path, max_memory_mb=100)
    assert (done.rebuilt, len(encoder.asked)) == (True, 3_399)  # the coded vectors are not exact
    assert TemplateIndex.load(tmp_path, encoder=encoder).kind == "Flat"


@pytest.mark.parametrize("max_memory_mb", [100, 1])
def test_an_index_with_lists_can_be_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_memory_mb: int
) -> None:
    monkeypatch.setattr(structures, "FLAT_LIMIT", 200)
    encoder, templates = _shelf(tmp_path, 3_400)
    update_index(templates, encoder=encoder, folder=tmp_path, max_memory_mb=max_memory_mb)
    done = update_index([], encoder=encoder, folder=tmp_path)
    assert (done.n_removed, done.n_templates) == (3_400, 0)
    index = TemplateIndex.load(tmp_path, encoder=encoder)
    assert (index.kind, index.n_entries, index.search(encoder.encode(["w1"])[0])) == ("Flat", 0, [])


def test_what_does_not_fit_is_said_before_anything_is_encoded(tmp_path: Path) -> None:
    # 9,000 of width 64 take 2.7 MB, and 1.07 in SQ8 with 230 centroids; they are too few for PQ.
    encoder = CountingEncoder(table_encoder(tmp_path / "wide", {"w": (1,) * 64}))
    with pytest.raises(ValueError, match="max_memory_mb of at least 2 for 9000 vectors of width 64, found 1"):
        update_index(
            [template(str(n), "w") for n in range(9_000)], encoder=encoder, folder=tmp_path / "index", max_memory_mb=1
        )
    assert encoder.asked == []
    assert not (tmp_path / "index/manifest.json").exists()


def test_two_updates_at_once_end_with_the_index_of_one_of_them(encoder: CountingEncoder, tmp_path: Path) -> None:
    update_index([PARCEL], encoder=encoder, folder=tmp_path)
    wanted = [[PARCEL, REFUND], [COLOUR, PARCEL]]
    threads = [
        threading.Thread(target=update_index, args=(templates,), kwargs={"encoder": encoder, "folder": tmp_path})
        for templates in wanted * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(_loaded(tmp_path, encoder)) in ({"p", "r"}, {"c", "p"})


def test_an_index_of_the_old_layout_is_taken_over_without_encoding(encoder: CountingEncoder, tmp_path: Path) -> None:
    build_index([PARCEL, REFUND], encoder=encoder, folder=tmp_path)
    for path in (tmp_path / "v1").iterdir():
        path.rename(tmp_path / path.name)
    shutil.rmtree(tmp_path / "v1")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    kept = {name: manifest[name] for name in ("encoder", "dim", "n_templates", "n_entries", "sha256")}
    (tmp_path / "manifest.json").write_text(json.dumps({**kept, "templates": "of another order"}))
    encoder.asked.clear()
    done = update_index([PARCEL, REFUND], encoder=encoder, folder=tmp_path)
    assert (done, encoder.asked) == (IndexUpdate(0, 0, 0, n_kept=2, rebuilt=False), [])
    assert json.loads((tmp_path / "manifest.json").read_text())["version"] == "v1"
