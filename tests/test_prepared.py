"""What follows from the package alone is prepared once, for all mocks of a process."""

import time

from asking import ask_of
from conftest import AUTHORIZE, CLOCK

from mockserver import Settings
from mockserver.edge.mock import Mock


def test_mocks_share_what_nothing_changes(mock: Mock) -> None:
    """A second mock has the same contract and the same shipped scenarios; what is added to one, no other has."""
    other = Mock(Settings(clock=CLOCK))
    put = ask_of(mock.app)("PUT", "/__mock/scenarios/mine", {"description": "Mine."})
    busy = [ask_of(one.app)("POST", f"/@busy{AUTHORIZE}").status for one in (mock, other, mock, other, mock)]

    assert mock.contract is other.contract
    assert mock.scenarios["busy"] is other.scenarios["busy"]
    assert (201, True, False) == (put.status, "mine" in mock.scenarios, "mine" in other.scenarios)
    assert [409, 409, 409, 409, 200] == busy  # each counts for itself


def test_a_second_mock_costs_a_fraction_of_the_first() -> None:
    """So that each test of a project may have one: less than two hundred of its answers take."""
    began = time.thread_time()
    mock = Mock(Settings(clock=CLOCK))
    made = time.thread_time() - began
    ask = ask_of(mock.app)
    ask("POST", AUTHORIZE)
    began = time.thread_time()
    for _ in range(100):
        ask("POST", AUTHORIZE)

    assert made < (time.thread_time() - began) * 2
