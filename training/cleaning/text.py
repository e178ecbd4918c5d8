"""A message as it was written, in a mail, a chat or HTML -> plain text ready for redaction.

Every row of a log takes this way once, before anything of it is stored. What may be cut as courtesy is decided later, by
`training.logs.courtesies`; what goes here is no part of the message at all.
"""

from __future__ import annotations

from training.cleaning.characters import plain_characters, tidy_lines
from training.cleaning.html import html_to_text, looks_like_html, without_entities
from training.cleaning.mail import written_part
from training.cleaning.mojibake import mended

MAX_PASSES = 10


def clean(text: str) -> str:
    """Plain text, NFC, LF; empty where the message shows nothing.

    Cleaning a clean text changes nothing: the steps are repeated until they do not, since what was escaped within HTML,
    or stood below a quote, may itself be HTML or a quote. Texts made to be repeated for ever end after MAX_PASSES.

    >>> clean("<p>Where is it?&nbsp;I’m waiting.</p><blockquote>On its way</blockquote>")
    "Where is it? I'm waiting."
    """
    for _ in range(MAX_PASSES):
        cleaned = _once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _once(text: str) -> str:
    right = mended(text)
    words = html_to_text(right) if looks_like_html(right) else without_entities(right)
    return tidy_lines(written_part(tidy_lines(plain_characters(words))))
