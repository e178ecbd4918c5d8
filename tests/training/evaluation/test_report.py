"""The report states every goal with its figure, and says plainly what was not reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from training.evaluation.report import goals_of, write_report
from training.evaluation.report_benchmarks import benchmark, read_benchmarks
from training.evaluation.report_tables import table
from training.evaluation.retrieval_tables import retrieval_tables

ABOUT = {"at": "2026-01-02T03:04:05+00:00", "models": "models/starter", "python": "3.10", "seconds": {}}


def nlu(*, mean: float, worst: float, entity_f1: float) -> dict[str, Any]:
    figures = {
        "n": 20,
        "intent_accuracy": worst,
        "intent_accuracy_95": [0.6, 0.8],
        "intent_macro_f1": 0.7,
        "n_entities": 9,
        "entity_f1": entity_f1,
        "entity_f1_95": [0.5, 0.9],
        "ece": 0.05,
        "out_of_scope_auroc": None,
        "out_of_scope_auroc_by_doubt": 0.75,
    }
    return {
        "n_seen_in_training": 0,
        "languages": {"de": figures},
        "overall": figures | {"intent_accuracy": mean, "worst_language": "de"},
        "worst_intent_accuracy": worst,
        "entities": {"city": {"n": 9, "f1": entity_f1}},
        "confusions": [("greet", "thank", 2)],
    }


def written(folder: Path, evaluation: Mapping[str, Any]) -> str:
    benchmarks_dir = folder / "benchmarks"
    benchmarks_dir.mkdir(exist_ok=True)
    results_path = folder / "docs" / "results.md"
    write_report(
        evaluation,
        results_path=results_path,
        evaluation_path=folder / "var" / "evaluation.json",
        benchmarks_dir=benchmarks_dir,
    )
    return results_path.read_text("utf-8")


def test_a_goal_is_reached_at_its_figure_and_missed_below() -> None:
    goals = {goal.name: goal for goal in goals_of({"nlu": nlu(mean=0.85, worst=0.7499, entity_f1=0.9)})}
    assert goals["intent accuracy, mean of the languages"].verdict == "reached"
    assert goals["intent accuracy, worst language"].verdict == "not reached"
    assert goals["intent accuracy, worst language"].figure == "74.9 %"
    assert goals["retrieval recall@1 in language, served"].verdict == "not measured"


def test_what_is_not_reached_is_said_with_figure_and_goal(tmp_path: Path) -> None:
    text = written(tmp_path, {"about": ABOUT, "nlu": nlu(mean=0.9, worst=0.612, entity_f1=0.9)})
    assert "- intent accuracy, worst language: 61.2 %, the goal is at least 75 %." in text
    assert text.count("\n- ") == 1


def test_nothing_is_listed_when_all_measured_goals_are_reached(tmp_path: Path) -> None:
    text = written(tmp_path, {"about": ABOUT, "nlu": nlu(mean=0.9, worst=0.8, entity_f1=0.9)})
    assert "Not reached" not in text


def test_every_table_is_headed_by_its_command(tmp_path: Path) -> None:
    text = written(tmp_path, {"about": ABOUT, "nlu": nlu(mean=0.9, worst=0.8, entity_f1=0.9)})
    blocks = text.split("\n\n")
    headings = [blocks[place - 1] for place, block in enumerate(blocks) if block.startswith("|")]
    assert len(headings) == 5
    assert headings[0] == "## Goals"
    assert all(heading.endswith("(`uv run xenia evaluate`):") for heading in headings[1:])


def test_the_evaluation_is_kept_as_json(tmp_path: Path) -> None:
    evaluation = {"about": ABOUT, "nlu": nlu(mean=0.9, worst=0.8, entity_f1=0.9)}
    written(tmp_path, evaluation)
    kept = json.loads((tmp_path / "var" / "evaluation.json").read_text("utf-8"))
    assert kept["nlu"]["overall"]["intent_accuracy"] == 0.9


def test_benchmarks_are_kept_with_their_goals(tmp_path: Path) -> None:
    (tmp_path / "benchmarks").mkdir()
    figures = {
        "title": "speed",
        "command": "make bench",
        "tables": [{"title": "Parse", "columns": ["system", "p50 ms"], "rows": [["Xenia", 7]], "note": "Warm."}],
        "goals": [{"name": "load time", "goal": "under 5 s", "figure": "6.0 s", "reached": False}],
    }
    (tmp_path / "benchmarks" / "speed.json").write_text(json.dumps(figures), "utf-8")
    text = written(tmp_path, {"about": ABOUT})
    assert "## Speed\n\nParse (`make bench`):\n\n| system | p50 ms |\n|---|--:|\n| Xenia | 7 |\n\nWarm." in text
    assert "- load time: 6.0 s, the goal is under 5 s." in text


def test_a_broken_benchmark_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "speed.json").write_text("{", "utf-8")
    with pytest.raises(ValueError, match=r"speed\.json"):
        written(tmp_path, {"about": ABOUT})
    assert not (tmp_path / "docs").exists()


def test_a_missing_folder_of_benchmarks_is_an_empty_one(tmp_path: Path) -> None:
    assert read_benchmarks(tmp_path / "nowhere") == []


def test_any_figures_become_a_table() -> None:
    shown = benchmark({"n": 3, "lingua": {"accuracy": 0.97123}, "ours": {"accuracy": 0.98}}, name="language")
    assert [lines for _, lines, _ in shown.tables] == [
        ["| what | figure |", "|---|--:|", "| n | 3 |"],
        ["|  | accuracy |", "|---|--:|", "| lingua | 0.9712 |", "| ours | 0.98 |"],
    ]


def test_a_bar_in_a_cell_does_not_split_it() -> None:
    assert table(["a"], [["x|y"]])[2] == "| x\\|y |"


def test_recall_across_languages_has_the_question_in_the_row() -> None:
    figures = {"recall_at_1": 1.0, "recall_at_3": 1.0, "mrr": 1.0, "n": 2}
    view = {"languages": {"de": figures, "en": figures}, "overall": figures}
    part = {
        "encoder_alone": view,
        "served": view,
        "across_mean": 0.375,
        "across": {"de": {"de": 1.0, "en": 0.25}, "en": {"de": 0.5, "en": 1.0}},
        "confusions": [],
    }
    caption, lines = retrieval_tables(part)[2]
    assert caption.endswith("37.5")
    assert lines == [
        "|  | de | en |",
        "|---|--:|--:|",
        "| de | 100 | 25 |",
        "| en | 50 | 100 |",
    ]


def test_plots_are_written_beside_the_results_and_linked(tmp_path: Path) -> None:
    text = written(tmp_path, {"about": ABOUT, "nlu": nlu(mean=0.9, worst=0.8, entity_f1=0.9)})
    assert "![Intent accuracy by language with 95 % intervals](plots/intent_accuracy.svg)" in text
    assert (tmp_path / "docs" / "plots" / "intent_accuracy.svg").read_text("utf-8").startswith("<?xml")
    assert "reliability.svg" not in text


def test_no_table_is_wider_than_a_page(tmp_path: Path) -> None:
    text = written(tmp_path, {"about": ABOUT, "nlu": nlu(mean=0.9, worst=0.8, entity_f1=0.9)})
    assert max(line.count("|") - 1 for line in text.splitlines() if line.startswith("|")) <= 8


def test_out_of_scope_has_a_table_only_where_it_was_measured(tmp_path: Path) -> None:
    part = nlu(mean=0.9, worst=0.8, entity_f1=0.9)
    assert "FPR@95 %" not in written(tmp_path, {"about": ABOUT, "nlu": part})
    measured = {"out_of_scope_auroc": 0.9474, "out_of_scope_fpr_at_95": 0.2153}
    part["languages"]["de"] |= measured
    part["overall"] |= measured
    assert "| de | 0.947 | – | 21.5 | – | 0.750 | – |" in written(tmp_path, {"about": ABOUT, "nlu": part})


def test_recall_of_foreign_templates_leaves_the_own_language_out() -> None:
    names = ("recall_at_1", "recall_at_3", "recall_at_5", "recall_at_10", "mrr")
    own, good, bad = (dict.fromkeys(names, share) for share in (1.0, 0.5, 0.25))
    view = {"languages": {"de": own | {"n": 2}}, "overall": own | {"n": 2}}
    part = {
        "encoder_alone": view,
        "served": view,
        "across_mean": 0.375,
        "across": {"de": {"de": 1.0, "en": 0.5}, "en": {"de": 0.25, "en": 1.0}},
        "pairs": {"de": {"de": own, "en": good}, "en": {"de": bad, "en": own}},
        "confusions": [],
    }
    _, lines = retrieval_tables(part)[3]
    assert lines[2:] == [
        "| de | 50.0 | 50.0 | 50.0 | 50.0 | 0.500 |",
        "| en | 25.0 | 25.0 | 25.0 | 25.0 | 0.250 |",
        "| **all** | 37.5 | 37.5 | 37.5 | 37.5 | 0.375 |",
    ]
