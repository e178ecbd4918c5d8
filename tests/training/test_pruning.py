"""Which layers stay, what a teacher's distributions weigh, and a student that says what its teacher says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel, XLMRobertaModel

from nlu.labels import Labels
from nlu.model import JointModel, JointOutput, load_encoder
from retrieval.encoder import SentenceEncoder
from retrieval.templates import AnswerTemplate
from store.status import Status
from tests.models import TRACING, checkpoint, rows, tiny_encoder, tiny_nlu, tiny_pretrain, workshop
from training.checkpoints import copy_tokenizer
from training.config import EncoderConfig, NluConfig
from training.data.dataset import Example, labels_of
from training.encoder.negatives import encoded
from training.encoder.sentences import SentenceGraph, sentence_model
from training.encoder.train import kept_aside, train_encoder
from training.nlu.score import NluScore
from training.nlu.train import NluObjective, train_nlu
from training.pretrain.train import encoder_config
from training.pruning import (
    Teacher,
    divergence,
    joint_divergence,
    joint_teacher,
    kept_layers,
    load_joint,
    pruned,
    save_joint,
    sentence_teacher,
    squared_distance,
)
from training.subwords import SubwordSampler
from training.trainer import seed_everything

pytestmark = TRACING


@cache
def _deeper() -> Path:
    """The tests' checkpoint with two layers, all its weights others."""
    folder = workshop() / "deeper"
    seed_everything(8)
    XLMRobertaModel(encoder_config(tiny_pretrain(n_layers=2)), add_pooling_layer=False).save_pretrained(folder)
    copy_tokenizer(checkpoint(), folder, sampling=True)
    return folder


@cache
def _teacher() -> Path:
    """`rows()` learnt by heart by two layers: what `train_nlu` leaves in torch."""
    work_dir = workshop() / "work-teacher"
    nlu = tiny_nlu(epochs=40.0)
    train_nlu(nlu, examples=rows() * 3, checkpoint=_deeper(), folder=workshop() / "teacher", work_dir=work_dir)
    return work_dir / "torch"


def _sampler() -> SubwordSampler:
    return SubwordSampler(checkpoint(), max_length=96)


@torch.no_grad()
def _figures(model: JointModel) -> dict[str, float]:
    return NluScore(model, _sampler(), labels_of(rows()), rows())()


# --- layers


@pytest.mark.parametrize(
    ("n_layers", "n_kept", "places"),
    [(12, 6, (0, 2, 4, 7, 9, 11)), (24, 4, (0, 8, 15, 23)), (5, 3, (0, 2, 4)), (2, 2, (0, 1)), (3, 1, (0,))],
)
def test_layers_are_kept_evenly_from_the_first_to_the_last(n_layers: int, n_kept: int, places: tuple[int, ...]) -> None:
    assert kept_layers(n_layers, n_kept) == places


def test_more_layers_than_there_are_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="n_layers: expected 1 to 2, as many as the checkpoint has, found 3"):
        kept_layers(2, 3)


def test_a_pruned_encoder_is_the_kept_layers_one_after_another_and_loads_as_such(tmp_path: Path) -> None:
    seed_everything(1)
    encoder = XLMRobertaModel(encoder_config(tiny_pretrain(n_layers=5)), add_pooling_layer=False).eval()
    ids, mask = torch.tensor([[0, 40, 41, 42, 2]]), torch.ones(1, 5, dtype=torch.long)
    with torch.no_grad():
        layers = list(encoder.encoder.layer)
        states = encoder.embeddings(input_ids=ids)
        for place in (0, 2, 4):
            found = layers[place](states)
            states = found[0] if isinstance(found, tuple) else found
        got = pruned(encoder, 3)(input_ids=ids, attention_mask=mask).last_hidden_state
        encoder.save_pretrained(tmp_path)
        again = load_encoder(tmp_path).eval()(input_ids=ids, attention_mask=mask).last_hidden_state
    assert torch.allclose(got, states, atol=1e-6)
    assert torch.equal(again, got)


