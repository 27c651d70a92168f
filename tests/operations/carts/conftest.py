"""What the tests of carts share: one mock for the tests of a file, in which each shopper has a sandbox of her own."""

import pytest
from asking import Ask, ask_of
from conftest import CLOCK

from mockserver import Settings
from mockserver.edge.mock import Mock


@pytest.fixture(scope="module")
def mock() -> Mock:
    """Return a mock for all tests of a file."""
    return Mock(Settings(clock=CLOCK))


@pytest.fixture(scope="module")
def ask(mock: Mock) -> Ask:
    """Return what asks it."""
    return ask_of(mock.app)
