"""The joint benchmark: goals are judged before rounding, and it runs on rows written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from benchmarks.massive import examples, goals, main
from tests.models import TRACING, checkpoint

REQUESTS = (
    ("alarm_set", {"en-US": "wake me on [date : friday]", "de-DE": "weck mich am [date : freitag]"}),
    ("play_music", {"en-US": "play a song", "de-DE": "spiel ein lied"}),
    ("weather_query", {"en-US": "rain in [place : berlin]", "de-DE": "regen in [place : berlin]"}),
)


def write_sets(folder: Path) -> None:
    (folder / "massive").mkdir(parents=True)
    for locale in ("en-US", "de-DE"):
        lines = [
            json.dumps(
                {"id": f"{part}{n}", "locale": locale, "partition": part, "intent": intent, "annot_utt": texts[locale]}
            )
            for part in ("train", "dev")
            for n, (intent, texts) in enumerate(REQUESTS * 4)
        ]
        (folder / "massive" / f"{locale}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))


def test_a_goal_that_is_missed_is_not_rounded_up_to_it() -> None:
    found = goals({"intent_accuracy": 0.84996, "entity_f1": 0.72, "exact_match": 0.5})
    assert [(one["figure"], one["reached"]) for one in found] == [
        ("84.9 %", False),
        ("72.0 %", True),
        ("50.0 %", False),
    ]


def test_a_parallel_row_shares_its_situation_and_languages_can_be_chosen(tmp_path: Path) -> None:
    write_sets(tmp_path)
    rows = examples(tmp_path, "train")
    assert {row.language for row in rows if row.situation == "train0"} == {"en", "de"}
    assert {row.language for row in examples(tmp_path, "dev", frozenset({"de"}))} == {"de"}


@TRACING
def test_a_quick_run_trains_measures_and_writes_where_it_is_told(tmp_path: Path) -> None:
    write_sets(tmp_path / "sets")
    out = tmp_path / "figures.json"
    given = ["--quick", "--out", str(out), "--corpora", str(tmp_path / "sets"), "--encoder", str(checkpoint())]
    assert main(given) == 0
    written = json.loads(out.read_text("utf-8"))
    assert written["goals"] == []
    assert [row[0] for row in written["tables"][1]["rows"]] == ["de", "en"]
    assert written["tables"][1]["rows"][0][1] == 5
