"""Asks a mock in process, and looks at what must hold whatever is asked."""

import asyncio
import gc
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from asking import asked
from holding import MOST, holds
from hostile.asked import Asked

from mockserver import Settings
from mockserver.edge.mock import Mock
from mockserver.messages import Response

CLOCK = "2024-01-06T03:57:20Z"
GOOD = Asked("GET", "/health")


class Watched:
    """A mock that is watched: `found` are the sentences that say what did not hold, `held` is the longest hold of its loop."""

    def __init__(self, **settings: Any) -> None:
        self.mock = Mock(Settings(clock=CLOCK, **settings))
        gc.set_threshold(10_000, 20, 20)
        gc.freeze()
        self.found: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.held = 0.0
        self.numbers = 0
        self._logged: list[str] = []
        self._holds: list[float] = []

    async def ask(self, one: Asked) -> Response | None:
        """Ask, and note whatever must not be; None where the fault of an answer ended the connection."""
        self._logged.clear()
        self._holds.clear()
        entries: list[Any] = []
        self.mock.sandboxes.journals.listeners.add(entries.append)
        try:
            asking = asked(
                self.mock.app, one.method, one.path, one.body or None, one.query, pairs=one.headers, leaves=0.01
            )
            answer = await asyncio.create_task(asking)  # so that its steps are those of the loop, each timed
        except ConnectionError:
            answer = None
        except Exception as error:  # noqa: BLE001  (an exception here is an empty 500 on the wire)
            answer = None
            self.found.append(f"{type(error).__name__} {error!s:.200} came out of {one.curl}")
        finally:
            self.mock.sandboxes.journals.listeners.discard(entries.append)
        longest = max(self._holds, default=0.0)
        self._look(one, answer, entries)
        if longest > MOST:
            await self._look_again(one, longest)
        if entries and self.numbers % 10 == 0:
            await self._read(entries[0].number, one)
        self.numbers += 1
        return answer

    async def _look_again(self, one: Asked, longest: float) -> None:
        """Note a call that held the loop, where it does so whenever it is made: a machine has its moments."""
        for _ in range(2):
            self._holds.clear()
            with suppress(Exception):
                await asyncio.create_task(
                    asked(
                        self.mock.app, one.method, one.path, one.body or None, one.query, pairs=one.headers, leaves=0.01
                    )
                )
            longest = min(longest, max(self._holds, default=0.0))
        self.held = max(self.held, longest)
        if longest > MOST:
            self.found.append(f"held the loop {longest * 1000:.0f} ms: {one.curl}")

    async def _read(self, number: int, one: Asked) -> None:
        """Read an entry of the journal, with its reasons."""
        shown = await asked(self.mock.app, "GET", f"/__mock/journal/{number}")
        if shown.status != 200:
            self.found.append(f"journal entry {shown.status} {shown.body[:200]!r}: {one.curl}")

    def _look(self, one: Asked, answer: Response | None, entries: list[Any]) -> None:
        self.held = max([self.held, *[hold for hold in self._holds if hold <= MOST]])
        self.found += [f"logged {text:.3000}: {one.curl}" for text in self._logged]
        if not one.path.startswith("/__mock") and len(entries) != 1:
            self.found.append(f"{len(entries)} journal entries: {one.curl}")
        if answer is None:
            return
        self.statuses[answer.status] += 1
        if answer.status >= 500 and not answer.body and one.method != "HEAD":
            self.found.append(f"a bare {answer.status}: {one.curl}")
        if answer.status == 500 and "mock" == dict(answer.headers).get("x-mock-source"):
            self.found.append(f"the mock's own 500 {answer.body[:300]!r}: {one.curl}")

    async def is_well(self) -> bool:
        """Tell whether a good request is answered well now."""
        answer = await asked(self.mock.app, GOOD.method, GOOD.path)
        return (answer.status, answer.body) == (200, b"OK")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Hear what is logged as an error, and take the time of each callback of the loop, meanwhile."""
        heard = self._logged

        class Heard(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                if record.levelno >= logging.ERROR:
                    heard.append(self.format(record))

        handler = Heard()
        logging.getLogger().addHandler(handler)
        try:
            with holds() as self._holds:
                yield
        finally:
            logging.getLogger().removeHandler(handler)
