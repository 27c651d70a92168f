"""Runs a mock on a port of its own, on the event loop of Python itself, and prints at its end how long that was held at most."""

import asyncio
import gc
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from holding import holds

from mockserver import Settings
from mockserver.cli.log import to_standard_error
from mockserver.edge.server import listen, run

asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
sys.modules["uvloop"] = None  # type: ignore[assignment]  # its callbacks cannot be timed one by one


class Longest(list[float]):
    """Keeps the longest of what is appended."""

    def __init__(self) -> None:
        super().__init__([0.0])

    def append(self, seconds: float) -> None:
        self[0] = max(self[0], seconds)


def main() -> None:
    """Serve until told to stop."""
    from mockserver.edge.app import Mock  # noqa: PLC0415

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


main()
