"""Streams of bytes, to the mock and to Node: as many answers with the same statuses, the same fate of the connection."""

import asyncio
import time
from collections.abc import Iterator
from random import Random

import pytest
from hostile.streams import one_request, stream
from processes import Server, running
from wire.conftest import Fate, fate, node

__all__ = ["node"]
ABREAST = 40  # streams at a time: most of it is waiting for nothing more to come
MOST_UNLIKE = (
    0.06  # of all: where garbage follows in the same packet, it hangs on the moment who is answered before the refusal
)
REFUSALS = (400, 408, 431)  # of what is no HTTP


@pytest.fixture(scope="module")
def mock() -> Iterator[Server]:
    """Return a running mock."""
    with running() as server:
        yield server


async def fates(port: int, streams: list[tuple[bytes, ...]]) -> list[Fate]:
    """Return what becomes of each."""
    return await asyncio.gather(*[fate(port, *parts) for parts in streams])


@pytest.mark.slow
def test_no_stream_is_more_than_a_refusal(mock: Server, draw: Random, seconds: float) -> None:
    """No 500, nothing in the log, and a good request is answered right after each of them."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        streams = [stream(draw) for _ in range(ABREAST)]
        for parts, found in zip(streams, asyncio.run(fates(mock.port, streams)), strict=True):
            assert all(status < 500 for status in found.statuses), parts
        assert (200, b"OK") == (mock.ask("GET", "/health").status, mock.ask("GET", "/health").body)
    health = mock.ask("GET", "/__mock/health").document
    assert (0, 0) == (health["answering"], health["listening"])


def outcome(found: Fate) -> tuple[int, bool, bool]:
    """Return how many requests were taken for some, whatever was answered; whether one was refused; and whether the connection goes on."""
    taken = [status for status in found.statuses if status != 100 and (found.is_kept or status not in REFUSALS)]
    return len(taken), not found.is_kept and bool(found.statuses) and found.statuses[-1] in REFUSALS, found.is_kept


@pytest.mark.node
def test_what_node_refuses_is_refused(mock: Server, node: int, draw: Random, seconds: float) -> None:
    """Of a request that was changed in some way, with all that follows it, the mock takes as much for requests as Node does."""
    end, tried, unlike = time.monotonic() + seconds, 0, []
    while time.monotonic() < end:
        streams = [one_request(draw) for _ in range(ABREAST)]
        nodes, mocks = asyncio.run(fates(node, streams)), asyncio.run(fates(mock.port, streams))
        tried += len(streams)
        triples = zip(streams, nodes, mocks, strict=True)
        unlike += [(parts, one, other) for parts, one, other in triples if outcome(one) != outcome(other)]
    assert len(unlike) <= max(tried * MOST_UNLIKE, 3), unlike
