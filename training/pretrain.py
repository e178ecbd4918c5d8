"""Pre-training of the compact encoder on more than fourteen languages, from scratch.

Three signals share one trunk (XLM-RoBERTa's architecture, mean pooling):
- contrastive: the same request in two languages lies at the same place (symmetric InfoNCE over in-batch negatives,
  arXiv:1807.03748), on MASSIVE's parallel rows (24 languages) and on interface strings;
- MASSIVE's intents and slots;
- English support intents (Bitext, Banking77, CLINC150).
Only train partitions are read.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn
from torch.nn import functional
from transformers import XLMRobertaConfig, XLMRobertaModel

from nlu.encoding import PAD, Encoded, bio_tags, pad
from nlu.labels import Labels
from nlu.model import mean_over_tokens, sentence_vectors, states_and_embeddings
from training.config import PretrainConfig
from training.data import corpora
from training.data.corpora import Utterance
from training.loop import device, fit_steps, follow, forget_checkpoint, matrices_in, seed_everything
from training.static import OwnTexts, train_static
from training.subwords import SubwordSampler
from training.vocabulary import balanced, train_vocabulary

T = TypeVar("T")
NEIGHBOURHOOD = 12
"""The rows of a step are drawn from so many times as many of about their length."""
SERVED = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")


def encoder_config(config: PretrainConfig) -> XLMRobertaConfig:
    """The trunk's shape in XLM-R's terms."""
    return XLMRobertaConfig(
        vocab_size=config.vocabulary_size,
        hidden_size=config.hidden_size,
        num_hidden_layers=config.n_layers,
        num_attention_heads=config.n_heads,
        intermediate_size=config.feed_forward,
        max_position_embeddings=514,
        type_vocab_size=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=PAD,
        bos_token_id=0,
        eos_token_id=2,
    )


def info_nce(left: torch.Tensor, right: torch.Tensor, temperature: float) -> torch.Tensor:
    """Symmetric InfoNCE of unit rows (n, d): row i of `left` belongs to row i of `right`, all others are negatives."""
    scores = left @ right.T / temperature
    target = torch.arange(len(left), device=left.device)
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


@dataclass(frozen=True, slots=True)
class States:
    """`tokens` (n, t, 2 d), their mean `pooled` (n, 2 d), and `sentences` (n, 2 d) of length 1."""

    tokens: torch.Tensor
    pooled: torch.Tensor
    sentences: torch.Tensor


class PretrainModel(nn.Module):
    """The trunk, a linear head for each intent set on the pooled vector, and MASSIVE's slot head on tokens."""

    def __init__(self, config: PretrainConfig, *, sets: dict[str, int], n_tags: int) -> None:
        super().__init__()
        self._bf16 = config.bf16
        self.trunk = XLMRobertaModel(encoder_config(config), add_pooling_layer=False)
        self.heads = nn.ModuleDict({name: nn.Linear(2 * config.hidden_size, size) for name, size in sets.items()})
        self.slots = nn.Linear(2 * config.hidden_size, n_tags)

    def forward(self, batch: Sequence[Encoded]) -> States:
        """One batch of encoded texts."""
        where = self.slots.weight.device
        input_ids = torch.from_numpy(pad([row.input_ids for row in batch], PAD)).to(where)
        mask = (input_ids != PAD).long()
        with matrices_in(self._bf16):
            states = states_and_embeddings(self.trunk, input_ids, mask)
        return States(states, mean_over_tokens(states, mask), sentence_vectors(states, mask))


def near(groups: Sequence[T], n_groups: int, draw: random.Random) -> list[T]:
    """`n_groups` of a sorted sequence that stand near one another: of one length, so that little is spent on padding."""
    size = min(len(groups), NEIGHBOURHOOD * n_groups)
    start = draw.randint(0, len(groups) - size)
    return draw.sample(groups[start : start + size], n_groups)


