"""Whatever is asked: an answer with a body, an entry in the journal, nothing in the log, and the next one waits for nobody."""

import asyncio
import time
from collections.abc import Sequence
from random import Random

import pytest
from hostile import asked, shopping
from hostile.watching import Watched

KINDS: dict[str, Sequence[asked.Ask]] = {
    "bodies, paths, queries and headers": (asked.store,),
    "scenarios": (asked.scenario, asked.scenario, asked.store),
    "states": (asked.state, asked.state, asked.store),
    "control calls": (asked.control, asked.control, asked.store),
    "all operations": shopping.ALL,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_asked_is_answered(kind: str, draw: Random, seconds: float) -> None:
    """Nearly right or wild: no answer without a body, no error of the mock itself, no call that holds the loop for 50 ms."""
    watched = Watched()

    async def attack() -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for _ in range(20):
                await watched.ask(draw.choice(KINDS[kind])(draw))
            assert await watched.is_well()

    with watched.watching():
        asyncio.run(attack())

    assert not watched.found, "\n".join(watched.found[:20])
    assert {200, 400, 404} <= set(watched.statuses)
