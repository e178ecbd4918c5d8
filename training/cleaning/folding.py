"""The form in which two messages count as the same wording: case, numbers, punctuation and pseudonyms make no difference.

Words stay apart by one space, so that shingles of a folded text still see them; `training.checks.fold` joins them,
because there a held-out text must not come back with another spacing either.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

MARK = "¤"
"""Stands for every pseudonym and every mark of an anonymised value."""
_MARKS = re.compile(
    r"\[[a-z_]+:[2-9A-HJ-NP-Z]{4}\]|#[A-Z][A-Z0-9_-]+#|\[[A-Z_]{2,}\]|<[A-Z_]{2,}>|\{\{[^{}\n]{1,40}\}\}"
)
_ZEROS = re.compile("00+")
_VISIBLE = ("L", "M")
_SYMBOLS = ("So", "Sc")


class _Signs(dict[int, "str | None"]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kind = unicodedata.category(char)
        if kind == "Nd":
            folded: str | None = "0"
        elif kind == "Cf" or char in "\ufe0e\ufe0f'’":
            folded = None
        elif kind[0] in _VISIBLE or kind in _SYMBOLS:
            folded = char
        else:
            folded = " "
        self[code] = folded
        return folded


_SIGNS = _Signs()


def fold(text: str) -> str:
    """The wording alone (NFKC, case folded, a number as one 0); a text of nothing but punctuation folds to itself.

    Emoji and currency signs stay, and so do the marks that other scripts write vowels with.

    >>> fold("Hallo  [name:4F7K], Ihre Bestellung #48213 ist da!")
    'hallo ¤ ihre bestellung 0 ist da'
    >>> fold("HALLO #NAME#: ihre Bestellung 7 ist da") == fold("Hallo [name:4F7K], Ihre Bestellung #48213 ist da!")
    True
    """
    marked = _MARKS.sub(MARK, text) if "[" in text or "#" in text or "<" in text or "{{" in text else text
    if marked.isascii():
        cased = marked.lower()
    else:
        cased = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", marked).casefold())
    folded = " ".join(cased.translate(_SIGNS).split())
    return (_ZEROS.sub("0", folded) if "00" in folded else folded) or text.strip()


def text_key(text: str) -> int:
    """63 bits of BLAKE2b (RFC 7693) of the folded text: equal for two messages of the same wording, fits a SQL integer."""
    digest = hashlib.blake2b(fold(text).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
