"""Small real models for tests, in two kinds.

*Table models* are ONNX graphs written node by node from a word table, so that a test can work every logit and every cosine out
by hand. *Trained models* come from the project's own trainings on a handful of rows; each is made once a session, and only
their builders import torch, so that tests of what serves start without it.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors

from generation.prompt import symbols
from nlu.labels import Labels
from nlu.lexical import LexicalModel, key_of
from nlu.parser import ParserSettings
from nlu.tagger import SCRIPTS, Tagger, bucket
from training.config import EncoderConfig, NluConfig, PretrainConfig, WriterConfig
from training.data.dataset import Example, plain_and_spans
from training.vocabulary import train_vocabulary

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
HIDDEN_SIZE = 32
N_EMBEDDINGS = 1024  # more than the vocabulary has pieces: training.export tries ids up to 999

ANNOTATED: Mapping[str, Mapping[str, Sequence[str]]] = {
    "de": {
        "track_order": ("wo ist meine Bestellung [48213](order_number)", "wann kommt [77120](order_number) in [Köln](city) an"),
        "cancel_order": ("bitte [31337](order_number) stornieren", "Storno für [90210](order_number) bitte sofort"),
        "greet": ("guten Tag", "hallo zusammen"),
        "change_address": ("die neue Adresse ist in [Berlin](city)", "ich ziehe nach [Hamburg](city) um"),
    },
    "ja": {
        "track_order": ("注文[４８２１３](order_number)はどこですか", "[77120](order_number)はいつ[京都](city)に届きますか"),
        "cancel_order": ("注文[31337](order_number)を取り消して下さい", "[90210](order_number)をキャンセルしたい"),
        "greet": ("こんにちは", "はじめまして"),
        "change_address": ("新しい住所は[東京](city)です", "[大阪](city)に引っ越します"),
    },
    "ar": {
        "track_order": ("أين طلبي [٤٨٢١٣](order_number)", "متى يصل [77120](order_number) إلى [دبي](city)"),
        "cancel_order": ("ألغ الطلب [31337](order_number) من فضلك", "أريد إلغاء [90210](order_number)"),
        "greet": ("مرحبا", "السلام عليكم"),
        "change_address": ("عنواني الجديد في [القاهرة](city)", "سأنتقل إلى [بيروت](city)"),
    },
}  # fmt: skip

OTHER_TEXTS = (
    "我的订单４８２１３什么时候到上海？",
    "Siparişim İstanbul'a ne zaman gelecek? Numarası 48213.",
    "मेरा ऑर्डर ४८२१३ दिल्ली कब पहुँचेगा?",
    "naïve façade, źle, größer: 3½ kg for €4.90",
)


TRACING = pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
"""For tests that export a model: tracing warns of branches in transformers' code that shapes decide."""


@cache
def workshop() -> Path:
    """One folder a session for models that several tests share; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="xenia-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def rows() -> list[Example]:
    """24 utterances: 4 intents, 3 languages, 2 entities."""
    return [
        Example(text, language, intent, "plain", spans)
        for language, intents in ANNOTATED.items()
        for intent, lines in intents.items()
        for text, spans in map(plain_and_spans, lines)
    ]


@cache
def checkpoint() -> Path:
    """An untrained encoder (32 wide, one layer) with a small vocabulary: `config.json`, weights, both tokenizers."""
    from transformers import XLMRobertaModel

    from training.pretrain.train import encoder_config
    from training.trainer import seed_everything

    folder = workshop() / "checkpoint"
    texts = [row.text for row in rows()] + list(OTHER_TEXTS)
    train_vocabulary(texts * 3, folder, size=460)
    seed_everything(3)
    XLMRobertaModel(encoder_config(tiny_pretrain()), add_pooling_layer=False).save_pretrained(folder)
    return folder


def tiny_pretrain(**changes: object) -> PretrainConfig:
    """The encoder's shape; `changes` override single settings."""
    settings = {
        "learning_rate": 5e-3, "vocabulary_size": N_EMBEDDINGS, "hidden_size": HIDDEN_SIZE, "n_layers": 1, "n_heads": 2,
        "feed_forward": 64, "bf16": False, **changes,
    }  # fmt: skip
    return PretrainConfig(**settings)  # type: ignore[arg-type]


