"""Transfer: a language joins and is understood, the others are measured; languages that were left out stay unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from nlu.parser import Parser
from store.manifest import read_manifest, verify
from tests.models import ANNOTATED, TRACING, checkpoint, rows, tiny_nlu
from training.data.dataset import Example, labels_of, plain_and_spans
from training.evaluation.compare import OVERALL, Comparison, Difference, Method, Verdict
from training.nlu.train import train_nlu
from training.transfer.report import LanguageFigures, TransferReport, ZeroShotReport
from training.transfer.run import add_language, zero_shot
from training.transfer.setup import TransferSetup, read_language

pytestmark = TRACING

HELD_OUT = {
    "de": {"track_order": "wo ist meine Bestellung [66094](order_number)", "greet": "hallo"},
    "ja": {"track_order": "注文[66094](order_number)はどこですか", "greet": "こんにちは。"},
    "ar": {"track_order": "أين طلبي [66094](order_number)", "cancel_order": "ألغ الطلب [66094](order_number) من فضلك"},
}


def _known() -> list[Example]:
    """Three times each, so that the few rows kept for the temperature are learnt as well."""
    return [replace(row, situation="") for row in rows() if row.language != "ar"] * 3


def _held_out(*languages: str) -> list[Example]:
    found = []
    for language in languages:
        for intent, line in HELD_OUT[language].items():
            text, spans = plain_and_spans(line)
            found.append(Example(text, language, intent, "", spans))
    return found


def _file(folder: Path, name: str = "ar.yml", **more: list[str]) -> Path:
    """The Arabic rows in Rasa's YAML; `more` lines by intent."""
    intents = {**{intent: list(lines) for intent, lines in ANNOTATED["ar"].items()}, **more}
    blocks = [
        {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)} for intent, lines in intents.items()
    ]
    path = folder / name
    path.write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True), "utf-8")
    return path


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> TransferSetup:
    """A model that knows German and Japanese."""
    folder = tmp_path_factory.mktemp("transfer")
    config = tiny_nlu(epochs=30.0)
    train_nlu(config, examples=_known(), checkpoint=checkpoint(), folder=folder / "nlu", work_dir=folder / "work")
    return TransferSetup(
        config=config,
        examples=_known(),
        held_out=_held_out("de", "ja"),
        encoder=checkpoint(),
        trunk=folder / "work" / "trunk",
        model_dir=folder / "nlu",
        work_dir=folder / "work" / "transfer",
        results_dir=folder / "var",
    )


# --- a language joins


@pytest.fixture(scope="module")
def joined(setup: TransferSetup) -> TransferReport:
    before = (setup.model_dir / "model.onnx").read_bytes()
    report = add_language(setup, path=_file(setup.results_dir.parent))
    assert (setup.model_dir / "model.onnx").read_bytes() == before
    return report


def test_a_language_that_joins_is_understood_and_the_known_ones_still_are(joined: TransferReport) -> None:
    parser = Parser(joined.folder)
    new = [row for row in rows() if row.language == "ar"]
    learnt, known = 0, [row for row in rows() if row.language != "ar"]
    for row, parse in zip(known, parser.parse([row.text for row in known]), strict=True):
        assert parse.intents[0].name == row.intent, row.text
        assert tuple((one.start, one.end, one.label) for one in parse.entities) == row.spans, row.text
    for row, parse in zip(new, parser.parse([row.text for row in new]), strict=True):
        spans = tuple((one.start, one.end, one.label) for one in parse.entities)
        learnt += (parse.intents[0].name, spans) == (row.intent, row.spans)
    assert learnt >= 6  # the other two of eight were kept aside
    verify(joined.folder, mend="")
    assert read_manifest(joined.folder)["stage"] == "nlu"


def test_without_held_out_rows_some_of_its_file_are_kept_aside(joined: TransferReport) -> None:
    assert (joined.n_examples, joined.kept_from_file, joined.n_seen_in_training) == (6, True, 0)
    assert joined.n_held_out == {"de": 2, "ja": 2, "ar": 2}
    assert "2 held-out rows of it, kept aside from its own file" in joined.markdown()


