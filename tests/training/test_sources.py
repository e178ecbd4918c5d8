"""What is learnt from: rows of data/ and of logs together, where each came from, and problems before anything begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.models import ANNOTATED
from training.checks.places import Severity
from training.sources import Logs, gather


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Our tiny rows as data files."""
    folder = tmp_path / "data"
    for name in ("nlu", "templates", "replies"):
        (folder / name).mkdir(parents=True)
    for language, intents in ANNOTATED.items():
        blocks = [
            {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
            for intent, lines in intents.items()
        ]
        (folder / "nlu" / f"{language}.yml").write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True), "utf-8")
        (folder / "replies" / f"{language}.yml").write_text("replies: {}\ntopics: {}\npage: {}\n", "utf-8")
    return folder


def dialogue(*turns: tuple[str, str], label: str | None = None) -> str:
    """One line of the contract's JSON Lines; `label` is the reviewed intent of its first turn."""
    rows = [{"role": role, "text": text, "at": "2026-05-04T10:00:00Z", "language": "de"} for role, text in turns]
    if label:
        rows[0]["label"] = {"intent": label, "entities": [], "reviewed": True}  # type: ignore[assignment]
    content = {"conversation_id": turns[0][1], "channel": "web", "started_at": "2026-05-04T10:00:00Z", "resolved": True}
    return json.dumps({**content, "rating": 5, "tags": [], "turns": rows}, ensure_ascii=False) + "\n"


def test_rows_of_the_logs_join_those_of_the_data_and_are_counted_apart(data: Path, tmp_path: Path) -> None:
    logs = tmp_path / "logs.jsonl"
    answer = "Ihre Bestellung ist seit gestern unterwegs, sie kommt am Freitag bei Ihnen an."
    logs.write_text(
        dialogue(("customer", "wo bleibt denn mein Paket?"), ("agent", answer), label="track_order")
        + dialogue(("customer", "ich will stornieren"), ("agent", "Hallo!"), label="cancel_order")
        + "{broken\n",
        "utf-8",
    )
    alone, both = gather(data), gather(data, logs=Logs(str(logs)))
    assert not both.broken
    added = both.examples[len(alone.examples) :]
    assert {(row.text, row.intent) for row in added} == {
        ("wo bleibt denn mein Paket?", "track_order"),
        ("ich will stornieren", "cancel_order"),
    }
    assert [(row.question, row.answer) for row in both.answered] == [("wo bleibt denn mein Paket?", answer)]
    told = "\n".join(both.origins)
    assert "data/: 24 utterances in 3 languages, 0 templates" in told
    assert "logs: 2 classifier rows, 1 questions with their answers" in told
    assert "unreadable rows: 1" in told


def test_what_is_personal_does_not_reach_a_row(data: Path, tmp_path: Path) -> None:
    logs = tmp_path / "logs.jsonl"
    question = "ich bin erika.muster@example.org, 0151 23456789, wo ist 48213?"
    answer = "Guten Tag, Ihre Bestellung 48213 haben wir heute an erika.muster@example.org bestätigt und verschickt."
    logs.write_text(dialogue(("customer", question), ("agent", answer), label="track_order"), "utf-8")
    found = gather(data, logs=Logs(str(logs)))
    texts = [row.text for row in found.examples[24:]] + [
        part for row in found.answered for part in (row.question, row.answer)
    ]
    assert len(texts) == 3
    for secret in ("erika.muster", "23456789", "48213"):
        assert not any(secret in text for text in texts), secret


def test_a_broken_row_of_the_data_stops_the_training_and_one_of_the_logs_is_left_out(
    data: Path, tmp_path: Path
) -> None:
    logs = tmp_path / "logs.jsonl"
    # The same words stand in data/ as track_order: the log's label cannot be right as well.
    logs.write_text(dialogue(("customer", "guten Tag"), label="cancel_order"), "utf-8")
    found = gather(data, logs=Logs(str(logs)))
    assert not found.broken
    assert len(found.examples) == 24
    assert [one.severity for one in found.problems if "logs" in str(one)] == [Severity.LEFT_OUT]
    with (data / "nlu" / "de.yml").open("a", encoding="utf-8") as handle:
        handle.write("- intent: ''\n  examples: |\n    - x\n")
    broken = gather(data)
    assert broken.broken
    assert any("de.yml" in str(one) for one in broken.problems)
    assert broken.examples == ()
