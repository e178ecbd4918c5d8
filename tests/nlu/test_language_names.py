"""Languages as customers name them."""

import pytest

from nlu.language_names import language_name, language_of_name

SERVED = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutsch", "de"),
        ("auf französisch", "fr"),
        ("auf Deutsch bitte", "de"),
        ("ingilizce", "en"),
        ("İngilizceye geçelim", "en"),
        ("日本語", "ja"),
        ("日本語でお願いします", "ja"),
        ("にほんご", "ja"),
        ("英文", "en"),
        ("说中文可以吗", "zh"),
        ("粤语", "zh"),
        ("繁體中文", "zh"),
        ("по-русски", "ru"),
        ("можно на английском языке", "en"),
        ("hindi me", "hi"),
        ("हिंदी में", "hi"),
        ("अंग्रेज़ी", "en"),
        ("angrezi", "en"),
        ("español", "es"),
        ("frances", "fr"),
        ("castellano", "es"),
        ("alemán", "de"),
        ("tedesco", "de"),
        ("olandese", "nl"),
        ("flamand", "nl"),
        ("po niemiecku", "de"),
        ("rosyjsku", "ru"),
        ("czeskim", "cs"),
        ("Duits", "de"),
        ("Hollandaca", "nl"),
        ("turca", "tr"),
        ("الإنجليزية", "en"),
        ("بالعربية من فضلك", "ar"),
        ("ألماني", "de"),
        ("كردي", "ku"),
        ("mandarin", "zh"),
        ("farsi", "fa"),
    ],
)
def test_names_are_understood_in_every_language_and_form(text: str, code: str) -> None:
    assert language_of_name(text, served=SERVED) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Swedish", "sv"),
        ("svenska", "sv"),
        ("ucraino", "uk"),
        ("українською", "uk"),
        ("ungarisch", "hu"),
        ("ベトナム語", "vi"),
        ("韩语", "ko"),
        ("czeskim", "cs"),
        ("मराठी", "mr"),
        ("bangla", "bn"),
        ("Norwegisch", "no"),
        ("Welsh", "cy"),
        ("ไทย", "th"),
    ],
)
def test_languages_that_are_not_served_are_understood_too(text: str, code: str) -> None:
    assert language_of_name(text, served=SERVED) == code


@pytest.mark.parametrize(
    ("text", "code"), [("sv", "sv"), ("DE", "de"), ("pt-BR", "pt"), ("zh_TW", "zh"), ("nb", "no"), ("XX", None)]
)
def test_codes_are_names(text: str, code: str | None) -> None:
    assert language_of_name(text, served=SERVED) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "blau",
        "48213",
        "wo ist mein paket",
        "where is my order",
        "quiero devolver un artículo",
        "dans ma commande",
        "zu hause",
        "a person please",
        "je voudrais parler à quelqu'un",
        "can i return this",
    ],
)
def test_ordinary_words_name_no_language(text: str) -> None:
    assert language_of_name(text, served=SERVED) is None


def test_of_two_languages_the_last_is_meant() -> None:
    assert language_of_name("nicht Englisch, lieber Deutsch", served=SERVED) == "de"


def test_a_served_language_goes_before_one_that_is_not() -> None:
    assert language_of_name("English or Swedish", served=SERVED) == "en"


@pytest.mark.parametrize(
    ("code", "in_language", "name"),
    [
        ("de", "fr", "allemand"),
        ("ja", "ja", "日本語"),
        ("sv", "de", "Schwedisch"),
        ("uk", "pl", "ukraiński"),
        ("zh", "zh", "中文"),
        ("fr", "xx", "French"),
        ("xx", "de", "xx"),
    ],
)
def test_names_are_given_in_the_language_asked_for(code: str, in_language: str, name: str) -> None:
    assert language_name(code, in_language) == name