def test_every_language_is_in_the_report_before_and_after(joined: TransferReport, setup: TransferSetup) -> None:
    found = {one.language: one for one in joined.differences if one.figure == "intent accuracy"}
    assert set(found) == {"de", "ja", "ar", OVERALL}
    for language, parser in (("de", Parser(setup.model_dir)), ("ja", Parser(setup.model_dir))):
        held = _held_out(language)
        right = [parser.parse([row.text])[0].intents[0].name == row.intent for row in held]
        assert found[language].before == sum(right) / 2
    assert all(one.low is not None for one in found.values())
    record = json.loads((setup.results_dir / "add-ar.json").read_text("utf-8"))
    assert record == joined.as_json()
    assert {one["figure"] for one in record["differences"]} == {"intent accuracy", "entity F1", "exact match"}
    page = (setup.results_dir / "add-ar.md").read_text("utf-8")
    assert page.count("| ar (new) | 2 |") == 3
    assert f"**{joined.verdict}**" in page


def test_with_held_out_rows_all_of_its_examples_are_learnt(setup: TransferSetup) -> None:
    quick = replace(setup, config=tiny_nlu(epochs=1.0), held_out=_held_out("de", "ar"), trunk=None)
    report = add_language(quick, path=_file(setup.results_dir.parent, "new.yml"), language="ar", name="quick")
    assert (report.n_examples, report.kept_from_file, report.n_held_out) == (8, False, {"de": 2, "ar": 2})
    assert report.checkpoint == checkpoint()
    assert (setup.results_dir / "quick.md").exists()


def test_rows_that_are_there_already_are_not_thrown_away(setup: TransferSetup) -> None:
    other = Example("شكرا", "ar", "greet", "", ())
    crowded = replace(setup, examples=[*setup.examples, other])
    with pytest.raises(ValueError, match=r"ar has 1 training rows already.*ar\.yml.*--only nlu"):
        add_language(crowded, path=_file(setup.results_dir.parent))


# --- its file


def test_every_problem_of_the_file_is_listed_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sv.yml"
    path.write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hej\n    - hej [Lund](town)\n- intent: order_food\n  examples: |\n    - pizza\n"
    )
    with pytest.raises(ValueError, match="unknown") as caught:
        read_language(path, language="sv", labels=labels_of(rows()))
    town, food = str(caught.value).splitlines()
    assert (town.startswith(f"{path}:5: unknown entity 'town'"), "city, order_number" in town) == (True, True)
    assert food.startswith(f"{path}:8: unknown intent 'order_food': expected one of cancel_order, change_address")


@pytest.mark.parametrize(
    ("content", "language", "message"),
    [
        ("nlu: []\n", "sv", "expected `nlu:` with examples, found none"),
        ("nlu: []\n", "examples", "expected a language's code, found 'examples'"),
    ],
)
def test_a_file_that_is_no_languages_is_refused(tmp_path: Path, content: str, language: str, message: str) -> None:
    path = tmp_path / "examples.yml"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        read_language(path, language=language, labels=labels_of(rows()))


def test_a_row_with_a_warning_is_kept_and_its_spans_are_characters(tmp_path: Path) -> None:
    path = tmp_path / "sv.yml"
    path.write_text("nlu:\n- intent: greet\n  examples: |\n    - hej [Lund](city)\n    - hej (a] b\n")
    found = read_language(path, language="sv", labels=labels_of(rows()))
    assert found == [
        Example("hej Lund", "sv", "greet", "", ((4, 8, "city"),)),
        Example("hej (a] b", "sv", "greet", "", ()),
    ]


# --- the report


def _difference(language: str, before: float, after: float, *, high: float = -0.001) -> Difference:
    return Difference(
        "nlu",
        "intent accuracy",
        language,
        before,
        after,
        after - before - 0.02,
        high,
        0.5,
        Method.PAIRED,
        Verdict.NONE_SHOWN,
    )


