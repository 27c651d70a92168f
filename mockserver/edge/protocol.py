"""
HTTP as Node reads it, on uvicorn's own connections; and the short way for answers that need no waiting.

What Node cannot read is answered with a status line, `Connection: close` and nothing else (SERVER.md 3).

The short way: a request whose body is small is read whole, answered in the same step and written in one piece, without a
task, an ASGI scope and two sends. That takes 50 of 125 microseconds. All else goes the usual way: bodies that are large or
of unknown length, answers that wait or break the connection, and whatever comes while another answer is under way.

What was answered in one turn of the event loop is written at its end, one connection after the other. A client that sleeps
is then woken once a turn and not for every answer, which takes 12 of those 50 microseconds under load.
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ..express.express import Wire
from ..messages import Request
from .faults import ANSWERED, CONNECTION, Answered, head_of

LOG = logging.getLogger("mockserver")
AtOnce = Callable[[Request], Wire | Answered | None]
MOST_HEADERS = 16_384  # bytes, Node's own limit
SMALL = 102_400  # bytes of a body; what is larger is refused later, and need not be kept
MOST_UNWRITTEN = 65_536  # bytes of answers on one connection; who asks for more at once must read some first
MOST_WAITING = 16  # requests on one connection behind one that is not yet answered
UNUSUAL = frozenset({"transfer-encoding", "expect", "upgrade"})
REFUSED = {
    status: f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n\r\n".encode()
    for status in (400, 431)
}


class AtOnceConfig(Config):
    """
    uvicorn's settings, with what answers at once; `at_once` returns None for what it leaves to the application.

    `written` are the connections that have something to write at the end of this turn of the event loop.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.at_once: AtOnce | None = None
        self.written: list[Protocol] = []


class Protocol(HttpToolsProtocol):
    """One connection. It hands over its transport to the application, on which faults are performed."""

    config: AtOnceConfig
    _refusal = REFUSED[400]
    _parts: list[bytes] | None = None
    _named: dict[str, str]
    _ends = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._unwritten: list[bytes] = []
        self._unwritten_size = 0
        self._running: RequestResponseCycle | None = None  # uvicorn knows only the newest, which may wait in line
        self._in_head = False
        self._head = 0  # bytes of a head that is not yet whole
        self._used = 0.0  # when the last answer was complete
        self._is_idle = True

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self._named = {}
        self._size, self._head = 0, -1
        self._in_head = True
        self._is_idle = False

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:  # the parser tells of no part before it is whole; nor where in its first data it began
            self._head = 0 if self._head < 0 else self._head + len(data)
            if self._head >= MOST_HEADERS:
                self._write(REFUSED[431], ends=True)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._size += len(name) + len(value)
        if self._size >= MOST_HEADERS:
            self._refusal = REFUSED[431]
            raise ValueError
        if self._in_head:  # what comes behind the body is read, and means nothing
            name = name.lower()
            self.headers.append((name, value))
            self._named[name.decode("latin-1")] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._size + len(self.url) >= MOST_HEADERS:
            self._refusal = REFUSED[431]
            raise ValueError
        if "host" not in self._named and self.parser.get_http_version() == "1.1":
            raise ValueError
        self._parts = [] if self._is_short(self._named) else None
        if self._parts is None:
            self._begin({})

    def _begin(self, extensions: dict[str, dict[object, object]]) -> None:
        """Let the application have the request, with what is known of it already."""
        url, headers = self.url, self.headers
        super().on_message_begin()  # makes the scope, and forgets the rest
        self.url, self.headers = url, headers
        self.expect_100_continue = self._named.get("expect", "").lower() == "100-continue"
        self.scope["headers"] = headers
        self.scope["extensions"] = {CONNECTION: {"transport": self.transport}, **extensions}
        super().on_headers_complete()
        if not self.pipeline:
            self._running = self.cycle
        elif len(self.pipeline) < MOST_WAITING:
            self.flow.resume_reading()  # else nobody would notice that the client leaves

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
            self._send(found)
            return
        self._begin({} if found is None else {ANSWERED: {"answered": found}})
        super().on_body(body)
        super().on_message_complete()

    def send_400_response(self, _msg: str) -> None:
        self._write(self._refusal, ends=True)

    def _is_short(self, named: Mapping[str, str]) -> bool:
        """Tell whether a request may go the short way: small, plain, and next in turn."""
        if self.config.at_once is None or self.url[:1] != b"/" or b"#" in self.url or not self.url.isascii():
            return False
        if self.pipeline or self.flow.write_paused or self._unwritten_size > MOST_UNWRITTEN:
            return False
        if not getattr(self.cycle, "response_complete", True):
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

    def _send(self, wire: Wire) -> None:
        """Send an answer, and be ready for the next request."""
        keeps_alive = self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"
        more = b"" if keeps_alive else b"Connection: close\r\n"
        self._write(head_of(wire.status, wire.headers) + more + b"\r\n" + wire.body, ends=not keeps_alive)
        self.on_response_complete()

    def on_response_complete(self) -> None:
        if self.pipeline:
            self._running = self.pipeline[-1][0]  # which is begun now
            super().on_response_complete()
            if len(self.pipeline) >= MOST_WAITING:
                self.flow.pause_reading()  # what was read already is more than enough
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._used, self._is_idle = self.loop.time(), True
        if self.timeout_keep_alive_task is None:
            self._close_later(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        """Let the timer run: to end one and to set another for each request takes 3 microseconds."""

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was not used for so long; look again later at one that was, or is."""
        left = self._used + self.timeout_keep_alive - self.loop.time()
        if self._is_idle and left <= 0:
            super().timeout_keep_alive_handler()
        else:
            self._close_later(left if left > 0 else self.timeout_keep_alive)

    def _close_later(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        super()._unset_keepalive_if_required()
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def _write(self, data: bytes, *, ends: bool) -> None:
        """Write at the end of this turn of the event loop, and close the connection where it ends."""
        if self._ends:
            return  # nobody reads on behind `Connection: close`
        if not self._unwritten:
            self.config.written.append(self)
            if len(self.config.written) == 1:
                self.loop.call_soon(_flush_all, self.config.written)
        self._unwritten.append(data)
        self._unwritten_size += len(data)
        self._ends = ends

    def flush(self) -> None:
        """Write what is not yet written."""
        if self._unwritten:
            self.transport.write(b"".join(self._unwritten))
            self._unwritten.clear()
            self._unwritten_size = 0
        if self._ends:
            self.transport.close()

    def shutdown(self) -> None:
        self.flush()
        super().shutdown()


def _flush_all(written: list[Protocol]) -> None:
    """Write what each connection has to write; what goes the usual way was begun later, and is written later."""
    protocols = written.copy()
    written.clear()
    for protocol in protocols:
        protocol.flush()
