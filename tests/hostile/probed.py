"""Runs a mock on a port of its own, on the event loop of Python itself; prints at its end how long that was held at most, and where."""

import asyncio
import gc
import sys
import threading
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from holding import MOST, holds

from mockserver import Settings
from mockserver.cli.log import to_standard_error
from mockserver.edge.server import listen, run

asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
sys.modules["uvloop"] = None  # type: ignore[assignment]  # its callbacks cannot be timed one by one

LOOK = 0.01  # seconds between two looks at what the event loop does


class Longest(list[float]):
    """Keeps the longest of what is appended, and what was seen of it meanwhile by a thread that looks at the one which made this."""

    def __init__(self) -> None:
        super().__init__([0.0])
        self.seen: list[str] = []
        self._owner = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._owner)
        self._ended = time.clock_gettime(self._clock)
        self._looked: list[str] = []
        threading.Thread(target=self._look, daemon=True).start()

    def append(self, seconds: float) -> None:
        looked, self._looked, self._ended = self._looked, [], time.clock_gettime(self._clock)
        if seconds > self[0]:
            self[0], self.seen = seconds, looked

    def _look(self) -> None:
        """Keep the stacks of whatever took more than half of what is allowed since the last callback ended."""
        while True:
            time.sleep(LOOK)
            if time.clock_gettime(self._clock) - self._ended > MOST / 2:
                self._looked.append("".join(traceback.format_stack(sys._current_frames()[self._owner])[-12:]))  # noqa: SLF001


def main() -> None:
    """Serve until told to stop."""
    from mockserver.edge.mock import Mock  # noqa: PLC0415

    to_standard_error()
    mock = Mock(Settings())
    listeners = listen("127.0.0.1", 0)
    print(listeners[0].getsockname()[1], flush=True)
    began, collected = 0.0, 0.0

    def collecting(phase: str, _info: object) -> None:
        nonlocal began, collected
        if threading.current_thread() is not threading.main_thread():
            return
        if phase == "start":
            began = time.thread_time()
        else:
            collected = max(collected, time.thread_time() - began)

    gc.callbacks.append(collecting)
    with holds(Longest()) as found:
        run(mock.app, listeners)
    print(found[0], collected, flush=True)
    if found[0] > MOST:
        print("held longest, seen each 10 ms:", *found.seen[:20], sep="\n", file=sys.stderr)


main()
