"""The three starts and what is said of them, on rows written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import torch

from benchmarks.options import asked
from benchmarks.starts import label_free_start, random_start, some_of_each, without_labels
from benchmarks.transfer_english import main, means, tables
from nlu.model import load_encoder
from tests.models import TRACING, checkpoint
from training.data import corpora
from training.data.dataset import Example
from training.evaluation.report_benchmarks import benchmark

REQUESTS = {
    "alarm_set": {"en": "wake me on [date : {}]", "de": "weck mich am [date : {}]"},
    "play_music": {"en": "play some [genre : {}]", "de": "spiel etwas [genre : {}]"},
}
VALUES = ["friday", "monday", "jazz", "rock", "sunday", "blues", "tuesday", "folk"]
LOCALES = {"en": "en-US", "de": "de-DE"}


def write_sets(folder: Path) -> Path:
    """MASSIVE with 16 requests in two languages, the last four of them in dev, and two interface strings."""
    (folder / "massive").mkdir(parents=True)
    requests = [(intent, value) for value in VALUES for intent in REQUESTS]
    for language, locale in LOCALES.items():
        rows = [
            {
                "id": str(number),
                "locale": locale,
                "partition": "train" if number < 12 else "dev",
                "intent": intent,
                "annot_utt": REQUESTS[intent][language].format(value),
            }
            for number, (intent, value) in enumerate(requests)
        ]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "massive" / f"{locale}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    strings = [{"en": "Save changes", "de": "Sichern"}, {"en": "Your order", "de": "Ihre Bestellung"}]
    lines = "".join(json.dumps({"texts": texts}) + "\n" for texts in strings)
    (folder / "ui_parallel.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return folder


def test_texts_stay_and_labels_and_the_dev_partition_go(tmp_path: Path) -> None:
    sets = write_sets(tmp_path / "sets")
    without_labels(sets, tmp_path / "kept")
    kept = corpora.massive(tmp_path / "kept", "train")
    assert [row.text for row in kept["0"]] == ["weck mich am friday", "wake me on friday"]
    assert {(row.label, row.spans) for rows in kept.values() for row in rows} == {("request", ())}
    assert len(kept) == 12
    assert corpora.massive(tmp_path / "kept", "dev") == {}
    assert corpora.parallel_interface(tmp_path / "kept") == corpora.parallel_interface(sets)


def test_random_weights_have_the_encoders_shape_and_words_and_none_of_its_weights(tmp_path: Path) -> None:
    start = random_start(checkpoint(), tmp_path / "random")
    ours, theirs = load_encoder(start.folder).state_dict(), load_encoder(checkpoint()).state_dict()
    assert {name: one.shape for name, one in ours.items()} == {name: one.shape for name, one in theirs.items()}
    name = "embeddings.word_embeddings.weight"
    assert not torch.equal(ours[name], theirs[name])
    for file in ("tokenizer.json", "sentencepiece.model"):
        assert (start.folder / file).read_bytes() == (checkpoint() / file).read_bytes()


def test_nothing_is_learnt_of_labels_and_a_second_run_takes_what_lies_there(tmp_path: Path) -> None:
    sets = write_sets(tmp_path / "sets")
    start = label_free_start(checkpoint(), tmp_path, corpora_dir=sets, quick=True)
    (log,) = tmp_path.glob("label_free-*-work/metrics.jsonl")
    losses = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert losses
    assert all(one["intent"] == one["slot"] == 0 and one["translation"] > 0 for one in losses)
    made = (start.folder / "model.safetensors").stat().st_mtime_ns
    again = label_free_start(checkpoint(), tmp_path, corpora_dir=tmp_path / "nowhere", quick=True)
    assert (again.folder, (start.folder / "model.safetensors").stat().st_mtime_ns) == (start.folder, made)


def test_some_rows_of_each_language_are_spread_over_all() -> None:
    rows = [Example(str(n), language, "x", "", ()) for language in ("de", "en") for n in range(7)]
    assert [row.text for row in some_of_each(rows, 3)] == ["0", "2", "4"] * 2
    assert len(some_of_each(rows, 50)) == 14


def figures(value: float) -> dict[str, float]:
    return {"intent_accuracy": value, "entity_f1": value / 2, "exact_match": value / 4}


def test_the_mean_is_of_the_languages_that_were_not_taught() -> None:
    found = means({"de": figures(0.4), "en": figures(1.0), "fr": figures(0.8)})
    assert found == pytest.approx({"intent_accuracy": 0.6, "entity_f1": 0.3, "exact_match": 0.15})


def test_the_table_has_each_start_beside_the_published_figure() -> None:
    languages = {"de": figures(0.4), "en": figures(1.0), "fr": figures(0.8)}
    first, each = tables({"random weights": languages}, {"random weights": 61.2})
    assert first["rows"][0] == ["random weights", "100.0", "60.0", "30.0", "15.0", "61"]
    assert "from memory" in first["rows"][1][0]
    assert each["rows"] == [["de", "40.0", "20.0"], ["en", "100.0", "50.0"], ["fr", "80.0", "40.0"]]


def test_a_quick_run_may_not_overwrite_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        asked("", Path("benchmarks/x.json"), ["--quick"])
    assert "--quick needs --out PATH" in capsys.readouterr().err
    assert asked("", Path("benchmarks/x.json"), []).out == Path("benchmarks/x.json")


@TRACING
def test_it_runs_and_report_benchmarks_reads_it(tmp_path: Path) -> None:
    sets, out = write_sets(tmp_path / "sets"), tmp_path / "figures.json"
    given = ["--quick", "--out", str(out), "--corpora", str(sets), "--encoder", str(checkpoint())]
    assert main(given) == 0
    result = json.loads(out.read_text("utf-8"))
    assert [row[0] for row in result["tables"][1]["rows"]] == ["de", "en"]
    assert len(result["tables"][0]["rows"]) == 4
    assert "English rows alone" in benchmark(result, name="transfer_english").title
