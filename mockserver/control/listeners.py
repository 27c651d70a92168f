"""Tells whoever listens what happens: each request, and each change of the scenarios."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from ..express.javascript import dumps
from ..state.entry import Entry
from ..state.sandboxes import Sandboxes

LONGEST_QUEUE = 1000  # events that a slow listener may lag behind
MOST_BYTES = 50_000_000  # of events that wait for all listeners together
MOST = 1000  # listeners
LOST = b"event: lost\ndata: {}\n\n"  # what a listener finds in place of those that it was too slow for
_BREAKS = [(one.encode(), f"\\u{ord(one):04x}".encode()) for one in "\x85\u2028\u2029"]  # lines, to some clients


class Listener:
    """A queue of events that are yet to be sent to one who listens to a sandbox, or to all."""

    def __init__(self, sandbox: str | None) -> None:
        self.sandbox = sandbox
        self.bytes = 0
        self._events: deque[bytes] = deque()
        self._come = asyncio.Event()

    def put(self, event: bytes) -> None:
        """Let an event wait until it is taken."""
        self._events.append(event)
        self.bytes += len(event)
        self._come.set()

    def clear(self) -> None:
        """Let nothing wait any more."""
        self._events.clear()
        self.bytes = 0

    async def take(self, patience: float) -> bytes:
        """Return all that waits, once something does; raise TimeoutError where nothing comes for so many seconds."""
        if not self._events:
            self._come.clear()
            await asyncio.wait_for(self._come.wait(), patience)
        events = b"".join(self._events)
        self.clear()
        return events

    def __len__(self) -> int:
        return len(self._events)


class Listeners:
    """Those who listen, each to one sandbox or to all; without any, nothing is done."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
        self._all: set[Listener] = set()

    def __len__(self) -> int:
        return len(self._all)

    def open(self, sandbox: str | None = None) -> Listener:
        """Return a new listener, until it is closed; where nobody takes its events they are lost, and one event says so."""
        listener = Listener(sandbox)
        self._all.add(listener)
        self._sandboxes.journals.listeners.add(self._request)
        return listener

    def close(self, listener: Listener) -> None:
        """Let a listener go."""
        self._all.discard(listener)
        if not self._all:
            self._sandboxes.journals.listeners.discard(self._request)

    def tell(self, name: str, about: Callable[[], Any], sandbox: str | None = None) -> None:
        """Tell an event to those who listen to its sandbox; to all of them where it has none."""
        event, share = b"", MOST_BYTES // (len(self._all) or 1)
        for listener in self._all:
            if listener.sandbox is None or sandbox in (None, listener.sandbox):
                event = event or event_of(name, about())
                if len(listener) >= LONGEST_QUEUE or (listener.bytes and listener.bytes + len(event) > share):
                    listener.clear()
                    listener.put(LOST)
                listener.put(event)

    def _request(self, entry: Entry) -> None:
        name = "request" if entry.aborted_after is None else "aborted"
        self.tell(name, entry.summary, entry.sandbox)


def event_of(name: str, about: Any) -> bytes:
    """Return an event as it is sent, in lines that no client breaks elsewhere."""
    data = dumps(about)
    for character, escaped in _BREAKS:
        data = data.replace(character, escaped)
    return f"event: {name}\ndata: ".encode() + data + b"\n\n"