class Mixture:
    """Draws the rows of one step from the step number, and turns them into losses."""

    def __init__(self, config: PretrainConfig, corpora_dir: Path, folder: Path) -> None:
        self._config = config
        self._parallel = [rows for _, rows in sorted(corpora.massive(corpora_dir, "train").items()) if len(rows) > 1]
        known = {row.language for group in self._parallel for row in group}
        groups = corpora.parallel_interface(corpora_dir)
        self._interface = [{key: text for key, text in group.items() if key in known} for group in groups]
        self._interface = [group for group in self._interface if len(group) > 1]
        self._parallel.sort(key=lambda group: sum(len(row.text) for row in group) / len(group))
        self._interface.sort(key=lambda group: sum(map(len, group.values())) / len(group))
        self._support = corpora.support_intents(corpora_dir)
        if not self._parallel or not self._interface:
            raise FileNotFoundError(_missing(corpora_dir))
        rows = [row for group in self._parallel for row in group]
        self.labels = Labels(
            intents=tuple(sorted({row.label for row in rows})),
            entities=tuple(sorted({label for row in rows for _, _, label in row.spans})),
        )
        names = {"massive": rows, **self._support}
        self._ids = {name: {x: i for i, x in enumerate(sorted({r.label for r in rs}))} for name, rs in names.items()}
        self.sets = {name: len(ids) for name, ids in self._ids.items()}
        self._sampler = SubwordSampler(folder, max_length=config.max_length)

    def losses(self, model: PretrainModel, step: int) -> dict[str, torch.Tensor]:
        """The summands of one step: `translation`, `interface`, `intent`, `slot`, `support`."""
        draw = random.Random(self._config.seed * 1_000_003 + step)
        pairs = [self._served_first(draw, group) for group in near(self._parallel, self._config.n_pairs, draw)]
        sides = [left for left, _ in pairs] + [right for _, right in pairs]
        encoded = [self._sampler.sample(row.text) for row in sides]
        states = model(encoded)
        half = len(pairs)
        losses = {"translation": info_nce(states.sentences[:half], states.sentences[half:], self._config.temperature)}
        losses["intent"] = self._classify(model, "massive", states.pooled, sides)
        losses["slot"] = self._slot_loss(model, states.tokens, encoded, sides)
        return losses | self._others(model, draw)

    def _served_first(self, draw: random.Random, group: list[Utterance]) -> tuple[Utterance, Utterance]:
        left = draw.choice([row for row in group if row.language in SERVED] or group)
        return left, draw.choice([row for row in group if row.language != left.language] or group)

    def _others(self, model: PretrainModel, draw: random.Random) -> dict[str, torch.Tensor]:
        groups = near(self._interface, self._config.n_interface_pairs, draw)
        pairs = [[group[language] for language in draw.sample(sorted(group), 2)] for group in groups]
        n_pairs = len(pairs)
        texts = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
        rows = [
            (name, draw.choice(self._support[name]))
            for name in draw.choices(sorted(self._support), k=self._config.n_support_rows if self._support else 0)
        ]
        texts += [row.text for _, row in rows]
        states = model([self._sampler.sample(text) for text in texts])
        vectors = states.sentences
        losses = {
            "interface": info_nce(vectors[:n_pairs], vectors[n_pairs : 2 * n_pairs], self._config.temperature),
        }
        support = states.pooled[2 * n_pairs :]
        parts = []
        for name in sorted({name for name, _ in rows}):
            chosen = [index for index, (other, _) in enumerate(rows) if other == name]
            part = self._classify(model, name, support[chosen], [rows[index][1] for index in chosen])
            parts.append(part * len(chosen) / len(rows))
        if parts:
            losses["support"] = torch.stack(parts).sum()
        return losses

    def _classify(
        self, model: PretrainModel, name: str, pooled: torch.Tensor, rows: Sequence[Utterance]
    ) -> torch.Tensor:
        target = torch.tensor([self._ids[name][row.label] for row in rows], device=pooled.device)
        loss: torch.Tensor = functional.cross_entropy(model.heads[name](pooled), target, label_smoothing=0.05)
        return loss

    def _slot_loss(
        self,
        model: PretrainModel,
        hidden: torch.Tensor,
        encoded: Sequence[Encoded],
        rows: Sequence[Utterance],
    ) -> torch.Tensor:
        tags = [bio_tags(one.offsets, row.spans, self.labels) for one, row in zip(encoded, rows, strict=True)]
        target = torch.from_numpy(pad(tags, -100)).to(hidden.device)
        return functional.cross_entropy(model.slots(hidden).flatten(0, 1), target.flatten(), ignore_index=-100)


