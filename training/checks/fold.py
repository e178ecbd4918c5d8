"""The form in which two texts count as the same: held-out data must not come back with another full stop or number."""

from __future__ import annotations

import unicodedata


def fold(text: str, *, digits: bool) -> str:
    """Letters, marks and digits only, compatibility forms and case folded; with `digits` every number becomes one 0.

    Marks stay: without its vowel signs हाँ would be हूँ. A text of symbols alone folds to itself.

    >>> fold("Wo ist  #48213?!", digits=True), fold("Wo ist 48213", digits=False), fold("👍", digits=True)
    ('woist0', 'woist48213', '👍')
    """
    kept: list[str] = []
    for character in unicodedata.normalize("NFKC", text).casefold():
        kind = unicodedata.category(character)
        if kind == "Nd" and digits:
            if kept[-1:] != ["0"]:
                kept.append("0")
        elif kind[0] in "LMN":
            kept.append(character)
    return "".join(kept) or text.casefold()
