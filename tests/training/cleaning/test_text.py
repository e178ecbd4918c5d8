"""A message becomes plain text once and for all: cleaning twice changes nothing, and nothing that was said is lost."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest

from training.cleaning.characters import plain_characters
from training.cleaning.mojibake import mended
from training.cleaning.text import clean

NASTY = [
    *(
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "</b>",
        "<a href='x'>",
        "</a>",
        "<li>",
        "<td>",
        "<pre>",
        "<!--",
        "-->",
        "<![CDATA[",
    ),
    *(
        "<blockquote>",
        "</blockquote>",
        "<div style='display:none'>",
        "</div>",
        "<script>",
        "</script>",
        "<?x",
        "<",
        ">",
    ),
    *("&amp;", "&lt;", "&gt;", "lt;", "amp;", "&#8203;", "&nbsp;", "> ", "\n", "\r\n", "\r", "\n\n\n", " ", "\t", "?"),
    *(
        "\u00a0",
        "\u200b",
        "\u200c",
        "\u200d",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\x00",
        "\x0b",
        "\ud83d",
        "\ude00",
        "\U000e0041",
    ),
    *("क्", "ष", "\u0958", "👩", "👍", "🏽", "\ufe0f", "e\u0301", "w\u0301", "é", "“", "’", "´", "a", "words of mine"),
    *("Ã¼", "Ã", "Â", "â€™", "¼", "-- ", "--", "Thanks,", "Tel.: +49 30 123", "www.x.example", "Sent from my iPhone"),
    *(
        "On Tue, Mar 4, 2025 at 9:30 AM A <a@b.example> wrote:",
        "Von: a@b.example",
        "An: b",
        "Betreff: c",
        "Ticket #4711",
    ),
    *("-----Original Message-----", "[image: x]", "##- reply above this line -##"),
]


def test_cleaning_a_clean_text_changes_nothing() -> None:
    draw = random.Random(11)
    for _ in range(2000):
        written = "".join(draw.choices(NASTY, k=draw.randint(1, 14)))
        cleaned = clean(written)
        assert clean(cleaned) == cleaned, repr(written)
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in cleaned)


def test_a_mail_in_html_is_what_its_author_wrote() -> None:
    mail = (
        "<div dir='ltr'>Guten Tag,<br>wo ist meine Lampe?<br><br>Viele Gr&uuml;&szlig;e<br>Anna</div><br>"
        "<div class='gmail_quote'><div class='gmail_attr'>Am Di., 4. M&auml;rz 2025 um 09:30 Uhr schrieb Shop "
        "&lt;<a href='mailto:hi@shop.example'>hi@shop.example</a>&gt;:</div>"
        "<blockquote class='gmail_quote'><p>Ihre Bestellung ist unterwegs.</p></blockquote></div>"
    )
    assert clean(mail) == "Guten Tag,\nwo ist meine Lampe?\n\nViele Grüße\nAnna"


def test_answers_between_the_quotes_of_a_web_mail_stay() -> None:
    mail = (
        "<div class='gmail_quote'><div class='gmail_attr'>On Tue, 4 Mar 2025 at 09:30, A &lt;a@b.example&gt; wrote:</div>"
        "<blockquote>Which lamp is it?</blockquote><div>The tall one.</div><blockquote>And where do you live?</blockquote>"
        "<div>In Ulm.</div></div>"
    )
    assert clean(mail) == "The tall one.\n\nIn Ulm."


def test_what_follows_the_header_of_outlook_goes() -> None:
    mail = (
        "<p class=MsoNormal>It is late.<o:p></o:p></p><div id='divRplyFwdMsg'><b>Von:</b> Shop<br><b>Gesendet:</b> Montag<br>"
        "<b>An:</b> Anna<br><b>Betreff:</b> Lampe</div><p>Ihre Bestellung ist unterwegs.</p>"
    )
    assert clean(mail) == "It is late."


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("“Hi”, it’s ‘late’", "\"Hi\", it's 'late'"),
        ("«\u00a0C´est vrai\u202f!\u00a0»", "« C'est vrai ! »"),
        ("9–12 — 3\u20114 \u22125", "9–12 — 3-4 -5"),
        ("a\u200bb\ufeff\u200e c\u00ad", "ab c"),
        ("x\u200dy \u200c", "xy "),
        ("می\u200cخواهم क\u094d\u200dष", "می\u200cخواهم क\u094d\u200dष"),
        ("👩\u200d💻 ❤\ufe0f\u200d🔥", "👩\u200d💻 ❤\ufe0f\u200d🔥"),
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb\x00\x1bc\x85", "a bc\n"),
        ("\ud83d\ude00 \ud83d!", "😀 !"),
        ("全角\u3000スペース", "全角 スペース"),
        ("a\U000e0041\U000e0042", "a"),
    ],
)
def test_characters_are_unified_where_nothing_is_lost(written: str, plain: str) -> None:
    assert plain_characters(written) == plain


@pytest.mark.parametrize(
    "text", ["für Männer – 5 €", "déjà à la carte", "привет", "नमस्ते", "你好，世界", "😀 ok", "Łódź £5"]
)
def test_text_that_was_encoded_twice_is_mended(text: str) -> None:
    twice = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    assert twice != text
    assert mended(twice) == text


@pytest.mark.parametrize(
    "text", ["AMANHÃ… até lá", "«CAFÉ» ouvert", "naïve Ã¼ber", "Ä°C", "SÃO PAULO", "5 °C ±2 ½", "Â"]
)
def test_right_text_is_not_mended(text: str) -> None:
    assert mended(text) == text


def test_lines_are_tidied() -> None:
    assert clean("  one  \n \n\n\ntwo \t\n") == "one\n\ntwo"


def test_escaped_text_without_tags_is_read() -> None:
    assert clean("Settings &gt; Account &amp;amp; more") == "Settings > Account & more"


@pytest.mark.parametrize("text", ["I <3 it, a < b", "my <order number>", "👍", "48213", "?", "Hello", "> 5 kg"])
def test_short_messages_stay(text: str) -> None:
    assert clean(text) == text


def test_a_message_that_shows_nothing_is_empty() -> None:
    assert clean("<img src='x.png'>\u200b") == ""


@pytest.mark.parametrize(
    "unit",
    ["<", "<a ", "<b>", "<div>", "&amp;", "> x\n", "--\n", "\u200d", " x", "Ã¼", "On 1 ", "a@", "[", "Thanks,\n"],
)
def test_long_nasty_texts_take_no_more_than_moments(unit: str) -> None:
    started = time.process_time()
    clean(unit * (10_000 // len(unit)))
    assert time.process_time() - started < 3
