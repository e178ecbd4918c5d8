"""HTML of mails becomes their text; what only looks like HTML stays as it was written."""

from __future__ import annotations

import pytest

from training.cleaning.html import html_to_text, looks_like_html, without_entities


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("Hi,<br>where is it?", True),
        ("<p class=MsoNormal>Hi", True),
        ("It is <b>late</b>.", True),
        ("a < b and c > d", False),
        ("I <3 this shop", False),
        ("my number is <order number>, <anna@mail.example>", False),
        ("size <b> please", False),
        ("5 <p", False),
    ],
)
def test_only_tags_of_html_make_it_html(text: str, is_html: bool) -> None:
    assert looks_like_html(text) is is_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<p>one</p>\n<p>two</p>", "one\n\ntwo"),
        ("<p class=MsoNormal>one<o:p></o:p></p><p class=MsoNormal>two</p>", "one\ntwo"),
        ("<p>We need:</p><ul><li>name</li><li><p>city</p></li></ul>", "We need:\n\n- name\n- city"),
        ("<table><tr><td>Order</td><td>48213</td></tr><tr><td>Sum</td></tr></table>", "Order 48213\nSum"),
        ("<p>one   two\n  three</p>", "one two three"),
        ("it is <b>late</b>\nvery <i>late</i>", "it is late\nvery late"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<p>5 &lt; 6 &amp; 7&#8364;</p>", "5 < 6 & 7€"),
        ("<p>a?x=1&copy=2</p>", "a?x=1&copy=2"),
        ("Hi<br>my <order number> is at <anna@mail.example>", "Hi\nmy <order number> is at <anna@mail.example>"),
        ("<p>fine <img alt='😀'><img alt='Our logo'></p>", "fine 😀"),
    ],
)
def test_elements_become_lines(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://agora.example/terms">the terms</a>', "the terms (https://agora.example/terms)"),
        ('<a href="https://www.agora.example/">agora.example</a>', "agora.example"),
        ('<a href="mailto:anna@mail.example?subject=x">anna@mail.example</a>', "anna@mail.example"),
        ('<a href="mailto:anna@mail.example">Anna</a>', "Anna (anna@mail.example)"),
        ('<a href="#top">up</a> <a href="javascript:go()">go</a>', "up go"),
        ('<a href="https://track.example/1"><img src="logo.png"></a>now', "now"),
        ('<a href="https://shop.example/?a=1&copy=2">x</a>', "x (https://shop.example/?a=1&copy=2)"),
    ],
)
def test_a_link_keeps_its_address_where_its_words_do_not_say_it(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<head><title>t</title></head>",
        "<style>p {color: red}</style>",
        "<script>if (a < b) {}</script>",
        "<div style='DISPLAY: none'>preview</div>",
        "<span style='max-height:0px;overflow:hidden'>preview</span>",
        "<div class='preheader'>preview</div>",
        "<div hidden>preview <b>text</b></div>",
        "<!-- comment -->",
        "<div class='gmail_signature'>Anna</div>",
    ],
)
def test_what_a_reader_does_not_see_goes(hidden: str) -> None:
    assert html_to_text(f"<html>{hidden}<body>seen</body></html>") == "seen"


@pytest.mark.parametrize(
    "opening",
    ["blockquote", "div class='yahoo_quoted'", "div class='x_protonmail_quote'", "div class='moz-cite-prefix'"],
)
def test_quoted_blocks_are_marked_line_by_line(opening: str) -> None:
    quote = f"<{opening}>old<br>older</{opening.split()[0]}>"
    assert html_to_text(f"<div>new</div>{quote}newer").replace("\n\n", "\n") == "new\n> old\n> older\nnewer"


def test_the_header_of_an_outlook_reply_begins_an_original_message() -> None:
    html = "<div>new</div><div id='divRplyFwdMsg'><b>From:</b> Anna<br><b>Sent:</b> Monday</div><div>old</div>"
    assert html_to_text(html) == "new\n-----Original Message-----\nFrom: Anna\nSent: Monday\nold"


def test_entities_without_tags_are_read_and_parameters_of_addresses_are_not() -> None:
    assert (
        without_entities("Don&#39;t &amp;amp; https://a.example/?x=1&copy=2&reg;")
        == "Don't & https://a.example/?x=1&copy=2®"
    )


def test_elements_left_open_swallow_nothing() -> None:
    assert html_to_text("<div><p>one<p>two<li>three<b>four") == "one\n\ntwo\n- threefour"
