"""Two evaluations side by side: which test, which verdict, and what is said when splits differ."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from nlu.types import Entity, Intent, Parse
from training.data.dataset import Example
from training.data.questions import Question
from training.evaluation.compare import compare
from training.evaluation.comparison import Comparison, Difference, Method, Verdict
from training.evaluation.measure_nlu import measure_nlu
from training.evaluation.rank_figures import by_language

ABOUT = {"at": "2026-01-02T03:04:05+00:00", "models": "models/starter"}


class Rote:
    """Says `greet` with a city for the texts it was told to, `thank` with nothing for others."""

    def __init__(self, right: set[str]) -> None:
        self._right = right

    def parse(self, texts: list[str]) -> list[Parse]:
        return [self._one(text in self._right) for text in texts]

    def _one(self, right: bool) -> Parse:
        best, other = ("greet", "thank") if right else ("thank", "greet")
        entities = (Entity("city", 0, 1, "", 1.0),) if right else ()
        return Parse((Intent(best, 0.75), Intent(other, 0.25)), entities)


def evaluated(right: dict[str, str], *, suffix: str = "") -> dict[str, Any]:
    """An evaluation with the languages of `right`, each with a row a digit: "1" where it is parsed right."""
    texts = {code: [f"{code}{place}{suffix}" for place in range(len(bits))] for code, bits in right.items()}
    examples = [Example(text, code, "greet", "", ((0, 1, "city"),)) for code in texts for text in texts[code]]
    known = {text for code, bits in right.items() for text, bit in zip(texts[code], bits, strict=True) if bit == "1"}
    return {"about": ABOUT, "nlu": measure_nlu(Rote(known), examples)}


def found(comparison: Comparison, figure: str, language: str = "all") -> Difference:
    return next(one for one in comparison.differences if (one.figure, one.language) == (figure, language))


# 12 rows get better, 2 worse, 26 stay as they are.
BEFORE = "0" * 12 + "11" + "1" * 18 + "0" * 8
AFTER = "1" * 12 + "00" + "1" * 18 + "0" * 8


def test_the_same_rows_are_compared_one_by_one() -> None:
    one = found(compare(evaluated({"de": BEFORE}), evaluated({"de": AFTER})), "intent accuracy", "de")
    assert (one.before, one.after) == (0.5, 0.75)
    assert one.method is Method.MCNEMAR
    assert one.p_value == pytest.approx(2 * (1 + 14 + 91) / 2**14)
    assert one.verdict is Verdict.BETTER
    assert one.low is not None
    assert one.low > 0


def test_a_loss_is_called_worse() -> None:
    comparison = compare(evaluated({"de": AFTER}), evaluated({"de": BEFORE}))
    assert found(comparison, "intent accuracy").verdict is Verdict.WORSE
    assert found(comparison, "entity F1").verdict is Verdict.WORSE
    assert found(comparison, "entity F1").method is Method.PAIRED


def test_an_evaluation_does_not_differ_from_itself() -> None:
    report = evaluated({"de": BEFORE, "fr": AFTER})
    comparison = compare(report, report)
    assert {one.verdict for one in comparison.differences} == {Verdict.NONE_SHOWN}
    assert comparison.notes == ()


def test_languages_are_as_many_questions() -> None:
    bits = {"de": BEFORE, "es": BEFORE, "fr": BEFORE, "it": BEFORE}
    comparison = compare(evaluated(bits), evaluated(bits | {"de": AFTER}))
    one = found(comparison, "intent accuracy", "de")
    assert one.p_value == pytest.approx(4 * 2 * (1 + 14 + 91) / 2**14)
    assert one.verdict is Verdict.NONE_SHOWN
    # Over all it is one question: the mean of the languages.
    assert found(comparison, "intent accuracy").difference == pytest.approx(0.25 / 4)
    assert found(comparison, "intent accuracy").method is Method.PAIRED


def test_other_rows_are_compared_unpaired_and_that_is_said() -> None:
    comparison = compare(evaluated({"de": BEFORE, "fr": BEFORE}), evaluated({"de": AFTER, "fr": AFTER}, suffix="x"))
    assert found(comparison, "intent accuracy", "de").method is Method.UNPAIRED
    assert comparison.notes == ("nlu: the splits differ in de, fr; compared unpaired there and over all.",)
    # 0.5 -> 0.75 with 40 rows each: errors 0.079 and 0.068, p = 0.017 times two languages.
    assert found(comparison, "intent accuracy", "de").p_value == pytest.approx(0.034, abs=0.012)


def test_a_language_whose_split_is_the_same_stays_paired() -> None:
    before, after = evaluated({"de": BEFORE, "fr": BEFORE}), evaluated({"de": AFTER, "fr": AFTER})
    after["nlu"]["rows"]["fr"]["fingerprint"] = "another"
    comparison = compare(before, after)
    methods = [found(comparison, "intent accuracy", code).method for code in ("de", "fr", "all")]
    assert methods == [Method.MCNEMAR, Method.UNPAIRED, Method.UNPAIRED]


def test_an_old_report_without_rows_or_intervals_is_shown_without_a_verdict() -> None:
    before = copy.deepcopy(evaluated({"de": BEFORE}))
    del before["nlu"]["rows"], before["nlu"]["languages"]["de"]["intent_accuracy_95"]
    del before["nlu"]["overall"]["exact_match"]
    comparison = compare(before, evaluated({"de": AFTER}))
    assert found(comparison, "intent accuracy", "de").verdict is Verdict.NOT_TESTED
    assert found(comparison, "intent accuracy").method is Method.UNPAIRED
    assert not [one for one in comparison.differences if (one.figure, one.language) == ("exact match", "all")]
    assert "the earlier report keeps no outcomes" in comparison.notes[0]


def test_a_language_that_only_one_has_is_named() -> None:
    comparison = compare(evaluated({"de": BEFORE}), evaluated({"de": BEFORE, "fr": "1111"}))
    assert "only one of the reports has the languages fr" in comparison.notes[0]
    assert found(comparison, "intent accuracy").method is Method.UNPAIRED
    assert found(comparison, "intent accuracy", "de").method is Method.MCNEMAR


def test_lower_is_better_for_calibration() -> None:
    # Confidence is always 0.75: with half the rows right the error is 0.25, with three quarters it is none.
    n = 20
    comparison = compare(evaluated({"de": BEFORE * n}), evaluated({"de": AFTER * n}))
    one = found(comparison, "calibration error (ECE)")
    assert (one.before, one.after) == pytest.approx((0.25, 0.0))
    assert one.verdict is Verdict.BETTER


def test_ranks_are_compared_at_each_depth() -> None:
    asked = [Question("t", "de", str(place)) for place in range(20)]
    views = [by_language(asked, ranks) for ranks in ([2] * 10 + [None] * 10, [1] * 10 + [None] * 10)]
    reports = [{"about": ABOUT, "retrieval": {"served": view, "encoder_alone": view}} for view in views]
    comparison = compare(*reports)
    first, third, mrr = (found(comparison, f"{name}, served", "de") for name in ("recall@1", "recall@3", "MRR"))
    assert (first.p_value, first.verdict) == (2 / 2**10, Verdict.BETTER)
    assert (third.difference, third.verdict) == (0.0, Verdict.NONE_SHOWN)
    assert (mrr.difference, mrr.method, mrr.verdict) == (0.25, Method.PAIRED, Verdict.BETTER)
    # Half of 20 rows gain 0.5: an error of 0.5 * sqrt(0.25 / 20) = 0.056.
    assert (mrr.low, mrr.high) == pytest.approx((0.25 - 1.96 * 0.056, 0.25 + 1.96 * 0.056), abs=0.03)


def test_nothing_in_common_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"part in common, found \['nlu'\] and \['writer'\]"):
        compare(evaluated({"de": BEFORE}), {"about": ABOUT, "writer": {}})


def test_a_report_read_from_json_is_compared_as_well() -> None:
    before, after = evaluated({"de": BEFORE}), evaluated({"de": AFTER})
    read = compare(json.loads(json.dumps(before)), json.loads(json.dumps(after)))
    assert read == compare(before, after)


def test_the_comparison_as_json_and_markdown() -> None:
    comparison = compare(evaluated({"de": BEFORE}), evaluated({"de": AFTER}))
    row = next(one for one in json.loads(json.dumps(comparison.as_json()))["differences"] if one["language"] == "de")
    assert (row["figure"], row["difference"], row["verdict"]) == ("intent accuracy", 0.25, "better")
    text = comparison.markdown()
    assert "Before: models/starter, 2026-01-02T03:04. After: models/starter, 2026-01-02T03:04." in text
    line = next(line for line in text.splitlines() if line.startswith("| de |"))
    assert line.startswith("| de | 50.0 | 75.0 | +25.0 | +")
    assert line.endswith("| 0.013 | better | McNemar |")
    assert "| all |" not in text
    assert text.index("## Over all languages") < text.index("| intent accuracy |") < text.index("## By language")
