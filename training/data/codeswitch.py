"""Code-switching: words of an utterance in another language, the way bilingual customers type.

A phrase outside the entities gives way to its counterpart of parallel interface strings, an entity's value to what
stands in its place in a parallel utterance, or to any value of its label in the other language. `augment` changes an
utterance within its language; here one other language is drawn for the whole utterance, spans follow the text, and the
row keeps its own language.
Multilingual code-switching for cross-lingual transfer: Qin et al. 2020, https://arxiv.org/abs/2006.06402
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from training.data.corpora import Utterance
from training.data.dataset import Example

Parallel = Mapping[str, str]
"""One meaning by language."""
Lexicon = Mapping[str, Mapping[str, Sequence[Parallel]]]
"""Language -> text in lower case -> the meanings it stands for."""
Pool = Mapping[str, Mapping[str, Sequence[str]]]
"""Label -> language -> values."""

MAX_WORDS = 3
MAX_MEANINGS = 4
ENGLISH_SHARE = 0.5
"""Where English is among the languages that an utterance can be mixed with, it is drawn this often."""

_LETTER_OF_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_UNSPACED = re.compile(f"[{_LETTER_OF_UNSPACED}]")
_WORDS_OF_UNSPACED = re.compile(f"[{_LETTER_OF_UNSPACED}]{{2,8}}")
_EDGES = " \t\n.,;:!?…¿¡\"'()[]«»“”„。、，！？؟،।*-"
_TOKEN = re.compile(rf"[{_LETTER_OF_UNSPACED}]|[^{_LETTER_OF_UNSPACED}\s.,;:!?…¿¡\"'’()\[\]«»“”„。、，！？؟،।]+")
_PLACEHOLDER = re.compile(r"[{}%<>@|/\\]|\d")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where another language can stand, by what; `label` is empty outside entities."""

    start: int
    end: int
    label: str
    meanings: Sequence[Parallel]


class CodeSwitch:
    """Puts counterparts of one other language into an utterance."""

    def __init__(self, phrases: Lexicon, values: Lexicon | None = None) -> None:
        """`phrases` are looked up outside the entities, `values` as whole entities."""
        self._phrases = phrases
        self._values = values or {}
        self._n_tokens = {
            language: max((sum(1 for _ in _TOKEN.finditer(text)) for text in texts), default=0)
            for language, texts in phrases.items()
        }

    @classmethod
    def from_parallel(
        cls,
        interface: Iterable[Parallel] = (),
        requests: Iterable[Sequence[Utterance]] = (),
        *,
        languages: Collection[str] | None = None,
    ) -> CodeSwitch:
        """From interface strings by language (`corpora.parallel_interface`) and parallel utterances (`corpora.massive`).

        Strings of more than three words, or with a placeholder or a digit, are no phrase; of an utterance the slots
        count that it has once. `languages` are the only ones to mix; without, all that the rows have.
        """
        phrases = ({tag: _phrase(text) for tag, text in group.items()} for group in interface)
        slots = (group for rows in requests for group in _slots(rows))
        return cls(_lexicon(phrases, languages), _lexicon(slots, languages))

    def switched(
        self, example: Example, draw: random.Random, *, share: float = 0.5, pool: Pool | None = None
    ) -> Example:
        """The utterance with at least one place, and a `share` of the others, in one drawn other language.

        `pool` has further values of entities. An utterance of no language, or without such a place, stays as it is.
        """
        if not example.language:
            return example
        pool = pool or {}
        places = [*self._entities(example, pool), *self._outside(example)]
        if not places:
            return example
        certain = draw.choice(places)
        source = draw.choice(certain.meanings) if certain.meanings else pool[certain.label]
        others = [language for language in source if language != example.language]
        other = "en" if "en" in others and draw.random() < ENGLISH_SHARE else draw.choice(others)
        chosen = [place for place in places if place is certain or draw.random() < share]
        texts = {(place.start, place.end): self._counterpart(place, other, draw, pool) for place in chosen}
        return _replaced(example, {place: text for place, text in texts.items() if text})

    def _entities(self, example: Example, pool: Pool) -> Iterator[_Place]:
        known = self._values.get(example.language, {})
        for start, end, label in example.spans:
            meanings = known.get(example.text[start:end].lower(), ())
            if meanings or any(language != example.language for language in pool.get(label, ())):
                yield _Place(start, end, label, meanings)

    def _outside(self, example: Example) -> Iterator[_Place]:
        """Phrases outside entities, the longest first, from left to right."""
        phrases, text = self._phrases.get(example.language), example.text
        if not phrases:
            return
        tokens = [match.span() for match in _TOKEN.finditer(text)]
        inside = [any(start < stop and begin < end for start, end, _ in example.spans) for begin, stop in tokens]
        at = 0
        while at < len(tokens):
            begin, following = tokens[at][0], at + 1
            last = min(at + self._n_tokens[example.language], len(tokens))
            for stop in range(last, at, -1):
                meanings = phrases.get(text[begin : tokens[stop - 1][1]].lower())
                if meanings and not any(inside[at:stop]):
                    yield _Place(begin, tokens[stop - 1][1], "", meanings)
                    following = stop
                    break
            at = following

    @staticmethod
    def _counterpart(place: _Place, other: str, draw: random.Random, pool: Pool) -> str:
        known = [meaning[other] for meaning in place.meanings if other in meaning]
        texts = known or pool.get(place.label, {}).get(other, ())
        return draw.choice(texts) if texts else ""


