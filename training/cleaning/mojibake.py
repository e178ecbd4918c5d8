"""UTF-8 that was read as Windows-1252 and written as UTF-8 again (`fÃ¼r`) -> what was meant, only where that is certain.

One sequence must be one that no language writes, and no letter outside of the sequences may be beyond ASCII: a text
that was read wrongly has no right ones. `charset` questions of a whole file are decided where it is read.
"""

from __future__ import annotations

import re

_BYTES = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)} | {
    chr(byte): byte for byte in range(0x80, 0xA0)
}
"""Characters that stand for one byte: Windows-1252, and Latin-1 for the five bytes that it leaves out (as WHATWG does)."""
_TAIL = "[" + re.escape("".join(char for char, byte in _BYTES.items() if byte < 0xC0)) + "]"
_SEQUENCE = re.compile(f"[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}")
_AFTER_WORDS = frozenset(
    "\u201a\u201e\u2026\u2018\u2019\u201c\u201d\u2013\u2014\u2039\u203a\u2022\u00bb\u00ab"
    "\u00a0\u00b7\u00ae\u2122\u00b0\u00b2\u00b3\u00b9\u00ba\u00aa"
)
"""Signs that may follow a capital letter in a right text: AMANHÃ…, «CAFÉ»."""
_BARE_A = re.compile("Ã ( ?)")


def mended(text: str) -> str:
    """The text with its sequences decoded, or as it is.

    >>> mended("fÃ¼r MÃ¤nner â€“ 5 â‚¬"), mended("AMANHÃ… «CAFÉ» à 5 °C")
    ('für Männer – 5 €', 'AMANHÃ… «CAFÉ» à 5 °C')
    """
    if text.isascii():
        return text
    found = _SEQUENCE.findall(text)
    if not any(map(_is_certain, found)):
        return text
    rest = _SEQUENCE.sub("", text)
    if any(char.isalpha() and not char.isascii() and char != "Ã" for char in rest):
        return text
    return _BARE_A.sub("à ", _SEQUENCE.sub(lambda sequence: _decoded(sequence[0]) or sequence[0], text))


def _is_certain(sequence: str) -> bool:
    return (len(sequence) > 2 or sequence[1] not in _AFTER_WORDS) and _decoded(sequence) is not None


def _decoded(sequence: str) -> str | None:
    try:
        return bytes(_BYTES[char] for char in sequence).decode("utf-8")
    except UnicodeDecodeError:
        return None