def _missing(corpora_dir: Path) -> str:
    return f"pre-training needs MASSIVE and ui_parallel in {corpora_dir}: not both were found there"


def build_vocabulary(config: PretrainConfig, corpora_dir: Path, folder: Path, own: OwnTexts) -> None:
    """Vocabulary from the languages of MASSIVE and from our own texts.

    The sixty other languages of the interface strings would fill it with single characters of scripts that nobody here
    writes, and cut the words of the served languages to pieces.
    """
    texts: dict[str, list[str]] = {}
    for rows in corpora.massive(corpora_dir, "train").values():
        for row in rows:
            texts.setdefault(row.language, []).append(row.text)
    for group in corpora.parallel_interface(corpora_dir):
        for language, text in group.items():
            if language in texts:
                texts[language].append(text)
    for language, ours in own.by_language().items():
        texts.setdefault(language, []).extend(ours * config.own_text_weight)
    lines = balanced(texts, n_texts=config.vocabulary_lines, exponent=config.sampling_exponent, seed=config.seed)
    train_vocabulary(lines, folder, size=config.vocabulary_size)


def place_positions(trunk: XLMRobertaModel) -> None:
    """Start position embeddings as sinusoids (arXiv:1706.03762, 3.5) as strong as half a word embedding.

    New ones are far weaker than trained word embeddings, and the trunk would learn a bag of words.
    """
    embeddings = trunk.embeddings
    n_positions, hidden_size = embeddings.position_embeddings.weight.shape
    rate = torch.exp(torch.arange(0, hidden_size, 2) * (-math.log(10_000.0) / hidden_size))
    angle = torch.arange(n_positions).unsqueeze(1) * rate
    table = torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)
    strength = embeddings.word_embeddings.weight.std() / table.std() / 2
    embeddings.position_embeddings.weight.copy_(table * strength)


def pretrain(
    config: PretrainConfig, *, corpora_dir: Path, folder: Path, work_dir: Path, own: OwnTexts | None = None
) -> None:
    """Embeddings first, then the trunk; written as a Hugging Face checkpoint into `folder`; resumes from `work_dir`."""
    if not any((corpora_dir / "massive").glob("*.jsonl.gz")) or not (corpora_dir / "ui_parallel.jsonl.gz").exists():
        raise FileNotFoundError(_missing(corpora_dir))
    seed_everything(config.seed)
    if not (folder / "tokenizer.json").exists():
        build_vocabulary(config, corpora_dir, folder, own or OwnTexts())
    embeddings_path = work_dir / "embeddings.pt"
    if not embeddings_path.exists():
        embeddings = train_static(
            config, corpora_dir=corpora_dir, folder=folder, work_dir=work_dir / "static", own=own or OwnTexts()
        )
        work_dir.mkdir(parents=True, exist_ok=True)
        torch.save(embeddings, embeddings_path)
        forget_checkpoint(work_dir / "static")
    mixture = Mixture(config, corpora_dir, folder)
    model = PretrainModel(config, sets=mixture.sets, n_tags=len(mixture.labels.tags)).to(device())
    with torch.no_grad():
        model.trunk.get_input_embeddings().weight.copy_(torch.load(embeddings_path, weights_only=True))
        place_positions(model.trunk)
    steps = fit_steps(
        model,
        losses_of=lambda step: mixture.losses(model, step),
        total=config.steps,
        fit=config,
        checkpoint_dir=work_dir,
    )
    follow(steps, total=config.steps, title="pretrain", log_dir=work_dir)
    model.trunk.cpu().to(torch.bfloat16).save_pretrained(folder)
    forget_checkpoint(work_dir)
