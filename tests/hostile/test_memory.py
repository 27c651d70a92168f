"""What is kept takes no more memory than its bound says: one test for each kind of store, measured in bytes that Python allots."""

import asyncio
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asking import ask_of, asked
from conftest import CLOCK

from mockserver import Settings
from mockserver.control import Waiters
from mockserver.edge.app import Mock
from mockserver.scenarios import catalogue

MEGABYTE = 1_000_000


@contextmanager
def growth() -> Iterator[Callable[[], int]]:
    """Return what tells how many bytes were allotted meanwhile and are still held."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield lambda: tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def collections(number: int, size: int) -> dict[str, Any]:
    """Return a state with so many collections of a size that no other call gives."""
    return {
        "payment_collections": [
            {"id": f"paycol_{number}_{index}", "metadata": {"a": "x" * size}} for index in range(20)
        ]
    }


@pytest.mark.slow
def test_states_and_snapshots_share_one_bound() -> None:
    """Two megabytes for all: what is written and kept under names in ever more sandboxes pushes old ones out, or is refused."""
    mock = Mock(Settings(clock=CLOCK, state=2, journal=10))
    ask, statuses = ask_of(mock.app), set()
    ask("PATCH", "/__mock/sandboxes/warm/state", collections(0, 10))
    with growth() as grown:
        for number in range(25):
            name = f"box-{number % 20}"
            statuses.add(ask("PATCH", f"/__mock/sandboxes/{name}/state", collections(number, 12_000)).status)
            statuses |= {ask("PUT", f"/__mock/sandboxes/{name}/snapshots/{index}").status for index in range(11)}
        assert grown() < 3 * MEGABYTE
    assert {200} < statuses <= {200, 409, 507}
    assert mock.sandboxes.bytes <= 2 * MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize(
    "stub",
    [
        {"operation": "*", "reply": {"delay": "1ms"}},
        {"operation": "authorizePaymentSession", "replies": [{"delay": "1ms"}] * 60},
        {
            "operation": "paymentCollections.managePaymentSessionsBatch",
            "when": {"body": {"a": [f"*a{number}*" for number in range(6)]}},
            "reply": {},
        },
    ],
    ids=["stubs of all operations", "replies", "globs"],
)
def test_added_scenarios_have_a_bound_in_bytes(stub: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever they are made of; when no more fit in that is said, and those that are there stay."""
    monkeypatch.setattr(catalogue, "MOST_ADDED", MEGABYTE)
    mock = Mock(Settings(clock=CLOCK))
    ask, statuses = ask_of(mock.app), []
    with growth() as grown:
        for number in range(12):
            stubs = [
                {**stub, "when": {**stub.get("when", {}), "header": {"x-a": f"{number} {index}"}}}
                for index in range(20)
            ]
            scenario = {"description": "One of many.", "stubs": stubs}
            statuses.append(ask("PUT", f"/__mock/scenarios/many-{number}", scenario).status)
        held = grown()
    assert {201, 400} == set(statuses)
    assert held < 2 * MEGABYTE
    assert len(mock.scenarios) == len(Mock(Settings(clock=CLOCK)).scenarios) + statuses.count(201)


@pytest.mark.slow
def test_who_waits_keeps_no_bodies() -> None:
    """What is waited for is kept as a list shows it: the journal lets its entries go."""
    mock = Mock(Settings(clock=CLOCK, journal=10))
    path = "/store/payment-collections/paycol_1/sessions/batch"

    async def wait() -> tuple[int, int]:
        with growth() as grown, Waiters(mock.sandboxes).waiting(None, lambda _entry: True) as waiter:
            waiter.want(10_000)
            for number in range(100):
                body = json.dumps({"sessions": "x" * 16_000, "a": number})
                await asked(mock.app, "POST", path, body, content_type="application/json")
            return len(waiter.found), grown()

    found, grown = asyncio.run(wait())

    assert 100 == found
    assert grown < MEGABYTE
