"""How long the hostile tests try, and from which seed: HOSTILE_SECONDS and HOSTILE_SEED in the environment say otherwise."""

import os
from random import Random

import pytest

SECONDS = float(os.environ.get("HOSTILE_SECONDS", "10"))
SEED = os.environ.get("HOSTILE_SEED", "15")


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Random:
    """Return what a test draws from; the same in each run, unless another seed is asked for."""
    return Random(f"{SEED} {request.node.name}")


@pytest.fixture
def seconds() -> float:
    """Return how long a test tries."""
    return SECONDS
