"""A writer that has learnt nothing yet already says its source word for word."""

from __future__ import annotations

import random

import pytest
import torch

from tests.models import tiny_writer
from training.trainer import seed_everything
from training.writer.copying import begin_with_copying
from training.writer.train import END, PAD, writer_model

START_MARK, END_MARK = 4, 5
FIRST_WORD = 10


@pytest.mark.parametrize("n_layers", [1, 3])
def test_it_copies_unseen_rows_before_the_first_step(n_layers: int) -> None:
    seed_everything(5)
    config = tiny_writer(
        vocabulary_size=2000, hidden_size=256, n_heads=4, n_encoder_layers=n_layers, n_decoder_layers=n_layers
    )
    model = writer_model(config)
    begin_with_copying(model, start=PAD, end=END, before=[START_MARK], after=[END_MARK])
    model.eval()
    draw, right, there = random.Random(1), 0, 0
    for _ in range(40):
        source = draw.sample(range(FIRST_WORD, 2000), draw.randint(3, 20))
        shown = draw.sample(range(FIRST_WORD, 2000), 8)
        prompt = torch.tensor([[*shown[:4], START_MARK, *source, END_MARK, *shown[4:], END]])
        labels = torch.tensor([[*source, END]])
        with torch.no_grad():
            said = model(input_ids=prompt, labels=labels).logits.argmax(dim=-1)
        right += int((said == labels).sum())
        there += labels.numel()
    assert right / there > 0.9


def test_of_two_places_with_one_word_it_goes_on_at_the_one_whose_word_before_fits() -> None:
    seed_everything(5)
    model = writer_model(tiny_writer(vocabulary_size=2000, hidden_size=256, n_heads=4))
    begin_with_copying(model, start=PAD, end=END, before=[START_MARK], after=[END_MARK])
    model.eval()
    source = [100, 50, 200, 300, 60, 50, 400, 500]
    prompt = torch.tensor([[START_MARK, *source, END_MARK, END]])
    with torch.no_grad():
        said = model(input_ids=prompt, labels=torch.tensor([[*source, END]])).logits.argmax(dim=-1)[0].tolist()
    assert (said[2], said[6]) == (200, 400)
