"""Every check lets a grounded reply through and refuses a made-up one, in several scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.checks import (
    CloseToTemplate,
    Draft,
    KnownNames,
    KnownValues,
    RequiredParts,
    RightLanguage,
    SameWords,
    Verdict,
    WellFormed,
    run_checks,
)
from generation.placeholders import PLACEHOLDER, fill
from retrieval.templates import read_templates


def draft(
    text: str,
    template: str = "",
    *known: str,
    language: str = "en",
    template_language: str = "en",
    required: tuple[str, ...] = (),
) -> Draft:
    return Draft(text, language, template, template_language, required, known)


# --- WellFormed


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel arrives tomorrow.",
        "小包は明日届きます。",
        "सामान कल आएगा।",
        "4,90 €",
    ],
)
def test_a_sentence_is_well_formed(text: str) -> None:
    assert WellFormed().check(draft(text, text)).passed


@pytest.mark.parametrize("text", ["", "  \n", "...", "?!", "😀😀"])
def test_a_reply_without_a_word_is_refused(text: str) -> None:
    assert WellFormed().check(draft(text, "Yes.")) == Verdict(False, "the reply has no word")


@pytest.mark.parametrize("text", ["Until <v3>.", "Until {date}.", "Until \ufffd."])
def test_a_left_over_mark_is_refused(text: str) -> None:
    assert WellFormed().check(draft(text, "Until then.")).reason == "a placeholder, mark-up or broken character is left"


def test_a_stretch_is_refused_when_it_stands_three_times_in_a_row() -> None:
    twice = "we are sorry we are sorry and send a new one"
    assert WellFormed().check(draft(twice, twice)).passed
    thrice = "we are sorry we are sorry we are sorry now"
    assert "repeated" in WellFormed().check(draft(thrice, thrice)).reason
    without_spaces = "返金します返金します返金します"
    assert "repeated" in WellFormed().check(draft(without_spaces, without_spaces, language="ja")).reason


@pytest.mark.parametrize("text", ["<2it> <2it> ciao a tutti", "<t> ciao a tutti quanti", "<s>= ciao a tutti quanti"])
def test_the_writers_own_markup_never_leaves(text: str) -> None:
    assert not WellFormed().check(draft(text, "Ciao a tutti quanti voi")).passed


def _distinct(n_characters: int) -> str:
    """A text of that length in which no stretch comes back."""
    return "x".join(str(index * index + 10_000) for index in range(40))[:n_characters]


@pytest.mark.parametrize(("n_characters", "passed"), [(59, False), (60, True), (160, True), (161, False)])
def test_the_length_stays_near_the_templates_within_one_language(n_characters: int, passed: bool) -> None:
    text, template = _distinct(n_characters), _distinct(100)
    assert WellFormed().check(draft(text, template)).passed is passed
    assert WellFormed().check(draft(text, template, language="ja")).passed


@pytest.mark.parametrize(("n_characters", "passed"), [(14, False), (15, True), (500, True), (501, False)])
def test_across_languages_the_length_is_held_loosely(n_characters: int, passed: bool) -> None:
    text = " ".join(str(number) for number in range(1000, 1200))[:n_characters].strip().ljust(n_characters, "x")
    assert WellFormed().check(draft(text, _distinct(100), language="ja")).passed is passed


def test_every_answer_of_our_own_is_well_formed() -> None:
    texts = [template.text for template in read_templates(Path("data/templates").glob("*.jsonl"))]
    values = {name: "https://agora.example/x" for text in texts for name in PLACEHOLDER.findall(text)}
    filled = [fill(text, values, language="en") for text in texts]
    assert [text for text in filled if not WellFormed().check(draft(text, text)).passed] == []
    assert len(filled) > 1000


# --- RightLanguage


def _script(text: str) -> str | None:
    """Identifies by script: enough to see what the check hands over and does with the answer."""
    if any("\u3040" <= character <= "\u30ff" for character in text):
        return "ja"
    return "en" if any(character.isascii() and character.isalpha() for character in text) else None


def test_a_reply_in_the_conversations_language_passes_and_another_is_refused() -> None:
    check = RightLanguage(_script)
    assert check.check(draft("明日とどきます", language="ja")).passed
    assert check.check(draft("tomorrow", language="ja")) == Verdict(False, "expected ja, found en")


def test_a_reply_too_short_to_tell_passes() -> None:
    assert RightLanguage(_script).check(draft("4,90 €", language="de")).passed


def test_links_addresses_and_codes_have_no_language() -> None:
    text = "https://agora.example/returns service@agora.example AG-10234"
    assert RightLanguage(_script).check(draft(text, language="ja")).passed


# --- KnownValues


@pytest.mark.parametrize(
    ("text", "template", "known"),
    [
        ("You have 30 days.", "30 days", ()),
        ("٣٠ يوما", "30 days", ()),
        ("३० दिन", "30 days", ()),
        ("３０日以内に", "30 days", ()),
        ("30 days", "٣٠ يوما", ()),
        ("It costs 4,90 €.", "Es kostet 4,90 €.", ()),
        ("1\u202f299,00 € au total", "Total : 1\u202f299,00 €", ()),
        ("1\u00a0299,00 € итого", "Всего 1\u00a0299,00 €", ()),
        ("営業時間は10：30からです", "10：30から", ()),
        ("Order AG-10234 is on its way.", "on its way", ("wo ist ag-10234?",)),
        ("Order AG-10234 is on its way.", "on its way", ("ＡＧ－１０２３４",)),
        ("注文AG-10234は発送済みです", "発送済み", ("AG-10234",)),
        ("See https://agora.example/returns.", "https://agora.example/returns", ()),
        ("(https://agora.example/returns)", "https://agora.example/returns", ()),
        ("https://agora.example/returnsをご覧ください。", "see {url}", ("https://agora.example/returns",)),
        ("راجع \u2068https://agora.example/returns\u2069.", "see", ("https://agora.example/returns",)),
        ("Write to service@agora.example.", "service@agora.example", ()),
        ("service@agora.exampleまで", "write", ("service@agora.example",)),
        ("No value at all.", "", ()),
    ],
)
def test_values_that_stand_somewhere_pass(text: str, template: str, known: tuple[str, ...]) -> None:
    assert KnownValues().check(draft(text, template, *known)) == Verdict(True)


@pytest.mark.parametrize(
    ("text", "template", "known"),
    [
        ("You have 31 days.", "30 days", ()),
        ("٣١ يوما", "30 days", ()),
        ("३१ दिन", "30 days", ()),
        ("３１日以内に", "30 days", ()),
        ("It costs 4,95 €.", "Es kostet 4,90 €.", ()),
        ("It costs 90 €.", "Es kostet 4,90 €.", ()),
        ("1\u202f399,00 € au total", "Total : 1\u202f299,00 €", ()),
        ("10：45からです", "10：30から", ()),
        ("Order AG-10235 is on its way.", "on its way", ("wo ist ag-10234?",)),
        ("See https://agora.example/refunds.", "https://agora.example/returns", ()),
        ("See https://agora.example/returns/free.", "https://agora.example/returns", ()),
        ("See https://agora.example.evil.example/returns", "https://agora.example/returns", ()),
        ("Write to sales@agora.example.", "service@agora.example", ()),
    ],
)
def test_a_value_that_stands_nowhere_is_refused(text: str, template: str, known: tuple[str, ...]) -> None:
    verdict = KnownValues().check(draft(text, template, *known))
    assert verdict == Verdict(False, "1 value(s) stand in no template, slot or message")


def test_the_reason_counts_and_quotes_nothing() -> None:
    reason = KnownValues().check(draft("31 or 32 or a@b.example", "30")).reason
    assert reason == "3 value(s) stand in no template, slot or message"


# --- KnownNames


@pytest.mark.parametrize(
    ("text", "language", "known"),
    [
        ("Your order is on its way.", "en", ()),
        ("Pay with PayPal or VISA.", "en", ("PayPal, visa",)),
        ("Заказ в магазине Agora отправлен.", "ru", ("Agora",)),
        ("Agoraの注文は発送済みです", "ja", ("agora",)),
        ("Agoraの注文は発送済みです", "ja", ("Ａｇｏｒａ",)),
        ("请访问https://agora.example/returns", "zh", ()),
        ("الدفع عبر PayPal", "ar", ("paypal",)),
    ],
)
def test_names_that_stand_somewhere_pass(text: str, language: str, known: tuple[str, ...]) -> None:
    assert KnownNames().check(draft(text, "", *known, language=language)).passed


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Pay with PayPal.", "en"),
        ("Wir versenden mit DHL.", "de"),
        ("Заказ в магазине Zalando отправлен.", "ru"),
        ("Amazonの注文は発送済みです", "ja"),
        ("由DHLExpress配送", "zh"),
        ("الدفع عبر Klarna", "ar"),
        ("आपका ऑर्डर Flipkart से", "hi"),
    ],
)
def test_a_name_that_stands_nowhere_is_refused(text: str, language: str) -> None:
    verdict = KnownNames().check(draft(text, "", "Agora", language=language))
    assert verdict == Verdict(False, "1 name(s) stand in no template, slot or message")


# --- RequiredParts


@pytest.mark.parametrize(
    "text", ["30 days, AG-1", "٣٠ يوما ag-1", "३० दिन AG-1", "３０日、AG-1", "(30), \u2068AG-1\u2069."]
)
def test_all_required_values_are_found_however_they_are_written(text: str) -> None:
    assert RequiredParts().check(draft(text, required=("30", "AG-1"))).passed


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("some days", ("30",)),
        ("300 days", ("30",)),
        ("within 30 days", ("3", "30")),
        ("for 14.90", ("4.90",)),
        ("for 4,90", ("4",)),
        ("order AG-12", ("AG-1",)),
        ("see https://agora.example/", ("https://agora.example/returns",)),
    ],
)
def test_a_missing_value_is_refused_also_where_a_longer_one_holds_it(text: str, required: tuple[str, ...]) -> None:
    assert RequiredParts().check(draft(text, required=required)) == Verdict(False, "1 required value(s) are missing")


# --- SameWords


@pytest.mark.parametrize(
    ("text", "template", "language"),
    [
        ("We don't offer cash on delivery?", "We don't offer cash on delivery. PayPal is a good alternative.", "en"),
        ("We offer cash on delivery.", "We don't offer cash on delivery.", "en"),
        ("You can return a gift card.", "You can return a gift and get the value as a gift card.", "en"),
        ("Wir nehmen es zurück?", "Wir nehmen es zurück.", "de"),
        ("पैक होने के बाद बदलाव हो सकता है।", "पैक होने के बाद कैंसल ही हो सकता है।", "hi"),
        ("30日以内に返品できません。", "30日以内に返品できます。", "ja"),
        ("Bis 12. November und bis 12. November.", "Bis 12. November.", "de"),
    ],
)
def test_a_reply_that_lost_its_place_is_refused_in_its_templates_language(
    text: str, template: str, language: str
) -> None:
    assert not SameWords().check(draft(text, template, language=language, template_language=language)).passed
    assert SameWords().check(draft(template, template, language=language, template_language=language)).passed


def test_case_order_and_full_stops_do_not_count_and_a_translation_is_free() -> None:
    template = "Until 2 pm: it arrives the next day."
    said = "it arrives the next day, until 2 PM"
    assert SameWords().check(draft(said, template, language="en", template_language="en")).passed
    assert SameWords().check(draft("Es kommt morgen?", template, language="de", template_language="en")).passed


def test_a_writer_that_rephrases_may_be_given_room() -> None:
    template, said = "It arrives on the next working day.", "It comes on the next working day."
    for share, passed in ((0.1, False), (0.2, True)):
        verdict = SameWords(may_differ=share).check(draft(said, template, language="en", template_language="en"))
        assert verdict.passed is passed


# --- CloseToTemplate


@pytest.mark.parametrize(
    ("cosine", "language", "passed"), [(0.8, "en", True), (0.79, "en", False), (0.6, "de", True), (0.59, "de", False)]
)
def test_a_translation_may_lie_further_off_than_a_rewording(cosine: float, language: str, passed: bool) -> None:
    verdict = CloseToTemplate(lambda left, right: cosine).check(draft("a", "b", language=language))
    assert verdict.passed is passed
    assert (f"cosine {cosine:.2f}" in verdict.reason) is not passed


def test_the_reply_is_compared_with_its_template() -> None:
    seen = []
    CloseToTemplate(lambda left, right: seen.append((left, right)) or 1.0).check(draft("reply", "template"))  # type: ignore[func-returns-value]
    assert seen == [("reply", "template")]


def test_all_checks_are_run_also_after_a_refusal() -> None:
    checks = [WellFormed(), KnownValues(), RequiredParts()]
    verdicts = run_checks(checks, draft("<v0> 31", "<v0> 31", required=("30",)))
    assert {name: verdict.passed for name, verdict in verdicts.items()} == {
        "well_formed": False,
        "values": True,
        "required": False,
    }
