"""Reads scenario files again when they are saved, while the server runs."""

import asyncio
import logging
from collections.abc import Callable

from . import Catalogue

LOG = logging.getLogger("mockserver")
PAUSE = 0.3  # seconds between two looks: what is saved is live within one second
SETTLED = 0.1  # seconds for whoever writes a file to end doing so: editors empty it first


async def watch(catalogue: Catalogue, changed: Callable[[], None]) -> None:
    """Look for changes until cancelled; say what is wrong with a file once, and when it is right again."""
    while True:
        await asyncio.sleep(PAUSE)
        try:
            if catalogue.is_stale():  # looked at here: a thread would take turns with every request meanwhile
                await _read(catalogue, changed)
        except Exception:
            LOG.exception("scenario files could not be looked at; they will be again")


async def _read(catalogue: Catalogue, changed: Callable[[], None]) -> None:
    before = set(map(str, catalogue.problems))
    if catalogue.take(await asyncio.to_thread(catalogue.read, SETTLED)):
        _say(before, catalogue)
        changed()


def _say(before: set[str], catalogue: Catalogue) -> None:
    for problem in catalogue.problems:
        if str(problem) not in before:
            kept = catalogue.has_kept(problem)
            LOG.warning("%s; %s", problem, "its last good version stays in force" if kept else "it is not loaded")
    if before and not catalogue.problems:
        LOG.warning("all scenario files are right again")
