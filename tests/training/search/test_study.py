"""Search for settings: what is drawn, what is tried again after an interruption, what is kept aside and how it scores."""

from __future__ import annotations

import gzip
import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml

from retrieval.templates import AnswerTemplate
from store.status import Status
from tests.models import (
    ANNOTATED,
    TRACING,
    checkpoint,
    rows,
    tiny_encoder,
    tiny_nlu,
    tiny_pretrain,
    tiny_writer,
    untrained_writer,
    workshop,
)
from training.config import (
    Fit,
    NluConfig,
    PretrainConfig,
    Range,
    SearchConfig,
    TrainingConfig,
    WriterConfig,
    load_config,
)
from training.config_file import write_config
from training.data.questions import Question
from training.search import study as searching
from training.search.study import SearchResult, search
from training.search.trials import loss_per_character, score_of, shortened, without_a_question
from training.stages import Run, Stage
from training.writer.rows import Row

pytestmark = TRACING

QUESTIONS = {
    "track.how.de.1": ("track_order", "wo ist meine Bestellung", "wo ist die Bestellung", "wo ist denn die Bestellung"),
    "cancel.how.de.1": ("cancel_order", "bitte stornieren", "jetzt stornieren bitte", "bitte jetzt stornieren"),
    "city.how.de.1": ("change_address", "neue Adresse", "eine neue Adresse", "die neue Adresse"),
}
SPACE = {
    "learning_rate": Range(1e-4, 1e-1, log=True),
    "batch_size": Range(4, 24),
    "decay": Range(choices=("linear", "cosine")),
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Our tiny rows as data files, each in three ways so that some can be kept aside, and the tiny checkpoint where the first stage would have left it."""
    data = tmp_path / "data"
    for folder in ("nlu", "templates", "replies"):
        (data / folder).mkdir(parents=True)
    for language, intents in ANNOTATED.items():
        blocks = [
            {"intent": intent, "examples": "".join(f"- {line}{end}\n" for line in lines for end in ("", " !", " ..."))}
            for intent, lines in intents.items()
        ]
        (data / "nlu" / f"{language}.yml").write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True), "utf-8")
    lines = [_template(id, *questions, intent=intent).to_json() for id, (intent, *questions) in QUESTIONS.items()]
    (data / "templates" / "de.jsonl").write_text("\n".join(lines), "utf-8")
    (data / "replies" / "de.yml").write_text("replies: {}\n", "utf-8")
    config = TrainingConfig(
        pretrain=tiny_pretrain(),
        nlu=tiny_nlu(epochs=40.0),
        encoder=tiny_encoder(epochs=20.0),
        writer=tiny_writer(vocabulary_size=450, steps=4),
        search=SearchConfig(trials=5, share=0.5, space={"nlu": SPACE}),
    )
    built = Run(config, tmp_path / "models", tmp_path / "sets", data_dir=data, work_dir=tmp_path / "work")
    shutil.copytree(checkpoint(), built.folder(Stage.PRETRAIN))
    return built


def _template(id: str, *questions: str, intent: str = "track_order") -> AnswerTemplate:
    return AnswerTemplate(id, id.split(".")[-2], intent, questions, f"Antwort {id}", (), Status.APPROVED, "test")


def _with(run: Run, **changes: object) -> Run:
    return replace(run, config=replace(run.config, search=replace(run.config.search, **changes)))  # type: ignore[arg-type]


# --- the search


Scored = list[tuple[float, int, str]]


def _made_up(
    monkeypatch: pytest.MonkeyPatch, *, killed_at: int = 0, score: Callable[[Fit], float] | None = None
) -> Scored:
    """In place of a training: the nearer the learning rate to 0.01 the better. Gives what was tried."""
    tried: Scored = []

    def instead(stage: Stage, run: Run, config: Fit, work_dir: Path) -> float:
        tried.append((config.learning_rate, config.batch_size, config.decay.value))
        work_dir.mkdir(parents=True)
        if len(tried) == killed_at:
            raise KeyboardInterrupt
        return score(config) if score else -abs(math.log10(config.learning_rate) + 2)

    monkeypatch.setattr(searching, "score_of", instead)
    return tried


def test_a_killed_search_goes_on_as_if_nothing_had_happened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _made_up(monkeypatch)
    uninterrupted = search(Stage.NLU, replace(run, work_dir=run.work_dir / "other"))
    before = _made_up(monkeypatch, killed_at=3)
    with pytest.raises(KeyboardInterrupt):
        search(Stage.NLU, run)
    (begun,) = (run.work_dir / "search").glob("nlu-*/trial-*")
    assert begun.name == "trial-3"  # what was in progress is left for the next time
    shutil.rmtree(begun)
    after = _made_up(monkeypatch)
    resumed = search(Stage.NLU, run)
    assert len(set(whole)) == 5
    assert before[:2] + after == whole
    assert [one.settings for one in resumed.trials] == [one.settings for one in uninterrupted.trials]
    assert (resumed.settings, resumed.score) == (uninterrupted.settings, uninterrupted.score)
    assert not list((run.work_dir / "search").glob("nlu-*/trial-*"))


def test_more_trials_go_on_with_the_study_and_another_space_begins_a_new_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _made_up(monkeypatch)
    search(Stage.NLU, run)
    assert len(search(Stage.NLU, _with(run, trials=6)).trials) == 6
    assert len(tried) == 6
    other = _with(run, space={"nlu": {"learning_rate": Range(0.2, 0.3)}}, trials=2)
    assert len(search(Stage.NLU, other).trials) == 2
    assert all(0.2 <= rate <= 0.3 for rate, _, _ in tried[6:])
    (run.data_dir / "nlu" / "de.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hallo\n")
    search(Stage.NLU, _with(other, trials=1))
    assert len(tried) == 9
    (run.found(Stage.PRETRAIN) / "model.safetensors").write_bytes(b"other weights to start from")
    search(Stage.NLU, _with(other, trials=1))
    assert len(tried) == 10


def test_settings_are_drawn_from_their_ranges_and_trials_learn_from_earlier_ones(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _made_up(monkeypatch)
    result = search(Stage.NLU, _with(run, trials=20))
    for rate, batch_size, decay in tried:
        assert 1e-4 <= rate <= 1e-1
        assert batch_size in range(4, 25)
        assert decay in ("linear", "cosine")
    assert {decay for *_, decay in tried} == {"linear", "cosine"}
    assert len({batch_size for _, batch_size, _ in tried}) > 5
    scores = [one.score or 0.0 for one in result.trials]
    assert sum(scores[10:]) > sum(scores[:10])
    assert result.score == max(scores)
    best = result.trials[scores.index(max(scores))]
    assert result.settings == best.settings


def test_the_best_settings_are_written_as_a_configuration(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _made_up(monkeypatch)
    result = search(Stage.NLU, run)
    written = load_config(run.work_dir / "search" / "nlu.toml")
    best = {**result.settings, "decay": type(run.config.nlu.decay)(result.settings["decay"])}
    assert written == replace(run.config, nlu=replace(run.config.nlu, **best))
    assert result.table().startswith("[nlu]\n")
    assert f"learning_rate = {result.settings['learning_rate']!r}\n" in result.table()
    record = json.loads((run.work_dir / "search" / "nlu.json").read_text("utf-8"))
    assert record == result.as_json()
    assert [one["score"] for one in record["trials"]] == [one.score for one in result.trials]


def test_a_training_that_diverged_is_no_result(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _made_up(monkeypatch, score=lambda config: math.nan if config.learning_rate > 3e-3 else config.learning_rate)
    result = search(Stage.NLU, run)
    assert [one.score is None for one in result.trials] == [
        one.settings["learning_rate"] > 3e-3 for one in result.trials
    ]
    assert {one.score is None for one in result.trials} == {True, False}
    assert result.score == max(one.settings["learning_rate"] for one in result.trials if one.score is not None)
    assert result.markdown().splitlines()[-1].split("|")[2].strip() == "–"
    _made_up(monkeypatch, score=lambda config: math.inf)
    with pytest.raises(ValueError, match=r"all 2 trials of nlu diverged: lower the learning_rate of \[search\.nlu\]"):
        search(Stage.NLU, _with(run, trials=2, share=0.4))


def test_a_stage_without_a_space_says_what_to_write(run: Run) -> None:
    with pytest.raises(ValueError, match=r"no \[search\.writer\].*`learning_rate = \{ low = 1e-4"):
        search(Stage.WRITER, run)
    with pytest.raises(ValueError, match="language has no settings.*encoder, nlu, pretrain, writer"):
        search(Stage.LANGUAGE, run)


def test_the_shipped_space_is_one_that_its_trainings_take() -> None:
    config = load_config(Path("training/configs/compact.toml"))
    assert set(config.search.space) == {"nlu", "encoder", "writer"}
    for stage, space in config.search.space.items():
        for key, one in space.items():
            for value in one.choices or (one.low, one.high):
                replace(getattr(config, stage), **{key: value})


# --- the configuration file


def test_a_configuration_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "some.toml"
    config = TrainingConfig(
        pretrain=PretrainConfig(steps=3),
        nlu=NluConfig(learning_rate=1e-5, bf16=False, checkpoint='a "quoted" \\ näme'),
        encoder=tiny_encoder(),
        writer=WriterConfig(),
        search=SearchConfig(3, 0.5, {"nlu": SPACE, "writer": {"steps": Range(choices=(1, 2))}}),
        corpora_dir="sets",
    )
    write_config(path, config)
    assert load_config(path) == config
    assert "[writer]" not in path.read_text("utf-8")  # nothing of it differs from the defaults
    write_config(path, config, found={"writer": {"steps": WriterConfig.steps}})
    assert f"[writer]\nsteps = {WriterConfig.steps}\n" in path.read_text("utf-8")


# --- the trials


def test_a_trial_is_as_much_shorter_as_the_share_says() -> None:
    assert shortened(NluConfig(epochs=6.0, min_steps=300), 0.25) == NluConfig(epochs=1.5, min_steps=75)
    assert shortened(PretrainConfig(epochs=1.0, steps=101, static_steps=1), 0.1) == PretrainConfig(
        epochs=0.1, steps=10, static_steps=1
    )


def _nlu_search(run: Run) -> SearchResult:
    return search(Stage.NLU, _with(run, trials=3, space={"nlu": {"learning_rate": Range(choices=(1e-2, 1e-7))}}))


def test_the_setting_that_learns_is_found_and_a_second_search_finds_the_same(run: Run) -> None:
    first = _nlu_search(run)
    assert {one.settings["learning_rate"] for one in first.trials} == {1e-2, 1e-7}
    assert first.settings == {"learning_rate": 1e-2}
    second = _nlu_search(replace(run, work_dir=run.work_dir / "other"))
    assert [(one.settings, one.score) for one in first.trials] == [(one.settings, one.score) for one in second.trials]


def test_one_question_of_each_template_is_kept_aside() -> None:
    templates = [
        _template("track.how.de.1", "a", "b"),
        _template("cancel.how.ja.1", "c"),
        _template("city.how.de.1", "d", "e", "f"),
    ]
    rest, questions = without_a_question(templates)
    assert [(one.topic, one.language) for one in questions] == [("city.how", "de"), ("track.how", "de")]
    left = {one.id: one.question_examples for one in rest}
    assert left["cancel.how.ja.1"] == ("c",)
    asked = {one.topic: one.text for one in questions}
    assert {*left["track.how.de.1"], asked["track.how"]} == {"a", "b"}
    assert {*left["city.how.de.1"], asked["city.how"]} == {"d", "e", "f"}
    assert (len(left["track.how.de.1"]), len(left["city.how.de.1"])) == (1, 2)
    assert without_a_question(templates[::-1]) == (rest, questions)
    with pytest.raises(ValueError, match="two question examples or more"):
        without_a_question(templates[1:2])


def test_an_encoder_is_scored_by_the_questions_it_did_not_see(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert score_of(Stage.ENCODER, run, run.config.encoder, tmp_path / "right") == 1.0

    def strange(templates: list[AnswerTemplate]) -> tuple[list[AnswerTemplate], list[Question]]:
        rest, questions = without_a_question(templates)
        return rest, [questions[0], *(replace(one, topic="nothing") for one in questions[1:])]

    monkeypatch.setattr("training.search.trials.without_a_question", strange)
    score = score_of(Stage.ENCODER, run, replace(run.config.encoder, epochs=1.0), tmp_path / "strange")
    assert score <= 1 / 3


def test_a_character_costs_the_log_probabilities_of_its_tokens() -> None:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    untrained_writer()
    folder = workshop() / "untrained-torch"
    model, tokenizer = AutoModelForSeq2SeqLM.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    some = [Row("<2de> guten Tag", "hallo"), Row("<2de> wo", "Ihre Bestellung 48213 ist da")]
    nats = 0.0
    for row in some:
        wanted = tokenizer(row.reply, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            logits = model(**tokenizer(row.prompt, return_tensors="pt"), labels=wanted).logits[0]
        nats -= sum(logits.log_softmax(-1)[place, one].item() for place, one in enumerate(wanted[0].tolist()))
    n_characters = len("hallo") + len("Ihre Bestellung 48213 ist da")
    assert loss_per_character(model, tokenizer, [some], tiny_writer()) == pytest.approx(nats / n_characters, rel=1e-4)
    assert loss_per_character(model, tokenizer, [some[:1], some[1:]], tiny_writer()) == pytest.approx(
        nats / n_characters, rel=1e-4
    )


def test_a_writer_is_scored_on_topics_kept_aside(run: Run, tmp_path: Path) -> None:
    longer = score_of(Stage.WRITER, run, replace(run.config.writer, steps=60), tmp_path / "longer")
    shorter = score_of(Stage.WRITER, run, run.config.writer, tmp_path / "shorter")
    assert shorter < longer < 0


def test_a_pre_training_is_scored_by_the_losses_of_held_batches(run: Run, tmp_path: Path) -> None:
    def write(path: str, records: list[dict[str, object]]) -> None:
        (run.corpora_dir / path).parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (run.corpora_dir / path).write_bytes(gzip.compress(text.encode()))

    for locale in ("de-DE", "ja-JP"):
        texts = [row for row in rows() if row.language == locale[:2]]
        massive = [
            {"id": str(n), "locale": locale, "partition": "train", "intent": row.intent, "annot_utt": row.text}
            for n, row in enumerate(texts)
        ]
        massive[0]["annot_utt"] = "[date : heute]"
        write(f"massive/{locale}.jsonl.gz", massive)
    write(
        "ui_parallel.jsonl.gz",
        [
            {"texts": {"de": de, "ja": ja}}
            for de, ja in (("sehr neu", "新しい"), ("ein Tag", "一日中"), ("am Ort", "この場所"))
        ],
    )
    config = tiny_pretrain(
        vocabulary_size=400, vocabulary_lines=600, steps=4, static_steps=4, static_pairs=4, n_pairs=3, n_interface_pairs=3,
        n_support_rows=4, n_masked=4,
    )  # fmt: skip
    own = replace(run, config=replace(run.config, pretrain=config))
    short = score_of(Stage.PRETRAIN, own, config, tmp_path / "short")
    longer = score_of(Stage.PRETRAIN, own, replace(config, steps=60), tmp_path / "longer")
    assert short < longer < 0
    # Another temperature is another loss, though not in the score: that is always taken at the configuration's own.
    still = replace(config, learning_rate=1e-9, static_learning_rate=1e-9)
    cold = score_of(Stage.PRETRAIN, own, replace(still, temperature=0.005), tmp_path / "cold")
    assert cold == pytest.approx(score_of(Stage.PRETRAIN, own, still, tmp_path / "warm"), rel=1e-4)
