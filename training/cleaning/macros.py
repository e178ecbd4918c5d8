"""What agents send again and again, whole messages and sentences -> the macros among it, and which are courtesies.

A macro is found by counting, in any language; `training.logs.courtesies` knows courtesies by their words. Both together
find what no list of words holds: the request to rate the chat, the notice that it will be ended.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from training.cleaning.about_chat import is_about_chat
from training.cleaning.folding import text_key
from training.cleaning.near_duplicates import groups
from training.logs.courtesies import n_words, substance

MIN_WORDS = 2
N_CELLS = 1 << 24
MAX_COUNT = 255
PROMOTED_AT = 3
"""Conversations after which a wording is remembered with its text; until then it is one number among N_CELLS."""
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…؟।]+(?=\s|$)|[。！？]+|(?=\n|$))")


@dataclass(frozen=True, slots=True)
class Macro:
    """A wording that comes back.

    Attributes:
        text: its most frequent form.
        n_conversations: those that hold it or a near-duplicate; a conversation with two forms counts twice.
        is_courtesy: whether it says nothing that answers a question.
        keys: `text_key` of every form.
    """

    text: str
    n_conversations: int
    is_courtesy: bool
    keys: frozenset[int]


class _Counts:
    """Conversations of each wording: a count-min sketch (Cormode and Muthukrishnan 2005) of two rows for the rare ones.

    Its 32 MiB stand for any number of wordings. What reaches PROMOTED_AT there is counted by itself from then on; two
    rare wordings that share both cells may be promoted too soon, never too late.
    """

    def __init__(self, promoted_at: int) -> None:
        self._rows = (bytearray(N_CELLS), bytearray(N_CELLS))
        self._promoted_at = promoted_at
        self.of: dict[int, int] = {}
        self.texts: dict[int, str] = {}

    def add(self, key: int, text: str) -> None:
        """One more conversation holds it."""
        if key in self.of:
            self.of[key] += 1
            return
        cells = (key % N_CELLS, (key >> 32) % N_CELLS)
        count = min(row[cell] for row, cell in zip(self._rows, cells, strict=True)) + 1
        for row, cell in zip(self._rows, cells, strict=True):
            row[cell] = max(row[cell], min(count, MAX_COUNT))
        if count >= self._promoted_at:
            self.of[key] = count
            self.texts[key] = text


def find_macros(texts: Iterable[tuple[str, str]], *, min_conversations: int = 5) -> list[Macro]:
    """Macros among (conversation id, agent's text), the most frequent first.

    The texts of a conversation stand together, and are clean and, best, redacted: names would keep the forms of a macro
    apart. Memory grows with the wordings that come back, not with the texts. A sentence is left out where it only ever
    comes in a message that is a macro itself. ValueError where `min_conversations` is below 2.
    """
    if min_conversations < 2:
        raise ValueError(f"min_conversations: expected 2 or more, found {min_conversations}; once is no macro.")
    counts = _counted(texts, promoted_at=min(PROMOTED_AT, min_conversations))
    keys = sorted(counts.of, key=lambda key: (-counts.of[key], key))
    sentences = [key for key in keys if _is_sentence(counts.texts[key])]
    messages = [key for key in keys if not _is_sentence(counts.texts[key])]
    found = [
        macro
        for macro in (*_joined(sentences, counts), *_joined(messages, counts))
        if macro.n_conversations >= min_conversations
    ]
    found.sort(key=lambda macro: (-macro.n_conversations, macro.text))
    return _without_parts(found)


def without_macro_courtesies(text: str, macros: Sequence[Macro]) -> str:
    """The message less those of its sentences that are courtesies among the macros; empty where nothing else stands.

    >>> bye = Macro("Please rate this chat.", 9, True, frozenset({text_key("please rate this chat")}))
    >>> without_macro_courtesies("It ships today. Please rate this chat!", [bye])
    'It ships today.'
    """
    courtesies = [macro.keys for macro in macros if macro.is_courtesy]
    if _holds(courtesies, text):
        return ""
    kept: list[str] = []
    start = 0
    for sentence in _SENTENCE.finditer(text):
        if _holds(courtesies, sentence[0]):
            kept.append(text[start : sentence.start()])
            start = sentence.end()
    return text if not kept else re.sub(r"[ \t]{2,}", " ", "".join([*kept, text[start:]])).strip()


def wordings(text: str) -> Iterator[str]:
    """The message and, where it has several, its sentences; those of one word are no macros."""
    sentences = [found[0].strip() for found in _SENTENCE.finditer(text)]
    for wording in [text, *sentences] if len(sentences) > 1 else [text]:
        if n_words(wording) >= MIN_WORDS:
            yield wording.strip()


def _counted(texts: Iterable[tuple[str, str]], *, promoted_at: int) -> _Counts:
    counts = _Counts(promoted_at)
    current, seen = "", set[int]()
    for conversation, text in texts:
        if conversation != current:
            current, seen = conversation, set()
        for wording in wordings(text):
            key = text_key(wording)
            if key not in seen:
                seen.add(key)
                counts.add(key, wording)
    return counts


def _joined(keys: list[int], counts: _Counts) -> Iterator[Macro]:
    """A macro for each group of near-duplicates; a message never joins its own sentence, which would count it twice."""
    forms: defaultdict[int, list[int]] = defaultdict(list)
    for key, group in zip(keys, groups([counts.texts[key] for key in keys]), strict=True):
        forms[group].append(key)
    for members in forms.values():
        text = counts.texts[members[0]]
        yield Macro(text, sum(counts.of[key] for key in members), _is_courtesy(text), frozenset(members))


def _is_sentence(text: str) -> bool:
    return next(islice(_SENTENCE.finditer(text), 1, None), None) is None


def _without_parts(macros: list[Macro]) -> list[Macro]:
    """Without sentences that come no more often than a message that holds them."""
    in_message: dict[int, int] = {}
    for macro in macros:
        _, *sentences = wordings(macro.text)
        for key in map(text_key, sentences):
            in_message[key] = max(in_message.get(key, 0), macro.n_conversations)
    return [
        macro
        for macro in macros
        if macro.n_conversations > max((in_message.get(key, 0) for key in macro.keys), default=0)
    ]


def _is_courtesy(text: str) -> bool:
    return not substance(text) or all(
        not substance(sentence[0]) or is_about_chat(sentence[0]) for sentence in _SENTENCE.finditer(text)
    )


def _holds(keys: Iterable[frozenset[int]], text: str) -> bool:
    key = text_key(text)
    return any(key in some for some in keys)