def tiny_nlu(**changes: object) -> NluConfig:
    """Enough steps to learn `rows()` by heart."""
    settings = {
        "learning_rate": 1e-2, "epochs": 60.0, "batch_size": 24, "augment": 0.5, "token_dropout": 0.0, "bf16": False,
        "min_steps": 1, **changes,
    }  # fmt: skip
    return NluConfig(**settings)  # type: ignore[arg-type]


def tiny_encoder(**changes: object) -> EncoderConfig:
    """A short contrastive training."""
    settings = {"learning_rate": 5e-3, "epochs": 40.0, "batch_size": 24, "bf16": False, **changes}
    return EncoderConfig(**settings)  # type: ignore[arg-type]


def tiny_writer(**changes: object) -> WriterConfig:
    """An mT5 of two and two layers, 64 wide."""
    settings = {
        "learning_rate": 5e-3, "batch_size": 16, "bf16": False, "vocabulary_size": 512, "hidden_size": 64,
        "n_encoder_layers": 2, "n_decoder_layers": 2, "n_heads": 2, "feed_forward": 128, **changes,
    }  # fmt: skip
    return WriterConfig(**settings)  # type: ignore[arg-type]


def word_tokenizer(folder: Path, words: Sequence[str]) -> dict[str, int]:
    """`tokenizer.json` with one token a word (split at spaces) between `<s>` and `</s>`; returns the ids."""
    ids = {word: index for index, word in enumerate((*SPECIAL, *words))}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s+"), "removed")
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    return ids


def table_encoder(folder: Path, vectors: Mapping[str, Sequence[float]]) -> Path:
    """A sentence encoder whose embedding is the sum of its words' vectors, scaled to length 1; other words count nothing."""
    ids = word_tokenizer(folder, list(vectors))
    width = len(next(iter(vectors.values())))
    table = np.zeros((len(ids), width), dtype=np.float32)
    for word, vector in vectors.items():
        table[ids[word]] = vector
    nodes = [
        *_masked_sum("table", "sum"),
        helper.make_node("LpNormalization", ["sum"], ["embedding"], axis=-1, p=2),
    ]
    _save_graph(folder, nodes, {"table": table}, {"embedding": ["n", width]})
    return folder


def table_parser(
    folder: Path,
    labels: Labels,
    *,
    intents: Mapping[str, Sequence[float]],
    tags: Mapping[str, Sequence[float]],
    settings: ParserSettings | None = None,
    lexical: Mapping[str, Sequence[float]] | None = None,
    tagger: Mapping[str, Sequence[float]] | None = None,
) -> Path:
    """A parser whose intent logits are the sum over the words' rows and whose tag logits are the words' rows.

    A word that is not named has zeros for its intents and a clear `O` for its tag. `lexical` gives the n-grams' rows,
    `tagger` those of a token's features by name.
    """
    words = sorted({*intents, *tags} - set(SPECIAL))
    ids = word_tokenizer(folder, words)
    intent_table = np.zeros((len(ids), len(labels.intents)), dtype=np.float32)
    tag_table = np.zeros((len(ids), len(labels.tags)), dtype=np.float32)
    tag_table[:, 0] = 10.0
    for word in {*intents, *tags}:
        intent_table[ids[word]] = intents.get(word, 0.0)
        if word in tags:
            tag_table[ids[word]] = tags[word]
    nodes = [
        *_masked_sum("intent_table", "intent_logits"),
        helper.make_node("Gather", ["tag_table", "input_ids"], ["tag_logits"]),
    ]
    outputs = {"intent_logits": ["n", len(labels.intents)], "tag_logits": ["n", "t", len(labels.tags)]}
    _save_graph(folder, nodes, {"intent_table": intent_table, "tag_table": tag_table}, outputs)
    labels.save(folder)
    (settings or ParserSettings()).save(folder)
    table_lexical(lexical or {}, n_intents=len(labels.intents)).save(folder)
    table_tagger(tagger or {}, n_tags=len(labels.tags)).save(folder)
    return folder


