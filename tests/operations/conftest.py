"""What the tests of operations share."""

import pytest
from operations.shop import Shop

from mockserver.edge.app import Mock


@pytest.fixture
def shop(mock: Mock) -> Shop:
    """Return a shop in which every id is invented on first touch."""
    return Shop(mock, {})
