"""Mining by hand, the order of what is encoded, and a run on sentences written here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.tatoeba import PUBLISHED, Found, in_torch, main, mean, mined, tables
from tests.models import checkpoint, table_encoder


def test_figures_of_three_pairs_are_those_worked_out_by_hand() -> None:
    # Row 1 of the language lies on English 0. To English: 0, 0, 2. From English: 0 (the first of two), 0 (all are 0), 2.
    found = mined(np.eye(3)[[0, 0, 2]], np.eye(3))
    assert found.to_english == pytest.approx(2 / 3)
    assert found.from_english == pytest.approx(2 / 3)
    # F1 by English sentence: precision 1/2 and recall 1 of the first, 0 of the second, 1 of the third.
    assert found.f1 == pytest.approx((2 / 3 + 0 + 1) / 3)


def test_the_directions_are_told_apart() -> None:
    texts, english = np.eye(3)[[0, 1, 2]], np.array([[1.0, 0, 0], [0.6, 0.8, 0], [0, 0.9, 0.1]])
    # To English: 0; 0.9 beats 0.8, so 2; 2. From English: 0; 1; 0.9 beats 0.1, so 1.
    found = mined(texts, english)
    assert (found.to_english, found.from_english) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    skewed = mined(texts, np.array([[1.0, 0, 0], [0.8, 0.6, 0], [0.0, 0.0, 1.0]]))
    assert (skewed.to_english, skewed.from_english) == (1.0, pytest.approx(2 / 3))


def test_vectors_come_in_the_order_of_the_texts() -> None:
    encode = in_torch(checkpoint())
    texts = ["wo ist meine Bestellung 48213", "hallo", "guten Tag zusammen", "Storno"]
    vectors = encode(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    for number, text in enumerate(texts):
        assert vectors[number] == pytest.approx(encode([text])[0], abs=1e-5)


def test_languages_weigh_the_same() -> None:
    assert mean({"de": Found(1.0, 0.5, 0.9), "ja": Found(0.0, 0.5, 0.1)}) == Found(0.5, 0.5, 0.5)


def test_published_means_are_of_the_languages_that_were_measured() -> None:
    measured = {"ours": {"de": Found(0.5, 0.5, 0.5), "sw": Found(0.25, 0.25, 0.25)}}
    first, each = tables(measured, {"de": 1000, "sw": 390})
    shown = {row[0]: row for row in first["rows"]}
    assert shown["ours"] == ["ours", "37.5", "37.5", "37.5", "–"]
    # LaBSE: 99.20 and 84.50; mE5's figures by language are not known here.
    assert (shown["LaBSE"][1], shown["LaBSE"][4]) == ("91.8", "81.1")
    assert (shown["multilingual-e5-large"][1], shown["multilingual-e5-large"][4]) == ("–", "75.7")
    assert each["rows"] == [["de", "1000", "50.0", "99.2", "97.0"], ["sw", "390", "25.0", "84.5", "14.5"]]


def test_every_published_table_has_the_same_23_languages() -> None:
    known = [sorted(of) for of in PUBLISHED.values()]
    assert known[0] == known[1]
    assert len(known[0]) == 23


def test_it_runs(tmp_path: Path) -> None:
    (tmp_path / "tatoeba").mkdir()
    (tmp_path / "tatoeba" / "tatoeba.deu-eng.deu").write_text("hallo\ndanke\n", "utf-8")
    (tmp_path / "tatoeba" / "tatoeba.deu-eng.eng").write_text("hello\nthanks\n", "utf-8")
    words = {"hallo": [1.0, 0.0], "hello": [0.9, 0.1], "danke": [0.0, 1.0], "thanks": [0.2, 0.8]}
    retrieval, out = table_encoder(tmp_path / "retrieval", words), tmp_path / "figures.json"
    given = ["--quick", "--out", str(out), "--corpora", str(tmp_path), "--encoder", str(checkpoint())]
    assert main([*given, "--retrieval", str(retrieval)]) == 0
    result = json.loads(out.read_text("utf-8"))
    assert result["tables"][0]["rows"][0] == ["Xenia, served (int8)", "100.0", "100.0", "100.0", "–"]
    assert result["tables"][1]["rows"][0][:3] == ["de", "2", "100.0"]


def test_without_the_set_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="tatoeba"):
        main(["--corpora", str(tmp_path)])
