"""The rows that the writer learns from: a prompt as serving builds it, and the reply, sentinels on both sides.

It learns to say a template in the language asked for: word for word where the template is in that language, and in
that language's own words where only another language's is there (our replies and templates, and parallel interface
strings). To say a text that it has never seen (a company's own template) it must copy: interface strings, customers'
texts put together anew in every step, and answers of logged dialogues keep that alive.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.placeholders import LITERAL
from generation.prompt import LANGUAGES, Source, build_prompt
from retrieval.templates import AnswerTemplate, topic_of
from training.data import corpora
from training.data.dataset import Example
from training.logs.rows import Answered

LOGGED = "logged"
"""Intent of a logged answer that none is known of."""
_SHORT_WORD = re.compile(r"[^\s{}]{1,12}")


@dataclass(frozen=True, slots=True)
class Row:
    """One training pair, sentinels on both sides."""

    prompt: str
    reply: str


class RowSource:
    """Draws training rows: a text of a meaning that is said in several languages, as template and as reply."""

    def __init__(
        self,
        *,
        templates: Sequence[AnswerTemplate],
        replies: Mapping[str, Mapping[str, Any]],
        examples: Sequence[Example],
        corpora_dir: Path,
        answered: Sequence[Answered] = (),
    ) -> None:
        self._own: dict[tuple[str, str], dict[str, list[str]]] = {}
        self._messages: dict[tuple[str, str], list[str]] = {}
        for template in templates:
            key = (template.intent, topic_of(template))
            self._own.setdefault(key, {}).setdefault(template.language, []).append(template.text)
            self._messages.setdefault((template.intent, template.language), []).extend(template.question_examples)
        for language, data in replies.items():
            for name, variants in data["replies"].items():
                self._own.setdefault((name, name), {}).setdefault(language, []).extend(variants)
        for number, row in enumerate(answered):
            if row.language in LANGUAGES:
                key = (row.intent or LOGGED, f"{LOGGED}.{number}")
                self._own.setdefault(key, {}).setdefault(row.language, []).append(row.answer)
                self._messages.setdefault((key[0], row.language), []).append(row.question)
        for example in examples:
            self._messages.setdefault((example.intent, example.language), []).append(example.text)
        asked = [row.question for row in answered] + [one for t in templates for one in t.question_examples]
        self._any = [example.text for example in examples] or asked or [""]
        self._keys = sorted(self._own)
        self._texts: dict[str, list[str]] = {}
        for example in examples:
            self._texts.setdefault(example.language, []).append(example.text)
        for languages in self._own.values():
            for language, variants in languages.items():
                self._texts.setdefault(language, []).extend(variants)
        everything = (text for texts in self._texts.values() for text in texts)
        self._words = sorted({word for text in everything for word in _SHORT_WORD.findall(text)})
        self._interface = [
            {language: text for language, text in group.items() if language in LANGUAGES}
            for group in corpora.parallel_interface(corpora_dir)
        ]
        self._interface = [group for group in self._interface if group]

    def texts(self) -> dict[str, list[str]]:
        """All texts by language, for the vocabulary."""
        out: dict[str, list[str]] = {}
        for languages in self._own.values():
            for language, variants in languages.items():
                out.setdefault(language, []).extend(variants * 6)
        for group in self._interface:
            for language, text in group.items():
                out.setdefault(language, []).append(text)
        for (_, language), messages in self._messages.items():
            out.setdefault(language, []).extend(messages)
        return out

    def draw(self, draw: random.Random, *, scrambled: float = 0.0) -> Row:
        """One row: half our own texts, a quarter interface strings, a quarter unseen texts; most word for word.

        A share of `scrambled` is random words instead.
        """
        if draw.random() < scrambled:
            return self._scrambled(draw)
        kind = draw.random()
        if self._interface and kind < 0.25:
            return self._from_interface(draw)
        if 0.25 <= kind < 0.5:
            return self._put_together(draw)
        intent, topic = draw.choice(self._keys)
        languages = self._own[intent, topic]
        language = draw.choice(sorted(languages))
        variant = draw.randrange(len(languages[language]))
        reply = languages[language][variant]
        if draw.random() < 0.6:
            source = Source(language, reply)
        else:
            other = draw.choice(sorted(languages))
            source = Source(other, languages[other][min(variant, len(languages[other]) - 1)])
        messages = self._messages.get((intent, language)) or self._any
        return self._row(language, intent, source, draw.choice(messages), reply)

    def batch(self, size: int, draw: random.Random, *, scrambled: float = 0.0) -> list[Row]:
        """`size` rows of about one length, so that little is spent on padding: a drawn quarter of four times as many."""
        drawn = (self.draw(draw, scrambled=scrambled) for _ in range(4 * size))
        rows = sorted(drawn, key=lambda row: len(row.prompt) + len(row.reply))
        start = draw.randrange(4) * size
        return rows[start : start + size]

    def _scrambled(self, draw: random.Random) -> Row:
        language = draw.choice(sorted(self._texts))
        text = " ".join(draw.choices(self._words, k=draw.randint(2, 8)))
        return self._row(language, draw.choice(self._keys)[0], Source(language, text), "", text)

    def _put_together(self, draw: random.Random) -> Row:
        """One or two texts of a customer or of ours behind one another, to be said word for word."""
        language = draw.choice(sorted(self._texts))
        text = " ".join(draw.choices(self._texts[language], k=draw.randint(1, 2)))
        return self._row(language, draw.choice(self._keys)[0], Source(language, text), draw.choice(self._any), text)

    def _from_interface(self, draw: random.Random) -> Row:
        group = draw.choice(self._interface)
        language = draw.choice(sorted(group))
        other = language if draw.random() < 0.8 else draw.choice(sorted(group))
        intent = draw.choice(self._keys)[0]
        return self._row(language, intent, Source(other, group[other]), draw.choice(self._any), group[language])

    def _row(self, language: str, intent: str, source: Source, message: str, reply: str) -> Row:
        prompt = build_prompt(language=language, intent=intent, sources=[source], message=message)
        names = {literal: sentinel for sentinel, literal in prompt.sentinels.items()}
        return Row(prompt.text, LITERAL.sub(lambda match: names.get(match[0], match[0]), reply))