def test_bert_is_pruned_too_and_0_keeps_all() -> None:
    shape = {"vocab_size": 50, "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8}
    encoder = BertModel(BertConfig(num_hidden_layers=3, **shape), add_pooling_layer=False)
    first, _, last = encoder.encoder.layer
    assert len(pruned(encoder, 0).encoder.layer) == 3
    assert list(pruned(encoder, 2).encoder.layer) == [first, last]
    assert encoder.config.num_hidden_layers == 2


def test_an_encoder_of_another_family_is_named() -> None:
    encoder = DistilBertModel(DistilBertConfig(vocab_size=50, dim=8, n_heads=2, hidden_dim=8, n_layers=2))
    with pytest.raises(ValueError, match="BERT or XLM-R family, found DistilBertModel; set n_layers = 0"):
        pruned(encoder, 1)


@pytest.mark.parametrize("config", [NluConfig, EncoderConfig])
@pytest.mark.parametrize("name", ["n_layers", "distil_weight"])
def test_a_negative_setting_is_named(config: type[NluConfig | EncoderConfig], name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: expected 0 or more, found -1"):
        config(**{name: -1})  # type: ignore[arg-type]


# --- distances


def test_the_divergence_is_taken_at_temperature_2_and_times_4() -> None:
    # At temperature 2 the teacher says 3/4 and 1/4, the student 1/2 and 1/2; in the second row they agree.
    teacher = torch.tensor([[2 * log(3), 0.0], [1.0, 2.0]])
    student = torch.tensor([[5.0, 5.0], [0.0, 1.0]])
    wanted = 0.75 * log(0.75 / 0.5) + 0.25 * log(0.25 / 0.5)
    assert divergence(student, teacher).item() == pytest.approx(4 * wanted / 2, rel=1e-5)


def test_tags_of_padding_teach_nothing() -> None:
    intents, tags = torch.tensor([[1.0, 0.0]]), torch.tensor([[[0.0, 0.0], [0.0, 0.0]]])
    # Intents agree; the real token's tags are apart as above, those of the padding far more.
    theirs = torch.tensor([[[2 * log(3), 0.0], [50.0, 0.0]]])
    mask = torch.tensor([[1, 0]])
    found = joint_divergence(JointOutput(intents, tags), JointOutput(intents, theirs), mask, entity_weight=3.0)
    wanted = 0.75 * log(0.75 / 0.5) + 0.25 * log(0.25 / 0.5)
    assert found.item() == pytest.approx(3 * 4 * wanted, rel=1e-5)


def test_the_distance_of_unit_vectors_does_not_depend_on_their_width() -> None:
    assert squared_distance(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])).item() == 2.0
    wide = torch.eye(6)
    assert squared_distance(wide[:2], wide[2:4]).item() == pytest.approx(2.0)


def test_a_teacher_is_no_part_of_its_student() -> None:
    labels = labels_of(rows())
    student = JointModel.from_checkpoint(checkpoint(), labels=labels)
    strict = JointModel.from_checkpoint(checkpoint(), labels=labels)
    strict.encoder.embeddings.dropout = torch.nn.Dropout(0.5)  # type: ignore[union-attr]
    teacher = Teacher(strict.train())
    objective = NluObjective(student, tiny_nlu(), None, teacher).train()
    assert sum(one.numel() for one in objective.parameters()) == sum(one.numel() for one in student.parameters())
    assert not any("teacher" in name for name in objective.state_dict())
    ids, mask = torch.tensor([[0, 40, 41, 2]]), torch.ones(1, 4, dtype=torch.long)
    answers = [teacher(ids, mask).intent_logits for _ in range(2)]
    assert torch.equal(*answers)
    assert not answers[0].requires_grad


# --- joint model


def test_the_joint_model_is_left_in_torch_and_predicts_its_rows() -> None:
    model = load_joint(_teacher())
    figures = _figures(model)
    assert (figures["mean"], figures["entity_f1"]) == (1.0, 1.0)
    assert model.encoder.config.num_hidden_layers == 2  # type: ignore[union-attr]


def test_one_layer_learns_from_two_and_believes_them_more_than_wrong_labels(tmp_path: Path) -> None:
    # Every greeting of the student's rows is called a cancellation in two of three, and no city is marked in them.
    wrong = [replace(row, intent="cancel_order" if row.intent == "greet" else row.intent, spans=()) for row in rows()]
    folder = shutil.copytree(_teacher(), tmp_path / "teacher")
    train_nlu(
        tiny_nlu(teacher=str(folder), n_layers=1, distil_weight=20.0, epochs=40.0, augment=0.0),
        examples=[*rows(), *wrong, *wrong],
        checkpoint=folder,
        folder=tmp_path / "nlu",
        work_dir=tmp_path / "work",
    )
    student = load_joint(tmp_path / "work" / "torch")
    assert student.encoder.config.num_hidden_layers == 1  # type: ignore[union-attr]
    figures = _figures(student)
    assert (figures["mean"], figures["entity_f1"]) == (1.0, 1.0)
    metrics = (tmp_path / "work" / "metrics.jsonl").read_text()
    assert '"distil"' in metrics


