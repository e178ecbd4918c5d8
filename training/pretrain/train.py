"""Pre-training of the compact encoder on many languages, from scratch.

Four signals share one trunk (XLM-RoBERTa's architecture, mean pooling):
- contrastive: the same request in two languages lies at the same place (symmetric InfoNCE over in-batch negatives,
  arXiv:1807.03748), on MASSIVE's parallel rows (24 languages) and on interface strings;
- masked and translation language modelling (arXiv:1901.07291): words are guessed from their sentence and, in every second
  row, from its translation;
- MASSIVE's intents and slots;
- English support intents (Bitext, Banking77, CLINC150).
Only train partitions are read.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import XLMRobertaConfig, XLMRobertaModel

from nlu.encoding import PAD
from nlu.model import mean_over_tokens, sentence_vectors, states_and_embeddings
from training.config import PretrainConfig
from training.contrast import info_nce
from training.data import corpora
from training.pretrain.batches import IGNORED, Mixture, missing
from training.pretrain.static import OwnTexts, train_static
from training.processes import is_main, main_only, wait_for_all
from training.trainer import Objective, fit, forget_checkpoint, matrices_in, n_steps, seed_everything
from training.vocabulary import balanced, train_vocabulary


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


class PretrainObjective(Objective):
    """The trunk, a linear head for each intent set on the pooled vector, MASSIVE's slot head, and the guessing of words.

    Words are scored by the input embeddings themselves, behind one layer (arXiv:1608.05859).
    """

    def __init__(self, config: PretrainConfig, *, sets: dict[str, int], n_tags: int) -> None:
        super().__init__()
        self._config = config
        width = config.hidden_size
        self.trunk = XLMRobertaModel(encoder_config(config), add_pooling_layer=False)
        self.heads = nn.ModuleDict({name: nn.Linear(2 * width, size) for name, size in sets.items()})
        self.slots = nn.Linear(2 * width, n_tags)
        self.guess = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        """A batch of `training.pretrain.batches` -> `translation`, `intent`, `slot`, `interface`, `support`, `words`."""
        losses = self._parallel(batch["parallel"]) | self._other(batch["other"])
        if "masked" in batch:
            losses["words"] = self._words(batch["masked"])
        return losses

    def _states(self, rows: dict[str, Any]) -> torch.Tensor:
        with matrices_in(self._config.bf16):
            return states_and_embeddings(self.trunk, rows["input_ids"], rows["attention_mask"])

    def _parallel(self, rows: dict[str, Any]) -> dict[str, torch.Tensor]:
        states, mask = self._states(rows), rows["attention_mask"]
        left, right = sentence_vectors(states, mask).chunk(2)
        slots = self.slots(states).flatten(0, 1)
        return {
            "translation": info_nce(left, right, self._config.temperature),
            "intent": self._classify("massive", mean_over_tokens(states, mask), rows["intents"]),
            "slot": functional.cross_entropy(slots, rows["tags"].flatten(), ignore_index=IGNORED),
        }

    def _other(self, rows: dict[str, Any]) -> dict[str, torch.Tensor]:
        states, mask, n = self._states(rows), rows["attention_mask"], rows["n_pairs"]
        vectors = sentence_vectors(states, mask)
        losses = {"interface": info_nce(vectors[:n], vectors[n : 2 * n], self._config.temperature)}
        pooled = mean_over_tokens(states, mask)
        n_rows = len(pooled) - 2 * n
        parts = [
            self._classify(name, pooled[one["places"]], one["intents"]) * len(one["places"]) / n_rows
            for name, one in sorted(rows["support"].items())
        ]
        if parts:
            losses["support"] = torch.stack(parts).sum()
        return losses

    def _words(self, rows: dict[str, Any]) -> torch.Tensor:
        with matrices_in(self._config.bf16):
            states = self.trunk(input_ids=rows["input_ids"], attention_mask=rows["attention_mask"]).last_hidden_state
        hidden = rows["wanted"] != IGNORED
        scores = self.guess(states[hidden].float()) @ self.trunk.get_input_embeddings().weight.T
        loss: torch.Tensor = functional.cross_entropy(scores, rows["wanted"][hidden])
        return loss

    def _classify(self, name: str, pooled: torch.Tensor, intents: torch.Tensor) -> torch.Tensor:
        loss: torch.Tensor = functional.cross_entropy(self.heads[name](pooled), intents, label_smoothing=0.05)
        return loss


def build_vocabulary(config: PretrainConfig, corpora_dir: Path, folder: Path, own: OwnTexts) -> None:
    """Vocabulary from our own texts and the `languages` of the public sets that have the most lines.

    A small vocabulary takes few languages: the others would fill it with single characters of scripts that nobody here
    writes, and cut the words of the served languages to pieces.
    """
    texts: dict[str, list[str]] = {}
    for rows in corpora.massive(corpora_dir, "train").values():
        for row in rows:
            texts.setdefault(row.language, []).append(row.text)
    for group in corpora.parallel_interface(corpora_dir):
        for language, text in group.items():
            texts.setdefault(language, []).append(text)
    largest = sorted(texts, key=lambda language: (-len(texts[language]), language))[: config.languages]
    texts = {language: texts[language] for language in largest}
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
        raise FileNotFoundError(missing(corpora_dir))
    seed_everything(config.seed)
    texts = own or OwnTexts()
    if not (folder / "tokenizer.json").exists():
        main_only(lambda: build_vocabulary(config, corpora_dir, folder, texts))
    embeddings_path = work_dir / "embeddings.pt"
    if not embeddings_path.exists():
        main_only(lambda: _train_embeddings(config, corpora_dir, folder, work_dir, texts))
    mixture = Mixture(config, corpora_dir, folder)
    objective = PretrainObjective(config, sets=mixture.sets, n_tags=len(mixture.labels.tags))
    with torch.no_grad():
        objective.trunk.get_input_embeddings().weight.copy_(torch.load(embeddings_path, weights_only=True))
        place_positions(objective.trunk)
    total = n_steps(config.steps, config)
    fit(objective, draw=mixture.at, total=total, settings=config, work_dir=work_dir, title="pretrain")
    if is_main():
        objective.trunk.cpu().to(torch.bfloat16).save_pretrained(folder)
    forget_checkpoint(work_dir)
    wait_for_all()


def _train_embeddings(config: PretrainConfig, corpora_dir: Path, folder: Path, work_dir: Path, own: OwnTexts) -> None:
    static_dir = work_dir / "static"
    embeddings = train_static(config, corpora_dir=corpora_dir, folder=folder, work_dir=static_dir, own=own)
    torch.save(embeddings, work_dir / "embeddings.pt")
    forget_checkpoint(static_dir)
