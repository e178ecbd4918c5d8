"""What is counted in an evaluation: small hand-made parses, hits and texts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nlu.types import Entity, Intent, Language, LanguageGuess, Parse
from retrieval.templates import AnswerTemplate
from store.status import Status
from training.data.dataset import Example
from training.data.questions import Question
from training.evaluation.measure_language import Message, is_short, measure_language
from training.evaluation.measure_nlu import measure_nlu
from training.evaluation.measure_retrieval import mean_across, rank_of
from training.evaluation.measure_writer import across, within
from training.evaluation.rank_figures import by_language, rank_figures


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
    # "hi Rom" has its intent and its city; "wetter" the wrong intent; "hey" a city that is not there.
    assert [figures["languages"][code]["exact_match"] for code in ("de", "en")] == [0.5, 0.0]
    assert figures["overall"]["exact_match"] == 0.25
    assert figures["entities"]["city"] == {"n": 1, "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3)}
    assert figures["languages"]["de"]["intent_accuracy"] == 0.5
    assert figures["overall"]["intent_accuracy"] == pytest.approx((0.5 + 1) / 2)
    assert (figures["overall"]["worst_language"], figures["worst_intent_accuracy"]) == ("de", 0.5)
    assert figures["overall"]["entity_f1"] == pytest.approx(2 * 1 / (2 + 1))
    # Three bins of one row: gaps 0.25 (0.75 and right), 0.55 (0.55 and wrong), 0.05 (0.95 and right).
    assert figures["overall"]["ece"] == pytest.approx((0.25 + 0.55 + 0.05) / 3)
    # P(out_of_scope) is 0.45 for the row that is, 0.25 and 0.05 for those that are not.
    assert figures["overall"]["out_of_scope_auroc"] == 1.0
    assert figures["overall"]["out_of_scope_fpr_at_95"] == 0.0
    # By doubt: 0.45 for the row that is, 0.25 and 0.05 for the others.
    assert figures["overall"]["out_of_scope_auroc_by_doubt"] == 1.0
    assert [one["n"] for one in figures["overall"]["reliability"]] == [1, 1, 1]
    assert figures["confusions"] == [("out_of_scope", "greet", 1)]


def test_each_rows_outcome_is_kept_in_order() -> None:
    examples = [
        Example("hi Rom", "de", "greet", "", ((3, 6, "city"),)),
        Example("tschau", "de", "goodbye", "", ()),
    ]
    answers = {"hi Rom": parse("greet", 0.9), "tschau": parse("greet", 0.6, (0, 2, "city"), (2, 4, "city"))}
    rows = measure_nlu(Rote(answers), examples)["rows"]["de"]
    assert {name: rows[name] for name in rows if name != "fingerprint"} == {
        "intent": "10",
        "exact": "00",
        "entities_right": "00",
        "entities_found": "02",
        "entities_there": "10",
    }
    other = [examples[0], Example("tschau", "de", "greet", "", ())]
    assert measure_nlu(Rote(answers), other)["rows"]["de"]["fingerprint"] != rows["fingerprint"]


def test_a_public_set_has_no_training_texts_and_nothing_out_of_scope() -> None:
    examples = [Example("weck mich", "de", "alarm_set", "", ()), Example("wake me", "en", "alarm_set", "", ())]
    answers = {"weck mich": parse("alarm_set", 0.9), "wake me": parse("alarm_set", 0.7)}
    figures = measure_nlu(Rote(answers), examples)
    assert figures["n_seen_in_training"] is None
    assert figures["overall"]["out_of_scope_auroc"] is None
    assert figures["overall"]["out_of_scope_fpr_at_95_95"] is None
    assert figures["overall"]["intent_accuracy"] == 1.0


def test_another_set_names_its_own_out_of_scope() -> None:
    examples = [Example("a", "en", "oos", "", ()), Example("b", "en", "book", "", ())]
    answers = {
        "a": Parse((Intent("book", 0.6), Intent("oos", 0.4)), ()),
        "b": Parse((Intent("book", 0.9), Intent("oos", 0.1)), ()),
    }
    figures = measure_nlu(Rote(answers), examples, out_of_scope="oos")
    assert figures["overall"]["out_of_scope_auroc"] == 1.0


def test_batches_give_the_same_figures() -> None:
    examples = [Example(text, "de", "greet", "", ()) for text in ("a", "b", "c")]
    answers = {"a": parse("greet", 0.9), "b": parse("thank", 0.8), "c": parse("greet", 0.7)}
    one, three = (measure_nlu(Rote(answers), examples, batch_size=size) for size in (1, 2))
    assert one == three


def test_nothing_to_measure_on_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one utterance"):
        measure_nlu(Rote({}), [])


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


def test_ranks_become_recall_at_four_depths_and_mrr() -> None:
    figures = rank_figures([1, 3, 6, None])
    names = ("recall_at_1", "recall_at_3", "recall_at_5", "recall_at_10")
    assert [figures[name] for name in names] == [0.25, 0.5, 0.5, 0.75]
    assert figures["mrr"] == pytest.approx((1 + 1 / 3 + 1 / 6) / 4)
    edges = rank_figures([1, 1, 1])
    assert edges["recall_at_1_95"] == edges["mrr_95"] == [1.0, 1.0]
    assert rank_figures([5, 5])["recall_at_3_95"] == [0.0, 0.0]
    assert rank_figures([5, 5])["recall_at_5_95"] == [1.0, 1.0]
    assert figures["recall_at_10_95"][0] < 0.75 < figures["recall_at_10_95"][1]


def test_ranks_over_all_are_the_mean_of_the_languages_and_kept_in_order() -> None:
    asked = [Question("a", "en", "1"), Question("a", "de", "2"), Question("b", "en", "3"), Question("c", "en", "4")]
    view = by_language(asked, [1, 2, None, 10])
    assert list(view["languages"]) == ["de", "en"]
    assert view["overall"]["recall_at_1"] == pytest.approx((0 + 1 / 3) / 2)
    assert view["overall"]["recall_at_10"] == pytest.approx((1 + 2 / 3) / 2)
    assert (view["rows"]["en"]["rank"], view["rows"]["de"]["rank"]) == ("10a", "2")


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
    assert figures["rows"]["de"]["right"] == "10"
    assert figures["languages"]["de"]["accuracy_95"] == [0.0, 1.0]
    assert figures["languages"]["en"]["accuracy_95"] == [0.0, 0.0]
