"""Tells whoever listens what happens: each request, and each change of the scenarios."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..state.journal import Entry
from ..state.sandboxes import Sandboxes

Event = tuple[str, Any]
LONGEST_QUEUE = 1000  # events that a slow listener may lag behind
MOST = 1000  # listeners
LOST: Event = ("lost", None)  # what a listener finds in place of those that it was too slow for


class Listeners:
    """The queues of those who listen, each to one sandbox or to all; without any, nothing is done."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
        self._queues: dict[asyncio.Queue[Event], str | None] = {}

    def __len__(self) -> int:
        return len(self._queues)

    @contextmanager
    def listening(self, sandbox: str | None = None) -> Iterator["asyncio.Queue[Event]"]:
        """Open a queue in which events come in; where nobody takes them out they are lost, and one event says so."""
        queue: asyncio.Queue[Event] = asyncio.Queue(LONGEST_QUEUE)
        self._queues[queue] = sandbox
        self._sandboxes.journals.listeners.add(self._request)
        try:
            yield queue
        finally:
            del self._queues[queue]
            if not self._queues:
                self._sandboxes.journals.listeners.discard(self._request)

    def tell(self, name: str, about: Any, sandbox: str | None = None) -> None:
        """Put an event into the queues of those who listen to its sandbox; into all of them where it has none."""
        for queue, wanted in self._queues.items():
            if wanted is None or sandbox in (None, wanted):
                if queue.full():
                    while not queue.empty():
                        queue.get_nowait()
                    queue.put_nowait(LOST)
                queue.put_nowait((name, about))

    def _request(self, entry: Entry) -> None:
        self.tell("request" if entry.aborted_after is None else "aborted", entry, entry.sandbox)
