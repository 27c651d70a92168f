"""Brings much that a scenario gives into a sandbox, or a caller, without letting others wait meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from ..scenarios import Scenario
from ..state.draft import Draft
from ..state.sandboxes import Sandbox
from ..state.tables import Tables

Made = TypeVar("Made")
AT_ONCE = 20  # given entities that are brought in while others wait: some ten milliseconds
TRIES = 3
_AT_LEISURE = ThreadPoolExecutor(1, "at-leisure")


async def at_leisure(function: Callable[..., Made], *arguments: Any) -> Made:
    """Return what a function returns that takes its time, called beside the event loop, one after the other."""
    return await asyncio.get_running_loop().run_in_executor(_AT_LEISURE, function, *arguments)


async def write(tables: Tables, writing: Callable[[Tables], None]) -> None:
    """
    Let a function write to tables, beside the event loop: all of it becomes seen at once, or nothing where it raises.

    Who writes the same rows meanwhile is heard first: it is all done again then, the last time while others wait.
    """
    for _ in range(TRIES):
        draft = Draft(tables)
        await at_leisure(writing, draft.tables)
        if draft.bring_in():
            return
    with tables.change():
        writing(tables)


def started(sandbox: Sandbox, scenario: Scenario) -> None:
    """Take note that what a scenario gives is in a sandbox; a file that is changed gives anew."""
    sandbox.started[scenario.name] = scenario.revision
    sandbox.off_contract = sandbox.off_contract or scenario.off_contract


class Unprepared(Exception):
    """A request for which much is to be given first, by `giving`."""

    def __init__(self, sandbox: Sandbox, scenario: Scenario, giving: Callable[[Tables], None]) -> None:
        super().__init__(scenario.name)
        self.sandbox = sandbox
        self.scenario = scenario
        self.giving = giving


class Preparing:
    """What is being given now; who wants the same waits for it."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, str], Future[None]] = {}

    async def prepare(self, unprepared: Unprepared) -> None:
        """Give what a request needs; what goes wrong with it is said when the request is answered."""
        sandbox, scenario = unprepared.sandbox, unprepared.scenario
        key = (sandbox.name, scenario.revision)
        other = self._under_way.get(key)
        if other is not None:
            await asyncio.wrap_future(other)
            return
        done = self._under_way[key] = Future()
        try:
            await write(sandbox.tables, unprepared.giving)
            started(sandbox, scenario)
        except Exception:  # noqa: BLE001, S110  (the request meets it again, and says it)
            pass
        finally:
            del self._under_way[key]
            done.set_result(None)
