"""Cases -> needs: with vectors set by hand, so that what belongs together is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.types import Intent, Parse
from training.cleaning.folding import text_key
from training.mining.cases import Case
from training.mining.intents import known_intent, suggested_names
from training.mining.mined import MinedNeed, MiningReport, MiningSettings, needs_of, pasted_everywhere
from training.mining.needs import cluster

TOPICS = ("return", "ship", "lamp")


class ByTopic:
    """A text's vector points to the topic whose word stands in it, with a little of its own."""

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for number, text in enumerate(texts):
            for axis, topic in enumerate(TOPICS):
                rows[number, axis] = 3.0 * (topic in text)
            rows[number, 3 + sum(map(ord, text)) % 29] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def case(
    number: int, question: str, answer: str, *, outcome: float = 0.5, language: str = "en", year: int = 2026
) -> Case:
    at = datetime(year, 1, 1, tzinfo=timezone.utc)
    return Case(question, question, (answer,), language, language, number, number, outcome, at, ())


def cases() -> list[Case]:
    made = [
        case(n, f"may I return item {'ab'[n % 2]}{n}", "You may return unworn items within 30 days.") for n in range(6)
    ]
    made += [
        case(10 + n, f"wie return ich {n}", "Sie dürfen alles return innerhalb von 30 Tagen.", language="de")
        for n in range(3)
    ]
    made += [case(20 + n, f"do you ship abroad {n}", "We ship to all of Europe and Norway.") for n in range(4)]
    made += [case(30, "my lamp hums", "I have ordered a new lamp for you today.")]
    return made


def mined(given: list[Case], **settings: Any) -> tuple[list[MinedNeed], MiningReport]:
    report = MiningReport()
    found = needs_of(given, encoder=ByTopic(), parse=None, settings=MiningSettings(**settings), report=report)
    return found, report


def test_questions_of_two_languages_are_one_need_with_an_answer_in_each() -> None:
    needs, report = mined(cases())
    assert [need.n_questions for need in needs] == [9, 4]
    first = needs[0]
    assert first.languages == {"en": 6, "de": 3}
    assert [one.text for one in first.variants["en"]] == ["You may return unworn items within 30 days."]
    assert [one.text for one in first.variants["de"]] == ["Sie dürfen alles return innerhalb von 30 Tagen."]
    assert (report.n_cases, report.n_needs, report.n_templates) == (14, 2, 3)


def test_what_was_asked_too_seldom_is_no_need() -> None:
    needs, _ = mined(cases(), min_questions=5)
    assert [need.n_questions for need in needs] == [9]


def test_more_conversations_that_went_well_score_higher() -> None:
    well = [case(n, f"may I return {n}", "You may return unworn things within 30 days.", outcome=1.0) for n in range(5)]
    badly = [
        case(9 + n, f"may I return it {n}", "Kindly look that up lamp in our terms.", outcome=0.0) for n in range(2)
    ]
    (need,), _ = mined([*well, *badly])
    best, worst = need.variants["en"]
    assert best.text.startswith("You may return")
    assert (best.reasons["outcome"], worst.reasons["outcome"]) == (1.0, 0.0)
    assert best.reasons["support"] == pytest.approx(0.9, abs=0.001)
    assert best.score > worst.score


def test_an_amount_that_agents_do_not_agree_on_becomes_a_placeholder_and_one_they_do_stays() -> None:
    differing = [case(n, f"ship cost {n}", f"To ship it costs € {n}9 in all cases.") for n in range(3)]
    agreed = [case(10 + n, f"return cost {n}", "To return it costs € 5 in all cases.") for n in range(3)]
    needs, _ = mined([*differing, *agreed])
    texts = {one.text for need in needs for one in need.variants["en"]}
    assert texts == {"To ship it costs {amount} in all cases.", "To return it costs € 5 in all cases."}


def test_older_answers_have_less_recency() -> None:
    old = [case(n, f"may I return {n}", "You may return unworn things within 30 days.", year=2025) for n in range(3)]
    new = [case(9 + n, f"do you ship {n}", "We ship to all of Europe and Norway.") for n in range(3)]
    needs, _ = mined([*old, *new])
    recency = {one.text[:2]: one.reasons["recency"] for need in needs for one in need.variants["en"]}
    assert recency == {"Yo": 0.5, "We": 1.0}


def test_nothing_to_mine_gives_nothing() -> None:
    assert mined([])[0] == []
    assert cluster(np.zeros((0, 8), dtype=np.float32)).labels.shape == (0,)


def test_a_need_gets_the_intent_that_most_of_its_questions_have_and_none_in_doubt() -> None:
    def parse(texts: Sequence[str]) -> list[Parse]:
        sure = Parse((Intent("return_item", 0.9), Intent("greet", 0.1)), ())
        unsure = Parse((Intent("greet", 0.4), Intent("out_of_scope", 0.6)), ())
        return [sure if "return" in text else unsure for text in texts]

    assert known_intent(["return it", "return that"], parse) == "return_item"
    assert known_intent(["hm", "well"], parse) is None
    assert known_intent(["return it", "hm", "well"], parse) is None


def test_suggested_names_are_made_of_words_that_tell_needs_apart() -> None:
    encode = ByTopic().encode
    names = suggested_names(
        {0: ["the sofa legs wobble", "sofa legs missing"], 1: ["the gift card fails", "gift card empty"]}, encode
    )
    assert set(names[0].split("_")) <= {"sofa", "legs"}
    assert set(names[1].split("_")) <= {"gift", "card"}
    assert suggested_names({4: ["12345", "?"]}, encode) == {4: "need_4"}


def test_a_setting_that_makes_no_sense_is_named() -> None:
    with pytest.raises(ValueError, match="joined_at: expected a cosine from -1 to 1, found 2"):
        MiningSettings(joined_at=2)


def test_a_question_that_says_little_is_placed_by_its_answer() -> None:
    asked = [case(n, f"may I return it {n}", "You may return unworn items within 30 days.") for n in range(3)]
    asked.append(case(9, "and what of the box?", "You may return items in any box within 30 days."))
    ((need,), report) = mined(asked)
    assert need.n_questions == 4
    assert report.n_clustered == 4


def test_what_is_pasted_into_answers_of_many_needs_is_in_no_template() -> None:
    pasted = "Our team replies within two hours at all times."
    topics = ("return", "ship", "lamp")
    asked = [
        case(10 * number + n, f"what of the {topic} {n}", f"{pasted} A {topic} is always free of charge here.")
        for number, topic in enumerate(topics)
        for n in range(3)
    ]
    vectors = ByTopic().encode([one.question for one in asked])
    labels = cluster(vectors).labels
    assert pasted_everywhere(asked, labels) == set()  # three needs prove nothing yet
    labels = np.array([0, 1, 2, 3, 4, 0, 1, 2, 3])
    assert pasted_everywhere(asked, labels) == {text_key(pasted)}


def test_words_of_all_needs_and_of_one_customer_name_none() -> None:
    needs = {
        n: [f"you ring the {word}", f"will you ring a {word} now"] for n, word in enumerate(("lamp", "sofa", "desk"))
    }
    assert suggested_names(needs, ByTopic().encode) == {0: "lamp", 1: "sofa", 2: "desk"}


def test_a_word_that_lies_near_no_question_names_none() -> None:
    needs = {0: ["whence the lamp", "whence that lamp"], 1: ["I ship a box", "to ship two"]}
    assert suggested_names(needs, ByTopic().encode)[0] == "lamp"