def test_a_teacher_of_other_labels_or_another_vocabulary_is_refused(tmp_path: Path) -> None:
    labels = labels_of(rows())
    model = JointModel.from_checkpoint(checkpoint(), labels=labels)
    save_joint(model, labels, checkpoint(), tmp_path)
    joint_teacher(tmp_path, labels, checkpoint())
    others = Labels(intents=(*labels.intents[:-1], "warranty"), entities=labels.entities)
    with pytest.raises(ValueError, match=r"other intents .* only there \['track_order'\], only here \['warranty'\]"):
        joint_teacher(tmp_path, others, checkpoint())
    with pytest.raises(ValueError, match=r"other entities .* only there \['order_number'\], only here \[\]"):
        joint_teacher(tmp_path, Labels(labels.intents, labels.entities[:1]), checkpoint())
    tokenizer = (tmp_path / "tokenizer.json").read_text("utf-8")
    (tmp_path / "tokenizer.json").write_text(tokenizer.replace("<unk>", "<other>"), "utf-8")
    with pytest.raises(ValueError, match="is another vocabulary than"):
        joint_teacher(tmp_path, labels, checkpoint())


def test_a_folder_that_holds_no_joint_model_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"heads\.safetensors is missing: .*models/work/nlu/torch"):
        load_joint(checkpoint())


# --- sentence encoder


def _train(folder: Path, **settings: object) -> np.ndarray:
    """Vectors of `rows()` by a sentence encoder trained with these settings, through its export."""
    template = AnswerTemplate("a.b.de.1", "de", "greet", ("hallo",), "guten Tag", (), Status.APPROVED, "test")
    train_encoder(
        tiny_encoder(epochs=20.0, hard_negatives=0, **settings),
        examples=rows(),
        templates=[template],
        corpora_dir=folder / "nowhere",
        checkpoint=_deeper(),
        folder=folder / "retrieval",
        work_dir=folder / "work",
    )
    return SentenceEncoder(folder / "retrieval").encode([row.text for row in rows()])


def test_a_smaller_sentence_encoder_says_what_its_teacher_says(tmp_path: Path) -> None:
    graph = SentenceGraph(sentence_model(_deeper()))
    theirs = encoded(graph, _sampler(), [row.text for row in rows()])
    taught = _train(tmp_path / "taught", n_layers=1, teacher=str(_deeper()), distil_weight=20.0)
    alone = _train(tmp_path / "alone", n_layers=1)
    assert load_encoder(tmp_path / "taught" / "work" / "torch").config.num_hidden_layers == 1  # type: ignore[union-attr]
    near, far = ((vectors * theirs).sum(1).mean() for vectors in (taught, alone))
    assert near > 0.9
    assert far < 0.6


def test_a_teacher_of_another_width_is_refused(tmp_path: Path) -> None:
    seed_everything(2)
    wider = encoder_config(tiny_pretrain(hidden_size=64))
    XLMRobertaModel(wider, add_pooling_layer=False).save_pretrained(tmp_path)
    copy_tokenizer(checkpoint(), tmp_path)
    with pytest.raises(ValueError, match="gives vectors of 128 numbers, the student of 64: expected the same"):
        sentence_teacher(tmp_path, checkpoint(), width=64)


def test_utterances_are_kept_aside_for_the_export_where_there_are_enough() -> None:
    many = [Example(f"hallo {n}", "de", "greet", "plain", ()) for n in range(20_000)]
    for n_rows, n_held in ((900, 0), (1000, 20), (20_000, 200)):  # 2 % of 900 would be 18, too few
        learnt, held = kept_aside(many[:n_rows], seed=3)
        assert (len(learnt), len(held)) == (n_rows - n_held, n_held)
        assert sorted(one.text for one in learnt + held) == sorted(one.text for one in many[:n_rows])
    assert kept_aside(many, seed=3) == kept_aside(many, seed=3)
