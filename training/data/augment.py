"""Machine-made variety, drawn anew for each epoch: it lives here and never in data files.

Typos, dropped diacritics, lower case, lost punctuation, other values in the entities, order numbers with other digits,
and on request Latin letters for another script and words of another language (`codeswitch`).
Spans follow the text; where a change would touch the inside of an entity other than a number, it is left out.
"""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from training.data.codeswitch import CodeSwitch
from training.data.dataset import Example
from training.data.romanise import LANGUAGES as ROMANISED
from training.data.romanise import in_latin

Span = tuple[int, int, str]
_CODES = {"order_number", "voucher_code", "amount"}


def augmented(example: Example, draw: random.Random) -> Example:
    """One drawn variant of an utterance."""
    text, spans = example.text, list(example.spans)
    text, spans = _other_digits(text, spans, draw)
    if draw.random() < 0.25:
        text = _lower_outside(text, spans) if draw.random() < 0.5 else _lower(text)
    if draw.random() < 0.2:
        text = without_diacritics(text)
    if draw.random() < 0.2:
        last = max((end for _, end, _ in spans), default=0)
        text = text[:last] + text[last:].rstrip("?!.。？！؟…")
    if draw.random() < 0.3:
        text, spans = _typo(text, spans, draw)
    if not text.strip() or any(not text[start:end].strip() for start, end, _ in spans):
        return example
    return Example(text, example.language, example.intent, example.situation, tuple(spans))


class Values:
    """What stands in the entities of a set, by language and label; draws other values into an utterance.

    A model that has seen one product in a sentence learns the word; one that has seen many learns the place. Order
    numbers, codes and amounts are left to `augmented`, which draws their digits.
    """

    def __init__(
        self,
        examples: Iterable[Example],
        further: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
        *,
        switch: CodeSwitch | None = None,
    ) -> None:
        """`further` values by language and label join those of the rows. Rows of no known language give and take nothing.

        `switch` has the phrases of `switched`; without it only entities are switched.
        """
        pool: dict[tuple[str, str], set[str]] = {
            (language, label): set(values)
            for language, labels in (further or {}).items()
            for label, values in labels.items()
        }
        for row in examples:
            for start, end, label in row.spans if row.language else ():
                pool.setdefault((row.language, label), set()).add(row.text[start:end])
        self._pool = {key: sorted(values) for key, values in pool.items()}
        self._switch = switch or CodeSwitch({})
        self._by_label: dict[str, dict[str, Sequence[str]]] = {}
        for (language, label), values in sorted(self._pool.items()):
            if label not in _CODES:
                self._by_label.setdefault(label, {})[language] = values

    def swapped(self, example: Example, draw: random.Random, *, share: float) -> Example:
        """The utterance with a share of its values replaced by others of its language and label."""
        text, spans, end_before = "", [], 0
        for start, end, label in sorted(example.spans):
            value = example.text[start:end]
            others = self._pool.get((example.language, label), ())
            if others and label not in _CODES and draw.random() < share:
                value = draw.choice(others)
            text += example.text[end_before:start]
            spans.append((len(text), len(text) + len(value), label))
            text += value
            end_before = end
        return replace(example, text=text + example.text[end_before:], spans=tuple(spans))

    def switched(self, example: Example, draw: random.Random) -> Example:
        """The utterance with a part of its phrases and values in one other language."""
        return self._switch.switched(example, draw, pool=self._by_label)

    def varied(
        self,
        example: Example,
        draw: random.Random,
        *,
        swapped: float,
        augment: float,
        romanised: float = 0.0,
        switched: float = 0.0,
    ) -> Example:
        """One drawn variant: a share of the values `swapped`, and with probability `augment` other digits, typos and case.

        `switched` and `romanised` are the probabilities of words of another language and of Latin letters (`hi`, `ar`
        and `ru` only). At 0 nothing is drawn for them, so that the variants of a seed stay what they were.
        """
        example = self.swapped(example, draw, share=swapped)
        if switched and draw.random() < switched:
            example = self.switched(example, draw)
        if romanised and draw.random() < romanised:
            example = in_latin_letters(example, draw)
        return augmented(example, draw) if draw.random() < augment else example


def in_latin_letters(example: Example, draw: random.Random) -> Example:
    """A Hindi, Arabic or Russian utterance in Latin letters, its entities too; other languages, and what is no letter of
    the script (numbers, codes, Latin names), as they are. `example` comes back where nothing would be left of an entity.
    """
    if example.language not in ROMANISED:
        return example

    def latin(text: str) -> str:
        return in_latin(text, example.language, draw)

    text, before = "", 0
    spans: list[Span] = []
    for start, end, label in sorted(example.spans):
        text += latin(example.text[before:start])
        value = latin(example.text[start:end])
        if not value.strip():
            return example
        spans.append((len(text), len(text) + len(value), label))
        text, before = text + value, end
    text += latin(example.text[before:])
    return replace(example, text=text, spans=tuple(spans)) if text.strip() else example


def without_diacritics(text: str) -> str:
    """Latin letters without their marks, one character for one, so that offsets stay; other scripts are untouched.

    >>> without_diacritics("où est ma façon, źle, हिन्दी")
    'ou est ma facon, zle, हिन्दी'
    """
    out = []
    for character in text:
        base = unicodedata.normalize("NFD", character)[0]
        out.append(base if base in string.ascii_letters else character)
    return "".join(out)


def _lower(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def _lower_outside(text: str, spans: list[Span]) -> str:
    lowered = list(_lower(text))
    for start, end, _ in spans:
        lowered[start:end] = text[start:end]
    return "".join(lowered)


def _other_digits(text: str, spans: list[Span], draw: random.Random) -> tuple[str, list[Span]]:
    characters = list(text)
    for start, end, label in spans:
        if label not in _CODES or draw.random() < 0.3:
            continue
        first = next((index for index in range(start, end) if text[index] in string.digits), start)
        for index in range(start, end):
            if characters[index] in string.digits and not (index == first and label == "amount"):
                characters[index] = draw.choice(string.digits)
            elif label == "order_number" and characters[index] in string.ascii_uppercase:
                characters[index] = draw.choice(string.ascii_uppercase)
    return "".join(characters), spans


def _typo(text: str, spans: list[Span], draw: random.Random) -> tuple[str, list[Span]]:
    """Drop, double or swap one letter outside entities (alphabetic scripts only)."""
    inside = {index for start, end, _ in spans for index in range(start - 1, end + 1)}
    places = [
        index
        for index in range(1, len(text) - 1)
        if text[index].isalpha() and text[index + 1].isalpha() and ord(text[index]) < 0x900 and index not in inside
    ]
    if not places:
        return text, spans
    at = draw.choice(places)
    kind = draw.choice(("drop", "double", "swap"))
    if kind == "swap" and at + 1 not in inside:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :], spans
    shift = 1 if kind == "double" else -1
    middle = text[at] * 2 if kind == "double" else ""
    moved = [(s + shift * (s > at), e + shift * (e > at), label) for s, e, label in spans]
    return text[:at] + middle + text[at + 1 :], moved
