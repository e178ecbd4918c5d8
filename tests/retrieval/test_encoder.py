"""The sentence encoder over a table of word vectors: unit rows in the order asked, whatever the batch."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import BATCH_SIZE, SentenceEncoder
from store.manifest import DamagedArtefact, write_manifest
from tests.models import table_encoder

VECTORS = {"parcel": (1, 0, 0), "late": (0, 1, 0), "refund": (0, 0, 2), "paket": (3, 0, 0)}


def test_a_row_is_the_unit_vector_of_its_text(tmp_path: Path) -> None:
    encoder = SentenceEncoder(table_encoder(tmp_path, VECTORS))
    assert encoder.dim == 3
    rows = encoder.encode(["parcel late", "refund", "late parcel refund"])
    expected = [[sqrt(1 / 2), sqrt(1 / 2), 0], [0, 0, 1], [sqrt(1 / 6), sqrt(1 / 6), sqrt(4 / 6)]]
    assert rows == pytest.approx(np.array(expected), abs=1e-6)
    assert rows.dtype == np.float32


def test_more_texts_than_a_batch_keep_their_order(tmp_path: Path) -> None:
    encoder = SentenceEncoder(table_encoder(tmp_path, VECTORS))
    words = list(VECTORS)
    texts = [" ".join(words[: 1 + index % 4]) + " x" * (index * 7 % 11) for index in range(2 * BATCH_SIZE + 3)]
    together = encoder.encode(texts)
    assert together == pytest.approx(np.concatenate([encoder.encode([text]) for text in texts]), abs=1e-6)
    assert len({tuple(row) for row in together.round(3)}) == 4


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert SentenceEncoder(table_encoder(tmp_path, VECTORS)).encode([]).shape == (0, 3)


def test_a_text_beyond_the_limit_is_cut_and_not_refused(tmp_path: Path) -> None:
    encoder = SentenceEncoder(table_encoder(tmp_path, VECTORS))
    assert encoder.encode(["late " * 500 + "refund"])[0] == pytest.approx([0, 1, 0])


def test_the_id_tells_other_weights_and_other_vocabularies_apart(tmp_path: Path) -> None:
    first = SentenceEncoder(table_encoder(tmp_path / "a", VECTORS)).id
    assert SentenceEncoder(table_encoder(tmp_path / "b", VECTORS)).id == first
    assert SentenceEncoder(table_encoder(tmp_path / "c", {**VECTORS, "late": (0, 1.5, 0)})).id != first
    renamed = {"late" if word == "parcel" else "parcel" if word == "late" else word: v for word, v in VECTORS.items()}
    assert SentenceEncoder(table_encoder(tmp_path / "d", renamed)).id != first


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named_with_the_command(tmp_path: Path, name: str) -> None:
    table_encoder(tmp_path, VECTORS)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name} is missing.*xenia train --only encoder"):
        SentenceEncoder(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_named_with_the_command(tmp_path: Path, name: str) -> None:
    write_manifest(table_encoder(tmp_path, VECTORS))
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-9])
    with pytest.raises(DamagedArtefact, match=rf"{name} is damaged.*xenia train --only encoder"):
        SentenceEncoder(tmp_path)
