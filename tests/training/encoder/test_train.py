"""The sentence encoder: loss by hand, which rows are no negatives, and translations that come to lie together."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
import torch

from retrieval.encoder import SentenceEncoder
from retrieval.templates import AnswerTemplate, topic_of
from store.status import Status
from tests.models import TRACING, checkpoint, rows, tiny_encoder
from training.contrast import MaskedRankingLoss, narrowing
from training.data.dataset import Example
from training.encoder.negatives import hard_negatives
from training.encoder.pairs import Pair, PairSource, Text, may_mean_the_same
from training.encoder.sentences import SentenceGraph, sentence_model
from training.encoder.train import train_encoder
from training.subwords import SubwordSampler

pytestmark = TRACING

PAIRS = (
    ("order", "Bestellung"), ("address", "Adresse"), ("city", "Stadt"), ("guten Tag", "hello"), ("street", "Straße"),
    ("invoice", "Rechnung"), ("refund", "Erstattung"), ("parcel", "Paket"), ("price", "Preis"), ("help", "Hilfe"),
    ("cancel", "stornieren"), ("yes please", "ja bitte"), ("no thanks", "nein danke"), ("broken", "kaputt"),
    ("delivery", "Lieferung"), ("account", "Konto"),
)  # fmt: skip


def _template(id: str, language: str, *questions: str, intent: str = "track_order") -> AnswerTemplate:
    return AnswerTemplate(id, language, intent, questions, f"Antwort {id}", (), Status.APPROVED, "test")


TEMPLATES = [
    _template("track.how.de.1", "de", "wo ist meine Bestellung", "wann kommt sie"),
    _template("track.how.ja.1", "ja", "注文はどこですか"),
    _template("track.late.de.1", "de", "warum so spät"),
    _template("cancel.how.de.1", "de", "bitte stornieren", intent="cancel_order"),
]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    lines = "".join(json.dumps({"texts": {"en": en, "de": de}}, ensure_ascii=False) + "\n" for en, de in PAIRS)
    (folder / "ui_parallel.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return folder


# --- the loss


def _unit(*rows: tuple[float, float]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float32)


class _Given(torch.nn.Module):
    """Stands for a model: its texts are their vectors."""

    def get_embedding_dimension(self) -> int:
        return 2

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        return {"sentence_embedding": features["vectors"]}


def _loss(same: torch.Tensor, temperature: float, *columns: torch.Tensor, halvings: int = 0) -> float:
    model = _Given()
    loss = narrowing(model, MaskedRankingLoss(model, scale=1 / temperature), width=2, halvings=halvings)
    return float(loss([{"vectors": column} for column in columns], {"same": same}))


def test_the_loss_is_the_mean_cross_entropy_of_both_directions() -> None:
    # Scores 1, 0 / 0.6, 0.8 at temperature 1: the rows' losses, then the columns'.
    left, right = _unit((1, 0), (0.6, 0.8)), _unit((1, 0), (0, 1))
    by_row = (log(exp(1) + exp(0)) - 1 + log(exp(0.6) + exp(0.8)) - 0.8) / 2
    by_column = (log(exp(1) + exp(0.6)) - 1 + log(exp(0) + exp(0.8)) - 0.8) / 2
    none = torch.zeros(2, 2, dtype=torch.bool)
    assert _loss(none, 1.0, left, right) == pytest.approx((by_row + by_column) / 2)


def test_the_temperature_sharpens_the_scores() -> None:
    left, right = _unit((1, 0), (0, 1)), _unit((1, 0), (0, 1))
    none = torch.zeros(2, 2, dtype=torch.bool)
    assert _loss(none, 0.5, left, right) == pytest.approx(log(exp(2) + 1) - 2)


def test_a_row_of_the_same_meaning_is_no_negative_and_its_own_partner_always_counts() -> None:
    left, right = _unit((1, 0), (0.6, 0.8)), _unit((1, 0), (0, 1))
    everything = torch.ones(2, 2, dtype=torch.bool)
    assert _loss(everything, 1.0, left, right) == pytest.approx(0.0, abs=1e-6)
    # Column 1 is taken out of row 0's negatives; row 1 keeps its own.
    same = torch.tensor([[True, True], [False, True]])
    by_row = (0 + log(exp(0.6) + exp(0.8)) - 0.8) / 2
    by_column = (log(exp(1) + exp(0.6)) - 1 + 0) / 2
    assert _loss(same, 1.0, left, right) == pytest.approx((by_row + by_column) / 2, abs=1e-6)


def test_pairs_of_one_topic_or_of_one_roughly_known_intent_may_mean_the_same() -> None:
    pairs = [
        Pair("", "", "track.how", "track", weak=False),
        Pair("", "", "track.how", "track", weak=False),
        Pair("", "", "track.late", "track", weak=False),
        Pair("", "", "track@x", "track", weak=True),
        Pair("", "", "interface:a", "", weak=False),
        Pair("", "", "interface:b", "", weak=True, hard=(Text("", "track.late", "track"),)),
    ]
    assert may_mean_the_same(pairs).int().tolist() == [
        [1, 1, 0, 1, 0, 0, 0],
        [1, 1, 0, 1, 0, 0, 0],
        [0, 0, 1, 1, 0, 0, 1],
        [1, 1, 1, 1, 0, 0, 1],
        [0, 0, 0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0, 1, 0],
    ]


def test_a_hard_negative_counts_for_every_row_that_it_is_not_the_meaning_of() -> None:
    left, right, hard = _unit((1, 0), (0, 1)), _unit((1, 0), (0, 1)), _unit((0.6, 0.8))
    by_column = log(exp(1) + 1) - 1
    far = torch.zeros(2, 3, dtype=torch.bool)
    by_row = (log(exp(1) + 1 + exp(0.6)) - 1 + log(exp(1) + 1 + exp(0.8)) - 1) / 2
    assert _loss(far, 1.0, left, right, hard) == pytest.approx((by_row + by_column) / 2)
    near = torch.tensor([[False, False, False], [False, False, True]])
    by_row = (log(exp(1) + 1 + exp(0.6)) - 1 + log(exp(1) + 1) - 1) / 2
    assert _loss(near, 1.0, left, right, hard) == pytest.approx((by_row + by_column) / 2)


def test_half_the_width_is_learnt_beside_the_whole() -> None:
    left, right = _unit((1, 0), (0.6, 0.8)), _unit((1, 0), (0, 1))
    none = torch.zeros(2, 2, dtype=torch.bool)
    # The first numbers alone, of length 1 again, are 1 and 1 on the left, 1 and 0 on the right.
    half = _loss(none, 1.0, torch.tensor([[1.0], [1.0]]), torch.tensor([[1.0], [0.0]]))
    assert _loss(none, 1.0, left, right, halvings=1) == pytest.approx(_loss(none, 1.0, left, right) + half, abs=1e-5)


# --- the pairs


@pytest.mark.parametrize(
    ("id", "topic"), [("delivery_time.express.de.1", "delivery_time.express"), ("mined-7", "mined-7")]
)
def test_a_topic_is_the_id_without_language_and_number(id: str, topic: str) -> None:
    assert topic_of(_template(id, "de", "?")) == topic


def _drawn(source: PairSource, n_pairs: int = 600) -> Iterator[Pair]:
    yield from source.draw(n_pairs, random.Random(3))


def test_pairs_join_texts_of_one_meaning_only(sets: Path) -> None:
    questions = {question: topic_of(t) for t in TEMPLATES for question in t.question_examples}
    answers = {t.text: topic_of(t) for t in TEMPLATES}
    interface = {frozenset(pair) for pair in PAIRS}
    kinds = Counter[str]()
    for pair in _drawn(PairSource(rows(), TEMPLATES, sets)):
        if pair.fine.startswith("interface:"):
            assert {pair.left, pair.right} in interface
            kinds["translation"] += 1
        elif pair.right in answers:
            assert questions[pair.left] == answers[pair.right] == pair.fine
            kinds["answer"] += 1
        elif not pair.weak:
            assert questions[pair.left] == questions[pair.right] == pair.fine
            kinds["question"] += 1
        elif "@" in pair.fine:
            kinds["utterance"] += 1
        else:
            assert pair.right in questions
            kinds["weak"] += 1
    assert kinds == {"answer": 200, "question": 100, "utterance": 100, "weak": 100, "translation": 100}


def test_a_step_draws_the_same_pairs_again(sets: Path) -> None:
    source = PairSource(rows(), TEMPLATES, sets)
    assert source.draw(30, random.Random(1)) == source.draw(30, random.Random(1))
    assert source.draw(30, random.Random(1)) != source.draw(30, random.Random(2))


def test_without_public_sets_our_own_pairs_are_drawn(tmp_path: Path) -> None:
    fines = {pair.fine for pair in _drawn(PairSource(rows(), TEMPLATES, tmp_path))}
    assert fines
    assert not [fine for fine in fines if fine.startswith(("interface:", "massive:"))]


def test_a_template_without_questions_does_no_harm(sets: Path) -> None:
    # A mined template may have none.
    bare = [*TEMPLATES, _template("track.how.fr.1", "fr"), _template("refund.how.fr.1", "fr", intent="refund")]
    pairs = list(_drawn(PairSource([*rows(), Example("où", "fr", "track_order", "x", ())], bare, sets)))
    assert len(pairs) == 600


def test_hard_negatives_are_the_nearest_templates_of_other_topics_in_the_same_language() -> None:
    graph = SentenceGraph(sentence_model(checkpoint()))
    found = hard_negatives(graph, SubwordSampler(checkpoint(), max_length=64), TEMPLATES, n_each=2)
    assert set(found) == {question for one in TEMPLATES for question in one.question_examples}
    assert {one.fine for one in found["wo ist meine Bestellung"]} == {"track.late", "cancel.how"}
    assert found["注文はどこですか"] == ()  # there is no other topic in Japanese


def test_hard_negatives_stand_beside_the_answers_that_they_are_near_to(sets: Path) -> None:
    near = {"warum so spät": [Text("Antwort track.how.de.1", "track.how", "track_order")]}
    source = PairSource(rows(), TEMPLATES, sets, hard=near, n_hard=1)
    with_hard = [pair for pair in _drawn(source) if pair.hard]
    assert with_hard
    assert {pair.left for pair in with_hard} == {"warum so spät"}


# --- the training


def test_translations_come_to_lie_together(sets: Path, tmp_path: Path) -> None:
    train_encoder(
        tiny_encoder(epochs=80.0),
        examples=rows(),
        templates=TEMPLATES,
        corpora_dir=sets,
        checkpoint=checkpoint(),
        folder=tmp_path / "retrieval",
        work_dir=tmp_path / "work",
    )
    encoder = SentenceEncoder(tmp_path / "retrieval")
    left, right = encoder.encode([en for en, _ in PAIRS]), encoder.encode([de for _, de in PAIRS])
    assert np.linalg.norm(left, axis=1) == pytest.approx(np.ones(16), abs=1e-3)
    scores = left @ right.T
    assert (scores.argmax(axis=1) == np.arange(16)).all()
    assert (scores.argmax(axis=0) == np.arange(16)).all()
    # A question finds its answer among all of them, too.
    answers = encoder.encode([template.text for template in TEMPLATES])
    questions = encoder.encode([template.question_examples[0] for template in TEMPLATES])
    found = [topic_of(TEMPLATES[best]) for best in (questions @ answers.T).argmax(axis=1)]
    assert found == [topic_of(template) for template in TEMPLATES]
    assert not list((tmp_path / "work").glob("checkpoint-*"))
    assert json.loads((tmp_path / "work" / "metrics.jsonl").read_text().splitlines()[-1])["contrast"] < 1.0
