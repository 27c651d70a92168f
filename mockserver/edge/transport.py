"""
What an answer cannot say through ASGI, because it is a matter of the connection: HTTP as Node reads it, and faults.

A Connection stands on both sides of uvicorn's own protocol, which it leaves as it is: before it, for the events of the
transport, and behind it, as its parser. Whoever answers a request finds its connection in the scope's state.
"""

import asyncio
import socket
import struct
import sys
import time
from collections import deque
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.types import Scope
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

CONNECTION = "mockserver.connection"
MOST_HEAD = 16_384  # bytes of target, names and values: Node's own limit
MOST_WAITING = 16  # requests on one connection behind one that is not yet answered
HEAD_SECONDS, REQUEST_SECONDS = 60, 300  # Node's own headersTimeout and requestTimeout
UNREAD_SECONDS = 60  # in which a client takes nothing of what is sent to it
MOST_UNREAD = 100_000_000  # bytes that wait for all clients together to take them
HALF_CLOSED = 1.0  # seconds after which a client that said it is done has left, where no answer will ever come
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
_UNREADABLE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"  # all that Node says (tests/facts/server.md 3)
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"
_LINGER = "hh" if sys.platform == "win32" else "ii"  # as each platform's C has it
_ABORT = struct.pack(_LINGER, 1, 0)  # SO_LINGER with no patience: closing resets


