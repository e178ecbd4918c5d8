"""Training of the mT5 writer, from scratch or from a checkpoint, and its export to CTranslate2 int8.

A writer from scratch begins with weights that already copy (training.writer.copying); one from a checkpoint gets the prompt's
marks as new tokens. Numbers and values are sentinels on both sides (training.writer.rows). bfloat16 on a GPU, float32 on a
CPU; never float16, in which mT5 overflows.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import decoders, pre_tokenizers
from transformers import (
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    MT5Config,
    MT5ForConditionalGeneration,
    PreTrainedTokenizerFast,
)

from generation.prompt import LANGUAGES, MESSAGE, TEMPLATE, language_token, symbols
from retrieval.templates import AnswerTemplate
from training.adapters import adapted, merged
from training.checkpoints import resolved
from training.config import Tuning, WriterConfig
from training.data.dataset import Example
from training.export import export_writer
from training.export_checks import save_checks
from training.logs.rows import Answered
from training.processes import is_main, main_only, wait_for_all
from training.trainer import Objective, fit, forget_checkpoint, matrices_in, n_steps, seed_everything
from training.vocabulary import balanced, train_vocabulary
from training.writer.copying import begin_with_copying
from training.writer.rows import RowSource

PAD, END = 1, 2
"""Ids of our own vocabulary; a checkpoint brings its own."""
IGNORED = -100
N_HELD = 48
"""Prompts put together anew, by draws that no batch has, on which the export is compared."""


def writer_model(config: WriterConfig) -> MT5ForConditionalGeneration:
    """A compact mT5 with new weights (gated GELU, relative positions: arXiv:2010.11934); output and input embeddings are one."""
    model = MT5ForConditionalGeneration(
        MT5Config(
            vocab_size=config.vocabulary_size,
            d_model=config.hidden_size,
            d_kv=config.hidden_size // config.n_heads,
            d_ff=config.feed_forward,
            num_layers=config.n_encoder_layers,
            num_decoder_layers=config.n_decoder_layers,
            num_heads=config.n_heads,
            dropout_rate=0.0,
            pad_token_id=PAD,
            eos_token_id=END,
            decoder_start_token_id=PAD,
        )
    )
    torch.nn.init.normal_(model.shared.weight, std=config.hidden_size**-0.5)
    return model


def writer_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer beside the weights; `</s>` ends a text, nothing is put before it."""
    return PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


class WriterObjective(Objective):
    """Cross entropy of the reply's tokens."""

    def __init__(self, model: Any, config: WriterConfig) -> None:
        super().__init__()
        self.model = model
        self._config = config

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        """`input_ids`, `attention_mask`, `labels` (n, t) -> `writing`."""
        with matrices_in(self._config.bf16):
            return {"writing": self.model(**batch).loss.float()}


class WriterBatches:
    """Draws batch n from n alone."""

    def __init__(self, config: WriterConfig, source: RowSource, tokenizer: Any) -> None:
        self._config, self._source, self._tokenizer = config, source, tokenizer

    def at(self, number: int) -> dict[str, torch.Tensor]:
        """Prompts and replies of about one length."""
        draw = random.Random(self._config.seed * 1_000_003 + number)
        rows = self._source.batch(self._config.batch_size, draw, scrambled=self._config.scrambled)
        prompts = self._ids([row.prompt for row in rows], self._config.max_input)
        replies = self._ids([row.reply for row in rows], self._config.max_output)
        labels = replies["input_ids"].masked_fill(replies["attention_mask"] == 0, IGNORED)
        return {**prompts, "labels": labels}

    def _ids(self, texts: Sequence[str], longest: int) -> dict[str, torch.Tensor]:
        batch = self._tokenizer(list(texts), truncation=True, max_length=longest, padding=True, return_tensors="pt")
        return {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}


def writer_start(config: WriterConfig, source: RowSource, torch_dir: Path) -> tuple[Any, Any]:
    """The model and tokenizer that a training begins with: those of `checkpoint`, else new ones."""
    return _grown(config.checkpoint) if config.checkpoint else _new(config, source, torch_dir)


def _new(config: WriterConfig, source: RowSource, torch_dir: Path) -> tuple[Any, Any]:
    """A model that copies, with a vocabulary made of the rows' texts."""

    def vocabulary() -> None:
        lines = balanced(source.texts(), n_texts=120_000, exponent=0.7, seed=config.seed)
        train_vocabulary(lines, torch_dir, size=config.vocabulary_size, symbols=symbols(), verbatim=True)

    if not (torch_dir / "tokenizer.json").exists():
        main_only(vocabulary)
    tokenizer = writer_tokenizer(torch_dir)
    seed_everything(config.seed)
    model = writer_model(config)
    begin_with_copying(
        model,
        start=PAD,
        end=END,
        before=[tokenizer.convert_tokens_to_ids(language_token(language)) for language in LANGUAGES],
        after=[tokenizer.convert_tokens_to_ids(mark) for mark in (MESSAGE, TEMPLATE)],
    )
    return model, tokenizer


def _grown(checkpoint: str) -> tuple[Any, Any]:
    """A checkpoint's model and tokenizer, with the prompt's marks as further tokens."""
    folder = resolved(checkpoint)
    tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32)
    if not model.config.model_type.endswith("t5"):
        raise ValueError(f"{folder}: expected an mT5 checkpoint, found {model.config.model_type}")
    tokenizer.add_tokens(list(symbols()), special_tokens=True)
    # T5's own splitting forgets whether a space stood beside a mark, and no reply could say it again.
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.backend_tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(len(tokenizer))
    return model, tokenizer


def train_writer(
    config: WriterConfig,
    *,
    templates: Sequence[AnswerTemplate],
    replies: Mapping[str, Mapping[str, Any]],
    examples: Sequence[Example],
    corpora_dir: Path,
    folder: Path,
    work_dir: Path,
    answered: Sequence[Answered] = (),
) -> None:
    """Train and write a folder that `generation.writer.Writer` loads; the torch checkpoint stays in `work_dir`.

    `answered` are questions and answers of logged dialogues.
    """
    if config.tuning is Tuning.PREFIX:
        raise ValueError(
            "tuning: a prefix cannot be served, CTranslate2 reads plain weights; expected full, lora or adalora"
        )
    seed_everything(config.seed)
    source = RowSource(
        templates=templates, replies=replies, examples=examples, corpora_dir=corpora_dir, answered=answered
    )
    torch_dir = work_dir / "torch"
    model, tokenizer = writer_start(config, source, torch_dir)
    total = n_steps(config.steps, config)
    model = adapted(model, config, total=total)
    batches = WriterBatches(config, source, tokenizer)
    fit(
        WriterObjective(model, config), draw=batches.at, total=total, settings=config, work_dir=work_dir, title="writer"
    )
    model = merged(model)
    if is_main():
        model.cpu().eval().save_pretrained(torch_dir)
        tokenizer.save_pretrained(torch_dir)
        compact_tokenizer(torch_dir)
        draw = random.Random(f"held {config.seed}")
        held = [source.draw(draw) for _ in range(N_HELD)]
        save_checks(export_writer(torch_dir, folder, held=held, limit=config.export_loss), work_dir)
    forget_checkpoint(work_dir)
    wait_for_all()


def compact_tokenizer(torch_dir: Path) -> None:
    """`tokenizer.json` without its indents: a third of the size."""
    path = torch_dir / "tokenizer.json"
    tokenizer = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), "utf-8")
