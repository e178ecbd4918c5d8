"""Values the writer must not touch: `{placeholders}`, numbers, links, e-mails and codes become sentinels and come back.

The writer copies `<v0>`, `<v1>` ... and never spells a number, so it cannot get one wrong; restoring puts the value in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

N_SENTINELS = 16
SENTINELS = tuple(f"<v{index}>" for index in range(N_SENTINELS))
SENTINEL = re.compile(r"<v\d+>")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# ASCII only: where no space stands between words, and at a bidi mark, the text goes on right behind an address.
EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_URL = r"A-Za-z0-9_~/#@$&*+=%\-"
LINK = rf"https?://[{_URL}.,:;!?'()\[\]]*[{_URL}]"
NUMBER = r"\d+(?:[.,:/\u00a0\u202f-]\d+)*"
LITERAL = re.compile(rf"\{{\w+\}}|{LINK}|{EMAIL}|#?[A-Z]{{1,4}}-?\d[\dA-Z-]*|{NUMBER}")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


class MissingValue(ValueError):
    """A text needs a value that nobody gave."""


@dataclass(frozen=True, slots=True)
class Protected:
    """Texts with sentinels, and what each sentinel stands for (a literal or a `{placeholder}`)."""

    texts: tuple[str, ...]
    sentinels: Mapping[str, str]


def protect(texts: Sequence[str]) -> Protected:
    """Numbers sentinels by first appearance; the same literal has the same sentinel in every text.

    >>> protect(["Bis {date}, 30 Tage", "{date}!"]).texts
    ('Bis <v0>, <v1> Tage', '<v0>!')
    """
    names: dict[str, str] = {}

    def sentinel(match: re.Match[str]) -> str:
        literal = match[0]
        if literal not in names and len(names) < N_SENTINELS:
            names[literal] = SENTINELS[len(names)]
        return names.get(literal, literal)

    changed = tuple(LITERAL.sub(sentinel, text) for text in texts)
    return Protected(changed, {name: literal for literal, name in names.items()})


def restore(text: str, sentinels: Mapping[str, str]) -> str:
    """Put literals and placeholders back; an unknown sentinel stays, so that a check finds it.

    >>> restore("<v1> Tage, bis <v0>", {"<v0>": "{date}", "<v1>": "30"})
    '30 Tage, bis {date}'
    """
    return SENTINEL.sub(lambda match: sentinels.get(match[0], match[0]), text)


def fill(text: str, values: Mapping[str, str], *, language: str) -> str:
    """Replace every `{name}` by its value; raises MissingValue naming those that are not there.

    In right-to-left languages a value is isolated (Unicode bidi FSI ... PDI), so that numbers and links stand right.
    """
    missing = [name for name in PLACEHOLDER.findall(text) if not values.get(name)]
    if missing:
        raise MissingValue(f"no value for {', '.join(sorted(set(missing)))}; given are {', '.join(sorted(values))}")
    left, right = (FIRST_STRONG_ISOLATE, POP_ISOLATE) if language in RIGHT_TO_LEFT else ("", "")
    return PLACEHOLDER.sub(lambda match: f"{left}{values[match[1]]}{right}", text)
