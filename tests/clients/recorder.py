"""A proxy that keeps what goes over the wire, so that a test can say what a client really sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as the client sent it, header names in small letters, and the status that it got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


@dataclass(slots=True)
class Recorder:
    """A proxy's URL, and what has gone through it, in order."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)

    def statuses(self) -> list[int]:
        """Return the statuses that were answered, in order."""
        return [exchange.status for exchange in self.exchanges]


@contextmanager
def recording(port: int) -> Iterator[Recorder]:
    """Run a proxy in front of a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.target, server.recorder = port, Recorder(f"http://localhost:{server.server_port}")  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.recorder  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        """Send the request to the target as it came, and the answer back as it came."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        target = HTTPConnection("127.0.0.1", self.server.target, timeout=20)
        target.request(self.command, self.path, body, dict(self.headers))
        answer = target.getresponse()
        sent = answer.read()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.recorder.exchanges.append(Exchange(self.command, self.path, headers, body, answer.status))
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)
        target.close()

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing on standard error."""
