"""A template in a language that lacks one, drafted by the writer from the same need's template in another language.

The draft passes the checks of every reply, or there is none; it waits for approval, marked as a draft.
"""

from __future__ import annotations

from pathlib import Path

from generation.checks import served_checks
from generation.placeholders import PLACEHOLDER
from generation.prompt import LANGUAGES
from generation.reply import ReplyRequest, ReplySource, ReplyWriter, WrittenBy
from generation.writer import Writer
from nlu.language import LanguageIdentifier
from retrieval.encoder import SentenceEncoder
from store.template_tables import Template

_TIME_LIMIT_S = 20.0


class NoDraft(ValueError):
    """The writer has nothing to offer; the message says why."""


class Drafter:
    """The writer with the checks of served replies; placeholders stay as they are."""

    def __init__(self, models_dir: Path) -> None:
        """Raises FileNotFoundError naming what is missing and the command that makes it."""
        encoder, identifier = SentenceEncoder(models_dir / "retrieval"), LanguageIdentifier(models_dir / "language")
        checks = served_checks(identify=identifier.code_of, similarity=encoder.similarity)
        writer = Writer(models_dir / "writer", time_limit_s=_TIME_LIMIT_S)
        self._writer = ReplyWriter(writer, checks, nearest_notice=lambda *_: "")

    def draft(self, template: Template, language: str) -> str:
        """The template's text in `language`, its placeholders kept. Raises NoDraft."""
        for code in (language, template.language):
            if code not in LANGUAGES:
                raise NoDraft(f"the writer does not know {code!r}; write the template yourself")
        names = PLACEHOLDER.findall(template.text)
        reply = self._writer.write(
            ReplyRequest(
                language=language,
                intent=template.intent,
                message=next(iter(template.questions), ""),
                sources=(ReplySource(template.id, template.language, template.text),),
                values={name: f"{{{name}}}" for name in names},
            )
        )
        if reply is None or reply.written_by is not WrittenBy.GENERATOR:
            failed = [f"{name}: {why}" for name, why in (reply.checks if reply else {}).items() if why != "ok"]
            raise NoDraft(f"no draft passed the checks ({'; '.join(failed) or 'nothing written'}); write it yourself")
        return reply.text
