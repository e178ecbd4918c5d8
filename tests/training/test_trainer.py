"""The trainer: schedule, decay, exact resumption, several processes, adapters, early stopping and what it logs."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import torch

from tests.models import checkpoint, rows, tiny_nlu
from training.config import Decay, Fit, Tuning
from training.trainer import Looks, NumberedBatches, Objective, fit, forget_checkpoint, seed_everything

FIT = Fit(learning_rate=0.05, warmup_share=0.2, bf16=False, checkpoint_every=5)
TOTAL = 12


class Sum(Objective):
    """Learns to add three numbers up."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        numbers = batch["numbers"]
        return {"square": (self.net(numbers).squeeze(-1) - numbers.sum(-1)).square().mean()}


class Line(Objective):
    """One weight, and a bias that nothing pulls at; the loss is `slope` times the weight."""

    def __init__(self, slope: float = 1.0, start: float = 1.0) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(self.linear.weight, start)
        torch.nn.init.constant_(self.linear.bias, start)
        self._slope = slope

    def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
        return {"slope": self.linear.weight.sum() * self._slope + self.linear.bias.sum() * 0}


def numbers_of(number: int) -> dict[str, Any]:
    return {"numbers": torch.randn(16, 3, generator=torch.Generator().manual_seed(number))}


def _fitted(folder: Path, *, settings: Fit = FIT, total: int = TOTAL, objective: Objective | None = None) -> Objective:
    chosen = objective or Sum()
    fit(chosen, draw=numbers_of, total=total, settings=settings, work_dir=folder, title="sum")
    return chosen


