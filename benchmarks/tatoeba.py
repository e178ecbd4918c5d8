"""Tatoeba: does a sentence find its English translation among a thousand, and the other way round? 23 languages.

    uv run python -m benchmarks.tatoeba                        # 2 minutes on two cores
    uv run python -m benchmarks.tatoeba --quick --out PATH     # 20 sentences of each, to see that it runs

Both encoders of the starter are asked: the served one (int8, fine-tuned on customer service) and the pre-trained one it comes
from, in torch. F1 is that of MTEB's bitext mining (arXiv:2210.07316); no weight has learnt from this set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from benchmarks.options import asked, percent, write
from nlu.encoding import TextEncoder, pad
from retrieval.encoder import SentenceEncoder
from training.data import corpora
from training.data.corpora import ParallelText
from training.encoder.sentences import SentenceGraph, sentence_model

RETRIEVAL = Path("models/starter/retrieval")
MAX_LENGTH = 96
BATCH_SIZE = 64
QUICK_PAIRS = 20
Encode = Callable[[Sequence[str]], NDArray[Any]]
PUBLISHED: dict[str, dict[str, float]] = {
    "LaBSE": {
        "ar": 88.80, "bn": 88.55, "de": 99.20, "el": 95.35, "es": 98.40, "fa": 94.70, "fr": 94.86, "hi": 96.87,
        "id": 93.66, "it": 92.72, "ja": 95.38, "ka": 95.02, "nl": 96.07, "pl": 97.22, "pt": 94.14, "ro": 96.92,
        "ru": 93.75, "sv": 95.63, "sw": 84.50, "th": 96.14, "tr": 98.00, "vi": 97.20, "zh": 95.10,
    },
    "paraphrase-multilingual-MiniLM-L12-v2": {
        "ar": 87.93, "bn": 36.48, "de": 97.02, "el": 95.43, "es": 95.42, "fa": 92.59, "fr": 91.72, "hi": 97.62,
        "id": 92.74, "it": 93.05, "ja": 90.41, "ka": 95.44, "nl": 94.58, "pl": 94.28, "pt": 92.13, "ro": 95.30,
        "ru": 91.87, "sv": 94.42, "sw": 14.48, "th": 96.72, "tr": 95.08, "vi": 95.12, "zh": 94.93,
    },
}  # fmt: skip
"""F1, %, of the same pairs, language to English (github.com/embeddings-benchmark/results, Tatoeba.json of each model)."""
OF_112 = (("LaBSE", 81.1), ("multilingual-e5-large", 75.7), ("paraphrase-multilingual-MiniLM-L12-v2", 56.6))
"""Mean F1, %, of Tatoeba's 112 languages (MTEB)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Shares in [0, 1]: right at first place to English and from English, and MTEB's F1 to English."""

    to_english: float
    from_english: float
    f1: float


def mined(texts: NDArray[Any], english: NDArray[Any]) -> Found:
    """Nearest neighbours by cosine of unit rows (n, d); row i of both is one meaning.

    >>> texts, english = np.eye(3)[[0, 0, 2]], np.eye(3)
    >>> found = mined(texts, english)
    >>> round(found.to_english, 3), round(found.from_english, 3), round(found.f1, 3)
    (0.667, 0.667, 0.556)
    """
    scores = texts @ english.T
    own = np.arange(len(texts))
    nearest = scores.argmax(axis=1)
    return Found(
        to_english=float((nearest == own).mean()),
        from_english=float((scores.argmax(axis=0) == own).mean()),
        f1=float(f1_score(own, nearest, average="weighted", zero_division=0)),
    )


def in_torch(checkpoint: Path) -> Encode:
    """The sentence vectors of a checkpoint as training sees them, float32."""
    graph = SentenceGraph(sentence_model(checkpoint)).eval()
    encoder = TextEncoder(checkpoint, max_length=MAX_LENGTH)

    def encode(texts: Sequence[str]) -> NDArray[Any]:
        rows = [encoder.encode(text).input_ids for text in texts]
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        parts = []
        for at in range(0, len(order), BATCH_SIZE):
            ids = [rows[index] for index in order[at : at + BATCH_SIZE]]
            mask = torch.from_numpy(pad([[1] * len(one) for one in ids], 0))
            with torch.no_grad():
                parts.append(graph(torch.from_numpy(pad(ids, encoder.pad_id)), mask).numpy())
        return np.asarray(np.concatenate(parts)[np.argsort(order)])

    return encode


def measure(pairs: Mapping[str, Sequence[ParallelText]], encode: Encode) -> dict[str, Found]:
    """Figures by language."""
    return {
        language: mined(encode([row.text for row in rows]), encode([row.translation for row in rows]))
        for language, rows in sorted(pairs.items())
    }


def mean(found: Mapping[str, Found]) -> Found:
    """Mean of the languages, each weighing the same."""
    rows = list(found.values())
    return Found(
        *(sum(getattr(one, name) for one in rows) / len(rows) for name in ("to_english", "from_english", "f1"))
    )


def tables(measured: Mapping[str, Mapping[str, Found]], n_pairs: Mapping[str, int]) -> list[dict[str, Any]]:
    """Means beside the published ones of the same languages, then each language."""
    ours = [
        [name, *map(percent, (one.f1, one.to_english, one.from_english)), "–"]
        for name, one in ((name, mean(found)) for name, found in measured.items())
    ]
    elsewhere = dict(OF_112)
    others = [
        [
            name,
            f"{sum(of[language] for language in n_pairs) / len(n_pairs):.1f}" if of else "–",
            "–",
            "–",
            f"{elsewhere[name]:.1f}",
        ]
        for name, of in ((name, PUBLISHED.get(name, {})) for name in elsewhere)
    ]
    each = [
        [
            language,
            str(n),
            *(percent(found[language].f1) for found in measured.values()),
            *(f"{of[language]:.1f}" for of in PUBLISHED.values()),
        ]
        for language, n in sorted(n_pairs.items())
    ]
    return [
        {
            "title": f"Tatoeba: mean of {len(n_pairs)} languages",
            "columns": ["encoder", "F1 %", "to English %", "from English %", "F1 % of 112 languages"],
            "rows": [*ours, *others],
            "note": "F1: MTEB's, language to English. The published F1 of these languages is the mean of the figures of each "
            "in MTEB's results repository; the last column is of another set of languages, many of them rare.",
        },
        {
            "title": "F1 by language, %",
            "columns": ["language", "pairs", *measured, *PUBLISHED],
            "rows": each,
        },
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Encode, search, write the figures."""
    options = asked(__doc__ or "", Path("benchmarks/tatoeba.json"), given, options=["retrieval"])
    pairs = corpora.tatoeba(options.corpora)
    if not pairs:
        raise FileNotFoundError(
            f"{options.corpora}: expected tatoeba/tatoeba.*-eng.* there, found none. Name --corpora."
        )
    if options.quick:
        pairs = {language: rows[:QUICK_PAIRS] for language, rows in pairs.items()}
    served = SentenceEncoder(Path(options.retrieval or RETRIEVAL), n_threads=torch.get_num_threads())
    measured = {
        "Xenia, served (int8)": measure(pairs, served.encode),
        "Xenia, pre-trained only": measure(pairs, in_torch(options.encoder)),
    }
    write(
        {
            "title": "Tatoeba: retrieval across languages",
            "command": "uv run python -m benchmarks.tatoeba",
            "tables": tables(measured, {language: len(rows) for language, rows in pairs.items()}),
        },
        options.out,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
