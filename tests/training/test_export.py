"""Exported models say what torch says, at lengths they were not traced with; one that loses too much never serves."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, numpy_helper
from torch import nn

import training.export
from generation.prompt import LANGUAGES, MESSAGE, TEMPLATE, Source, build_prompt, language_token, symbols
from generation.writer import Writer
from nlu.model import JointModel
from nlu.parser import Parser
from store.manifest import verify, write_manifest
from tests.models import (
    OTHER_TEXTS,
    TRACING,
    checkpoint,
    rows,
    tiny_nlu,
    tiny_writer,
    trained_parser,
    untrained_writer,
    workshop,
)
from training.checkpoints import copy_tokenizer
from training.config import Fit
from training.data.dataset import labels_of
from training.encoder.sentences import SentenceGraph, sentence_model
from training.export import export, export_joint, export_sentences, export_writer
from training.export_checks import ExportCheck, refuse_losses, save_checks, sentence_checks
from training.pruning import load_joint
from training.subwords import SubwordSampler
from training.trainer import seed_everything
from training.vocabulary import train_vocabulary
from training.writer.copying import begin_with_copying
from training.writer.rows import Row
from training.writer.train import END, PAD, writer_model, writer_tokenizer

pytestmark = TRACING


def _session(folder: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])


def _sampler() -> SubwordSampler:
    return SubwordSampler(checkpoint(), max_length=96)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every eight-bit number of an ONNX export becomes zero."""
    trained_parser()  # sound, whichever test comes first
    whole = training.export.quantize_dynamic

    def quantize(full: str, target: str, **settings: Any) -> None:
        whole(full, target, **settings)
        model = onnx.load(target)
        for one in model.graph.initializer:
            if one.data_type in {TensorProto.INT8, TensorProto.UINT8}:
                one.CopyFrom(numpy_helper.from_array(np.zeros_like(numpy_helper.to_array(one)), one.name))
        onnx.save(model, target)

    monkeypatch.setattr(training.export, "quantize_dynamic", quantize)