def _log(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def _same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


class Killed(RuntimeError):
    pass


def test_training_lowers_the_loss_and_logs_it_by_name(tmp_path: Path) -> None:
    _fitted(tmp_path, total=40)
    log = _log(tmp_path)
    assert [record["step"] for record in log] == list(range(4, 41, 4))
    assert log[-1]["square"] < log[0]["square"] / 2
    assert {record["training"] for record in log} == {"sum"}
    assert log[-1]["square"] == pytest.approx(log[-1]["loss"], rel=1e-3)


def test_the_rate_rises_and_falls_to_nothing(tmp_path: Path) -> None:
    _fitted(tmp_path, total=10)
    # Logged after the step, so it is the next step's rate: two steps of warm-up, then eight down to 0.
    wanted = [0.5, 1.0, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8, 0.0]
    assert [record["learning_rate"] / 0.05 for record in _log(tmp_path)] == pytest.approx(wanted, abs=1e-6) or [
        record["learning_rate"] / 0.05 for record in _log(tmp_path)
    ] == pytest.approx([0.0, *wanted[:-1]], abs=1e-6)


def test_the_cosine_falls_slowly_first(tmp_path: Path) -> None:
    _fitted(tmp_path / "cosine", settings=replace(FIT, decay=Decay.COSINE), total=10)
    _fitted(tmp_path / "line", total=10)
    cosine, line = (_log(tmp_path / name)[4]["learning_rate"] for name in ("cosine", "line"))
    assert cosine > line * 1.1


def test_only_matrices_decay(tmp_path: Path) -> None:
    # Without a slope AdamW only decays, by rate * 0.5 a step. Three steps, one of warm-up from 0: rates 0, 0.1 and 0.05.
    decaying = replace(FIT, learning_rate=0.1, weight_decay=0.5, warmup_share=0.0)
    model = _fitted(tmp_path, settings=decaying, total=3, objective=Line(slope=0.0))
    assert model.linear.weight.item() == pytest.approx(0.95 * 0.975)
    assert model.linear.bias.item() == 1.0


def test_adam_moves_a_weight_by_the_rate_whatever_the_slope(tmp_path: Path) -> None:
    plain = replace(FIT, learning_rate=0.1, weight_decay=0.0, warmup_share=0.0)
    for slope in (1.0, 1e4):
        model = _fitted(tmp_path / str(slope), settings=plain, total=3, objective=Line(slope=slope))
        assert model.linear.weight.item() == pytest.approx(1 - 0.1 - 0.05, rel=1e-4)


def test_large_gradients_are_clipped(tmp_path: Path) -> None:
    norms: list[float] = []

    class Watched(Line):
        def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
            if self.linear.weight.grad is not None:
                norms.append(self.linear.weight.grad.norm().item())
            return super().forward(**batch)

    model = Watched(slope=1e6)
    model.linear.weight.register_post_accumulate_grad_hook(lambda weight: None)
    _fitted(tmp_path, settings=replace(FIT, clip=0.5), total=2, objective=model)
    assert _log(tmp_path)[0]["grad_norm"] == pytest.approx(1e6, rel=1e-3)  # as it came, before the clip


def test_accumulated_batches_make_one_step_with_their_mean(tmp_path: Path) -> None:
    class Numbered(Line):
        def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
            return {"slope": self.linear.weight.sum() * batch["numbers"].float().mean()}

    seen: list[int] = []

    def draw(number: int) -> dict[str, Any]:
        seen.append(number)
        return {"numbers": torch.tensor([number])}

    model = Numbered()
    settings = replace(FIT, accumulation=3, clip=1e9)
    fit(model, draw=draw, total=2, settings=settings, work_dir=tmp_path, title="x")
    assert sorted(set(seen)) == [0, 1, 2, 3, 4, 5]
    assert [record["grad_norm"] for record in _log(tmp_path)] == pytest.approx([1.0, 4.0])  # means of 0 1 2 and 3 4 5


def test_a_killed_training_ends_with_the_weights_of_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = _fitted(tmp_path / "whole")

    def until_eight(number: int) -> dict[str, Any]:
        if number == 8:
            raise Killed
        return numbers_of(number)

    with pytest.raises(Killed):
        fit(Sum(), draw=until_eight, total=TOTAL, settings=FIT, work_dir=tmp_path / "killed", title="sum")
    drawn: list[int] = []

    def counted(number: int) -> dict[str, Any]:
        drawn.append(number)
        return numbers_of(number)

    resumed = Sum()
    fit(resumed, draw=counted, total=TOTAL, settings=FIT, work_dir=tmp_path / "killed", title="sum")
    assert drawn == [5, 6, 7, 8, 9, 10, 11]
    assert _same(whole, resumed)
    assert not _same(whole, Sum())


def test_a_finished_training_is_taken_as_it_is_until_its_checkpoint_is_forgotten(tmp_path: Path) -> None:
    whole = _fitted(tmp_path)
    again = Sum()
    fit(
        again, draw=lambda number: pytest.fail("drawn again"), total=TOTAL, settings=FIT, work_dir=tmp_path, title="sum"
    )
    assert _same(whole, again)
    forget_checkpoint(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.jsonl"]


def test_a_batch_draws_the_same_segmentations_whenever_it_is_drawn() -> None:
    model = sentencepiece.SentencePieceProcessor(model_file=str(checkpoint() / "sentencepiece.model"))

    def draw(number: int) -> dict[str, Any]:
        text = rows()[number].text
        return {"ids": model.encode(text, out_type=int, enable_sampling=True, alpha=0.1, nbest_size=-1)}

    batches = NumberedBatches(draw, n_batches=8, seed=3)
    in_order = [batches[number]["ids"] for number in range(8)]
    assert [batches[number]["ids"] for number in (5, 2, 7)] == [in_order[number] for number in (5, 2, 7)]
    assert [NumberedBatches(draw, n_batches=8, seed=4)[number]["ids"] for number in range(8)] != in_order


def test_it_stops_early_and_takes_the_best_weights(tmp_path: Path) -> None:
    scores = iter([0.1, 0.9, 0.3, 0.2, 0.8, 0.9])
    model = Line()
    seen: list[float] = []

    def score() -> dict[str, float]:
        seen.append(model.linear.weight.item())
        return {"score": next(scores), "worst": 0.5}

    looks = Looks(score, every=2, patience=2)
    fit(model, draw=numbers_of, total=12, settings=FIT, work_dir=tmp_path, title="line", looks=looks)
    assert len(seen) == 4
    assert model.linear.weight.item() == seen[1]
    assert [record["eval_score"] for record in _log(tmp_path) if "eval_score" in record] == [0.1, 0.9, 0.3, 0.2]


def test_an_adversarial_step_adds_the_slope_at_the_shifted_embeddings(tmp_path: Path) -> None:
    class Square(Objective):
        def __init__(self) -> None:
            super().__init__()
            self.table = torch.nn.Embedding(1, 1)
            torch.nn.init.constant_(self.table.weight, 3.0)

        def embeddings(self) -> torch.nn.Module:
            return self.table

        def forward(self, **batch: Any) -> dict[str, torch.Tensor]:
            return {"square": self.table.weight.square().sum()}

    model = Square()
    settings = replace(FIT, clip=1e9, learning_rate=1e-9)
    fit(model, draw=numbers_of, total=1, settings=settings, work_dir=tmp_path, title="x", adversarial=0.5)
    # d/dw w^2 at 3 is 6, and at 3 + 0.5 it is 7; the weight itself comes back.
    assert _log(tmp_path)[0]["grad_norm"] == pytest.approx(13.0)
    assert model.table.weight.item() == pytest.approx(3.0, abs=1e-6)


def test_a_draw_that_fails_says_why(tmp_path: Path) -> None:
    def broken(number: int) -> dict[str, Any]:
        raise ValueError("row 7 has no text")

    with pytest.raises(ValueError, match="row 7 has no text"):
        fit(Sum(), draw=broken, total=2, settings=FIT, work_dir=tmp_path, title="x")


TWO = """
import sys, torch
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.training.test_trainer import FIT, Sum, numbers_of
from training.processes import is_main, wait_for_all
from training.trainer import fit
model = Sum()
fit(model, draw=numbers_of, total=6, settings=replace(FIT, accumulation={accumulation}), work_dir=Path({work!r}), title="sum")
if is_main():
    torch.save(model.state_dict(), {out!r})
wait_for_all()
"""


def _run(tmp_path: Path, name: str, *, accumulation: int, launch: list[str]) -> dict[str, torch.Tensor]:
    out = tmp_path / f"{name}.pt"
    places = {"root": str(Path.cwd()), "work": str(tmp_path / name), "out": str(out)}
    (tmp_path / f"{name}.py").write_text(TWO.format(accumulation=accumulation, **places))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, *launch, str(tmp_path / f"{name}.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    state: dict[str, torch.Tensor] = torch.load(out, weights_only=True)
    return state


def test_two_processes_learn_what_one_learns_from_two_batches_a_step(tmp_path: Path) -> None:
    torchrun = [
        "-m",
        "torch.distributed.run",
        "--nproc_per_node",
        "2",
        "--master_port",
        str(random.randint(20000, 40000)),
    ]
    both = _run(tmp_path, "both", accumulation=1, launch=torchrun)
    alone = _run(tmp_path, "alone", accumulation=2, launch=[])
    for name, weight in alone.items():
        assert torch.allclose(both[name], weight, atol=1e-5), name
    assert len(_log(tmp_path / "both")) == len(_log(tmp_path / "alone"))  # one process writes the log


@pytest.mark.parametrize("tuning", [Tuning.LORA, Tuning.ADALORA])
def test_adapters_leave_the_encoder_as_it_was_until_they_are_merged(tmp_path: Path, tuning: Tuning) -> None:
    from nlu.labels import Labels
    from nlu.model import JointModel
    from training.adapters import adapted, merged
    from training.nlu.train import NluObjective

    labels = Labels(intents=("a", "b"), entities=())
    config = tiny_nlu(tuning=tuning, rank=4, learning_rate=0.05)
    model = JointModel.from_checkpoint(checkpoint(), labels=labels)
    before = {name: weight.clone() for name, weight in model.encoder.state_dict().items()}
    model.encoder = adapted(model.encoder, config, total=30)
    learning = sum(p.numel() for p in model.encoder.parameters() if p.requires_grad)
    assert 0 < learning < 0.35 * sum(p.numel() for p in model.encoder.parameters())
    ids = torch.tensor([[0, 5, 6, 2], [0, 7, 8, 2]])

    def draw(number: int) -> dict[str, Any]:
        tags = torch.zeros_like(ids)
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "intents": torch.tensor([0, 1]), "tags": tags}

    seed_everything(1)
    fit(NluObjective(model, config), draw=draw, total=30, settings=config, work_dir=tmp_path, title="adapters")
    model.eval()
    with torch.no_grad():
        adapted_logits = model(ids, torch.ones_like(ids)).intent_logits
        model.encoder = merged(model.encoder)
        merged_logits = model(ids, torch.ones_like(ids)).intent_logits
    assert torch.allclose(adapted_logits, merged_logits, atol=1e-4)
    assert adapted_logits.argmax(-1).tolist() == [0, 1]
    after = model.encoder.state_dict()
    assert set(after) == set(before)
    assert torch.equal(after["embeddings.word_embeddings.weight"], before["embeddings.word_embeddings.weight"])
    moved = [name for name in before if not torch.equal(after[name], before[name])]
    assert any("attention" in name for name in moved)
    assert not math.isnan(adapted_logits.sum().item())
