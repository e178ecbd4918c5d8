"""What a written reply must pass before it leaves. One small class a check; each says yes or why not.

A check knows nothing of models: the language identifier and the sentence similarity are handed in as functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from generation.placeholders import EMAIL, LINK, NUMBER, PLACEHOLDER

_VALUE = re.compile(rf"{LINK}|{EMAIL}|\b[A-Z]{{1,4}}-?\d[\dA-Z-]*|{NUMBER}")
_NAME = re.compile(r"\b(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}\w*)\b")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{3,}")
_MARKUP = re.compile(r"<[^<>\s]{1,6}>=?")
_LOOP = re.compile(r"(.{4,}?)\1\1", re.DOTALL)
_ASKED = re.compile("[?？؟]")
# A word, with the vowel signs of Indic scripts; where none is parted by spaces, a character.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|(?:[^\W\u3040-\u30ff\u3400-\u9fff]|[\u0900-\u0963\u0970-\u0dff])+")
_NON_LATIN = frozenset({"ru", "ar", "hi", "zh", "ja"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A written reply with all it may rest on. `template` is the filled source in the language it stands in."""

    text: str
    language: str
    template: str
    template_language: str
    required: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passed`, and otherwise a reason for the log that quotes nothing of the customer's text."""

    passed: bool
    reason: str = ""


class Check(Protocol):
    """`name` stands in the reply's metadata."""

    name: str

    def check(self, draft: Draft) -> Verdict:
        """Judge one draft."""
        ...


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c for c in folded
    ).casefold()


class WellFormed:
    """Not empty, no mark-up of the writer left, no loop, neither far shorter nor far longer than the template."""

    name = "well_formed"

    def check(self, draft: Draft) -> Verdict:
        """Length is compared strictly within one language, loosely across two."""
        text = draft.text.strip()
        if not any(character.isalnum() for character in text):
            return Verdict(False, "the reply has no word")
        if _MARKUP.search(text) or PLACEHOLDER.search(text) or "\ufffd" in text:
            return Verdict(False, "a placeholder, mark-up or broken character is left")
        if _LOOP.search(text):
            return Verdict(False, "a stretch is repeated three times in a row")
        shortest, longest = (0.6, 1.6) if draft.language == draft.template_language else (0.15, 5.0)
        if not shortest <= len(text) / max(1, len(draft.template)) <= longest:
            return Verdict(False, "the length is far from the template's")
        return Verdict(True)


class RightLanguage:
    """The reply is in the language of the conversation; a text too short to tell passes."""

    name = "language"

    def __init__(self, identify: Callable[[str], str | None]) -> None:
        """`identify` gives the language of a text, None where it cannot tell."""
        self._identify = identify

    def check(self, draft: Draft) -> Verdict:
        """Links, addresses and numbers do not count."""
        words = _VALUE.sub(" ", draft.text)
        found = self._identify(words)
        if found is not None and found != draft.language:
            return Verdict(False, f"expected {draft.language}, found {found}")
        return Verdict(True)


class KnownValues:
    """Every number, link, e-mail and code stands in a template, a slot or the message."""

    name = "values"

    def check(self, draft: Draft) -> Verdict:
        """Digits are compared in their Western form; a code may be known in lower case."""
        known = "\n".join((draft.template, *draft.known))
        spellings = (known, known.upper(), _plain(known), _plain(known).upper())
        allowed = {_plain(value) for text in spellings for value in _VALUE.findall(text)}
        foreign = [value for value in _VALUE.findall(draft.text) if _plain(value) not in allowed]
        return Verdict(not foreign, f"{len(foreign)} value(s) stand in no template, slot or message" if foreign else "")


class KnownNames:
    """Names (brand-like words; any Latin word in a reply of another script) stand in a template, a slot or the message."""

    name = "names"

    def check(self, draft: Draft) -> Verdict:
        """Compared without case."""
        known = " ".join(_plain(text) for text in (draft.template, *draft.known))
        bare = _VALUE.sub(" ", draft.text)
        names = set(_NAME.findall(bare))
        if draft.language in _NON_LATIN:
            names |= set(_LATIN_WORD.findall(bare))
        foreign = [name for name in names if _plain(name) not in known]
        return Verdict(not foreign, f"{len(foreign)} name(s) stand in no template, slot or message" if foreign else "")


def _holds(text: str, value: str) -> bool:
    """Whether a value stands in a text as a whole: "3" stands neither in "30" nor in "3,50"."""
    before = r"(?<!\d)(?<!\d[.,])" if value[:1].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if value[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(value)}{after}", text) is not None


class RequiredParts:
    """All values that the template carries are in the reply."""

    name = "required"

    def check(self, draft: Draft) -> Verdict:
        """Counts each required value once."""
        text = _plain(draft.text)
        missing = [value for value in draft.required if not _holds(text, _plain(value))]
        return Verdict(not missing, f"{len(missing)} required value(s) are missing" if missing else "")


class SameWords:
    """In its template's language a reply says the template's words, all of them and no others.

    A small writer that loses its place in the middle still writes fluently: of "you can return a gift and get the value as a
    gift card" it made "you can return a gift card", which passes every other check. A writer that rephrases well may be
    given room.
    """

    name = "wording"

    def __init__(self, *, may_differ: float = 0.0) -> None:
        """`may_differ`: share of the words, in [0, 1], that may be lost or new."""
        self._may_differ = may_differ

    def check(self, draft: Draft) -> Verdict:
        """Words are compared without case and order, and whether something is asked; across languages all passes."""
        if draft.language != draft.template_language:
            return Verdict(True)
        said, wanted = Counter(_words(draft.text)), Counter(_words(draft.template))
        n_different = max(sum((said - wanted).values()), sum((wanted - said).values()))
        if n_different > self._may_differ * max(1, sum(wanted.values())):
            return Verdict(False, f"{n_different} word(s) differ from the template's")
        if len(_ASKED.findall(draft.text)) != len(_ASKED.findall(draft.template)):
            return Verdict(False, "the reply asks where the template tells, or the other way round")
        return Verdict(True)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class CloseToTemplate:
    """The reply lies near its template in the shared embedding space."""

    name = "closeness"

    def __init__(self, similarity: Callable[[str, str], float], *, same: float = 0.8, across: float = 0.6) -> None:
        """Lowest cosine within one language and across two."""
        self._similarity = similarity
        self._same, self._across = same, across

    def check(self, draft: Draft) -> Verdict:
        """Cosine of the two texts, in [-1, 1]."""
        lowest = self._same if draft.language == draft.template_language else self._across
        score = self._similarity(draft.text, draft.template)
        return Verdict(score >= lowest, "" if score >= lowest else f"cosine {score:.2f}, at least {lowest} is needed")


def run_checks(checks: Sequence[Check], draft: Draft) -> dict[str, Verdict]:
    """Every check's verdict by its name; all are run, so that the metadata tells the whole story."""
    return {check.name: check.check(draft) for check in checks}


def served_checks(
    *, identify: Callable[[str], str | None], similarity: Callable[[str, str], float]
) -> tuple[Check, ...]:
    """The checks every written reply passes before it leaves, in the order of their cost."""
    return (
        WellFormed(),
        RequiredParts(),
        SameWords(),
        KnownValues(),
        KnownNames(),
        RightLanguage(identify),
        CloseToTemplate(similarity),
    )
