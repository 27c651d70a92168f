"""
The fixture `mock_medusa` for pytest: a mock on a free port, one sandbox for each test.

Under pytest-xdist all workers share one server: the first that wants it starts it, and it ends with the run.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ..errors import MockServerError
from .client import MockMedusa

PATIENCE = 30  # seconds
LONGEST_NAME = 50
CONTROLLER = "mock_medusa_controller"
SHARED = pytest.StashKey[Path]()
_started: list[subprocess.Popen[str]] = []  # those that outlive the worker which started them


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project say what its server is started with."""
    parser.addini("mock_medusa_arguments", "Arguments of `mockserver serve` for the fixture mock_medusa.", type="args")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "scenario(name): the scenario that mock_medusa answers this test with")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Remember, in the process that controls pytest-xdist's workers, where they find their server; tell them who we are."""
    node.workerinput[CONTROLLER] = (
        os.getpid()
    )  # a worker's parent is another process where Python starts through a launcher
    node.config.stash[SHARED] = _file(node.workerinput["testrunuid"])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server that workers shared."""
    shared = config.stash.get(SHARED, None)
    if shared is not None and shared.exists():
        with suppress(ValueError, KeyError, OSError):  # nobody has that id any more, in the words of each platform
            os.kill(json.loads(shared.read_text(encoding="utf-8"))["pid"], signal.SIGTERM)
        shared.unlink()


@pytest.fixture(scope="session")
def mock_medusa_server(pytestconfig: pytest.Config) -> Iterator[str]:
    """Return the URL of a running mock: this process' own, or the one that all workers of pytest-xdist share."""
    arguments = pytestconfig.getini("mock_medusa_arguments")
    worker: Any = getattr(pytestconfig, "workerinput", None)
    if worker is None:
        process, url = _start(arguments, os.getpid())
        yield url
        process.terminate()
        process.communicate()
    else:
        yield _share(_file(worker["testrunuid"]), arguments, worker[CONTROLLER])


@pytest.fixture
def mock_medusa(mock_medusa_server: str, request: pytest.FixtureRequest) -> Iterator[MockMedusa]:
    """Return a sandbox of its own for one test; `mock_medusa.url` is the base URL for whatever client it tries."""
    mock = MockMedusa(mock_medusa_server, _sandbox(request.node.nodeid))
    mock.reset()
    mark = request.node.get_closest_marker("scenario")
    if mark is not None:
        if len(mark.args) != 1:
            raise pytest.UsageError(
                '@pytest.mark.scenario takes the name of one scenario: @pytest.mark.scenario("busy")'
            )
        mock.scenario(mark.args[0])
    yield mock
    mock.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show with a test that failed what its mock was asked."""
    mock = getattr(item, "funcargs", {}).get("mock_medusa")
    if call.when == "call" and call.excinfo is not None and isinstance(mock, MockMedusa):
        item.add_report_section("call", "mock_medusa", _asked(mock))
    return (yield)


def _asked(mock: MockMedusa) -> str:
    try:
        asked = [f"{one['method']} {one['path']} -> {one['status']} ({one['scenario']})" for one in mock.journal]
    except (OSError, MockServerError) as error:
        return f"the mock could not be asked: {error}"
    return "\n".join(asked) or "nothing was asked"


def _sandbox(nodeid: str) -> str:
    """Return a name that no other test has, and that people recognise."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", nodeid.rpartition("::")[2])[:LONGEST_NAME]
    return f"{name}-{sha256(nodeid.encode()).hexdigest()[:8]}"


def _file(run: str) -> Path:
    """Return the file in which the workers of a run find their server."""
    return Path(tempfile.gettempdir()) / f"mock-medusa-{run}.json"


def _share(shared: Path, arguments: list[str], parent: int) -> str:
    """Return the URL of the server that the first worker starts."""
    try:
        descriptor = os.open(shared, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _found(shared)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        try:
            process, url = _start(arguments, parent)
        except pytest.UsageError as error:
            json.dump({"error": str(error)}, file)
            raise
        _started.append(process)
        json.dump({"pid": process.pid, "url": url}, file)
    return url


def _found(shared: Path) -> str:
    """Wait for the worker that starts the server."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(ValueError):
            found = json.loads(shared.read_text(encoding="utf-8"))
            if "error" in found:
                raise pytest.UsageError(found["error"])
            return str(found["url"])
        time.sleep(0.02)
    raise pytest.UsageError(f"no worker has started a mock within {PATIENCE} s")


def _start(arguments: list[str], parent: int) -> tuple[subprocess.Popen[str], str]:
    """Start a server that ends with a process; return when it listens. By -P it is ours, whatever the tests' folder holds."""
    command = [sys.executable, "-P", "-m", "mockserver", "--port", "0", "--parent", str(parent), *arguments]
    # what is set for some other server, a token perhaps, is not meant for this one
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)  # noqa: S603
    assert process.stdout  # noqa: S101
    found = re.search(r"http://\S+", process.stdout.readline())
    if not found:
        process.terminate()
        process.communicate()
        raise pytest.UsageError(f"{' '.join(command)} did not start")
    return process, found[0]
