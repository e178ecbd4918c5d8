"""A conversation's language, turn by turn."""

import pytest

from nlu.conversation import Decision, Reason, Turn, base_tag, decide
from nlu.types import Language, LanguageGuess

SERVED = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
NEUTRAL = Language(None, 0.0, (), abstained=True, n_words=0)


def heard(
    code: str, confidence: float = 0.99, *, n_words: int | None = 5, also: dict[str, float] | None = None
) -> Language:
    others = tuple(LanguageGuess(one, probability) for one, probability in (also or {}).items())
    return Language(code, confidence, (LanguageGuess(code, confidence), *others), abstained=False, n_words=n_words)


def decided(*turns: Turn | Language, served: tuple[str, ...] = SERVED, default: str = "en") -> Decision:
    return decide([one if isinstance(one, Turn) else Turn(one) for one in turns], served=served, default=default)


def test_nothing_said_yet_is_the_default() -> None:
    assert decided() == Decision("en", Reason.DEFAULT, None)
    assert decided(NEUTRAL, default="de") == Decision("de", Reason.DEFAULT, None)


def test_the_hint_speaks_until_the_customer_does() -> None:
    assert decided(Turn(NEUTRAL, hint="pt-BR")) == Decision("pt", Reason.HINT, None)
    assert decided(Turn(heard("de"), hint="pt-BR")) == Decision("de", Reason.MESSAGE, None)


def test_a_hint_that_is_not_served_is_no_hint() -> None:
    assert decided(Turn(NEUTRAL, hint="sv-SE")) == Decision("en", Reason.DEFAULT, None)


def test_a_hint_stays_when_later_turns_bring_none() -> None:
    assert decided(Turn(NEUTRAL, hint="fr"), NEUTRAL).language == "fr"


def test_the_hint_decides_between_the_candidates_of_an_unclear_first_message() -> None:
    unclear = heard("es", 0.6, n_words=1, also={"pt": 0.35})
    assert decided(Turn(unclear, hint="pt-BR")) == Decision("pt", Reason.HINT, None)
    assert decided(Turn(unclear, hint="de")) == Decision("es", Reason.MESSAGE, None)
    assert decided(unclear).language == "es"


def test_a_neutral_message_keeps_the_language() -> None:
    assert decided(heard("de"), NEUTRAL) == Decision("de", Reason.HISTORY, None)


def test_a_borderline_message_does_not_flip() -> None:
    thanks = heard("en", 0.65, n_words=2, also={"fr": 0.18, "de": 0.04})
    assert decided(heard("de"), thanks) == Decision("de", Reason.HISTORY, None)


def test_a_name_does_not_flip_however_sure_its_language() -> None:
    assert decided(heard("de"), heard("pl", 0.99, n_words=1)).language == "de"


def test_a_clear_sentence_of_another_language_flips_at_once() -> None:
    assert decided(heard("fr"), heard("en", 0.98, n_words=6)) == Decision("en", Reason.MESSAGE, None)


def test_two_unclear_turns_of_the_same_language_flip() -> None:
    short = heard("it", 0.7, n_words=1)
    assert decided(heard("de"), short, short) == Decision("it", Reason.MESSAGE, None)


def test_unclear_turns_of_different_languages_do_not_add_up() -> None:
    assert decided(heard("de"), heard("it", 0.7, n_words=1), heard("fr", 0.7, n_words=1)).language == "de"


def test_a_turn_in_the_present_language_forgets_the_rival() -> None:
    short = heard("it", 0.7, n_words=1)
    assert decided(heard("de"), short, heard("de"), short).language == "de"


def test_a_neutral_turn_between_two_does_not_forget_the_rival() -> None:
    short = heard("it", 0.7, n_words=1)
    assert decided(heard("de"), short, NEUTRAL, short).language == "it"