class _Joining:
    """A transport whose next write can be kept back, to go out with the one behind it: a system call less."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._write = transport.write
        self._held = b""
        self.holds = False
        self.close, self.abort, self.is_closing = transport.close, transport.abort, transport.is_closing
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading
        self.get_extra_info, self.get_write_buffer_size = transport.get_extra_info, transport.get_write_buffer_size

    def write(self, data: bytes) -> None:
        if self.holds:
            self._held, self.holds = data, False
        else:
            held, self._held = self._held, b""
            self._write(held + data)


class Connection(asyncio.Protocol):
    """One connection. uvicorn makes it, of what it makes its own protocols of."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._http = http = HttpToolsProtocol(config, server_state, {**app_state, CONNECTION: self}, _loop)
        http.parser = self  # type: ignore[assignment]  # no option names another parser
        self.on_url, self.on_header, self.on_body = http.on_url, http.on_header, http.on_body
        self._parser = HttpRequestParser(self)
        self._cycles: deque[RequestResponseCycle] = deque()
        self._is_in_head = False
        self._received = 0  # bytes in which the head is, at most
        self._line = 0  # bytes of the head's last line, which is not yet whole
        self._offers: list[tuple[bytes, bytes]] = []
        self._is_over = False
        self._is_receiving = True  # or nothing has come yet
        self._waited = 0  # seconds for the rest of a request, or for the client to read
        self._is_endless = False
        self._half_closed_at: float | None = None
        self.refused: int | None = None  # the status of the bare line that the request being read was answered by

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._out = _Joining(transport)  # type: ignore[arg-type]
        self._http.connection_made(self._out)  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        if not self._is_over:  # nobody reads on behind what could not be read
            self._http.data_received(data)

    def eof_received(self) -> bool:
        """Answer what was asked by a client that asks nothing more, as long as an answer will come; then close."""
        waiting = [cycle for cycle in self._cycles if not cycle.response_complete]
        if not waiting:
            return False
        self._is_over, self._half_closed_at = True, time.monotonic()
        if waiting[-1].more_body:  # it is never whole
            waiting[-1].disconnected = True
            waiting[-1].message_event.set()
        asyncio.get_running_loop().call_later(HALF_CLOSED, self._give_up)
        return True

    def _give_up(self) -> None:
        """Close behind a client that said it is done, where it waits for what may never come: it has left, most likely."""
        if self._is_endless or any(_is_controls(cycle) for cycle in self._cycles if not cycle.response_complete):
            self.end()

    def pause_writing(self) -> None:
        """Wait for a client that does not read as fast as it asks; whoever lets most wait is cut off where it is too much."""
        self._http.pause_writing()
        self._waited = 0
        paused = [one for one in self._http.connections if isinstance(one, HttpToolsProtocol) and one.flow.write_paused]
        sizes = {one: one.transport.get_write_buffer_size() for one in paused}
        if sum(sizes.values()) > MOST_UNREAD:
            max(paused, key=sizes.__getitem__).transport.abort()

    def resume_writing(self) -> None:
        self._waited = 0
        self._http.resume_writing()

    def look(self) -> None:
        """Cut off a client that does not end its request, or does not read, in its time; called once a second."""
        if self._http.flow.write_paused:
            self._waited += 1
            if self._waited > UNREAD_SECONDS:
                self._http.transport.abort()
        elif self._is_receiving:
            self._waited += 1
            if self._waited > (REQUEST_SECONDS if self._has_head else HEAD_SECONDS):
                self._refuse(_TOO_LATE)

    def connection_lost(self, exc: Exception | None) -> None:
        for cycle in self._cycles:  # of several in line, uvicorn tells only the newest that its client is gone
            cycle.disconnected = True
            cycle.message_event.set()
        self._http.connection_lost(exc)

    def feed_data(self, data: bytes) -> None:
        """Parse what came; what Node cannot read is answered by a bare line, and an offer to upgrade is passed over."""
        self._received = len(data) + (self._received if self._is_in_head else 0)
        rest = data
        try:
            while rest:
                rest = self._fed(rest)
        except HttpParserError as error:
            self._refuse(_TOO_LARGE if isinstance(error.__context__, OverflowError) else _UNREADABLE)
        if self._is_in_head or self._http.headers:  # of a head that never ends, or of trailers
            self._line = len(data) - data.rindex(b"\n") - 1 if b"\n" in data else self._line + len(data)
            if self._size() >= MOST_HEAD:
                self._refuse(_TOO_LARGE)

    def _fed(self, data: bytes) -> bytes:
        """Parse; return what is left to be parsed behind an offer: the same request again, without it."""
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade as offer:
            if self._parser.get_method() == b"CONNECT":
                self._http.transport.close()  # without a word, as Node does
                return b""
            head, self._offers = self._http.headers, [pair for pair in self._http.headers if pair[0] == b"upgrade"]
            lines = [b"%s: %s\r\n" % pair for pair in head if pair[0] != b"upgrade"]
            target = b"%s %s HTTP/1.1\r\n" % (self._parser.get_method(), self._http.url)
            return target + b"".join(lines) + b"\r\n" + data[offer.args[0] :]
        return b""

    def _size(self) -> int:
        names = sum(len(name) + len(value) for name, value in self._http.headers)
        return names + (len(self._http.url) + self._line if names else max(len(self._http.url), self._line))

    def get_method(self) -> bytes:
        return self._parser.get_method()

    def get_http_version(self) -> str:
        """Return the version by which uvicorn decides whether to keep the connection: HTTP/1.0 may ask for that too."""
        return "1.1" if self._parser.should_keep_alive() else self._parser.get_http_version()

    def should_keep_alive(self) -> bool:
        return self._parser.should_keep_alive()

    def should_upgrade(self) -> bool:
        return False

    @property
    def _has_head(self) -> bool:
        """Tell whether it is a body that is waited for."""
        return bool(self._cycles) and self._cycles[-1].more_body and not self._is_in_head

    def on_message_begin(self) -> None:
        self._is_in_head, self._line, self._is_receiving, self._waited = True, 0, True, 0
        self._http.on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin a request, or raise what makes the parser raise."""
        http, self._is_in_head, self._line = self._http, False, 0
        if self._parser.should_upgrade():
            return
        if self._received >= MOST_HEAD and self._size() >= MOST_HEAD:
            raise OverflowError
        if b"host" not in dict(http.headers) and self._parser.get_http_version() == "1.1":
            raise ValueError
        http.headers += self._offers
        self._offers = []
        http.on_headers_complete()
        http.headers = []  # trailers, which mean nothing
        while self._cycles and self._cycles[0].response_complete:
            self._cycles.popleft()
        self._cycles.append(http.cycle)
        if 0 < len(http.pipeline) < MOST_WAITING:
            http.transport.resume_reading()  # else nobody would notice that the client leaves

    def on_message_complete(self) -> None:
        if not self._parser.should_upgrade():
            self._is_receiving = False
            self._http.on_message_complete()

    def _refuse(self, line: bytes) -> None:
        """Say that something could not be read; Node says nothing where it comes right behind what is yet to be answered."""
        self._is_over, self.refused = True, int(line[9:12])
        newest = self._cycles[-1] if self._cycles else None
        if newest is None or newest.response_complete or newest.more_body:
            self.end(line)

    def hold_head(self) -> None:
        """Keep the head of a response back until its body is sent, which has to be the very next thing."""
        self._out.holds = True

    def answered(self) -> None:
        """Close the connection behind the last answer, where nobody reads on; whoever has answered calls it."""
        if self._is_over and (self._cycles[-1].response_complete or self._cycles[-1].disconnected):
            self.end()

    def left_at(self) -> float | None:
        """Return when a client went away that an answer was just written to, by time.monotonic(); None where it may read it."""
        if self._half_closed_at is None:
            return None
        told = self._http.transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return self._half_closed_at if told else None  # its system refuses what comes once nobody is there

    def hang(self) -> None:
        """Take note that nothing will ever be answered: whoever said that nothing follows is gone."""
        self._is_endless = True
        if self._half_closed_at is not None:
            self.end()

    def end(self, last: bytes = b"") -> None:
        """Close the connection behind some last bytes."""
        if not self._http.transport.is_closing():
            self._http.transport.write(last)
            self._http.transport.close()

    def reset(self) -> None:
        """Close the connection by a reset."""
        self._http.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self._http.transport.abort()


def _is_controls(cycle: RequestResponseCycle) -> bool:
    return str(cycle.scope["path"]).startswith("/__mock")


def connection_of(scope: Scope) -> Connection | None:
    """Return the connection that a request came on; None under any server but ours."""
    return scope.get("state", {}).get(CONNECTION)  # type: ignore[no-any-return]
