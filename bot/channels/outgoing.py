"""Collects the replies to one message together with their metadata, which Rasa's own collector drops.

Rasa hands every reply over as one dictionary whose `metadata` is what the NLG returned (language, sources,
checks); its collector splits the dictionary into texts, buttons and images and forgets the rest.
`ReplyCollector` puts the metadata on each of these parts. The parts are the same as Rasa's REST channel
makes.
"""

from __future__ import annotations

from asyncio import Queue
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

Reply = dict[str, Any]


class ReplyCollector(CollectingOutputChannel):
    """`replies` in order: `{"recipient_id", "text" | "image" | ..., "buttons"?, "metadata"}`.

    Args:
        queue: given, each reply is also put there as soon as it is made.
    """

    def __init__(self, queue: Queue[Reply | None] | None = None) -> None:
        super().__init__()
        self._queue = queue
        self._metadata: dict[str, Any] = {}

    @property
    def replies(self) -> list[Reply]:
        """What has been said so far."""
        return list(self.messages)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One reply of the bot; called in turn, never for two replies at once."""
        metadata = message.get("metadata")
        self._metadata = metadata if isinstance(metadata, dict) else {}
        await super().send_response(recipient_id, message)

    async def _persist_message(self, message: Reply) -> None:
        message = {**message, "metadata": self._metadata}
        await super()._persist_message(message)
        if self._queue is not None:
            await self._queue.put(message)
