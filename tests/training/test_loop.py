"""The training loop: schedule, decay, exact resumption and its log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
import torch

from training.config import Fit
from training.loop import CHECKPOINT_NAME, Step, fit_steps, follow, forget_checkpoint, rate_at

FIT = Fit(learning_rate=0.05, warmup_share=0.2, bf16=False)
TOTAL = 12


def _model() -> torch.nn.Module:
    torch.manual_seed(2)
    return torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))


def _losses(model: torch.nn.Module, step: int) -> dict[str, torch.Tensor]:
    rows = torch.randn(16, 3, generator=torch.Generator().manual_seed(step))
    return {"square": (model(rows).squeeze(-1) - rows.sum(-1)).square().mean()}


def _steps(model: torch.nn.Module, folder: Path) -> Iterator[Step]:
    return fit_steps(
        model,
        losses_of=lambda step: _losses(model, step),
        total=TOTAL,
        fit=FIT,
        checkpoint_dir=folder,
        checkpoint_every=5,
    )


def _weights(model: torch.nn.Module) -> list[torch.Tensor]:
    return [parameter.detach().clone() for parameter in model.parameters()]


def test_the_rate_rises_to_one_and_falls_to_nothing() -> None:
    assert [rate_at(step, total=10, warmup=4) for step in range(11)] == pytest.approx(
        [0.25, 0.5, 0.75, 1.0, 1.0, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0.0]
    )


def test_the_rate_reaches_the_optimizer() -> None:
    # Adam's first step moves every weight by the rate itself: 0.05 * 1/2 with two warm-up steps of twelve.
    model = torch.nn.Linear(1, 1, bias=False)
    before = model.weight.item()
    plain = Fit(learning_rate=0.05, warmup_share=0.17, weight_decay=0.0, clip=1e9)
    steps = fit_steps(
        model,
        losses_of=lambda step: {"x": model.weight.sum() * 3},
        total=TOTAL,
        fit=plain,
        checkpoint_dir=Path("nowhere"),
    )
    next(steps)
    assert before - model.weight.item() == pytest.approx(0.025, rel=1e-4)


def test_training_lowers_the_loss_and_numbers_its_steps(tmp_path: Path) -> None:
    model = _model()
    steps = list(_steps(model, tmp_path))
    assert [step.number for step in steps] == list(range(1, TOTAL + 1))
    assert steps[-1].losses["square"] < steps[0].losses["square"] / 2


def test_all_named_losses_are_minimised_together(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 2, bias=False)
    torch.nn.init.ones_(model.weight)
    plain = Fit(learning_rate=0.1, weight_decay=0.0)
    losses = {"first": lambda: model.weight[0].square().sum(), "second": lambda: model.weight[1].square().sum()}
    steps = fit_steps(
        model,
        losses_of=lambda step: {name: loss() for name, loss in losses.items()},
        total=20,
        fit=plain,
        checkpoint_dir=tmp_path,
    )
    assert set(list(steps)[-1].losses) == {"first", "second"}
    assert model.weight.abs().max() < 0.3


# Killed before the first checkpoint, right behind one, and between two.
@pytest.mark.parametrize(("n_before", "first"), [(4, 1), (6, 6), (9, 6), (11, 11)])
def test_a_killed_training_ends_with_the_weights_of_an_uninterrupted_one(
    tmp_path: Path, n_before: int, first: int
) -> None:
    whole, killed, resumed = _model(), _model(), _model()
    list(_steps(whole, tmp_path / "whole"))
    list(islice(_steps(killed, tmp_path / "killed"), n_before))
    torch.manual_seed(99)  # a new process
    assert next(steps := _steps(resumed, tmp_path / "killed")).number == first
    list(steps)
    for one, other in zip(_weights(whole), _weights(resumed), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_that_was_half_written_is_no_checkpoint(tmp_path: Path) -> None:
    whole, resumed = _model(), _model()
    list(_steps(whole, tmp_path / "whole"))
    (tmp_path / CHECKPOINT_NAME).with_suffix(".tmp").write_bytes(b"half")
    list(_steps(resumed, tmp_path))
    assert all(torch.equal(one, other) for one, other in zip(_weights(whole), _weights(resumed), strict=True))


def test_the_last_step_leaves_a_checkpoint_until_what_it_led_to_is_written(tmp_path: Path) -> None:
    trained, resumed = _model(), _model()
    list(_steps(trained, tmp_path))
    assert list(_steps(resumed, tmp_path)) == []
    assert all(torch.equal(one, other) for one, other in zip(_weights(trained), _weights(resumed), strict=True))
    forget_checkpoint(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_matrices_decay(tmp_path: Path) -> None:
    model = torch.nn.Linear(2, 2)
    torch.nn.init.ones_(model.weight)
    torch.nn.init.ones_(model.bias)
    decaying = Fit(learning_rate=0.1, weight_decay=0.5, warmup_share=0.0)

    def nothing(step: int) -> dict[str, torch.Tensor]:
        return {"nothing": (model.weight.sum() + model.bias.sum()) * 0}

    list(fit_steps(model, losses_of=nothing, total=3, fit=decaying, checkpoint_dir=tmp_path))
    # The rate of three steps with one of warm-up is 1, 1 and 1/2 of 0.1.
    assert model.weight.detach() == pytest.approx(torch.full((2, 2), 0.95 * 0.95 * 0.975).numpy())
    assert model.bias.detach() == pytest.approx([1.0, 1.0])


def test_large_gradients_are_clipped(tmp_path: Path) -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    steps = fit_steps(
        model,
        losses_of=lambda step: {"steep": model.weight.sum() * 1e6},
        total=2,
        fit=Fit(learning_rate=1e-3, clip=0.5),
        checkpoint_dir=tmp_path,
    )
    next(steps)
    assert model.weight.grad is not None
    assert model.weight.grad.norm() == pytest.approx(0.5, rel=1e-4)


def test_the_log_holds_every_nth_step_and_the_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = (Step(number, {"intent": 1 / number, "entity": 2.0}, number * 0.26) for number in range(1, 8))
    follow(steps, total=7, title="nlu", log_dir=tmp_path / "work", every=3)
    records = [json.loads(line) for line in (tmp_path / "work" / "metrics.jsonl").read_text().splitlines()]
    assert records == [
        {"training": "nlu", "step": 3, "elapsed_s": 0.8, "intent": 0.33333, "entity": 2.0},
        {"training": "nlu", "step": 6, "elapsed_s": 1.6, "intent": 0.16667, "entity": 2.0},
        {"training": "nlu", "step": 7, "elapsed_s": 1.8, "intent": 0.14286, "entity": 2.0},
    ]
    output = capsys.readouterr()
    assert output.out == ""
    assert "7/7" in output.err


def test_a_resumed_log_goes_on_where_it_was(tmp_path: Path) -> None:
    for part in ((1, 2), (3, 4)):
        follow((Step(number, {}, 0.0) for number in part), total=4, title="nlu", log_dir=tmp_path, every=1)
    lines = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2, 3, 4]