def table_lexical(rows: Mapping[str, Sequence[float]], *, n_intents: int) -> LexicalModel:
    """A lexical model whose n-grams have these weights (multiples of a hundredth), idf 1 and no bias."""
    ordered = sorted((key_of(ngram), row) for ngram, row in rows.items())
    weights = np.array([row for _, row in ordered], dtype=np.float64).reshape(len(ordered), n_intents)
    return LexicalModel(
        keys=np.array([key for key, _ in ordered], dtype=np.uint32),
        idf=np.ones(len(ordered), np.float32),
        weights=np.round(weights * 100).astype(np.int8),
        scale=np.full(n_intents, 0.01, np.float32),
        bias=np.zeros(n_intents, np.float32),
    )


def table_tagger(rows: Mapping[str, Sequence[float]], *, n_tags: int) -> Tagger:
    """A tagger whose features (`nlu.tagger.bucket`) have these weights (multiples of a hundredth), no bias, no transitions."""
    ordered = sorted((bucket(name), row) for name, row in rows.items())
    weights = np.array([row for _, row in ordered], dtype=np.float64).reshape(len(ordered), n_tags)
    return Tagger(
        keys=np.array([key for key, _ in ordered], dtype=np.uint32),
        weights=np.round(weights * 100).astype(np.int8),
        scale=np.full(n_tags, 0.01, np.float32),
        bias=np.zeros(n_tags, np.float32),
        transitions=np.zeros((1 + len(SCRIPTS), n_tags, n_tags), np.float32),
    )


def _masked_sum(table: str, output: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("Gather", [table, "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "last"], ["columns"]),
        helper.make_node("Mul", ["rows", "columns"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], [output], keepdims=0),
    ]


def _save_graph(
    folder: Path, nodes: list[onnx.NodeProto], tables: Mapping[str, np.ndarray], outputs: Mapping[str, list[str | int]]
) -> None:
    axes = {"last": np.array([2], dtype=np.int64), "middle": np.array([1], dtype=np.int64)}
    graph = helper.make_graph(
        nodes,
        "table",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in {**tables, **axes}.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(folder / "model.onnx"))


@cache
def trained_parser() -> Path:
    """`rows()` learnt by heart: the folder that `nlu.parser.Parser` loads."""
    from training.nlu.train import train_nlu

    folder = workshop() / "nlu"
    work_dir = workshop() / "work-nlu"
    # Three times each, so that the few rows kept for the temperature are learnt as well.
    train_nlu(tiny_nlu(), examples=rows() * 3, checkpoint=checkpoint(), folder=folder, work_dir=work_dir)
    return folder


@cache
def untrained_writer() -> Path:
    """An mT5 with new weights in CTranslate2: it writes, but nothing that a check lets through."""
    from training.export import export_writer
    from training.trainer import seed_everything
    from training.writer.train import writer_model, writer_tokenizer

    torch_dir, folder = workshop() / "untrained-torch", workshop() / "untrained-writer"
    texts = [row.text for row in rows()] + list(OTHER_TEXTS)
    train_vocabulary(texts * 3, torch_dir, size=512, symbols=symbols(), verbatim=True)
    seed_everything(5)
    writer_model(tiny_writer()).save_pretrained(torch_dir)
    writer_tokenizer(torch_dir).save_pretrained(torch_dir)
    export_writer(torch_dir, folder)
    return folder
