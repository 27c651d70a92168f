"""What all tests share: the contract, a mock whose clock stands still, and a way to ask it."""

from collections.abc import Iterator

import pytest
from asking import Ask, ask_of
from processes import Server, running

from mockserver import Settings
from mockserver.contract import Contract
from mockserver.edge.mock import Mock

pytest_plugins = ["conformance.tally", "no_skips"]

CLOCK = "2024-01-06T03:57:20Z"
AUTHORIZE = "/store/payment-collections/paycol_1/sessions/ps_1/authorize"
ARE_SLOW = ("node", "real", "browser", "volume")


@pytest.hookimpl(tryfirst=True)  # before pytest itself leaves out what is slow
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count as slow what asks thousands of times, or wants more than Python: a plain `pytest` is quick, and passes wherever Python is."""
    for item in items:
        if any(item.get_closest_marker(name) for name in ARE_SLOW):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def contract() -> Contract:
    """Return the contract; nothing changes it."""
    return Contract()


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """Return a running mock as it is without any setting; the tests of one file share it."""
    with running() as server:
        yield server


@pytest.fixture
def mock() -> Mock:
    """Return a mock of its own for one test."""
    return Mock(Settings(clock=CLOCK))


@pytest.fixture
def ask(mock: Mock) -> Ask:
    """Return what asks the mock."""
    return ask_of(mock.app)
