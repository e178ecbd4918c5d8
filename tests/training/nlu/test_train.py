"""Joint fine-tuning: a tiny model learns its rows by heart and says them through the exported parser."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import log
from pathlib import Path

import pytest
import torch

from nlu.model import JointModel
from nlu.parser import Parser
from store.manifest import verify, write_manifest
from tests.models import TRACING, checkpoint, rows, tiny_nlu, trained_parser
from training.config import Tuning
from training.data.dataset import INTENT_ONLY, Example, labels_of
from training.nlu.batches import Batches
from training.nlu.train import NluObjective, class_weights_of, split_for_calibration, symmetric_divergence, train_nlu
from training.subwords import SubwordSampler
from training.trainer import fit

pytestmark = TRACING


def _batches(examples: list[Example], folder: Path, **settings: object) -> Batches:
    """Batches of the best segmentations: without a SentencePiece model in `folder` none is drawn."""
    (folder / "tokenizer.json").write_bytes((checkpoint() / "tokenizer.json").read_bytes())
    chosen = tiny_nlu(**{"augment": 0.0, **settings})
    return Batches(examples, labels_of(examples), SubwordSampler(folder, max_length=96), chosen)


def test_twenty_four_rows_in_three_languages_are_learnt_and_predicted_through_the_exported_parser() -> None:
    parses = Parser(trained_parser()).parse([row.text for row in rows()])
    for row, parse in zip(rows(), parses, strict=True):
        assert parse.intents[0].name == row.intent, row.text
        assert parse.intents[0].confidence > 0.9, row.text
        assert tuple((one.start, one.end, one.label) for one in parse.entities) == row.spans, row.text
        assert [one.value for one in parse.entities] == [row.text[start:end] for start, end, _ in row.spans]


def test_values_it_never_saw_are_found_too() -> None:
    parser = Parser(trained_parser())
    (parse,) = parser.parse(["wo ist meine Bestellung 66094"])
    assert (parse.intents[0].name, [one.value for one in parse.entities]) == ("track_order", ["66094"])
    (parse,) = parser.parse(["注文６６０９４はどこですか"])
    assert (parse.intents[0].name, [one.value for one in parse.entities]) == ("track_order", ["６６０９４"])


def test_the_folder_holds_labels_tokenizer_and_a_temperature_that_was_fitted() -> None:
    parser = Parser(trained_parser())
    assert parser.labels == labels_of(rows())
    assert parser.settings.max_length == tiny_nlu().max_length
    # Label smoothing makes a model that is always right unsure: the fit sharpens it as far as it may.
    assert parser.settings.temperature == pytest.approx(0.25)


def test_training_again_into_the_folder_of_the_last_model_replaces_it(tmp_path: Path) -> None:
    folder, few = tmp_path / "nlu", rows()[:8]
    quick = tiny_nlu(epochs=3.0)
    train_nlu(quick, examples=few, checkpoint=checkpoint(), folder=folder, work_dir=tmp_path / "work")
    write_manifest(folder, stage="nlu")
    before = (folder / "model.onnx").read_bytes()
    train_nlu(quick, examples=rows(), checkpoint=checkpoint(), folder=folder, work_dir=tmp_path / "work")
    assert (folder / "model.onnx").read_bytes() != before
    assert Parser(folder).labels == labels_of(rows())
    verify(folder, mend="")


def test_borrowed_rows_teach_only_what_the_examples_name(tmp_path: Path) -> None:
    (start, end, _) = next(row.spans[0] for row in rows() if row.spans)
    strange = [
        Example("pizza bestellen", "de", "order_food", "borrowed", ()),
        Example("wo ist meine Bestellung 48213", "de", "track_order", "borrowed", ((start, end, "dish"),)),
    ]
    labels = train_nlu(
        tiny_nlu(epochs=1.0),
        examples=rows(),
        checkpoint=checkpoint(),
        folder=tmp_path / "nlu",
        work_dir=tmp_path / "work",
        borrowed=strange,
    )
    assert labels == labels_of(rows())


def test_a_small_share_is_kept_for_the_temperature_and_none_is_lost() -> None:
    many = [replace(row, situation="") for row in rows()] * 50
    learnt, kept = split_for_calibration(many, seed=3)
    assert (len(learnt), len(kept)) == (1152, 48)
    assert Counter(learnt) + Counter(kept) == Counter(many)
    assert split_for_calibration(many, seed=3) == (learnt, kept)
    assert split_for_calibration(many, seed=4) != (learnt, kept)
    assert split_for_calibration(many[:1], seed=3) == (many[:1], [])


def test_a_situation_is_kept_whole_and_no_intent_loses_its_last_one() -> None:
    many = [Example(f"{name} {n}", "en", "greet", name, ()) for name in "abcdefghij" for n in range(5)]
    alone = [Example(f"bye {n}", "en", "goodbye", "only", ()) for n in range(50)]
    for seed in range(5):
        learnt, kept = split_for_calibration(many + alone, seed=seed)
        assert len(kept) == 5
        assert len({row.situation for row in kept}) == 1
        assert {row.situation for row in kept} & {row.situation for row in learnt} == set()
        assert len([row for row in learnt if row.intent == "goodbye"]) == 50


def test_an_epoch_shows_every_row_once_and_the_next_one_in_another_order(tmp_path: Path) -> None:
    batches = _batches(rows(), tmp_path, batch_size=6, epochs=2.0, swapped_values=0.0)
    assert batches.n_batches == 8
    seen = [[tuple(ids) for ids in batches.at(step)["input_ids"].tolist()] for step in range(8)]
    bare = [[tuple(value for value in ids if value != 1) for ids in batch] for batch in seen]
    first, second = sum(bare[:4], []), sum(bare[4:], [])
    assert len(set(first)) == 24
    assert sorted(first) == sorted(second)
    assert first != second


def test_a_batch_depends_on_its_step_alone(tmp_path: Path) -> None:
    settings = {"batch_size": 6, "augment": 0.8, "token_dropout": 0.3}
    in_order, jumping = _batches(rows(), tmp_path, **settings), _batches(rows(), tmp_path, **settings)
    wanted = [in_order.at(step) for step in range(9)]
    for step in (8, 3, 0, 5):
        again = jumping.at(step)
        assert all(torch.equal(wanted[step][name], again[name]) for name in wanted[step])


def test_tags_stand_on_their_tokens_and_padding_counts_nothing(tmp_path: Path) -> None:
    examples = rows()
    labels = labels_of(examples)
    batch = _batches(examples, tmp_path, batch_size=24).at(0)
    input_ids, intents, tags = batch["input_ids"], batch["intents"], batch["tags"]
    assert (batch["attention_mask"] == (input_ids != 1)).all()
    assert input_ids.shape == tags.shape
    assert ((tags == -100) == (input_ids == 1)).all()
    n_beginnings = Counter(labels.tags[tag] for tag in tags[tags > 0].tolist() if labels.tags[tag].startswith("B-"))
    assert n_beginnings == Counter(f"B-{label}" for row in examples for _, _, label in row.spans)
    assert Counter(labels.intents[intent] for intent in intents.tolist()) == Counter(row.intent for row in examples)


def test_dropped_tokens_become_unknown_and_never_special_ones(tmp_path: Path) -> None:
    whole = _batches(rows(), tmp_path, token_dropout=0.0).at(0)["input_ids"]
    dropped = _batches(rows(), tmp_path, token_dropout=0.5).at(0)["input_ids"]
    changed = dropped != whole
    assert (dropped[changed] == 3).all()
    assert 0.4 < changed.sum() / (whole > 3).sum() < 0.6
    assert (whole[changed] > 3).all()


def test_rows_whose_entities_nobody_marked_teach_the_intent_only(tmp_path: Path) -> None:
    examples = [*rows()[:3], Example("Bestellung 48213", "de", "track_order", INTENT_ONLY, ())]
    batch = _batches(examples, tmp_path, batch_size=4).at(0)
    input_ids, tags = batch["input_ids"], batch["tags"]
    blank = [(row == -100).all().item() for row in tags]
    assert sum(blank) == 1
    assert (input_ids[blank.index(True)] != 1).sum() > 3


class _Killed(RuntimeError):
    pass


def test_a_killed_fine_tuning_ends_with_the_weights_of_an_uninterrupted_one(tmp_path: Path) -> None:
    """Sampled segmentations, drawn augmentation and dropped tokens included."""
    labels = labels_of(rows())
    settings = tiny_nlu(batch_size=8, augment=0.5, token_dropout=0.2, checkpoint_every=4)

    def start(folder: Path, last: int = 99) -> JointModel:
        torch.manual_seed(1)
        model = JointModel.from_checkpoint(checkpoint(), labels=labels)
        batches = Batches(rows(), labels, SubwordSampler(checkpoint(), max_length=96), settings)

        def draw(number: int) -> dict[str, torch.Tensor]:
            if number > last:
                raise _Killed
            return batches.at(number)

        fit(NluObjective(model, settings), draw=draw, total=12, settings=settings, work_dir=folder, title="nlu")
        return model

    whole = start(tmp_path / "whole")
    with pytest.raises(_Killed):
        start(tmp_path / "killed", last=9)
    resumed = start(tmp_path / "killed")
    for one, other in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_joined_intents_are_scored_by_their_parts(tmp_path: Path) -> None:
    joined = [
        *rows(),
        *(
            Example(f"{hello} {row.text}", row.language, "greet+cancel_order", "both", ())
            for row in rows()
            if row.intent == "cancel_order"
            for hello in ("hallo", "guten Tag", "こんにちは", "مرحبا")
        ),
    ]
    folder = tmp_path / "nlu"
    train_nlu(tiny_nlu(), examples=joined * 2, checkpoint=checkpoint(), folder=folder, work_dir=tmp_path / "work")
    parser = Parser(folder)
    assert "greet+cancel_order" in parser.labels.intents
    for row in joined:
        assert parser.parse([row.text])[0].intents[0].name == row.intent, row.text


def test_two_samplings_of_a_row_are_pulled_together() -> None:
    settings = tiny_nlu(consistency=1.0, batch_size=6)
    labels = labels_of(rows())
    batch = Batches(rows(), labels, SubwordSampler(checkpoint(), max_length=96), settings).at(0)
    assert len(batch["intents"]) == 12
    assert torch.equal(batch["intents"][:6], batch["intents"][6:])
    losses = NluObjective(JointModel.from_checkpoint(checkpoint(), labels=labels), settings)(**batch)
    assert set(losses) == {"intent", "entity", "consistency"}
    # Divergence of (1/2, 1/2) and (1/4, 3/4) by hand, both ways: ln(2)/2 + ln(2/3)/2 and ln(1/2)/4 + 3 ln(3/2)/4.
    one, other = torch.zeros(1, 2), torch.tensor([[0.0, log(3)]])
    by_hand = (log(2) / 2 + log(2 / 3) / 2 + log(1 / 2) / 4 + 3 * log(3 / 2) / 4) / 2
    assert symmetric_divergence(one, other).item() == pytest.approx(by_hand)


def test_rare_intents_weigh_more_and_the_mean_weight_is_one() -> None:
    examples = [Example("x", "en", intent, "", ()) for intent in ["a"] * 9 + ["b"]]
    labels = labels_of(examples)
    weights = class_weights_of(examples, labels, 0.5)
    assert weights is not None
    # 9**-0.5 = 1/3 and 1: scaled by 10 / (9/3 + 1).
    assert weights.tolist() == pytest.approx([10 / 4 / 3, 10 / 4])
    assert class_weights_of(examples, labels, 0.0) is None


def test_a_small_language_is_seen_more_often(tmp_path: Path) -> None:
    examples = [Example(f"wort {n}", "de", "a", "", ()) for n in range(90)]
    examples += [Example(f"word {n}", "en", "b", "", ()) for n in range(10)]
    seen: Counter[str] = Counter()
    batches = _batches(examples, tmp_path, batch_size=10, language_exponent=0.5, token_dropout=0.0)
    for number in range(10):
        seen.update("ab"[intent] for intent in batches.at(number)["intents"].tolist())
    assert seen == {"a": 75, "b": 25}


@pytest.mark.filterwarnings("ignore:Exporting aten..index:UserWarning", "ignore:Constant folding:UserWarning")
def test_a_learnt_prefix_says_the_rows_through_the_exported_parser(tmp_path: Path) -> None:
    settings = tiny_nlu(tuning=Tuning.PREFIX, rank=4, learning_rate=3e-2)
    folder, work = tmp_path / "nlu", tmp_path / "work"
    train_nlu(settings, examples=rows() * 3, checkpoint=checkpoint(), folder=folder, work_dir=work)
    parser = Parser(folder)
    for row in rows():
        assert parser.parse([row.text])[0].intents[0].name == row.intent, row.text
    assert not (work / "trunk").exists()  # the encoder's own weights are the checkpoint's