def _report(*differences: Difference) -> TransferReport:
    names = [one.language for one in differences if one.language != OVERALL]
    held = dict.fromkeys(("sv", *names), 100)
    comparison = Comparison("a", "b", differences, ())
    return TransferReport("n", "sv", 8, False, held, 0, comparison, Path("trunk"), Path("nlu"))


def test_the_verdict_names_languages_that_lost_more_than_a_point() -> None:
    report = _report(
        _difference(OVERALL, 0.9, 0.8),
        _difference("de", 0.90, 0.89),
        _difference("fr", 0.90, 0.87, high=0.01),
        _difference("ja", 0.90, 0.885),
        _difference("nl", 0.90, 0.95),
    )
    assert report.losers == ["fr", "ja"]
    assert report.verdict == (
        "Lost more than 1 point: fr (intent accuracy -3.0, may be chance); ja (intent accuracy -1.5)."
    )
    assert "| ja | 100 | 90.0 | 88.5 | -1.5 | -3.5 – -0.1 |" in report.markdown()
    assert _report(_difference("de", 0.9, 0.9)).verdict == "No language lost more than 1 point."


def test_mean_and_worst_are_of_the_languages_that_were_not_learnt() -> None:
    report = ZeroShotReport(
        "n",
        (
            LanguageFigures("ar", 10, False, 0.2, 0.5, 0.1),
            LanguageFigures("de", 10, True, 1.0, 1.0, 0.05),
            LanguageFigures("ja", 10, False, 0.6, 0.1, 0.3),
        ),
        0,
        Path("encoder"),
        Path("nlu"),
    )
    assert report.mean("intent_accuracy") == pytest.approx(0.4)
    assert report.mean("intent_accuracy", learnt=True) == 1.0
    assert (report.worst("intent_accuracy").language, report.worst("entity_f1").language) == ("ar", "ja")
    lines = report.markdown().splitlines()
    assert "| **mean** |  | 40.0 | 30.0 | 20.0 |" in lines
    assert "| **worst** |  | 20.0 (ar) | 10.0 (ja) | 10.0 (ar) |" in lines
    assert "| de (learnt) | 10 | 100.0 | 100.0 | 5.0 |" in lines
    assert report.as_json()["others"]["worst"]["entity_f1"] == {"language": "ja", "entity_f1": 0.1}


# --- zero shot


def test_no_row_of_another_language_is_learnt(setup: TransferSetup) -> None:
    foreign = [row for row in rows() if row.language != "de"]
    open_to_all = replace(setup, examples=[*setup.examples, *foreign * 3], borrowed=foreign * 3, held_out=rows())
    report = zero_shot(open_to_all, languages=["de"])
    assert report.name == "zero-shot-de"
    assert [(one.language, one.n, one.is_learnt) for one in report.languages] == [
        ("ar", 8, False),
        ("de", 8, True),
        ("ja", 8, False),
    ]
    assert report.mean("intent_accuracy", learnt=True) == 1.0
    assert report.mean("intent_accuracy") < 0.8
    assert report.n_seen_in_training == 8  # the German rows, given as held out here
    parses = Parser(report.folder).parse([row.text for row in foreign])
    right = [parse.intents[0].name == row.intent for row, parse in zip(foreign, parses, strict=True)]
    assert report.mean("intent_accuracy") == pytest.approx(sum(right) / 16, abs=0.07)
    assert json.loads((setup.results_dir / "zero-shot-de.json").read_text("utf-8")) == report.as_json()


@pytest.mark.parametrize(
    ("languages", "message"),
    [(["sv"], "out of de, ja, found sv"), ([], "found none"), (["de", "ja"], r"de, ja\): leave one out")],
)
def test_languages_that_cannot_be_trained_on_are_refused(
    setup: TransferSetup, languages: list[str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        zero_shot(setup, languages=languages)
