"""What is counted in an evaluation: small hand-made parses, hits and texts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nlu.types import Entity, Intent, Language, LanguageGuess, Parse
from retrieval.templates import AnswerTemplate, Status
from training.data.dataset import Example
from training.data.questions import Question
from training.evaluation.measure_language import Message, is_short, measure_language
from training.evaluation.measure_nlu import measure_nlu
from training.evaluation.measure_retrieval import mean_across, rank_of
from training.evaluation.measure_writer import Task, Written, across, summary, within


class Rote:
    """Answers what it was told to."""

    def __init__(self, answers: dict[str, Parse]) -> None:
        self._answers = answers

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        return [self._answers[text] for text in texts]


def parse(best: str, confidence: float, *spans: tuple[int, int, str]) -> Parse:
    other = "out_of_scope" if best != "out_of_scope" else "greet"
    intents = (Intent(best, confidence), Intent(other, 1 - confidence))
    return Parse(intents, tuple(Entity(label, start, end, "", 1.0) for start, end, label in spans))


def template(topic: str, language: str, number: int = 1, text: str = "ja") -> AnswerTemplate:
    return AnswerTemplate(f"{topic}.{language}.{number}", language, "x", ("?",), text, (), Status.APPROVED, "test")


def test_intents_and_entities_are_counted_by_language() -> None:
    examples = [
        Example("hi Rom", "de", "greet", "s", ((3, 6, "city"),)),
        Example("wetter", "de", "out_of_scope", "s", ()),
        Example("hey", "en", "greet", "s", ()),
    ]
    answers = {
        "hi Rom": parse("greet", 0.75, (3, 6, "city")),
        "wetter": parse("greet", 0.55),
        "hey": parse("greet", 0.95, (0, 3, "city")),
    }
    figures = measure_nlu(Rote(answers), examples, {"hey"})
    assert figures["n_seen_in_training"] == 1
    assert figures["languages"]["de"]["intent_accuracy"] == 0.5
    assert figures["overall"]["intent_accuracy"] == pytest.approx((0.5 + 1) / 2)
    assert (figures["overall"]["worst_language"], figures["worst_intent_accuracy"]) == ("de", 0.5)
    assert figures["overall"]["entity_f1"] == pytest.approx(2 * 1 / (2 + 1))
    # Three bins of one row: gaps 0.25 (0.75 and right), 0.55 (0.55 and wrong), 0.05 (0.95 and right).
    assert figures["overall"]["ece"] == pytest.approx((0.25 + 0.55 + 0.05) / 3)
    # P(out_of_scope) is 0.45 for the row that is, 0.25 and 0.05 for those that are not.
    assert figures["overall"]["out_of_scope_auroc"] == 1.0
    assert figures["confusions"] == [("out_of_scope", "greet", 1)]


def test_a_hit_must_have_the_topic_and_the_language() -> None:
    question = Question("a.how", "de", "wie?")
    hits = [template("a.how", "en"), template("b.how", "de"), template("a.how", "de", 2)]
    assert rank_of(question, hits) == 3
    assert rank_of(question, hits, language="en") == 1
    assert rank_of(question, hits[:2]) is None


def test_the_mean_across_leaves_a_language_with_itself_out() -> None:
    assert mean_across({"de": {"de": 1.0, "en": 0.5}, "en": {"de": 0.0, "en": 1.0}}) == 0.25
    assert mean_across({"de": {"de": 1.0}}) is None


def test_the_writer_says_each_template_and_each_topic_across() -> None:
    templates = [template("a", "de"), template("a", "de", 2, "doch"), template("a", "en"), template("b", "en")]
    assert [task.language for task in within(templates)] == ["de", "de", "en", "en"]
    crossed = across(templates)
    assert [(task.source.language, task.language, task.references) for task in crossed] == [
        ("en", "de", ("ja", "doch")),
        ("de", "en", ("ja",)),
    ]
    assert crossed == across(templates)


def test_the_writers_texts_are_summed_up() -> None:
    task = Task(template("a", "en"), "de", ("ja", "doch"))
    rows = [Written(task, "doch", True, ()), Written(task, "zzz", False, ("language", "values"))]
    figures = summary(rows)
    assert (figures["overall"]["passed"], figures["overall"]["identical"]) == (0.5, 0.5)
    assert figures["failed_checks"] == {"language": 1, "values": 1}


@pytest.mark.parametrize(
    ("text", "language", "short"),
    [
        ("wo ist mein Paket?", "de", True),
        ("danke schön", "de", False),
        ("a b c d e f g h", "en", True),
        ("a b c d e f g h i", "en", False),
        ("where is order 48213", "en", False),
        ("mail a@b.example please now", "en", False),
        ("मेरा पार्सल कहाँ है", "hi", True),
        ("我的包裹在哪里", "zh", True),
        ("在哪里", "zh", False),
    ],
)
def test_short_messages_have_three_to_eight_words_or_six_to_twenty_characters(
    text: str, language: str, short: bool
) -> None:
    assert is_short(Message(text, language)) is short


def test_an_abstention_counts_as_wrong() -> None:
    found = {"wo ist es": "de", "was ist das": "nl", "where is it": None}

    def identify(text: str) -> Language:
        code = found[text]
        return Language(code, 0.9, (LanguageGuess("en", 0.9),), code is None)

    messages = [Message(text, "en" if "where" in text else "de") for text in [*found, "wo ist es"]]
    figures = measure_language(identify, messages)
    assert figures["overall"]["n"] == 3
    assert figures["languages"]["de"]["accuracy"] == 0.5
    assert figures["languages"]["de"]["taken_for"] == [["nl", 1]]
    assert figures["overall"]["accuracy"] == 0.25
    assert figures["overall"]["abstained"] == pytest.approx(1 / 3)
