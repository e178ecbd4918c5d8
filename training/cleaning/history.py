"""A mail -> the mail without the earlier ones that it quotes or forwards; `signatures` cuts what its author is called.

Lines that begin with `>` go wherever they stand, with the line that introduces them, so that answers below a quote and
between quoted lines stay. What follows a header without such marks goes to the end, but only where something stands
above it: a mail that is nothing but a forwarded one stays whole.
"""

from __future__ import annotations

import re

from training.cleaning.history_marks import attribution_end, header_end, is_reply_above, is_separator
from training.logs.courtesies import n_words

MIN_QUOTED_WORDS = 3
"""Words a line, on average, from which lines beginning with `>` are taken for a mail without being introduced as one."""
_QUOTED = re.compile(r"\s{0,3}>(?![:;=.<_][^\s]|\s?=)")
_COMPARES = re.compile(r"\s{0,3}>\s?[\d€$£<]")
_UNDERSCORES = re.compile(r"\s*_{8,}\s*$")


def without_history(text: str) -> str:
    """The lines its author wrote; the text as it is where none would be left.

    >>> without_history("Still nothing.\\n\\nOn Tue, 4 Mar 2025 at 09:30, Anna <a@shop.example> wrote:\\n> It is on its way.")
    'Still nothing.'
    """
    lines = text.split("\n")
    quoted = _quoted(lines)
    kept: list[str] = []
    place, has_written = 0, False
    while place < len(lines):
        if quoted[place]:
            place += 1
            continue
        end = _mark_end(lines, quoted, place)
        if end == place:
            kept.append(lines[place])
            has_written = has_written or bool(lines[place].strip())
            place += 1
            continue
        if not _is_quoted_next(lines, quoted, end):
            if has_written:
                break
            if not is_reply_above(lines[place]):
                kept.extend(lines[place:end])
        place = end
    return "\n".join(kept).strip() if has_written else text


def _quoted(lines: list[str]) -> list[bool]:
    """Which lines are quoted; neither a single `> 5 kg` nor the steps of a menu (`> Settings`), which nothing introduces."""
    quoted = [_QUOTED.match(line) is not None for line in lines]
    if not any(quoted):
        return quoted
    words = [n_words(line) for line, is_quoted in zip(lines, quoted, strict=True) if is_quoted and line.strip("> ")]
    is_single = sum(quoted) == 1 and _COMPARES.match(lines[quoted.index(True)]) is not None
    if (is_single or sum(words) < MIN_QUOTED_WORDS * len(words)) and not any(
        _mark_end(lines, quoted, place) > place for place in range(len(lines)) if not quoted[place]
    ):
        return [False] * len(lines)
    return quoted


def _mark_end(lines: list[str], quoted: list[bool], place: int) -> int:
    """End (exclusive) of the mark of an earlier mail that begins at this line, else `place`."""
    if not lines[place].strip():
        return place
    if is_reply_above(lines[place]):
        return place + 1
    if is_separator(lines[place]):
        below = _next_written(lines, place + 1)
        return max(place + 1, header_end(lines, below)) if below < len(lines) else place + 1
    if _UNDERSCORES.match(lines[place]):
        below = _next_written(lines, place + 1)
        end = header_end(lines, below) if below < len(lines) else below
        return end if end > below else place
    end = header_end(lines, place)
    return end if end > place else attribution_end(lines, place, quoted_after=_is_quoted_next(lines, quoted, place + 1))


def _next_written(lines: list[str], place: int) -> int:
    while place < len(lines) and not lines[place].strip():
        place += 1
    return place


def _is_quoted_next(lines: list[str], quoted: list[bool], place: int) -> bool:
    below = _next_written(lines, place)
    return below < len(lines) and quoted[below]
