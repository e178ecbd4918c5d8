"""A message -> the answer templates that fit it, the customer's language preferred.

Templates are ranked by support (cosines of their nearest entries: `retrieval.index.Neighbour`) + `language_bonus` (same
language) + `intent_weight` * P(intent of the template); the score that is shown stays the bare cosine of the nearest
entry. An intent that the model cannot tell (a need of the logs) is believed as far as that cosine lies above 0.5. So a
template in the customer's language wins over its twin in another one, and another language's template is found when it is
the only one for the need.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.encoder import SentenceEncoder
from retrieval.index import Neighbour, TemplateIndex
from retrieval.live import LiveIndex
from retrieval.templates import AnswerTemplate
from store.status import Status


@dataclass(frozen=True, slots=True)
class RetrieverSettings:
    """`threshold` is the lowest cosine of a hit; the two weights are added to cosines for ranking only."""

    top_k: int = 3
    threshold: float = 0.35
    language_bonus: float = 0.15
    intent_weight: float = 0.3
    serve_mined: bool = False

    def __post_init__(self) -> None:
        if self.top_k < 1 or not -1 <= self.threshold <= 1:
            raise ValueError(f"expected top_k >= 1 and -1 <= threshold <= 1, found {self.top_k} and {self.threshold}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A template and its cosine with the message."""

    template: AnswerTemplate
    score: float


class Retriever:
    """Encoder and index together; a query uses one index from start to end."""

    def __init__(self, encoder: SentenceEncoder, index: TemplateIndex | LiveIndex, settings: RetrieverSettings) -> None:
        self.encoder = encoder
        self.settings = settings
        self._index = index

    @classmethod
    def load(cls, encoder_dir: Path, index_dir: Path, settings: RetrieverSettings) -> Retriever:
        """Load both folders; raises FileNotFoundError or IndexMismatch with the command that mends it.

        A new index written into `index_dir` is taken up while this one serves.
        """
        encoder = SentenceEncoder(encoder_dir)
        index = LiveIndex(index_dir, encoder=encoder)
        index.watch()
        return cls(encoder, index, settings)

    @property
    def index(self) -> TemplateIndex:
        """The index of this moment."""
        return self._index.current() if isinstance(self._index, LiveIndex) else self._index

    def retrieve(
        self,
        text: str,
        *,
        language: str | None,
        intents: Mapping[str, float] | None = None,
        known: Container[str] | None = None,
    ) -> list[Hit]:
        """At most `top_k` hits, best first; empty text has none.

        Args:
            text: the message.
            language: the customer's, ISO 639-1.
            intents: probabilities by name.
            known: all intents that the model can tell; None: all there are.
        """
        if not text.strip():
            return []
        neighbours = self.index.search(self.encoder.encode([text])[0])
        served = {Status.APPROVED, Status.MINED} if self.settings.serve_mined else {Status.APPROVED}
        near = [
            neighbour
            for neighbour in neighbours
            if neighbour.score >= self.settings.threshold and neighbour.template.status in served
        ]
        near.sort(key=lambda neighbour: -self._rank(neighbour, language, intents or {}, known))
        return [Hit(neighbour.template, neighbour.score) for neighbour in near[: self.settings.top_k]]

    def _rank(
        self, near: Neighbour, language: str | None, intents: Mapping[str, float], known: Container[str] | None
    ) -> float:
        same = self.settings.language_bonus if near.template.language == language else 0.0
        intent = near.template.intent
        believed = intents.get(intent, 0.0) if known is None or intent in known else max(0.0, 2 * near.score - 1)
        return near.support + same + self.settings.intent_weight * believed