@torch.no_grad()
def test_the_exported_joint_model_follows_torch_at_any_length_and_batch(tmp_path: Path) -> None:
    torch.manual_seed(4)
    labels = labels_of(rows())
    model = JointModel.from_checkpoint(checkpoint(), labels=labels).eval()
    export_joint(model, tmp_path, labels=labels, held=[], sampler=_sampler())
    session = _session(tmp_path)
    for n_rows, length in ((1, 3), (3, 40), (2, 96)):
        ids = torch.randint(4, 450, (n_rows, length))
        ids[:, 0], ids[:, -1] = 0, 2
        ids[-1, length // 2 + 1 :] = 1
        mask = (ids != 1).long()
        feeds = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        intents, tags = session.run(["intent_logits", "tag_logits"], feeds)
        wanted = model(ids, mask)
        real = mask.bool().numpy()
        for got, want in ((intents, wanted.intent_logits.numpy()), (tags[real], wanted.tag_logits.numpy()[real])):
            assert got.shape == want.shape
            assert np.linalg.norm(got - want) / np.linalg.norm(want) < 0.05
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.onnx"]


class _Table(nn.Module):
    """The sum of a text's rows of one table, through one matrix."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.rows = nn.Embedding(1000, 16)
        self.out = nn.Linear(16, 16)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        embedded = self.out(self.rows(input_ids)) * attention_mask.unsqueeze(-1)
        pooled: torch.Tensor = embedded.sum(1)
        return pooled


def test_weights_become_a_quarter_as_large(tmp_path: Path) -> None:
    export(_Table(), tmp_path, outputs={"embedding": ("n",)})
    assert (tmp_path / "model.onnx").stat().st_size < 1000 * 16 * 4 * 0.4


def test_without_rows_kept_aside_an_export_that_is_far_off_on_the_sample_is_refused(
    tmp_path: Path, damaged: None
) -> None:
    wanted = r"the export loses too much: agreement of embedding 1\.0000 in torch, 0\.\d+ exported \(may lose 0\.2500\)"
    with pytest.raises(ValueError, match=wanted):
        export(_Table(), tmp_path / "new", outputs={"embedding": ("n",)})
    assert list((tmp_path / "new").iterdir()) == []


# --- the limits


def test_an_export_may_lose_its_limit_and_no_more(tmp_path: Path) -> None:
    refuse_losses([ExportCheck("intent accuracy", 0.90, 0.88, 0.02), ExportCheck("entity F1", 0.5, 0.9, 0.0)], tmp_path)
    wanted = (
        r"intent accuracy 0\.9000 in torch, 0\.8790 exported \(may lose 0\.0200\)\. .*as it was.*set export_loss higher"
    )
    with pytest.raises(ValueError, match=wanted):
        refuse_losses([ExportCheck("intent accuracy", 0.90, 0.879, 0.02)], tmp_path)
    with pytest.raises(ValueError, match=r"cosine with torch 1\.0000 in torch, nan exported"):
        refuse_losses([ExportCheck("cosine with torch", 1.0, float("nan"), 0.02)], tmp_path)


def test_what_was_compared_is_left_for_the_manifest(tmp_path: Path) -> None:
    save_checks([ExportCheck("entity F1", 0.75, 0.5, 0.25)], tmp_path)
    assert json.loads((tmp_path / "export.json").read_text()) == [
        {"name": "entity F1", "torch": 0.75, "exported": 0.5, "limit": 0.25}
    ]
    trained_parser()  # 3 of its 72 rows are kept: too few to tell anything
    left = json.loads((workshop() / "work-nlu" / "export.json").read_text())
    assert [one["name"] for one in left] == ["agreement of intent_logits", "agreement of tag_logits"]


def test_the_limit_is_a_share_and_does_not_make_a_training_another_one() -> None:
    with pytest.raises(ValueError, match=r"export_loss: expected a share between 0 and 1, found 2"):
        tiny_nlu(export_loss=2.0)
    assert repr(Fit(export_loss=0.5)) == repr(Fit())  # training.stages begins anew where this is different


# --- joint model


def test_on_rows_kept_aside_intents_and_entities_are_counted_in_both(tmp_path: Path) -> None:
    folder = trained_parser()
    labels = labels_of(rows())
    model = load_joint(workshop() / "work-nlu" / "torch")
    n_entities = sum(len(row.spans) for row in rows())
    checks = export_joint(model, tmp_path, labels=labels, held=rows(), sampler=_sampler(), limit=0.01)
    # A single row of 24, or a single entity, is more than 0.01 and may be lost all the same.
    assert checks == [
        ExportCheck("intent accuracy", 1.0, 1.0, pytest.approx(1 / 24)),
        ExportCheck("entity F1", 1.0, 1.0, pytest.approx(1 / n_entities)),
    ]
    assert (tmp_path / "model.onnx").read_bytes() == (folder / "model.onnx").read_bytes()


def test_a_damaged_joint_model_is_refused_and_the_old_one_goes_on_serving(tmp_path: Path, damaged: None) -> None:
    folder = shutil.copytree(trained_parser(), tmp_path / "nlu")
    write_manifest(folder, stage="nlu")
    before = _files(folder)
    model = load_joint(workshop() / "work-nlu" / "torch")
    # Without weights it says one and the same intent to all: 6 of 24 rows have it.
    with pytest.raises(ValueError, match=r"intent accuracy 1\.0000 in torch, 0\.2500 exported \(may lose 0\.0417\)"):
        export_joint(model, folder, labels=labels_of(rows()), held=rows(), sampler=_sampler())
    assert _files(folder) == before
    parses = Parser(folder).parse([row.text for row in rows()])
    assert [parse.intents[0].name for parse in parses] == [row.intent for row in rows()]


# --- sentence encoder


class _Vectors:
    """Outputs of a model that gives row n of `vectors` to the n-th text."""

    def __init__(self, vectors: list[list[float]]) -> None:
        self._vectors = np.array(vectors)

    def __call__(self, input_ids: np.ndarray, attention_mask: np.ndarray) -> list[np.ndarray]:
        return [self._vectors[: len(input_ids)]]


def test_cosines_and_neighbours_are_compared() -> None:
    torch_vectors = [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]
    # The third text has turned to where the first one is: it is now the first one's nearest, which torch has at 0.
    exported = [[1.0, 0.0], [0.8, 0.6], [1.0, 0.0]]
    texts = ["hallo", "guten Tag", "Berlin", "hallo"]  # one twice: a text is no neighbour of itself
    cosine, nearness = sentence_checks(
        _Vectors(torch_vectors), _Vectors(exported), texts, sampler=_sampler(), limit=0.02
    )
    assert (cosine.torch, cosine.exported) == (1.0, pytest.approx((1 + 1 + 0) / 3))
    # Torch's nearest: 0.8, 0.8, 0.6. The export takes the third for the first, the first for the second, and the first for
    # the third, which torch has at 0.0, 0.8, 0.0.
    assert (nearness.torch, nearness.exported) == (pytest.approx(2.2 / 3), pytest.approx(0.8 / 3))


def test_a_sound_sentence_encoder_replaces_the_old_one_and_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"old")
    write_manifest(tmp_path, stage="encoder")
    graph = SentenceGraph(sentence_model(checkpoint()))
    checks = export_sentences(graph, tmp_path, held=[row.text for row in rows()], sampler=_sampler())
    assert [(one.name, one.limit) for one in checks] == [
        ("cosine with torch", 0.02),
        ("nearness of the nearest text", 0.02),
    ]
    assert all(one.exported > one.torch - 0.02 for one in checks)
    verify(tmp_path, mend="")  # no manifest calls the new file damaged
    assert list(_files(tmp_path)) == ["model.onnx"]


def test_a_damaged_sentence_encoder_is_refused(tmp_path: Path, damaged: None) -> None:
    (tmp_path / "model.onnx").write_bytes(b"old")
    write_manifest(tmp_path, stage="encoder")
    before = _files(tmp_path)
    graph = SentenceGraph(sentence_model(checkpoint()))
    with pytest.raises(ValueError, match=r"cosine with torch 1\.0000 in torch, .* exported \(may lose 0\.0200\)"):
        export_sentences(graph, tmp_path, held=[row.text for row in rows()], sampler=_sampler())
    assert _files(tmp_path) == before


# --- writer


@cache
def _copying_writer() -> Path:
    """A writer in torch that has learnt nothing and says its source, most of it word for word."""
    folder = workshop() / "copying-torch"
    texts = [row.text for row in rows()] + list(OTHER_TEXTS)
    train_vocabulary(texts * 3, folder, size=512, symbols=symbols(), verbatim=True)
    seed_everything(5)
    model = writer_model(tiny_writer(hidden_size=256, n_heads=4))
    tokenizer = writer_tokenizer(folder)
    before, after = [language_token(one) for one in LANGUAGES], [MESSAGE, TEMPLATE]
    ids_before, ids_after = (tokenizer.convert_tokens_to_ids(marks) for marks in (before, after))
    begin_with_copying(model, start=PAD, end=END, before=ids_before, after=ids_after)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _held() -> list[Row]:
    return [
        Row(
            build_prompt(
                language=row.language, intent=row.intent, sources=[Source(row.language, row.text)], message=""
            ).text,
            row.text,
        )
        for row in rows()
        if row.language != "ar" and not row.spans
    ]


def test_a_writer_that_writes_as_torch_does_is_kept(tmp_path: Path) -> None:
    (check,) = export_writer(_copying_writer(), tmp_path, held=_held())
    assert check.torch > 0.8
    assert check.exported == pytest.approx(check.torch, abs=0.02)
    assert Writer(tmp_path, time_limit_s=60).write(_held()[0].prompt)


def test_a_damaged_writer_is_refused_and_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(untrained_writer(), tmp_path / "writer")
    write_manifest(folder, stage="writer")
    before = _files(folder)
    real = ctranslate2.converters.TransformersConverter
    monkeypatch.setattr(
        ctranslate2.converters, "TransformersConverter", lambda _: real(str(workshop() / "untrained-torch"))
    )
    with pytest.raises(ValueError, match=r"chrF of replies 0\.\d+ in torch, 0\.[01]\d+ exported \(may lose 0\.0200\)"):
        export_writer(_copying_writer(), folder, held=_held())
    assert _files(folder) == before
    Writer(folder)


# --- the tokenizer beside the weights


def test_the_tokenizer_goes_along_and_its_sentencepiece_model_only_where_asked_for(tmp_path: Path) -> None:
    copy_tokenizer(checkpoint(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]
    copy_tokenizer(checkpoint(), tmp_path, sampling=True)
    assert (tmp_path / "sentencepiece.model").read_bytes() == (checkpoint() / "sentencepiece.model").read_bytes()


def test_a_checkpoint_without_its_tokenizer_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"tokenizer\.json is missing"):
        copy_tokenizer(tmp_path, tmp_path)
