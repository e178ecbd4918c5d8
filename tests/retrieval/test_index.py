"""The index with cosines worked out by hand; what does not fit is refused with the command that mends it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from pathlib import Path

import faiss
import pytest

from retrieval import structures
from retrieval.encoder import SentenceEncoder
from retrieval.index import MAX_ENTRIES, IndexMismatch, TemplateIndex, build_index
from retrieval.templates import AnswerTemplate
from retrieval.versions import files_of
from store.manifest import sha256
from store.status import Status
from tests.models import table_encoder

HALF_RIGHT = round(sqrt(1 / 2), 5)  # cosine of one word with itself and another one
VECTORS = {
    "parcel": (1, 0, 0, 0), "paket": (1, 0, 0, 0), "late": (0, 1, 0, 0), "refund": (0, 0, 1, 0), "geld": (0, 0, 3, 4),
    "colour": (0, 0, 0, 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    return SentenceEncoder(table_encoder(tmp_path_factory.mktemp("encoder"), VECTORS))


def template(
    id: str,
    text: str,
    *questions: str,
    language: str = "en",
    intent: str = "track",
    status: Status = Status.APPROVED,
) -> AnswerTemplate:
    return AnswerTemplate(id, language, intent, questions, text, (), status, "test")


PARCEL = template("parcel", "parcel", "late")
REFUND = template("refund", "refund")
BOTH = template("both", "parcel refund")


def _index(encoder: SentenceEncoder, *templates: AnswerTemplate) -> TemplateIndex:
    index = TemplateIndex(encoder.dim)
    index.add(templates, encoder)
    return index


def served(folder: Path) -> Path:
    """Where the files of the served version lie."""
    return files_of(folder, json.loads((folder / "manifest.json").read_text())["version"])


def _file(folder: Path, name: str) -> Path:
    return folder / name if name == "manifest.json" else served(folder) / name


def _search(index: TemplateIndex, encoder: SentenceEncoder, text: str) -> list[tuple[str, float]]:
    """Ids with cosines, to five digits."""
    return [(one.template.id, round(one.score, 5)) for one in index.search(encoder.encode([text])[0])]


def test_a_query_for_the_text_itself_scores_one_and_others_their_cosine(encoder: SentenceEncoder) -> None:
    index = _index(encoder, REFUND, PARCEL, BOTH)
    assert _search(index, encoder, "parcel") == [("parcel", 1.0), ("both", HALF_RIGHT), ("refund", 0.0)]


def test_a_template_scores_by_its_nearest_entry(encoder: SentenceEncoder) -> None:
    index = _index(encoder, PARCEL, BOTH)
    assert _search(index, encoder, "late") == [("parcel", 1.0), ("both", 0.0)]
    assert len(index) == 2


def test_cosines_go_down_to_minus_one(tmp_path: Path) -> None:
    encoder = SentenceEncoder(table_encoder(tmp_path, {"yes": (1, 0), "no": (-2, 0)}))
    assert _search(_index(encoder, template("yes", "yes")), encoder, "no") == [("yes", -1.0)]


def test_an_empty_index_finds_nothing(encoder: SentenceEncoder) -> None:
    assert TemplateIndex(encoder.dim).search(encoder.encode(["parcel"])[0]) == []


def test_adding_the_same_id_again_replaces_it(encoder: SentenceEncoder) -> None:
    index = _index(encoder, PARCEL, REFUND)
    index.add([template("parcel", "colour")], encoder)
    assert {score for _, score in _search(index, encoder, "parcel late")} == {0.0}
    assert _search(index, encoder, "colour") == [("parcel", 1.0), ("refund", 0.0)]
    assert len(index) == 2


def test_of_one_id_twice_in_one_call_the_last_stays(encoder: SentenceEncoder) -> None:
    index = _index(encoder, PARCEL, REFUND, template("parcel", "colour"))
    assert len(index) == 2
    assert index.remove(["parcel"]) == 1
    assert _search(index, encoder, "parcel") == [("refund", 0.0)]


def test_a_removed_template_is_found_no_more_and_its_neighbours_still_are(encoder: SentenceEncoder) -> None:
    index = _index(encoder, PARCEL, REFUND, BOTH)
    assert index.remove(["parcel", "nobody"]) == 1
    assert _search(index, encoder, "parcel late") == [("both", 0.5), ("refund", 0.0)]
    assert {one.id for one in index.templates} == {"refund", "both"}
    assert index.remove(["parcel"]) == 0


def test_a_template_with_more_questions_than_places_leaves_its_neighbours_alone(encoder: SentenceEncoder) -> None:
    index = _index(encoder, REFUND, template("many", "parcel", *["late"] * 100), BOTH)
    assert index.n_entries == 1 + MAX_ENTRIES + 1
    assert index.remove(["many"]) == 1
    assert _search(index, encoder, "refund") == [("refund", 1.0), ("both", HALF_RIGHT)]


def test_it_comes_back_from_disk_and_goes_on(encoder: SentenceEncoder, tmp_path: Path) -> None:
    index = _index(encoder, PARCEL, REFUND, BOTH)
    index.remove(["refund"])
    index.save(tmp_path, encoder=encoder)
    loaded = TemplateIndex.load(tmp_path, encoder=encoder)
    assert loaded.templates == (PARCEL, BOTH)
    assert _search(loaded, encoder, "parcel refund") == [("both", 1.0), ("parcel", HALF_RIGHT)]
    loaded.add([REFUND, template("parcel", "colour")], encoder)
    assert _search(loaded, encoder, "refund") == [("refund", 1.0), ("both", HALF_RIGHT), ("parcel", 0.0)]
    assert _search(loaded, encoder, "late")[0][1] == pytest.approx(0.0)


def test_saving_again_over_an_index_is_loadable(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder, PARCEL, REFUND).save(tmp_path, encoder=encoder)
    _index(encoder, BOTH).save(tmp_path, encoder=encoder)
    assert TemplateIndex.load(tmp_path, encoder=encoder).templates == (BOTH,)
    assert sorted(path.name for path in served(tmp_path).iterdir()) == ["index.faiss", "templates.jsonl"]


def test_an_empty_index_comes_back_empty(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder).save(tmp_path, encoder=encoder)
    assert len(TemplateIndex.load(tmp_path, encoder=encoder)) == 0


@pytest.mark.parametrize("separator", ["\u2028", "\u0085"])
def test_a_line_separator_in_a_text_survives_the_disk(encoder: SentenceEncoder, tmp_path: Path, separator: str) -> None:
    odd = template("odd", "parcel" + separator + "late")
    _index(encoder, odd, REFUND).save(tmp_path, encoder=encoder)
    assert TemplateIndex.load(tmp_path, encoder=encoder).templates == (odd, REFUND)


@pytest.mark.parametrize("name", ["manifest.json", "index.faiss", "templates.jsonl"])
def test_a_missing_file_names_the_command(encoder: SentenceEncoder, tmp_path: Path, name: str) -> None:
    _index(encoder, PARCEL).save(tmp_path, encoder=encoder)
    _file(tmp_path, name).unlink()
    with pytest.raises(IndexMismatch, match=rf"{name} is missing.*`uv run xenia index`"):
        TemplateIndex.load(tmp_path, encoder=encoder)


@pytest.mark.parametrize("name", ["manifest.json", "index.faiss", "templates.jsonl"])
def test_a_file_cut_short_names_the_command(encoder: SentenceEncoder, tmp_path: Path, name: str) -> None:
    _index(encoder, PARCEL, REFUND).save(tmp_path, encoder=encoder)
    path = _file(tmp_path, name)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(IndexMismatch, match=rf"{name} is damaged.*`uv run xenia index`"):
        TemplateIndex.load(tmp_path, encoder=encoder)


def test_another_encoder_names_the_command(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder, PARCEL).save(tmp_path / "index", encoder=encoder)
    other = SentenceEncoder(table_encoder(tmp_path / "other", {**VECTORS, "late": (0, 1, 1, 0)}))
    with pytest.raises(IndexMismatch, match=rf"{encoder.id[:12]}, loaded is {other.id[:12]}.*`uv run xenia index`"):
        TemplateIndex.load(tmp_path / "index", encoder=other)


def _rewrite_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    hashes = {name: sha256(served(folder) / name) for name in ("index.faiss", "templates.jsonl")}
    path.write_text(json.dumps({**json.loads(path.read_text()), "sha256": hashes, **changes}))


def test_vectors_of_another_width_name_the_command(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder, PARCEL).save(tmp_path, encoder=encoder)
    wider = faiss.IndexIDMap2(faiss.IndexFlatIP(encoder.dim + 1))
    faiss.write_index(wider, str(served(tmp_path) / "index.faiss"))
    _rewrite_manifest(tmp_path, dim=encoder.dim + 1, n_entries=0)
    with pytest.raises(IndexMismatch, match=r"width or number.*`uv run xenia index`"):
        TemplateIndex.load(tmp_path, encoder=encoder)


def test_another_number_of_vectors_names_the_command(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder, PARCEL).save(tmp_path, encoder=encoder)
    _rewrite_manifest(tmp_path, n_entries=7)
    with pytest.raises(IndexMismatch, match=r"width or number.*`uv run xenia index`"):
        TemplateIndex.load(tmp_path, encoder=encoder)


def test_build_leaves_retired_templates_out(encoder: SentenceEncoder, tmp_path: Path) -> None:
    kept: Sequence[AnswerTemplate] = (PARCEL, template("mined", "late", status=Status.MINED))
    gone = template("gone", "refund", status=Status.RETIRED)
    assert build_index([*kept, gone], encoder=encoder, folder=tmp_path).templates == tuple(kept)
    assert TemplateIndex.load(tmp_path, encoder=encoder).templates == tuple(kept)


GELD = template("geld.de", "geld", language="de")
PAKET = template("paket.de", "paket refund", language="de")


def test_the_twin_is_the_nearest_text_of_the_language_and_intent(encoder: SentenceEncoder) -> None:
    # "refund" . "geld" = 3/5; "refund" . "paket refund" = 1/sqrt(2); the nearest of all is of another intent.
    other_intent = template("x.de", "refund", language="de", intent="cancel")
    index = _index(encoder, REFUND, GELD, PAKET, other_intent)
    twin = index.nearest_in("refund", "de")
    assert twin is not None
    assert (twin.template.id, twin.score) == ("paket.de", pytest.approx(sqrt(1 / 2)))
    index.remove(["paket.de"])
    twin = index.nearest_in("refund", "de")
    assert twin is not None
    assert (twin.template.id, twin.score) == ("geld.de", pytest.approx(3 / 5))


def test_questions_do_not_count_for_a_twin(encoder: SentenceEncoder) -> None:
    index = _index(encoder, REFUND, GELD, template("q.de", "colour", "refund", language="de"))
    twin = index.nearest_in("refund", "de")
    assert twin is not None
    assert twin.template.id == "geld.de"


def test_there_is_no_twin_of_an_unknown_template_or_in_a_language_without_one(encoder: SentenceEncoder) -> None:
    index = _index(encoder, REFUND, GELD)
    assert index.nearest_in("nobody", "de") is None
    assert index.nearest_in("refund", "ja") is None


@pytest.mark.parametrize("status", [Status.MINED, Status.RETIRED])
def test_a_twin_that_nobody_approved_is_not_offered(encoder: SentenceEncoder, status: Status) -> None:
    index = _index(encoder, REFUND, GELD, template("unread.de", "refund", language="de", status=status))
    twin = index.nearest_in("refund", "de")
    assert twin is not None
    assert twin.template.id == "geld.de"


def test_a_template_of_the_same_texts_is_put_in_place_of_the_other_and_keeps_its_vectors(
    encoder: SentenceEncoder,
) -> None:
    index = _index(encoder, REFUND, template("geld.de", "geld", language="de", status=Status.MINED))
    assert index.nearest_in("refund", "de") is None
    assert index.replace(template("geld.de", "geld", language="de"))
    twin = index.nearest_in("refund", "de")
    assert twin is not None
    assert (twin.template.status, index.n_entries) == (Status.APPROVED, 2)
    assert index.replace(template("geld.de", "geld", language="nl"))
    assert index.nearest_in("refund", "de") is None


def test_a_template_of_other_texts_or_of_an_unknown_id_is_not_put_in_place(encoder: SentenceEncoder) -> None:
    index = _index(encoder, PARCEL)
    assert not index.replace(template("parcel", "parcel", "late", "colour"))
    assert not index.replace(template("other", "parcel", "late"))
    assert index.templates == (PARCEL,)


def test_an_index_of_the_old_layout_is_read_and_the_next_saves_end_it(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder, PARCEL, REFUND).save(tmp_path, encoder=encoder)
    for path in served(tmp_path).iterdir():
        path.rename(tmp_path / path.name)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    known = ("encoder", "templates", "dim", "n_templates", "n_entries", "sha256")
    (tmp_path / "manifest.json").write_text(json.dumps({name: manifest[name] for name in known}))
    index = TemplateIndex.load(tmp_path, encoder=encoder)
    assert _search(index, encoder, "late") == [("parcel", 1.0), ("refund", 0.0)]
    index.save(tmp_path, encoder=encoder)
    assert (tmp_path / "index.faiss").exists()  # a reader may be at it
    index.save(tmp_path, encoder=encoder)
    assert not (tmp_path / "index.faiss").exists()
    assert TemplateIndex.load(tmp_path, encoder=encoder).templates == (PARCEL, REFUND)


def test_the_manifest_says_what_the_index_is(encoder: SentenceEncoder, tmp_path: Path) -> None:
    _index(encoder, PARCEL, REFUND).save(tmp_path, encoder=encoder)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    shown = {name: manifest[name] for name in ("n_templates", "n_entries", "dim", "kind", "nprobe", "recall_at_10")}
    assert shown == {"n_templates": 2, "n_entries": 3, "dim": 4, "kind": "Flat", "nprobe": 0, "recall_at_10": 1.0}
    assert manifest["encoder"] == encoder.id
    assert manifest["sha256"] == {name: sha256(served(tmp_path) / name) for name in ("index.faiss", "templates.jsonl")}
    assert 0 <= manifest["duration_s"] < 60
    assert manifest["built_at"].startswith("20")


# --- above the limit of exact search, which is set low here


@pytest.fixture
def many(tmp_path: Path) -> tuple[SentenceEncoder, list[AnswerTemplate]]:
    """400 templates on a circle, a degree or so apart, and their encoder."""
    angles = [number * 0.9 * pi / 180 for number in range(400)]
    words = {f"w{number}": (cos(angle), sin(angle)) for number, angle in enumerate(angles)}
    encoder = SentenceEncoder(table_encoder(tmp_path / "encoder", words))
    return encoder, [template(word, word) for word in words]


def test_an_index_that_grows_over_the_limit_gets_lists_at_the_next_save(
    many: tuple[SentenceEncoder, list[AnswerTemplate]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structures, "FLAT_LIMIT", 300)
    encoder, templates = many
    index = _index(encoder, *templates[:300])
    index.save(tmp_path, encoder=encoder)
    assert index.kind == "Flat"
    index.add(templates[300:], encoder)
    index.save(tmp_path, encoder=encoder)
    loaded = TemplateIndex.load(tmp_path, encoder=encoder)
    # 4 * sqrt(400) = 80 lists would be 64, but FAISS wants 39 rows for each: 400 // 39 = 10.
    assert (loaded.kind, loaded.n_entries) == ("IVF10,Flat", 400)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["recall_at_10"] >= 0.95
    assert 1 <= manifest["nprobe"] <= 10
    assert _search(loaded, encoder, "w350")[:1] == [("w350", 1.0)]


def test_with_lists_templates_come_go_and_have_twins(
    many: tuple[SentenceEncoder, list[AnswerTemplate]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structures, "FLAT_LIMIT", 300)
    encoder, templates = many
    _index(encoder, *templates).save(tmp_path, encoder=encoder)
    index = TemplateIndex.load(tmp_path, encoder=encoder)
    assert index.remove(["w10", "w12"]) == 2
    # Nearest to w10 now: w9 and w11, a step away.
    step = round(cos(0.9 * pi / 180), 5)
    assert sorted(_search(index, encoder, "w10")[:2]) == [("w11", step), ("w9", step)]
    index.add([template("w10", "w10", language="de")], encoder)
    assert _search(index, encoder, "w10")[0] == ("w10", 1.0)
    twin = index.nearest_in("w13", "de")
    assert twin is not None
    assert (twin.template.id, twin.score) == ("w10", pytest.approx(cos(2.7 * pi / 180), abs=1e-5))
    assert index.n_entries == 399


def test_fewer_hits_than_asked_are_no_templates(
    many: tuple[SentenceEncoder, list[AnswerTemplate]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structures, "FLAT_LIMIT", 300)
    encoder, templates = many
    index = _index(encoder, *templates)
    index.settle(encoder)
    found = index.search(encoder.encode(["w0"])[0])  # asks for all 400; the lists that are read hold fewer
    assert 10 <= len(found) < 400
    assert all(-1 <= neighbour.score <= 1 + 1e-6 for neighbour in found)
