"""A real Medusa for the tests that hold the mock against it."""

from collections.abc import Iterator

import pytest
from real.medusa import Medusa, missing, real_medusa


@pytest.fixture(scope="session")
def medusa() -> Iterator[Medusa]:
    """Return a real Medusa that runs; skip where it cannot."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with real_medusa() as medusa:
        yield medusa
