"""Training of the mT5 writer from scratch, and its export to CTranslate2 int8.

It learns to say a template in the language asked for: word for word where the template is in that language, and in
that language's own words where only another language's is there (our replies and templates, and parallel interface
strings). To say a text that it has never seen (a company's own template) it must copy: it begins with weights that
already do (training.copying), and interface strings and customers' texts put together anew in every step keep that
alive. Numbers and values are sentinels on both sides.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import MT5Config, MT5ForConditionalGeneration, PreTrainedTokenizerFast

from generation.placeholders import LITERAL
from generation.prompt import LANGUAGES, MESSAGE, TEMPLATE, Source, build_prompt, language_token, symbols
from retrieval.templates import AnswerTemplate, topic_of
from training.config import WriterConfig
from training.copying import begin_with_copying
from training.data import corpora
from training.data.dataset import Example
from training.loop import device, fit_steps, follow, forget_checkpoint, matrices_in, seed_everything
from training.vocabulary import balanced, train_vocabulary

PAD, END, UNKNOWN = 1, 2, 3
_SHORT_WORD = re.compile(r"[^\s{}]{1,12}")


@dataclass(frozen=True, slots=True)
class Row:
    """One training pair, sentinels on both sides."""

    prompt: str
    reply: str


class RowSource:
    """Draws training rows: a text of a meaning that is said in several languages, as template and as reply."""

    def __init__(
        self,
        *,
        templates: Sequence[AnswerTemplate],
        replies: Mapping[str, Mapping[str, Any]],
        examples: Sequence[Example],
        corpora_dir: Path,
    ) -> None:
        self._own: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._messages: dict[tuple[str, str], list[str]] = {}
        for template in templates:
            key = (template.intent, topic_of(template))
            self._own.setdefault(key, {}).setdefault(template.language, []).append(template.text)
            self._messages.setdefault((template.intent, template.language), []).extend(template.question_examples)
        for language, data in replies.items():
            for name, variants in data["replies"].items():
                self._own.setdefault((name, name), {}).setdefault(language, []).extend(variants)
        for example in examples:
            self._messages.setdefault((example.intent, example.language), []).append(example.text)
        self._any = [example.text for example in examples]
        self._keys = sorted(self._own)
        self._texts: dict[str, list[str]] = {}
        for example in examples:
            self._texts.setdefault(example.language, []).append(example.text)
        for languages in self._own.values():
            for language, variants in languages.items():
                self._texts.setdefault(language, []).extend(variants)
        everything = (text for texts in self._texts.values() for text in texts)
        self._words = sorted({word for text in everything for word in _SHORT_WORD.findall(text)})
        self._interface = [
            {language: text for language, text in group.items() if language in LANGUAGES}
            for group in corpora.parallel_interface(corpora_dir)
        ]
        self._interface = [group for group in self._interface if group]

    def texts(self) -> dict[str, list[str]]:
        """All texts by language, for the vocabulary."""
        out: dict[str, list[str]] = {}
        for languages in self._own.values():
            for language, variants in languages.items():
                out.setdefault(language, []).extend(variants * 6)
        for group in self._interface:
            for language, text in group.items():
                out.setdefault(language, []).append(text)
        for (_, language), messages in self._messages.items():
            out.setdefault(language, []).extend(messages)
        return out

    def draw(self, draw: random.Random, *, scrambled: float = 0.0) -> Row:
        """One row: half our own texts, a quarter interface strings, a quarter unseen texts; most word for word.

        A share of `scrambled` is random words instead.
        """
        if draw.random() < scrambled:
            return self._scrambled(draw)
        kind = draw.random()
        if self._interface and kind < 0.25:
            return self._from_interface(draw)
        if 0.25 <= kind < 0.5:
            return self._put_together(draw)
        intent, topic = draw.choice(self._keys)
        languages = self._own[intent, topic]
        language = draw.choice(sorted(languages))
        variant = draw.randrange(len(languages[language]))
        reply = languages[language][variant]
        if draw.random() < 0.6:
            source = Source(language, reply)
        else:
            other = draw.choice(sorted(languages))
            source = Source(other, languages[other][min(variant, len(languages[other]) - 1)])
        messages = self._messages.get((intent, language)) or self._any
        return self._row(language, intent, source, draw.choice(messages), reply)

    def batch(self, size: int, draw: random.Random, *, scrambled: float = 0.0) -> list[Row]:
        """`size` rows of about one length, so that little is spent on padding: a drawn quarter of four times as many."""
        drawn = (self.draw(draw, scrambled=scrambled) for _ in range(4 * size))
        rows = sorted(drawn, key=lambda row: len(row.prompt) + len(row.reply))
        start = draw.randrange(4) * size
        return rows[start : start + size]

    def _scrambled(self, draw: random.Random) -> Row:
        language = draw.choice(sorted(self._texts))
        text = " ".join(draw.choices(self._words, k=draw.randint(2, 8)))
        return self._row(language, draw.choice(self._keys)[0], Source(language, text), "", text)

    def _put_together(self, draw: random.Random) -> Row:
        """One or two texts of a customer or of ours behind one another, to be said word for word."""
        language = draw.choice(sorted(self._texts))
        text = " ".join(draw.choices(self._texts[language], k=draw.randint(1, 2)))
        return self._row(language, draw.choice(self._keys)[0], Source(language, text), draw.choice(self._any), text)

    def _from_interface(self, draw: random.Random) -> Row:
        group = draw.choice(self._interface)
        language = draw.choice(sorted(group))
        other = language if draw.random() < 0.8 else draw.choice(sorted(group))
        intent = draw.choice(self._keys)[0]
        return self._row(language, intent, Source(other, group[other]), draw.choice(self._any), group[language])

    def _row(self, language: str, intent: str, source: Source, message: str, reply: str) -> Row:
        prompt = build_prompt(language=language, intent=intent, sources=[source], message=message)
        names = {literal: sentinel for sentinel, literal in prompt.sentinels.items()}
        return Row(prompt.text, LITERAL.sub(lambda match: names.get(match[0], match[0]), reply))


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


def train_writer(
    config: WriterConfig,
    *,
    templates: Sequence[AnswerTemplate],
    replies: Mapping[str, Mapping[str, Any]],
    examples: Sequence[Example],
    corpora_dir: Path,
    folder: Path,
    work_dir: Path,
) -> None:
    """Train and write a folder that `generation.writer.Writer` loads; the torch checkpoint stays in `work_dir`."""
    seed_everything(config.seed)
    source = RowSource(templates=templates, replies=replies, examples=examples, corpora_dir=corpora_dir)
    torch_dir = work_dir / "torch"
    if not (torch_dir / "tokenizer.json").exists():
        lines = balanced(source.texts(), n_texts=120_000, exponent=0.7, seed=config.seed)
        train_vocabulary(lines, torch_dir, size=config.vocabulary_size, symbols=symbols(), verbatim=True)
    tokenizer = writer_tokenizer(torch_dir)
    model = writer_model(config)
    begin_with_copying(
        model,
        start=PAD,
        end=END,
        before=[tokenizer.convert_tokens_to_ids(language_token(language)) for language in LANGUAGES],
        after=[tokenizer.convert_tokens_to_ids(mark) for mark in (MESSAGE, TEMPLATE)],
    )
    model.to(device())

    def ids(texts: Sequence[str], longest: int) -> torch.Tensor:
        batch = tokenizer(list(texts), truncation=True, max_length=longest, padding=True, return_tensors="pt")
        tensor: torch.Tensor = batch["input_ids"].to(device())
        return tensor

    def losses_of(step: int) -> dict[str, torch.Tensor]:
        draw = random.Random(config.seed * 1_000_003 + step)
        rows = source.batch(config.batch_size, draw, scrambled=config.scrambled)
        input_ids = ids([row.prompt for row in rows], config.max_input)
        labels = ids([row.reply for row in rows], config.max_output)
        with matrices_in(config.bf16):
            output = model(
                input_ids=input_ids,
                attention_mask=(input_ids != PAD).long(),
                labels=labels.masked_fill(labels == PAD, -100),
            )
        return {"writing": output.loss.float()}

    steps = fit_steps(model, losses_of=losses_of, total=config.steps, fit=config, checkpoint_dir=work_dir)
    follow(steps, total=config.steps, title="writer", log_dir=work_dir)
    model.cpu().eval().save_pretrained(torch_dir)
    tokenizer.save_pretrained(torch_dir)
    export_writer(torch_dir, folder)
    forget_checkpoint(work_dir)


def export_writer(torch_dir: Path, folder: Path) -> None:
    """torch checkpoint -> CTranslate2 with int8 weights."""
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(str(torch_dir)).convert(str(folder), quantization="int8", force=True)
    tokenizer = json.loads((torch_dir / "tokenizer.json").read_text("utf-8"))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), "utf-8")
