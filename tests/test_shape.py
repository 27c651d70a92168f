"""The work that a request takes: counted, not timed, so that a noisy machine cannot hide what grows."""

import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import AUTHORIZE, CLOCK

from mockserver import Settings
from mockserver.edge.app import Mock
from mockserver.messages import Request

STUB = (
    '  - operation: authorizePaymentSession\n    when: {{path: {{session_id: "ps_{}"}}}}\n    reply: {{status: 409}}\n'
)


def work(mock: Mock, path: str = AUTHORIZE) -> int:
    """Return how many functions are called for one request, its third: the first ones invent, and fill what is kept."""
    request = Request("POST", path, "", {"host": "localhost"})
    for _ in range(2):
        mock.engine.serve(request)
    calls = 0

    def count(_frame: Any, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        mock.engine.serve(request)
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture(scope="module")
def fresh() -> Mock:
    """Return a mock that was asked nothing yet."""
    return Mock(Settings(clock=CLOCK))


def test_scenarios_and_stubs_cost_nothing(fresh: Mock, tmp_path: Path) -> None:
    """Two hundred scenarios, of which one has five hundred stubs that wait for other ids: one look more, in an index."""
    for number in range(200):
        (tmp_path / f"other-{number}.yaml").write_text("description: x\nstubs:\n" + STUB.format(number))
    (tmp_path / "many.yaml").write_text("description: x\nstubs:\n" + "".join(map(STUB.format, range(100, 600))))
    (tmp_path / "one.yaml").write_text("description: x\nstubs:\n" + STUB.format(100))
    full = Mock(Settings(clock=CLOCK, scenarios=(tmp_path,)))

    assert work(fresh) == work(full)
    assert work(full, f"/@one{AUTHORIZE}") == work(full, f"/@many{AUTHORIZE}")


@pytest.mark.slow
def test_sandboxes_and_journal_cost_nothing(fresh: Mock) -> None:
    """A server that has seen three thousand requests in three hundred sandboxes works as a fresh one does."""
    aged = Mock(Settings(clock=CLOCK, sandboxes=300, journal=500))
    for number in range(3000):
        path = AUTHORIZE.replace("paycol_1", f"paycol_{number}").replace("ps_1", f"ps_{number}")
        aged.engine.serve(Request("POST", f"/~s{number % 300}{path}"))
    for _ in range(1000):  # until the shared sandbox has its share
        aged.engine.serve(Request("POST", AUTHORIZE))

    assert 500 == sum(len(sandbox.journal) for sandbox in aged.sandboxes)
    assert work(aged) <= work(fresh) + 5


@pytest.mark.slow
def test_a_collection_costs_so_much_and_no_more(fresh: Mock) -> None:
    """However many sessions are asked for of one collection, and are refused in the end: none takes more than the hundredth."""

    def ask(number: int) -> int:
        path = f"/~grows{AUTHORIZE.replace('ps_1', f'ps_{number}')}"
        return work(fresh, path)

    hundredth = [ask(number) for number in range(100)][-1]

    assert [ask(number) for number in range(100, 1000)][-1] <= hundredth + 5


def test_a_prefix_costs_little(fresh: Mock) -> None:
    """Named sandbox and scenario: less than a third more."""
    assert work(fresh, f"/~me/@default{AUTHORIZE}") < work(fresh) * 4 / 3


def test_a_thousand_sandboxes_cost_what_one_does(fresh: Mock) -> None:
    """To find one among many is no search."""
    few = work(fresh, f"/~me{AUTHORIZE}")
    for number in range(999):
        fresh.sandboxes[f"s{number}"].draw("x")

    assert few == work(fresh, f"/~me{AUTHORIZE}")
