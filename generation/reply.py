"""Templates, values and a language -> a reply that may leave, with its reasons.

Order: the writer's text if it passes every check; else the template verbatim in the customer's language; else the
template of the nearest available language behind one sentence that says so; else nothing, and a person takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from generation.checks import Check, Draft, run_checks
from generation.placeholders import PLACEHOLDER, MissingValue, fill, protect, restore
from generation.prompt import LANGUAGES, Source, build_prompt
from generation.writer import Writer


class WrittenBy(str, Enum):
    """Who wrote the reply."""

    GENERATOR = "generator"
    TEMPLATE = "template"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class ReplySource:
    """A template to answer from: `id` goes into the metadata, `text` holds placeholders."""

    id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """What a reply is written from. `sources` best first; `values` are ready-formatted."""

    language: str
    intent: str
    message: str
    sources: tuple[ReplySource, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """`checks` maps a check's name to "ok" or the reason; empty when the writer was not asked."""

    text: str
    language: str
    answer_ids: tuple[str, ...]
    written_by: WrittenBy
    checks: Mapping[str, str]


class ReplyWriter:
    """Writer, checks and fallbacks. `nearest_notice(reply_language, answer_language)` is the sentence before a foreign text."""

    def __init__(
        self, writer: Writer | None, checks: Sequence[Check], *, nearest_notice: Callable[[str, str], str]
    ) -> None:
        self._writer = writer
        self._checks = checks
        self._nearest_notice = nearest_notice

    def write(self, request: ReplyRequest) -> Reply | None:
        """A reply, or None when no source can be filled with the values given."""
        sources = [source for source in request.sources if _fillable(source, request.values)]
        if not sources:
            return None
        basis = next((source for source in sources if source.language in LANGUAGES), None)
        draft, checks = self._draft(request, basis) if basis else (None, {})
        if draft is not None and basis is not None:
            return Reply(draft, request.language, (basis.id,), WrittenBy.GENERATOR, checks)
        source = next((one for one in sources if one.language == request.language), sources[0])
        text = fill(source.text, request.values, language=source.language)
        if source.language != request.language:
            text = f"{self._nearest_notice(request.language, source.language)} {text}"
        return Reply(text, source.language, (source.id,), WrittenBy.TEMPLATE, checks)

    def _draft(self, request: ReplyRequest, source: ReplySource) -> tuple[str | None, dict[str, str]]:
        if self._writer is None or request.language not in LANGUAGES:
            return None, {}
        prompt = build_prompt(
            language=request.language,
            intent=request.intent,
            sources=[Source(source.language, source.text)],
            message=request.message,
        )
        written = self._writer.write(prompt.text)
        if written is None:
            return None, {"written": "nothing within the time limit"}
        try:
            text = fill(restore(written, prompt.sentinels), request.values, language=request.language)
        except MissingValue:
            return None, {"written": "a placeholder without a value"}
        draft = Draft(
            text=text,
            language=request.language,
            template=fill(source.text, request.values, language=source.language),
            template_language=source.language,
            required=tuple(_required(source.text, request.values)),
            known=(request.message, *request.values.values()),
        )
        verdicts = run_checks(self._checks, draft)
        outcome = {name: "ok" if verdict.passed else verdict.reason for name, verdict in verdicts.items()}
        return (text if all(verdict.passed for verdict in verdicts.values()) else None), outcome


def _fillable(source: ReplySource, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for name in PLACEHOLDER.findall(source.text))


def _required(text: str, values: Mapping[str, str]) -> list[str]:
    literals = protect([text]).sentinels.values()
    return [values[literal[1:-1]] if literal.startswith("{") else literal for literal in literals]
