"""Numbers that a state gives a person, each with its country's own check; a cue word makes up for a check that fails.

Written as its country writes it, or with a check that a random number rarely passes, an id needs no cue. Nine to
twelve bare digits with a weak check need one. The checks are python-stdnum's (https://arthurdejong.org/python-stdnum/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from training.redaction.number_cues import ID_CUE, NEAR
from training.redaction.shapes import BLANK, Interval

_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z]", ("it.codicefiscale",)),
    (r"(?:[XYZ]-?)?\d{7,8}-?[A-HJ-NP-TV-Z]", ("es.dni", "es.nie")),
    (r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", ("in_.pan",)),
    (r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d", ("ch.ssn",)),
    (r"[12378] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d", ("fr.nir",)),
    (r"\d{17}[\dX]", ("cn.ric",)),
    (r"\d{2}[ .]?\d{3}[ .]?\d{3}/?\d{4}-?\d\d", ("br.cnpj",)),
    (r"\d{3}[. ]?\d{3}[. ]?\d{3}[- ]?\d\d", ("br.cpf", "pl.pesel", "tr.tckimlik")),
    (r"\d{3}-\d{3}-\d{3}[- ]\d\d", ()),
    (r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}", ("in_.aadhaar",)),
    (r"\d\d \d{3} \d{3} \d{3}", ("de.idnr",)),
    (r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}", ()),
    (r"9\d\d-(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-\d{4}", ()),
    (r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", ()),
    (r"\d\d ?[0-3]\d[01]\d\d\d ?[A-Z] ?\d{3}", ()),
)
"""A way to write an id, and the modules of stdnum of which one must hold it for valid (none: the form is enough)."""
_PATTERNS = tuple(
    (re.compile(rf"(?<![A-Za-z0-9])(?:{form})(?![A-Za-z0-9])", re.IGNORECASE), ids) for form, ids in _FORMS
)
_ANY = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(form for form, _ in _FORMS)})(?![A-Za-z0-9])", re.IGNORECASE)
_BEHIND_CUE = re.compile(rf"{NEAR}(?P<value>[A-Za-z]{{0,6}}\d(?:[ ./-]?[A-Za-z0-9]){{4,21}})(?![A-Za-z0-9])")
_FEWEST_DIGITS = 4


def national_ids(left: str, low: str) -> Iterator[Interval]:
    """Ids in `left`; `low` is the same in lower case."""
    after = 0
    for cue in ID_CUE.finditer(low):
        value = _BEHIND_CUE.match(left, cue.end())
        if value and cue.end() >= after and (end := _end_of_id(left, value.start("value"), value.end("value"))):
            after = end
            yield value.start("value"), end
            left = left[: value.start("value")] + BLANK * (end - value.start("value")) + left[end:]
    if _ANY.search(left):
        for pattern, ids in _PATTERNS:
            for match in pattern.finditer(left):
                if not ids or any(_check(name)(match[0]) for name in ids):
                    yield match.span()
                    left = left[: match.start()] + BLANK * (match.end() - match.start()) + left[match.end() :]


def is_national_id(written: str) -> bool:
    """Whether the whole of a text is an id by its form and check."""
    return any(
        pattern.fullmatch(written) and (not ids or any(_check(name)(written) for name in ids))
        for pattern, ids in _PATTERNS
    )


def _end_of_id(left: str, start: int, end: int) -> int | None:
    """Words behind the number do not belong to it: groups count as long as they hold a digit or are a single letter."""
    last, n_digits = None, 0
    for group in re.finditer(r"[A-Za-z0-9]+", left[start:end]):
        if not any(map(str.isdigit, group[0])) and (len(group[0]) > 1 or group[0].islower()) and last is not None:
            break
        n_digits += sum(map(str.isdigit, group[0]))
        last = start + group.end()
    return last if n_digits >= _FEWEST_DIGITS else None


@cache
def _check(name: str) -> Callable[[str], bool]:
    return import_module(f"stdnum.{name}").is_valid  # type: ignore[no-any-return]
