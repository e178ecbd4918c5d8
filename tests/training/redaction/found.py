"""What the finders say of a text, in a form that a test reads easily."""

from __future__ import annotations

from training.redaction.personal import Kind, find


def found(text: str, kind: Kind, *, languages: tuple[str, ...] = ()) -> list[str]:
    """The stretches of one kind, as written."""
    return [text[one.start : one.end] for one in find(text, languages=languages) if one.kind is kind]
