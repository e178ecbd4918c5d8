"""Rules for the marks of entities: Rasa's inline notation in a file, and spans beside a text that came from elsewhere.

An error is what the reader of the training (`training.data.dataset.plain_and_spans`) would take for something else than
its author meant; brackets that can be meant as brackets are a warning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from training.checks.places import Place, Problem, Severity

_ANNOTATION = re.compile(r"\[(?P<text>[^\[\]]*)\](?:\((?P<label>[^()]*)\)|(?P<json>\{[^{}]*\}))")
_HALF_AN_ANNOTATION = re.compile(r"\][({\[]|\[[^\[\]]*\(\w+\)")


def annotation_problems(where: Place, annotated: str, entities: frozenset[str]) -> Iterator[Problem]:
    """What is wrong with the marks of one utterance; an empty `entities` allows any name.

    >>> from pathlib import Path
    >>> place = Place(Path("de.yml"), 6)
    >>> [str(each) for each in annotation_problems(place, "wo ist [48213 ](order_number)", frozenset())]
    ["de.yml:6: warning: white space at the edge of the annotation '48213 '"]
    """
    if not annotated:
        yield where.problem("the utterance is empty", Severity.WARNING)
    if "[" not in annotated and "]" not in annotated:
        return
    for match in _ANNOTATION.finditer(annotated):
        inner, name = match["text"], match["label"]
        if match["json"]:
            try:
                name = str(json.loads(match["json"])["entity"])
            except (ValueError, KeyError):
                shape = 'expected {"entity": "..."} after the annotation'
                yield where.problem(f"{shape} {inner!r}, found {match['json']}")
                continue
        if not inner.strip():
            yield where.problem(f"the annotation of {name or 'no entity'} holds no text")
        elif inner != inner.strip():
            yield where.problem(f"white space at the edge of the annotation {inner!r}", Severity.WARNING)
        if not name.strip():
            yield where.problem(f"the annotation {inner!r} names no entity")
        elif not re.fullmatch(r"\w+", name) or (entities and name not in entities):
            known = ", ".join(sorted(entities)) or "a plain name of letters, digits and _"
            yield where.problem(f"unknown entity {name!r}: expected one of {known}")
    rest = _ANNOTATION.sub("", annotated)
    if re.search(r"[\[\]]", rest):
        broken = _HALF_AN_ANNOTATION.search(rest)
        yield where.problem(f"a bracket is left over: {annotated}", Severity.ERROR if broken else Severity.WARNING)


def span_problems(where: Place, text: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[Problem]:
    """Spans (start, end, entity; characters, end exclusive) that lie outside of `text`, hold nothing or overlap.

    The text itself is not quoted: it may be a customer's.
    """
    last_end = 0
    for start, end, label in sorted(spans):
        at = f"the entity {label!r} at {start}-{end}"
        if not label.strip():
            yield where.problem(f"the span {start}-{end} names no entity")
        if not 0 <= start <= end <= len(text):
            yield where.problem(f"{at} lies outside of its text of {len(text)} characters")
            continue
        if not text[start:end].strip():
            yield where.problem(f"{at} holds no text")
        elif start < last_end:
            yield where.problem(f"{at} overlaps the one before it, which ends at {last_end}")
        elif text[start:end] != text[start:end].strip():
            yield where.problem(f"{at} has white space at its edge", Severity.WARNING)
        last_end = max(last_end, end)
