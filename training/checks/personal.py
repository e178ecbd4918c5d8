"""Checks of the messages that the tagger of names and addresses learns from, and is measured on (`data/personal`, tests/data)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from training.checks.characters import character_problems
from training.checks.fold import fold
from training.checks.places import Place, Problem
from training.redaction.filling import FILE_COMMENT, LOCALES, PIECE, read_messages

_LEFT_OVER = "{}[]"


def personal_problems(root: Path) -> Iterator[Problem]:
    """Of both folders: languages without countries, unknown slots, half marks, repeats, and messages that stand in both."""
    learnt = {path.stem: path for path in sorted((root / "data/personal").glob("*.txt"))}
    measured = {path.stem: path for path in sorted((root / "tests/data/personal").glob("*.txt"))}
    for language, path in [*learnt.items(), *measured.items()]:
        if language not in LOCALES:
            yield Problem(
                path, 1, f"expected a language with countries in training/redaction/filling.py, found {language}"
            )
        try:
            read_messages(path)
        except ValueError as error:
            where, _, message = str(error).removeprefix(f"{path}:").partition(": ")
            yield Problem(path, int(where), message)
    for language, path in learnt.items():
        seen: dict[str, Place] = {}
        yield from _line_problems(path, seen)
        if language in measured:
            yield from _line_problems(measured[language], seen)


def _line_problems(path: Path, seen: dict[str, Place]) -> Iterator[Problem]:
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip() or line.startswith(FILE_COMMENT):
            continue
        place = Place(path, number)
        yield from character_problems(place, line)
        if set(_LEFT_OVER) & set(PIECE.sub("", line)):
            yield place.problem("expected slots as {name} and spans as [written out](name), found half of one")
        key = fold(line, digits=True)
        if key in seen:
            yield place.problem(f"the same message stands at {seen[key]}")
        seen.setdefault(key, place)
