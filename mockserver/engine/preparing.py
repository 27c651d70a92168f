"""Brings much that a scenario gives into a sandbox, or a caller, without letting others wait meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


async def write(sandbox: Sandbox, writing: Callable[[Tables], None]) -> None:
    """
    Let a function write to the tables of a sandbox, beside the event loop: all of it is seen at once, or nothing where it raises.

    One writes after the other. Where requests write the same rows meanwhile it is all done again: TRIES times, and then
    as often while requests to this sandbox wait.
    """
    while sandbox.writing is not None:
        await sandbox.writing.wait()
    done = sandbox.writing = asyncio.Event()
    try:
        for number in range(2 * TRIES):
            if number == TRIES:
                sandbox.reserved = done
            draft = Draft(sandbox.tables)
            await at_leisure(writing, draft.tables)
            if draft.bring_in():
                return
        bring_in(sandbox, writing)
    finally:
        sandbox.writing = sandbox.reserved = None
        done.set()


def bring_in(sandbox: Sandbox, writing: Callable[[Tables], None]) -> None:
    """Let a function write to the tables of a sandbox, while others wait: all of it, or nothing where it raises, and then no other sandbox goes for it."""
    draft = Draft(sandbox.tables)
    writing(draft.tables)
    sandbox.tables.become(draft.tables)


def started(sandbox: Sandbox, scenario: Scenario) -> None:
    """Take note that what a scenario gives is in a sandbox; a file that is changed gives anew."""
    sandbox.started[scenario.name] = scenario.revision
    sandbox.off_contract = sandbox.off_contract or scenario.off_contract


class Reserved(Exception):
    """A request to a sandbox that somebody else writes to."""

    def __init__(self, until: asyncio.Event) -> None:
        super().__init__()
        self.until = until


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
        self._under_way: dict[tuple[str, str], asyncio.Event] = {}

    async def prepare(self, reason: Reserved | Unprepared) -> None:
        """Wait until a request can be answered, and give what it needs; what goes wrong with that is said when it is answered."""
        if isinstance(reason, Reserved):
            await reason.until.wait()
        else:
            await self._give(reason)

    async def _give(self, unprepared: Unprepared) -> None:
        sandbox, scenario = unprepared.sandbox, unprepared.scenario
        key = (sandbox.name, scenario.revision)
        other = self._under_way.get(key)
        if other is not None:
            await other.wait()
            return
        done = self._under_way[key] = asyncio.Event()
        try:
            await write(sandbox, unprepared.giving)
            started(sandbox, scenario)
        except Exception:  # noqa: BLE001, S110  (the request meets it again, and says it)
            pass
        finally:
            del self._under_way[key]
            done.set()
