"""Starts the product as its users do: a process of its own, known by what it prints and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from threading import Timer
from typing import Any

import mockserver

PACKAGE = Path(mockserver.__file__).parent.parent  # a checkout, or where the wheel was installed
COMMAND = (sys.executable, "-m", "mockserver")
PATIENCE = 30  # seconds after which a process that says nothing is given up


@dataclass(frozen=True, slots=True)
class Server:
    """A mock that listens: its process, and the URL that its first line names."""

    process: subprocess.Popen[str]
    url: str
    welcome: str

    @property
    def port(self) -> int:
        """Return the port that it took."""
        return int(self.url.rpartition(":")[2])

    def connect(self) -> HTTPConnection:
        """Return a connection that is open."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.connect()
        return connection

    def json(self, method: str, path: str, body: object = None) -> Any:
        """Return the document of a 200; fail on any other status."""
        with closing(self.connect()) as connection:
            sent = {} if body is None else {"body": json.dumps(body), "headers": {"Content-Type": "application/json"}}
            connection.request(method, path, **sent)  # type: ignore[arg-type]
            answer = connection.getresponse()
            text = answer.read()
        assert answer.status == HTTPStatus.OK, text
        return json.loads(text)

    def post(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers (names in small letters) and the body of an answer."""
        with closing(self.connect()) as connection:
            connection.request("POST", path)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@contextmanager
def running(*arguments: str, environ: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run `python -m mockserver --port 0` with more arguments until the block ends; whatever happens, none is left."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments],
        env=environment(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _started(process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)  # the one end at which its coverage is written down
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Wait for a process that was told to end; one that does not is killed, and fails the test."""
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()
        raise AssertionError(f"{process.args} does not end; it said {said}") from None


def run(*arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of the product to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which the package under test is found, and none of its settings is made."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")}
    return kept | {"PYTHONPATH": str(PACKAGE)} | dict(more or {})


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def listens(port: int) -> bool:
    """Tell whether a connection to a port is accepted."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _started(process: subprocess.Popen[str]) -> Server:
    """Return the server once it has said where it listens; fail with its own words when it never does."""
    assert process.stdout
    watchdog = Timer(PATIENCE, process.kill)
    watchdog.start()
    lines = []
    while line := process.stdout.readline():
        lines.append(line)
        if line.startswith("  try "):  # the last line of the welcome
            break
    watchdog.cancel()
    found = re.search(r"http://\S+:\d+$", lines[0].strip()) if lines else None
    if not found:
        raise AssertionError(f"no URL in {lines}; {process.communicate(timeout=PATIENCE)[1]}")
    return Server(process, found[0], "".join(lines))
