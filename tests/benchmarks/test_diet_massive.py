"""What Rasa is given and what is read from its answers; Rasa itself is not started."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.diet_massive import as_parse, measure, subset, tables, write_rasa
from benchmarks.stock_pipeline import thinned
from nlu.types import Entity, Intent, Parse
from training.data.dataset import Example, read_nlu

ROWS = [
    Example("wake me on friday", "en", "alarm_set", "1", ((11, 17, "date"),)),
    Example("weck mich am freitag um neun", "de", "alarm_set", "1", ((13, 20, "date"), (24, 28, "time"))),
    Example("play jazz", "en", "play_music", "2", ((5, 9, "genre"),)),
    Example("spiel musik", "de", "play_music", "2", ()),
    Example("stop", "en", "play_music", "3", ()),
]


def test_what_rasa_is_given_is_what_we_learn(tmp_path: Path) -> None:
    write_rasa(ROWS, tmp_path)
    found = {(row.text, row.language, row.intent, row.spans) for row in read_nlu(tmp_path)}
    assert found == {(row.text, row.language, row.intent, row.spans) for row in ROWS}
    assert thinned(tmp_path, 1)["alarm_set"] == [
        "- weck mich am [freitag](date) um [neun](time)",
        "- wake me on [friday](date)",
    ]


def test_a_situation_is_kept_or_left_out_in_all_languages() -> None:
    assert [row.text for row in subset(ROWS, 2)] == ["wake me on friday", "weck mich am freitag um neun", "stop"]


RANKING = [
    {"name": "nlu_fallback", "confidence": 0.6},
    {"name": "alarm_set", "confidence": 0.3},
    {"name": "play_music", "confidence": 0.2},
]
SPAN = {"entity": "date", "start": 11, "end": 17, "value": "friday", "confidence_entity": 0.75}


def test_a_parse_of_rasa_is_read_before_its_fallback() -> None:
    assert as_parse({"intent": RANKING[0], "intent_ranking": RANKING, "entities": [SPAN]}) == Parse(
        (Intent("alarm_set", 0.3), Intent("play_music", 0.2)), (Entity("date", 11, 17, "friday", 0.75),)
    )


class AlwaysAlarm:
    def parse(self, texts: Sequence[str]) -> list[Parse]:
        return [as_parse({"intent": RANKING[1], "intent_ranking": RANKING, "entities": [SPAN]}) for _ in texts]


def test_both_systems_are_measured_alike() -> None:
    figures = measure(AlwaysAlarm(), ROWS[:3])
    assert figures["languages"]["en"] == {"intent_accuracy": 0.5, "entity_f1": 0.5, "exact_match": 0.5}
    assert figures["languages"]["de"] == {"intent_accuracy": 1.0, "entity_f1": 0.0, "exact_match": 0.0}
    (table,) = tables({"DIET": figures}, {"DIET": 60.4}, n_learnt=5, n_measured=3)
    # One right span of 3 found and 4 there are; the rest are means of the two languages.
    assert table["rows"] == [["DIET", "50.0", "100.0", "75.0", "28.6", "25.0", "60"]]
