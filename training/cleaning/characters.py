"""Characters that differ without saying anything different -> the one of a typewriter; invisible ones are dropped.

Unlike `folding.fold` this is what a person goes on reading: case, punctuation, dashes between words, French spaces
before `!` and guillemets stay, and so do the joiners that Hindi, Persian and emoji need.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛ʼ＇"), "'") | dict.fromkeys(map(ord, "“”„‟＂"), '"')
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2212), "-")
_SPACES = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFD))
_INVISIBLE = dict.fromkeys((0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, *_DIRECTIONS))
_CONTROLS = dict.fromkeys((*range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)))
_TABLE: dict[int, str | None] = {**_CONTROLS, **_INVISIBLE, **_LINE_ENDS, **_SPACES, **_HYPHENS, **_QUOTES}
_JOINER = re.compile(
    "(?<![\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff\u2600-\u27bf\u2b00-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefc"
    "\U0001f000-\U0001faff])[\u200c\u200d]+|(?<=[\u200c\u200d])[\u200c\u200d]+"
)
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
_ACUTE = re.compile(r"(?<=[^\W\d_])[´`](?=[^\W\d_])")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def plain_characters(text: str) -> str:
    """NFC with straight quotes, plain spaces and LF; without control characters, zero-width and direction marks.

    >>> plain_characters("\\ufeff“C’est\\u202f!”\\r\\nE\\u0301te\\u0301 \\u200b– 5\\u00a0€")
    '"C\\'est !"\\nÉté – 5 €'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.isascii():
        return lines.translate(_TABLE)
    whole = _SURROGATES.sub(_joined, lines)
    visible = _TAGS.sub("", _JOINER.sub("", whole.translate(_TABLE)))
    return unicodedata.normalize("NFC", _ACUTE.sub("'", visible))


def tidy_lines(text: str) -> str:
    """Without spaces at the ends of lines, and with at most one blank line between two."""
    ended = "\n".join([line.rstrip() for line in text.split("\n")]) if " \n" in text else text
    return _BLANK_LINES.sub("\n\n", ended).strip()


def _joined(pair: re.Match[str]) -> str:
    """The character that two halves (a JSON file written by parts) stand for; a half alone is dropped."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
