"""Characters that no customer typed: what a wrong decoding, a broken export or a copied page leaves in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from training.checks.places import Place, Problem, Severity

# Tab and line ends are typed; U+200C and U+200D are letters' business in Hindi, Persian and emoji.
_SUSPECT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd\ud800-\udfff]")
_TWICE_ENCODED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u0192-\u02dc\u2013-\u2122]")
_UNPAIRED = "Cs"


def character_problems(where: Place, text: str) -> Iterator[Problem]:
    """The first such character of a text, or UTF-8 that was read as Windows-1252 (`fÃ¼r`); the text is not quoted.

    An unpaired surrogate is an error: no tokenizer can encode it.
    """
    if match := _SUSPECT.search(text):
        found = match[0]
        severity = Severity.ERROR if unicodedata.category(found) == _UNPAIRED else Severity.WARNING
        name = unicodedata.name(found, "a control character" if severity is Severity.WARNING else "half a character")
        yield where.problem(f"U+{ord(found):04X} ({name}) at character {match.start()} of the text", severity)
    elif (match := _TWICE_ENCODED.search(text)) and _reads_as_utf8(text):
        yield where.problem(f"{match[0]!r} looks like UTF-8 that was read as Windows-1252", Severity.WARNING)


def _reads_as_utf8(text: str) -> bool:
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True
