"""Runs work at most once per key, so that a message which is sent again gets the first answer and not a
second one.

A page that loses its connection while the bot answers cannot know whether the message arrived, and has to
send it again. Kept in this process only: behind several server processes it needs sticky sessions to work
always.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

_Result = TypeVar("_Result")


class Once(Generic[_Result]):
    """Remembers the last `n_kept` results by key; failed work is forgotten, so that it may be tried again."""

    def __init__(self, n_kept: int = 1000) -> None:
        self._n_kept = n_kept
        self._tasks: OrderedDict[Hashable, asyncio.Task[_Result]] = OrderedDict()

    async def run(self, key: Hashable, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """The result of the work, done now or before. A caller who gives up does not stop it."""
        task = self._tasks.get(key)
        if task is None or (task.done() and _failed(task)):
            task = asyncio.get_running_loop().create_task(_await(work))
            self._tasks[key] = task
            while len(self._tasks) > self._n_kept and next(iter(self._tasks.values())).done():
                self._tasks.popitem(last=False)
        return await asyncio.shield(task)


def _failed(task: asyncio.Task[_Result]) -> bool:
    return task.cancelled() or task.exception() is not None


async def _await(work: Callable[[], Awaitable[_Result]]) -> _Result:
    return await work()
