"""What is counted in a batch and made of the times, by hand, and a few real steps of one trainer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from benchmarks import throughput
from benchmarks.throughput import Clock, Count, Pace, counted, keep, main, multiplied, peak_of, shown, tables
from tests.models import checkpoint


def mask(*lengths: int) -> torch.Tensor:
    return torch.tensor([[1] * length + [0] * (max(lengths) - length) for length in lengths])


def test_texts_and_tokens_are_counted_without_padding_wherever_they_lie() -> None:
    rows = {"attention_mask": mask(3, 5), "input_ids": mask(3, 5)}
    assert counted(rows) == Count(2, 8)
    assert counted({"parallel": rows, "other": {**rows, "n_pairs": 1}}) == Count(4, 16)
    assert counted({"columns": [{"parts": [rows, rows]}, {"parts": [rows]}], "same": mask(1)}) == Count(6, 24)
    assert counted({"pairs": {"ids": torch.arange(7), "offsets": torch.tensor([0, 3])}, "set": "own"}) == Count(2, 7)
    assert counted({**rows, "labels": torch.tensor([[4, 2, -100], [5, 6, 2]])}) == Count(2, 8, 5)


def test_a_step_lies_between_two_batches_and_the_slow_first_ones_do_not_count() -> None:
    clock = Clock(lambda number: {"attention_mask": mask(2, 4)})
    for number in range(6):
        clock(number)
    clock.asked_s = [0.0, 10.0, 20.0, 30.0, 31.0, 32.0]
    clock.drawn_s = [5.0, 15.0, 25.0, 30.2, 31.2, 32.2]
    clock.given_s = [5.0, 15.0, 25.0, 30.25, 31.25, 32.25]
    pace = clock.pace(3, (100, 1000))
    assert (pace.draw_s, pace.step_s) == (pytest.approx(0.2), pytest.approx(0.75))
    assert (pace.texts, pace.operations) == (2, 6 * 100 * 6)
    assert pace.texts_per_s == pytest.approx(2 / 0.95)


def test_the_share_of_the_peak_is_that_of_the_step() -> None:
    pace = Pace(draw_s=0.3, step_s=0.1, texts=10, operations=2e12)
    assert pace.share_of(100e12) == pytest.approx(0.2)
    assert pace.share_of(None) is None
    assert shown("nlu", "bfloat16", pace, "NVIDIA A100-SXM4-80GB") == [
        "nlu", "bfloat16", "25", "300.0", "100.0", "drawing batches", "6.41",
    ]  # fmt: skip
    assert shown("static", "float32", Pace(0.1, 0.3, 8, 0.0), "a CPU")[-2:] == ["the step", "–"]


def test_a_card_is_known_by_the_longest_part_of_its_name() -> None:
    assert peak_of("NVIDIA L40S") == 362e12
    assert peak_of("NVIDIA L4") == 121e12
    assert peak_of("NVIDIA H100 PCIe") == 756e12
    assert peak_of("NVIDIA H100 80GB HBM3") == 989e12
    assert peak_of("AMD EPYC") is None


def test_tables_that_are_only_looked_up_in_are_not_multiplied() -> None:
    assert multiplied(nn.Sequential(nn.Embedding(50, 4), nn.Linear(4, 3), nn.LayerNorm(3))) == 12


def test_a_trainer_measured_again_takes_its_own_rows_place(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    for row in (["nlu", "float32", "1"], ["writer", "float32", "2"], ["nlu", "float32", "3"]):
        keep(row, "a CPU", out)
    keep(["nlu", "bfloat16", "4"], "a GPU", out)
    assert json.loads(out.read_text("utf-8"))["parts"] == {
        "a CPU": [["writer", "float32", "2"], ["nlu", "float32", "3"]],
        "a GPU": [["nlu", "bfloat16", "4"]],
    }


def test_an_unknown_trainer_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected one of pretrain, static, nlu, encoder, writer, found 'nlp'"):
        main(["--only", "nlp"])


def test_it_runs_and_keeps_what_another_device_gave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nlu").mkdir()
    block = (
        "nlu:\n- intent: greet\n  examples: |\n    - guten Tag\n    - hallo\n- intent: bye\n  examples: |\n    - ciao\n"
    )
    (tmp_path / "nlu" / "de.yml").write_text(block, "utf-8")
    monkeypatch.setattr(throughput, "DATA_DIR", tmp_path)
    out, before = tmp_path / "figures.json", ["nlu", "bfloat16", "9", "1.0", "1.0", "the step", "0.10"]
    out.write_text(json.dumps({"parts": {"NVIDIA H100": [before]}}), "utf-8")
    given = ["--quick", "--out", str(out), "--only", "nlu", "--encoder", str(checkpoint()), "--corpora", str(tmp_path)]
    assert main(given) == 0
    result = json.loads(out.read_text("utf-8"))
    assert result["tables"] == tables(result["parts"])
    here, there = result["tables"][1], result["tables"][0]
    assert there["rows"] == [before]
    assert here["rows"][0][0] == "nlu"
    assert int(here["rows"][0][2]) > 0
