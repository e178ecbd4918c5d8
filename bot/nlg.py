"""MultilingualResponder: Rasa's NLG (`endpoints.yml`, `nlg: type: bot.nlg.MultilingualResponder`).

It answers in the conversation's language. `utter_answer` is written from the answers of the latest parse; every other
key comes from data/replies. It never encodes the customer's message a second time, and never leaves a customer without
a reply: a key that nobody translated goes out in the nearest language, with a sentence that says so.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.conversation import conversation_language
from bot.formatting import facts_in, read_facts, value
from bot.replies import Replies
from bot.settings import settings
from generation.checks import served_checks
from generation.placeholders import MissingValue, fill
from generation.reply import Reply, ReplyRequest, ReplySource, ReplyWriter, WrittenBy
from generation.writer import Writer
from nlu.conversation import Decision
from nlu.language import LanguageIdentifier
from nlu.language_names import language_name
from retrieval.encoder import SentenceEncoder
from retrieval.live import LiveIndex

logger = logging.getLogger(__name__)
ANSWER_KEY = "utter_answer"
NO_ANSWER_KEY = "utter_no_answer"
UNAVAILABLE_KEY = "utter_language_unavailable"
NEAREST_KEY = "utter_nearest_language"
HANDOFF_KEYS = frozenset({"utter_handoff", "utter_handoff_waiting"})
TWIN_SIMILARITY = 0.6


class MultilingualResponder(NaturalLanguageGenerator):  # type: ignore[misc]
    """Loads replies, facts, templates and the writer once; `generate` is called for each bot message."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        """Keys of `endpoints.yml`: `data` (replies and facts), `models` (writer, retrieval, language), `index`."""
        options = getattr(endpoint_config, "kwargs", None) or {}
        data, models = Path(options.get("data", "data")), Path(options.get("models", settings().models_dir))
        self._replies = Replies.read(data / "replies")
        self._facts = read_facts(data / "facts.yml")
        encoder = SentenceEncoder(models / "retrieval")
        self._index = LiveIndex(Path(options.get("index", "models/index")), encoder=encoder)
        identifier = LanguageIdentifier(models / "language")

        checks = served_checks(identify=identifier.code_of, similarity=encoder.similarity)
        self._writer = ReplyWriter(Writer(models / "writer"), checks, nearest_notice=self._nearest_notice)

    async def generate(
        self, utter_action: Text, tracker: DialogueStateTracker, output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        """The bot message as Rasa wants it: text, buttons, metadata of the contract."""
        events = [event.as_dict() for event in tracker.events]
        decision = conversation_language(events)
        choices: List[Dict[str, Any]] = kwargs.pop("choices", None) or []
        reply = await asyncio.to_thread(self._reply, utter_action, decision, tracker, kwargs)
        metadata: Dict[str, Any] = {
            "language": reply.language,
            "language_reason": decision.reason,
            "answer_ids": list(reply.answer_ids),
            "written_by": reply.written_by.value,
            "checks": dict(reply.checks),
        }
        text = reply.text
        if decision.unavailable and utter_action != UNAVAILABLE_KEY and not _was_told(events, decision.unavailable):
            text = f"{self._unavailable_notice(decision)} {text}"
            metadata["unavailable"] = decision.unavailable
        return {
            "text": text,
            "buttons": [self._localised(choice, decision.language) for choice in choices],
            "elements": [],
            "custom": {},
            "metadata": metadata,
        }

    def _reply(self, key: str, decision: Decision, tracker: DialogueStateTracker, kwargs: Mapping[str, Any]) -> Reply:
        if key == ANSWER_KEY:
            answered = self._answer(decision.language, tracker)
            return answered or self._said(NO_ANSWER_KEY, decision.language, tracker, {})
        return self._said(key, decision.language, tracker, kwargs)

    def _answer(self, language: str, tracker: DialogueStateTracker) -> Optional[Reply]:
        parse = (tracker.latest_message.parse_data if tracker.latest_message else None) or {}
        answers: Sequence[Mapping[str, Any]] = parse.get("answers") or []
        if not answers:
            return None
        request = ReplyRequest(
            language=language,
            intent=str(answers[0]["intent"]),
            message=tracker.latest_message.text or "",
            sources=tuple(self._sources(answers[0], language)),
            values=facts_in(self._facts, language),
        )
        return self._writer.write(request)

    def _sources(self, best: Mapping[str, Any], language: str) -> List[ReplySource]:
        """The best answer, or its twin in the conversation's language where there is one."""
        first = ReplySource(best["id"], best["language"], best["text"])
        if first.language == language:
            return [first]
        twin = self._index.current().nearest_in(first.id, language)
        if twin is not None and twin.score >= TWIN_SIMILARITY:
            return [ReplySource(twin.template.id, language, twin.template.text), first]
        return [first]

    def _said(self, key: str, language: str, tracker: DialogueStateTracker, kwargs: Mapping[str, Any]) -> Reply:
        spoken, text = self._replies.variant(key, language, seed=_seed(tracker, key))
        values = facts_in(self._facts, spoken) | self._values(kwargs, spoken)
        try:
            text = fill(text, values, language=spoken)
        except MissingValue:
            logger.exception("A reply lacks a value", extra={"key": key})
            spoken, text = self._replies.variant("utter_error", language, seed=0)
        if spoken != language:
            text = f"{self._nearest_notice(language, spoken)} {text}"
        written_by = WrittenBy.HANDOFF if key in HANDOFF_KEYS else WrittenBy.TEMPLATE
        return Reply(text, spoken, (key,), written_by, {})

    def _values(self, kwargs: Mapping[str, Any], language: str) -> Dict[str, str]:
        values = {name: value(name, raw, language) for name, raw in kwargs.items() if isinstance(name, str)}
        if "topic" in kwargs:
            values["topic"] = self._replies.topic(str(kwargs["topic"]), language)
        return values

    def _localised(self, choice: Mapping[str, Any], language: str) -> Dict[str, Any]:
        return {**choice, "title": self._replies.page(str(choice.get("title", "")), language)}

    def _nearest_notice(self, language: str, answer_language: str) -> str:
        spoken, text = self._replies.variant(NEAREST_KEY, language, seed=0)
        return fill(text, {"answer_language": language_name(answer_language, spoken)}, language=spoken)

    def _unavailable_notice(self, decision: Decision) -> str:
        spoken, text = self._replies.variant(UNAVAILABLE_KEY, decision.language, seed=0)
        return fill(text, {"target_language": language_name(decision.unavailable or "", spoken)}, language=spoken)


def _was_told(events: Sequence[Mapping[str, Any]], code: str) -> bool:
    """Whether an earlier reply said that the language is not spoken; Rasa keeps a reply's metadata one level down."""
    said = [event.get("metadata") or {} for event in events if event.get("event") == "bot"]
    return any((metadata.get("metadata") or {}).get("unavailable") == code for metadata in said)


def _seed(tracker: DialogueStateTracker, key: str) -> int:
    """Changes with each bot message of a conversation, and is the same when the conversation is replayed."""
    n_said = sum(1 for event in tracker.events if event.type_name == "bot")
    return zlib.crc32(key.encode()) + n_said
