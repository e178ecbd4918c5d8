"""Drawn segmentations: other ids, the same text, and offsets that fit what serving sees."""

from __future__ import annotations

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from nlu.encoding import Encoded, bio_tags, entities_of
from nlu.labels import Labels
from tests.models import OTHER_TEXTS, checkpoint, rows
from training.data.dataset import labels_of
from training.subwords import SubwordSampler
from training.trainer import seed_everything

ODD_TEXTS = ("😀👩‍👧 48213", "3½ kg ﬁ", "  zwei  Leerzeichen ", "한국어 ไทย", "４８２１３")
TEXTS = (*(row.text for row in rows()), *OTHER_TEXTS, *ODD_TEXTS)


def _sampler(**settings: float) -> SubwordSampler:
    return SubwordSampler(checkpoint(), max_length=96, **settings)  # type: ignore[arg-type]


def test_draws_differ_and_are_mostly_not_the_best_one() -> None:
    sampler = _sampler()
    text = "wann kommt meine Bestellung 77120 in Köln an"
    drawn = [tuple(sampler.sample(text).input_ids) for _ in range(30)]
    assert len(set(drawn)) > 5
    assert drawn.count(tuple(sampler.best(text).input_ids)) < 15


@pytest.mark.parametrize("text", TEXTS)
def test_offsets_of_every_draw_cover_the_text_in_its_order(text: str) -> None:
    for alpha in (0.1, 0.5, 20.0):
        drawn = _sampler(alpha=alpha).sample(text)
        assert (drawn.input_ids[0], drawn.input_ids[-1]) == (0, 2)
        assert len(drawn.offsets) == len(drawn.input_ids)
        inner = drawn.offsets[1:-1]
        assert all(0 <= start <= end <= len(text) for start, end in inner)
        assert all(before[0] <= after[0] for before, after in pairwise(inner))
        covered = {index for start, end in inner for index in range(start, end)}
        assert covered == {index for index, character in enumerate(text) if not character.isspace()}


@pytest.mark.parametrize("text", [text for text in TEXTS if text not in {"😀👩‍👧 48213", "한국어 ไทย"}])
def test_a_draw_with_the_best_ids_has_the_offsets_of_serving(text: str) -> None:
    # Serving joins neighbouring characters that it does not know into one stretch: the two texts left out.
    sampler = _sampler(alpha=1000.0)
    drawn, best = sampler.sample(text), sampler.best(text)
    assert drawn.input_ids == best.input_ids
    assert drawn.offsets == best.offsets


def test_every_piece_inside_an_entity_is_tagged_as_inside() -> None:
    # Bytes of an unknown letter and parts of a compatibility character have a share of the text as well.
    labels = Labels(intents=("x",), entities=("name",))
    for text, value in (("von 한국어 aus", "한국어"), ("von ½ﬁ aus", "½ﬁ"), ("😀 ok", "😀")):
        span = (text.index(value), text.index(value) + len(value), "name")
        drawn = _sampler(alpha=1000.0).sample(text)
        tags = bio_tags(drawn.offsets, [span], labels)
        first, last = tags.index(1), len(tags) - 1 - tags[::-1].index(2)
        assert tags[first : last + 1] == [1] + [2] * (last - first)
        (entity,) = entities_of(text, drawn.offsets, tags, [1.0] * len(tags), labels)
        assert entity.value == value


def test_entities_survive_every_draw() -> None:
    sampler, labels, draw = _sampler(), labels_of(rows()), random.Random(4)
    for _ in range(200):
        row = draw.choice(rows())
        drawn = sampler.sample(row.text)
        tags = bio_tags(drawn.offsets, row.spans, labels)
        found = entities_of(row.text, drawn.offsets, tags, [1.0] * len(tags), labels)
        for entity, (start, end, label) in zip(found, row.spans, strict=True):
            # A drawn piece may reach over the border of a value where no space stands; it never falls short of it.
            assert entity.start <= start
            assert entity.end >= end
            assert entity.label == label


def test_a_long_text_is_cut_to_the_limit_and_keeps_its_end_mark() -> None:
    drawn = SubwordSampler(checkpoint(), max_length=30).sample("Bestellung " * 50)
    assert len(drawn.input_ids) == len(drawn.offsets) == 30
    assert drawn.input_ids[-1] == 2


def test_a_checkpoint_without_its_sentencepiece_model_gives_the_best_one(tmp_path: Path) -> None:
    shutil.copyfile(checkpoint() / "tokenizer.json", tmp_path / "tokenizer.json")
    sampler = SubwordSampler(tmp_path, max_length=96)
    for text in TEXTS:
        assert sampler.sample(text) == sampler.best(text) == _sampler().best(text)


def test_a_seed_repeats_all_draws_of_a_process() -> None:
    def draws(seed: int) -> list[Encoded]:
        seed_everything(seed)
        sampler = _sampler()
        return [sampler.sample(text) for text in TEXTS]

    def in_fresh_thread(seed: int) -> list[Encoded]:
        with ThreadPoolExecutor(1) as pool:  # SentencePiece keeps one generator for each thread
            return pool.submit(draws, seed).result()

    assert in_fresh_thread(7) == in_fresh_thread(7)
    assert in_fresh_thread(7) != in_fresh_thread(8)
