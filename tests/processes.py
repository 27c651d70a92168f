"""Starts the product as its users do: a process of its own, known by what it prints and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from threading import Timer
from typing import Any

from asking import named_headers, sent_body

import mockserver
from mockserver.messages import Response

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
    def host(self) -> str:
        """Return the address that it listens on."""
        return self.url.removeprefix("http://").rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """Return the port that it took."""
        return int(self.url.rpartition(":")[2])

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: str = "",
        *,
        pairs: Iterable[tuple[str, str]] = (),
        **headers: str,
    ) -> Response:
        """Ask as `asking.asked` does, on a connection of its own; raise what http.client does when the answer is broken."""
        (raw,), _ = sent_body(body)
        named = [*named_headers(body, headers), *pairs, ("connection", "close")]
        names = {name.lower() for name, _ in named}
        if "host" not in names:
            named.insert(0, ("host", f"localhost:{self.port}"))
        if raw and names.isdisjoint({"content-length", "transfer-encoding"}):
            named.append(("content-length", str(len(raw))))
        lines = "".join(f"{name}: {value}\r\n" for name, value in named)
        target = f"{path}?{query}" if query else path
        head = f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")
        with closing(self.open(head + raw)) as connection:
            answer = HTTPResponse(connection, method=method)
            answer.begin()
            got = tuple((name.lower(), value) for name, value in answer.getheaders())
            return Response(answer.status, got, answer.read())

    def open(self, *parts: str | bytes) -> socket.socket:
        """Send the parts of one or more requests as they are, each by itself; return the connection, which is to be closed."""
        connection = socket.create_connection((self.host, self.port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, part in enumerate(parts):
            if number:
                time.sleep(0.05)  # so that each is read by itself
            connection.sendall(part.encode() if isinstance(part, str) else part)
        return connection

    def send(self, *parts: str | bytes) -> bytes:
        """Send the parts of one or more requests, the last of which ends the connection; return all that comes back."""
        with closing(self.open(*parts)) as connection:
            return connection.makefile("rb").read()


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


def run(
    *arguments: str, environ: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    """Run a command of the product to its end; it writes in this encoding."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(environ),
        capture_output=True,
        encoding=encoding,
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
