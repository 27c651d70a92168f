"""
HTTP as Node reads it, on uvicorn's own connections; and the short way for answers that need no waiting.

What Node cannot read is answered with a status line, `Connection: close` and nothing else (SERVER.md 3).

The short way: a request whose body is small is read whole, answered in the same step and written in one piece, without a
task, an ASGI scope and two sends. That takes 50 of 125 microseconds. All else goes the usual way: bodies that are large or
of unknown length, answers that wait or break the connection, and whatever comes while another answer is under way.
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .express import Wire
from .messages import Request
from .wire import ANSWERED, CONNECTION, Answered, head_of

LOG = logging.getLogger("mockserver")
AtOnce = Callable[[Request], Wire | Answered | None]
MOST_HEADERS = 16_384  # bytes, Node's own limit
SMALL = 102_400  # bytes of a body; what is larger is refused later, and need not be kept
UNUSUAL = frozenset({"transfer-encoding", "expect", "upgrade"})
REFUSED = {
    status: f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n\r\n".encode()
    for status in (400, 431)
}


class AtOnceConfig(Config):
    """uvicorn's settings, with what answers at once; `at_once` returns None for what it leaves to the application."""

    at_once: AtOnce | None = None


class Protocol(HttpToolsProtocol):
    """One connection. It hands over its transport to the application, on which faults are performed."""

    config: AtOnceConfig
    _refusal = REFUSED[400]
    _parts: list[bytes] | None = None
    _named: dict[str, str]

    def on_message_begin(self) -> None:
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        named = self._named = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}
        if sum([len(name) + len(value) for name, value in self.headers]) + len(self.url) >= MOST_HEADERS:
            self._refusal = REFUSED[431]
            raise ValueError
        if "host" not in named and self.parser.get_http_version() == "1.1":
            raise ValueError
        self._parts = [] if self._is_short(named) else None
        if self._parts is None:
            self._begin({})

    def _begin(self, extensions: dict[str, dict[object, object]]) -> None:
        """Let the application have the request, with what is known of it already."""
        url, headers = self.url, self.headers
        super().on_message_begin()  # makes the scope, and forgets the rest
        self.url, self.headers = url, headers
        self.scope["headers"] = headers
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}, **extensions}
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._parts is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._parts is None:
            super().on_message_complete()
            return
        body, self._parts = b"".join(self._parts), None
        found = self._answer(body)
        if isinstance(found, Wire):
            self._write(found)
            return
        self._begin({} if found is None else {ANSWERED: {"answered": found}})
        super().on_body(body)
        super().on_message_complete()

    def send_400_response(self, _msg: str) -> None:
        self.transport.write(self._refusal)
        self.transport.close()

    def _is_short(self, named: Mapping[str, str]) -> bool:
        """Tell whether a request may go the short way: small, plain, and next in turn."""
        if self.config.at_once is None or self.url[:1] != b"/" or b"#" in self.url or not self.url.isascii():
            return False
        if self.pipeline or self.flow.write_paused or not getattr(self.cycle, "response_complete", True):
            return False
        return UNUSUAL.isdisjoint(named) and int(named.get("content-length", "0")) <= SMALL

    def _answer(self, body: bytes) -> Wire | Answered | None:
        """Return what is to be sent; what nobody foresaw is logged, and a 500 as a last resort."""
        path, _, query = self.url.partition(b"?")
        request = Request(
            self.parser.get_method().decode("ascii"),
            path.decode("ascii"),
            query.decode("ascii"),
            self._named,
            body,
        )
        assert self.config.at_once is not None  # noqa: S101  (_is_short looked)
        try:
            return self.config.at_once(request)
        except Exception:
            LOG.exception("%s %s could not be answered", request.method, request.path)
            return Wire(500, [("Content-Length", "0")], b"")

    def _write(self, wire: Wire) -> None:
        """Write an answer in one piece, and be ready for the next request."""
        keeps_alive = self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"
        more = b"" if keeps_alive else b"Connection: close\r\n"
        self.transport.write(head_of(wire.status, wire.headers) + more + b"\r\n" + wire.body)
        if not keeps_alive:
            self.transport.close()
        self.on_response_complete()
