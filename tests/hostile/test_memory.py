"""What is kept takes no more memory than its bound says: one test for each kind of store, measured in bytes that Python allots."""

import asyncio
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asking import Ask, ask_of, asked
from conftest import CLOCK

from mockserver import Settings
from mockserver.control import Waiters
from mockserver.edge.mock import Mock
from mockserver.scenarios import catalogue
from mockserver.state import journal

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
@pytest.mark.parametrize(
    "metadata",
    [{"a": "\U0001f600" + "x" * 90_000}, {"\U0001f600" + "x" * 90_000: 1}, {"a": [int("9" * 4000)] * 25}],
    ids=["a wide text", "a wide key", "long numbers"],
)
def test_states_are_counted_as_python_holds_them(metadata: dict[str, Any]) -> None:
    """One wide character makes all of its text four times as long, and no number is too long for a body."""
    mock = Mock(Settings(clock=CLOCK, state=2))
    ask = ask_of(mock.app)
    with growth() as grown:
        for number in range(30):
            row = {"id": f"paycol_{number}", "metadata": metadata}
            ask("PATCH", f"/__mock/sandboxes/box-{number}/state", {"payment_collections": [row]})
        assert grown() < 4 * MEGABYTE  # the last body among it
    assert MEGABYTE < mock.sandboxes.bytes <= 2 * MEGABYTE


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


def large_answer(ask: Ask, number: int) -> None:
    """Ask for a collection of 100 kB."""
    row = {"id": "paycol_1", "metadata": {"a": f"{number}" + "x" * 100_000}}
    ask("PATCH", "/__mock/sandboxes/me/state", {"payment_collections": [row]})
    assert len(ask("GET", "/~me/store/payment-collections/paycol_1").body) > 100_000


def large_head(ask: Ask, number: int) -> None:
    """Send heads that are as large as one can be, and no two alike."""
    for index in range(10):
        assert 200 == ask("GET", "/~me/health", x_long=f"{number} {index}" + "x" * 15_000).status


def large_row(ask: Ask, number: int) -> None:
    """Let a provider authorize a session of 100 kB, which then is gone."""
    session = {"id": "ps_1", "data": {"a": f"{number}" + "x" * 100_000}}
    row = {"id": "paycol_1", "payment_sessions": [session]}
    ask("PATCH", "/__mock/sandboxes/me/state", {"payment_collections": [row]})
    assert 200 == ask("POST", "/~me/store/payment-collections/paycol_1/sessions/ps_1/authorize").status
    ask("POST", "/__mock/sandboxes/me/snapshots/empty/restore")


@pytest.mark.slow
@pytest.mark.parametrize("keep", [large_answer, large_head, large_row])
def test_journals_have_a_bound_in_bytes(keep: Callable[[Ask, int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Besides their number: the oldest entries go, whatever it is that takes much."""
    monkeypatch.setattr(journal, "MOST_BYTES", MEGABYTE)
    mock = Mock(Settings(clock=CLOCK))
    ask = ask_of(mock.app)
    ask("PUT", "/__mock/sandboxes/me/snapshots/empty")
    with growth() as grown:
        for number in range(100):
            keep(ask, number)
        assert grown() < 7 * MEGABYTE  # 5 of them are the heads that are remembered as they were parsed
    assert 0 < mock.sandboxes["me"].journal.forgotten
    mock.sandboxes["me"].journal.clear()
    assert 200 == ask("GET", "/~me/health").status
    assert 1 == len(mock.sandboxes["me"].journal)


@pytest.mark.slow
def test_journals_keep_no_scenario_that_is_another_one_now() -> None:
    """Of the newest requests in it the reasons are there all the same, and what was counted of its routes is gone."""
    mock = Mock(Settings(clock=CLOCK))
    ask = ask_of(mock.app)
    with growth() as grown:
        for number in range(40):
            route = f"GET /store/{'a' * 3000}{number}"
            stubs = [
                {"route": route, "reply": {"body": {"number": number}}},
                *[
                    {"operation": "carts.*", "when": {"header": {"x-a": f"{number} {index}"}}, "reply": {}}
                    for index in range(60)
                ],
            ]
            assert ask("PUT", "/__mock/scenarios/same", {"description": "Many.", "stubs": stubs}).status in (200, 201)
            assert {"number": number} == ask("GET", f"/@same{route.removeprefix('GET ')}").document
        assert 204 == ask("DELETE", "/__mock/scenarios/same").status
        assert grown() < 3 * MEGABYTE
    entries = list(mock.sandboxes["shared"].journal)

    assert 40 == len(entries)
    assert not mock.sandboxes["shared"].journal.seen
    assert "stub same.0 (" in entries[-1].document()["why"]["text"]
    assert "nobody can tell why" in entries[0].document()["why"]["text"]
    assert "same.0" == entries[0].document()["why"]["stub"]


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