def _replaced(example: Example, texts: Mapping[tuple[int, int], str]) -> Example:
    """The utterance with `texts` for what stands from start to end; entities keep their label and move with the text."""
    out, before = "", 0
    spans: list[tuple[int, int, str]] = []
    labels = {(start, end): label for start, end, label in example.spans}
    for start, end in sorted({*texts, *labels}):
        old = example.text[start:end]
        text = _as_written(texts[start, end], old) if (start, end) in texts else old
        out += example.text[before:start]
        out += _space(out, text, old)
        if (start, end) in labels:
            spans.append((len(out), len(out) + len(text), labels[start, end]))
        out += text
        out += _space(out, example.text[end : end + 1], old)
        before = end
    return replace(example, text=out + example.text[before:], spans=tuple(spans))


def _space(left: str, right: str, old: str) -> str:
    """A space where Latin words would run together because one of them took the place of a text without spaces."""
    together = left[-1:].isalnum() and right[:1].isalnum() and (left[-1:] + right[:1]).isascii()
    return " " if together and _UNSPACED.search(old) else ""


def _as_written(text: str, old: str) -> str:
    """`text` begins as `old` does, with a capital or without; abbreviations keep theirs."""
    if text[:2].isupper():
        return text
    if old[:1].islower():
        return text[:1].lower() + text[1:]
    return text[:1].upper() + text[1:] if old[:1].isupper() else text


def _phrase(text: str) -> str:
    """The string without punctuation around it; empty where it is no phrase of a few words."""
    text = text.strip(_EDGES)
    if len(text) < 2 or _PLACEHOLDER.search(text):
        return ""
    if _UNSPACED.search(text):
        return text if _WORDS_OF_UNSPACED.fullmatch(text) else ""
    return text if len(text.split()) <= MAX_WORDS and any(character.isalpha() for character in text) else ""


def _slots(rows: Sequence[Utterance]) -> Iterator[dict[str, str]]:
    """Values of one slot in parallel utterances, by language; not of a slot that an utterance has twice."""
    by_label: dict[str, dict[str, str]] = {}
    for row in rows:
        labels = [label for _, _, label in row.spans]
        for start, end, label in row.spans:
            if labels.count(label) == 1:
                by_label.setdefault(label, {})[row.language] = row.text[start:end]
    return iter(by_label.values())


def _lexicon(groups: Iterable[Parallel], languages: Collection[str] | None) -> dict[str, dict[str, list[Parallel]]]:
    """Texts by language; the meanings that more languages have come first, and few are kept."""
    kept = [
        {tag: text for tag, text in group.items() if text and (languages is None or tag in languages)}
        for group in groups
    ]
    lexicon: dict[str, dict[str, list[Parallel]]] = {}
    for group in sorted((group for group in kept if len(group) > 1), key=len, reverse=True):
        for language, text in group.items():
            meanings = lexicon.setdefault(language, {}).setdefault(text.lower(), [])
            if len(meanings) < MAX_MEANINGS:
                meanings.append(group)
    return lexicon
