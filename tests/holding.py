"""How long an event loop is held: the processor's time of each of its callbacks, whatever else the machine does meanwhile."""

import asyncio
import gc
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asking import ask_of

from mockserver.edge.mock import Mock

MOST = 0.05  # seconds
TRACED = 10  # times as slow is a loop whose lines are all noted down, to measure coverage
ANSWERS = 60  # to authorize: some 50 ms in process; more where the machine is slower, or measures coverage


def longest(mock: Mock) -> float:
    """Return how long the loop may be held on this machine, as busy and as watched as it is now."""
    with holds() as found:
        for number in range(50):
            ask_of(mock.app)("POST", f"/~pace/store/payment-collections/paycol_{number}/sessions/ps_1/authorize")
    return max(MOST if sys.gettrace() is None else TRACED * MOST, ANSWERS * statistics.median(sorted(found)[-50:]))


@contextmanager
def holds(found: list[float] | None = None) -> Iterator[list[float]]:
    """Return a list that grows by the seconds of each callback of any loop of this thread, without those that Python collects garbage in."""
    found = [] if found is None else found
    owner = threading.get_ident()
    collected, run = 0.0, asyncio.Handle._run  # noqa: SLF001

    def collecting(phase: str, _info: object) -> None:
        nonlocal collected
        if threading.get_ident() == owner:
            collected += time.thread_time() if phase == "stop" else -time.thread_time()

    def timed(handle: Any) -> None:
        began = time.thread_time() - collected
        run(handle)
        found.append(time.thread_time() - collected - began)

    asyncio.Handle._run = timed  # type: ignore[method-assign]  # noqa: SLF001
    gc.callbacks.append(collecting)
    try:
        yield found
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001
        gc.callbacks.remove(collecting)
