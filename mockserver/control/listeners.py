"""Tells whoever listens what happens: each request, and each change of the scenarios."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..journal import Entry
from ..sandboxes import Sandboxes

Event = tuple[str, Any]
LONGEST_QUEUE = 1000  # events that a slow listener may lag behind


class Listeners:
    """The queues of those who listen; without any, nothing is done."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
        self._queues: set[asyncio.Queue[Event]] = set()

    @contextmanager
    def listening(self) -> Iterator["asyncio.Queue[Event]"]:
        """Open a queue in which events come in; the oldest are dropped where nobody takes them out."""
        queue: asyncio.Queue[Event] = asyncio.Queue(LONGEST_QUEUE)
        self._queues.add(queue)
        self._sandboxes.journals.listeners.add(self._request)
        try:
            yield queue
        finally:
            self._queues.discard(queue)
            if not self._queues:
                self._sandboxes.journals.listeners.discard(self._request)

    def tell(self, name: str, said: Any) -> None:
        """Put an event into every queue."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait((name, said))

    def _request(self, entry: Entry) -> None:
        self.tell("request", entry)
