"""What Medusa would have told the outside, a shop's mailer for one: kept for whoever tests what comes of it."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .rows import size_of

MOST = 1000  # messages of one sandbox
MOST_BYTES = 1_000_000
_FRAME = 200  # bytes that a message takes beside its data


class Message(NamedTuple):
    """
    An event and what Medusa says of it, such as `customer.password_reset` with its token.

    `number` counts those of a sandbox from 1, `time` is that of its clock, `bytes` is about what it takes.
    """

    number: int
    time: str
    event: str
    data: dict[str, Any]
    bytes: int


class Outbox:
    """The messages of one sandbox, oldest first; `forgotten` counts those that went as there were too many, or too long ones."""

    def __init__(self, grew: Callable[[int], None]) -> None:
        self._grew = grew
        self._messages: deque[Message] = deque()
        self._bytes = 0
        self.forgotten = 0

    def put(self, time: str, event: str, data: dict[str, Any]) -> None:
        """Keep a message; raise StateFull, as `grew` does, where there is no room for it."""
        size = _FRAME + size_of(data)
        self._resize(size)
        number = self.forgotten + len(self._messages) + 1
        self._messages.append(Message(number, time, event, data, size))
        while len(self._messages) > MOST or self._bytes > MOST_BYTES:
            self._resize(-self._messages.popleft().bytes)
            self.forgotten += 1

    def clear(self) -> None:
        """Hold nothing, and count from 1 again."""
        self._resize(-self._bytes)
        self._messages.clear()
        self.forgotten = 0

    def __iter__(self) -> Iterator[Message]:
        return iter(list(self._messages))

    def __len__(self) -> int:
        return len(self._messages)

    def _resize(self, by: int) -> None:
        self._grew(by)
        self._bytes += by
