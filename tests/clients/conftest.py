"""The official client of Medusa v1, installed from npm as shops install it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clients.recorder import Recorder, recording
from packages import installed
from processes import Server, running

HERE = Path(__file__).parent
PATIENCE = 120

Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def node() -> str:
    """Return the command `node`, with the client that package-lock.json names installed."""
    installed(HERE)
    return "node"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a running mock."""
    with running() as server:
        yield server


@pytest.fixture
def wire(server: Server) -> Iterator[Recorder]:
    """Return a proxy in front of the mock."""
    with recording(server.port) as recorder:
        yield recorder


@pytest.fixture
def call(node: str) -> Call:
    """Return a function that makes one call with the client and returns what came of it, within `seconds` if said."""

    def made(base_url: str, method: str, *arguments: Any, seconds: float | None = None) -> dict[str, Any]:
        wanted = {"config": {"baseUrl": base_url}, "method": method, "arguments": arguments, "seconds": seconds}
        done = subprocess.run(
            [node, "call.mjs", json.dumps(wanted)],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert not done.returncode, done.stderr
        return dict(json.loads(done.stdout))

    return made
