"""Those who wait for requests: each hears of those in its sandbox alone, as they come."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from ..state.entry import Entry
from ..state.sandboxes import Sandboxes

MOST = 100  # who wait at the same time: each request is held against what those want that hear of it


class Waiter:
    """
    Keeps what a list shows of the requests that are meant, until there are as many as are wanted; `enough` is set then.

    Not the requests themselves: the journal may let them go meanwhile.
    """

    def __init__(self, is_meant: Callable[[Entry], bool]) -> None:
        self.wanted = 0
        self.found: list[dict[str, Any]] = []
        self.enough = asyncio.Event()
        self._is_meant = is_meant
        self._loop = asyncio.get_running_loop()

    def want(self, count: int) -> None:
        """Say how many are wanted."""
        self.wanted = count
        self._look()

    def hear(self, entry: Entry, summary: Callable[[], dict[str, Any]]) -> None:
        """Keep a request that is meant; one that comes when there are enough is nobody's any more."""
        if entry.aborted_after is not None:  # told before, when its client was still there
            self.found = [one for one in self.found if one["number"] != entry.number]
        if not self.enough.is_set() and self._is_meant(entry):
            self.found.append(summary())
            self._look()

    def _look(self) -> None:
        if 0 < self.wanted <= len(self.found):
            self._loop.call_soon_threadsafe(self.enough.set)  # a client in process may ask from a thread of its own


class Waiters:
    """All who wait, by the sandbox that they wait in; without any, nothing is done."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._journals = sandboxes.journals
        self._waiting: dict[str | None, list[Waiter]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @contextmanager
    def waiting(self, sandbox: str | None, is_meant: Callable[[Entry], bool]) -> Iterator[Waiter]:
        """Let one wait meanwhile for requests in a sandbox, or in any."""
        waiter = Waiter(is_meant)
        self._waiting.setdefault(sandbox, []).append(waiter)
        self._journals.listeners.add(self._request)
        try:
            yield waiter
        finally:
            self._waiting[sandbox].remove(waiter)
            if not self._waiting[sandbox]:
                del self._waiting[sandbox]
            if not self._waiting:
                self._journals.listeners.discard(self._request)

    def _request(self, entry: Entry) -> None:
        waiting = [*self._waiting.get(entry.sandbox, ()), *self._waiting.get(None, ())]
        if waiting:
            summary = lru_cache(1)(entry.summary)  # one for all who wait
            for waiter in waiting:
                waiter.hear(entry, summary)
