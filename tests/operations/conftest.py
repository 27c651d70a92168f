"""What the tests of operations share."""

import pytest
from asking import Ask
from operations.shop import Shop


@pytest.fixture
def shop(ask: Ask) -> Shop:
    """Return a shop in which every id is invented on first touch."""
    return Shop(ask, {})