def test_an_unclear_message_that_may_be_the_present_language_is_taken_for_it() -> None:
    spanish_looking = heard("es", 0.7, n_words=2, also={"pt": 0.28})
    assert decided(heard("pt"), spanish_looking, spanish_looking) == Decision("pt", Reason.HISTORY, None)


def test_an_uncounted_message_is_judged_by_its_confidence() -> None:
    assert decided(heard("fr"), heard("en", 0.95, n_words=None)).language == "en"
    assert decided(heard("fr"), heard("en", 0.8, n_words=None)).language == "fr"


def test_an_explicit_choice_wins_at_once() -> None:
    assert decided(heard("en"), Turn(heard("en"), chosen="de")) == Decision("de", Reason.CHOSEN, None)


def test_a_choice_survives_one_clear_message_in_another_language_and_not_two() -> None:
    chosen = Turn(heard("en"), chosen="de")
    assert decided(chosen, heard("en")) == Decision("de", Reason.CHOSEN, None)
    assert decided(chosen, heard("en"), heard("en")) == Decision("en", Reason.MESSAGE, None)
    assert decided(chosen, heard("en"), heard("de"), heard("en")).language == "de"


def test_short_turns_never_undo_a_choice() -> None:
    short = heard("en", 0.95, n_words=1)
    assert decided(Turn(NEUTRAL, chosen="de"), short, short, short).language == "de"


def test_a_picker_that_stands_where_it_stood_is_no_new_choice() -> None:
    turns = [Turn(heard("fr"), chosen="de") for _ in range(3)]
    assert decided(*turns) == Decision("fr", Reason.MESSAGE, None)


def test_a_written_language_that_is_not_served_gets_the_nearest_and_is_named() -> None:
    assert decided(heard("uk")) == Decision("ru", Reason.NEAREST, "uk")
    assert decided(heard("ca")) == Decision("es", Reason.NEAREST, "ca")
    assert decided(heard("gl")) == Decision("pt", Reason.NEAREST, "gl")
    assert decided(heard("af")) == Decision("nl", Reason.NEAREST, "af")
    assert decided(heard("cs")) == decided(heard("cs"), NEUTRAL) == Decision("pl", Reason.NEAREST, "cs")


def test_a_name_in_a_language_that_is_not_served_is_not_believed() -> None:
    assert decided(heard("cs", 0.97, n_words=1)) == Decision("en", Reason.DEFAULT, None)
    assert decided(heard("de"), heard("cs", 0.97, n_words=2), heard("cs", 0.97, n_words=1)).language == "de"


def test_without_a_neighbour_the_hint_and_then_the_default_are_spoken() -> None:
    assert decided(Turn(heard("sv"), hint="de")) == Decision("de", Reason.HINT, "sv")
    assert decided(heard("sv")) == Decision("en", Reason.DEFAULT, "sv")
    assert decided(heard("uk"), served=("en", "de"), default="de") == Decision("de", Reason.DEFAULT, "uk")


def test_asking_for_a_language_that_is_not_served_leaves_the_one_spoken() -> None:
    assert decided(heard("de"), Turn(heard("de"), chosen="uk")) == Decision("de", Reason.NEAREST, "uk")


def test_going_back_to_a_served_language_ends_the_notice() -> None:
    assert decided(heard("uk"), heard("de")) == Decision("de", Reason.MESSAGE, None)


def test_a_default_that_is_not_served_is_an_error() -> None:
    with pytest.raises(ValueError, match="default language: expected one of en, de, found 'sv'"):
        decide([], served=("en", "de"), default="sv")


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("pt-BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("nb", "no"),
        ("EN", "en"),
        ("fil-PH", "tl"),
        ("*", None),
        ("", None),
        (None, None),
    ],
)
def test_tags_of_channels_become_codes(tag: str | None, code: str | None) -> None:
    assert base_tag(tag) == code


def test_reasons_are_the_contracts_words() -> None:
    assert {reason.value for reason in Reason} == {"chosen", "message", "history", "hint", "default", "nearest"}
