"""Tags and headers become ISO 639-1 codes."""

from __future__ import annotations

import pytest

from bot.channels.hints import accepted_language, language_code


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de"),
        (" de-CH ", "de"),
        ("zh-Hant-TW", "zh"),
        ("zh_CN", "zh"),
        ("es-419", "es"),
        ("cmn-Hans", "zh"),
        ("iw", "he"),
        ("gsw-CH", None),
        ("", None),
        ("*", None),
        ("c", None),
        ("deutsch", None),
        ("de;drop", None),
        ("de-", None),
        (7, None),
        (None, None),
        (["de"], None),
    ],
)
def test_the_language_of_a_tag(tag: object, code: str | None) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("en;q=0.2,ar;q=0.8", "ar"),
        ("ja,ko", "ja"),
        ("sv,fi;q=0.9,it;q=0.1", "it"),
        ("sv,fi;q=0.9", "sv"),
        ("de;q=0,en;q=0.1", "en"),
        ("de;q=2,en;q=0.1", "en"),
        ("de; q=0.5 , tr ; q = 0.6", "tr"),
        ("de;level=1,en", "en"),
        ("", None),
        ("*", None),
        (",;,=;q", None),
        ("x" * 100_000, None),
    ],
)
def test_the_most_wanted_language_we_speak(header: str, code: str | None) -> None:
    assert accepted_language(header, languages={"en", "fr", "ar", "ja", "it", "de", "tr"}) == code
