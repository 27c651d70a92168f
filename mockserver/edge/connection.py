"""
What an answer cannot say through ASGI, because it is a matter of the connection: how it is read, its patience, its end, faults.

A Connection is uvicorn's own protocol, which reads as Node reads. Of its base it uses what no option offers: `parser`, whose
callbacks it sees first; `headers` and `url`, which the head is counted and read again by; `cycle`, the newest request, and
of each request `more_body`, `disconnected`, `message_event` and `response_complete`; `pipeline` and `flow`.
"""

import asyncio
import re
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Mapping
from typing import Any
from weakref import ref

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from .joining import Joining

CONNECTION = "mockserver.connection"
HEAD_SECONDS, REQUEST_SECONDS = 60, 300  # Node's own headersTimeout and requestTimeout
UNREAD_SECONDS = 60  # in which a client takes nothing of what is sent to it
MOST_HEAD = 16_384  # bytes of target, names and values: Node's own limit
MOST_UNREAD = 100_000_000  # bytes that wait for all clients together to take them
MOST_WAITING = 16  # requests on one connection behind one that is not yet answered
HALF_CLOSED = 1.0  # seconds after which a client that said it is done has left, where no answer may ever come
_UNREADABLE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"  # all that Node says (tests/facts/server.md 3)
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
_LINGER = "hh" if sys.platform == "win32" else "ii"  # as each platform's C has it
_ABORT = struct.pack(_LINGER, 1, 0)  # SO_LINGER with no patience: closing resets

_ABSOLUTE = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)  # a target as proxies are sent it


class Connection(HttpToolsProtocol):
    """
    One connection of our own server. Whoever answers a request finds it by the scope's state.

    `is_endless` is set by whoever begins an answer that may never come. `refused` is the status of the bare line that the
    request which was being read was answered by.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, {**app_state, CONNECTION: ref(self)}, _loop)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=False)  # nobody reads on behind what is to close
        self.headers, self.url = [], b""
        self.is_endless = False
        self.refused: int | None = None
        self._cycles: deque[RequestResponseCycle] = deque()  # the requests under way, the oldest first
        self._is_over = False  # nothing more is read
        self._half_closed_at: float | None = None
        self._is_receiving = True  # the rest of a request is waited for, or the first
        self._waited = 0  # seconds for it so far
        self._unread = 0  # seconds in which the client has taken nothing
        self._is_in_head = False
        self._received = 0  # bytes in which the head is, at most
        self._line = 0  # bytes of the head's last line, which is not yet whole
        self._offers: list[tuple[bytes, bytes]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        self._joining = Joining(transport)
        super().connection_made(self._joining)  # type: ignore[arg-type]

    def connection_lost(self, exc: Exception | None) -> None:
        for cycle in self._cycles:  # of several in line, uvicorn tells only the newest that its client is gone
            cycle.disconnected = True
            cycle.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; what Node cannot read is answered by a bare line, and an offer to upgrade is passed over."""
        if self._is_over:
            return
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        self._received = len(data) + (self._received if self._is_in_head else 0)
        rest = data
        try:
            while rest:
                rest = self._fed(rest)
        except HttpParserError as error:
            self._refuse(_TOO_LARGE if isinstance(error.__context__, OverflowError) else _UNREADABLE)
        if self._is_in_head or self.headers:  # of a head that never ends, or of trailers
            self._line = len(data) - data.rindex(b"\n") - 1 if b"\n" in data else self._line + len(data)
            if self._head_size() >= MOST_HEAD:
                self._refuse(_TOO_LARGE)

    def _fed(self, data: bytes) -> bytes:
        """Parse; return what is left to be parsed behind an offer: the same request again, without it."""
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as offer:
            if self.parser.get_method() == b"CONNECT":
                self.transport.close()  # without a word, as Node does
                return b""
            head, self._offers = self.headers, [pair for pair in self.headers if pair[0] == b"upgrade"]
            lines = [b"%s: %s\r\n" % pair for pair in head if pair[0] != b"upgrade"]
            version = self.parser.get_http_version().encode()
            target = b"%s %s HTTP/%s\r\n" % (self.parser.get_method(), self.url, version)
            self.parser = HttpRequestParser(self)  # the old one reads on behind no connection that is to be closed
            return target + b"".join(lines) + b"\r\n" + data[offer.args[0] :]
        return b""

    def _head_size(self) -> int:
        names = sum(len(name) + len(value) for name, value in self.headers)
        return names + (len(self.url) + self._line if names else max(len(self.url), self._line))

    def on_message_begin(self) -> None:
        self._is_in_head, self._line, self._is_receiving, self._waited = True, 0, True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin a request, or raise what makes the parser raise."""
        self._is_in_head, self._line = False, 0
        if self.parser.should_upgrade():
            return
        if self._received >= MOST_HEAD and self._head_size() >= MOST_HEAD:
            raise OverflowError
        if b"host" not in dict(self.headers) and self.parser.get_http_version() == "1.1":
            raise ValueError
        self.headers += self._offers
        self._offers = []
        if absolute := _ABSOLUTE.match(self.url):
            rest = self.url[absolute.end() :]
            self.url = rest if rest[:1] == b"/" else b"/" + rest
        super().on_headers_complete()
        self.headers = []  # trailers, which mean nothing
        if self.parser.should_keep_alive():  # HTTP/1.0 may ask for that, too
            self.cycle.keep_alive, self.scope["http_version"] = True, "1.1"
        while self._cycles and self._cycles[0].response_complete:
            self._cycles.popleft()
        self._cycles.append(self.cycle)
        if 0 < len(self.pipeline) < MOST_WAITING:
            self.transport.resume_reading()  # else nobody would notice that the client leaves

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._is_receiving = False
            super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn never keeps such a connection
        """Answer what was asked by a client that asks nothing more, as long as an answer will come; then close."""
        waiting = [cycle for cycle in self._cycles if not cycle.response_complete]
        if not waiting:
            self._joining.flush()
            return False
        self._is_over, self._half_closed_at = True, time.monotonic()
        if self.cycle.more_body:  # it is never whole
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        return True

    def pause_writing(self) -> None:
        """Wait for a client that does not read as fast as it asks; whoever lets most wait is cut off where it is too much."""
        super().pause_writing()
        self._unread = 0
        paused = [one for one in self.connections if isinstance(one, Connection) and one.flow.write_paused]
        sizes = {one: one.transport.get_write_buffer_size() for one in paused}
        if sum(sizes.values()) > MOST_UNREAD:
            max(paused, key=sizes.__getitem__).transport.abort()

    def resume_writing(self) -> None:
        self._waited = 0
        super().resume_writing()

    def look(self) -> None:
        """Cut off a client that does not end its request, or does not read, in its time, or that has left; called once a second."""
        if self.is_endless and self._half_closed_at and time.monotonic() > self._half_closed_at + HALF_CLOSED:
            self.end()
        elif self.flow.write_paused:
            self._unread += 1
            if self._unread > UNREAD_SECONDS:
                self.transport.abort()
        elif self._is_receiving:
            self._waited += 1
            has_head = bool(self._cycles) and self.cycle.more_body and not self._is_in_head
            if self._waited > (REQUEST_SECONDS if has_head else HEAD_SECONDS):
                self._refuse(_TOO_LATE)

    def _refuse(self, line: bytes) -> None:
        """Say that something could not be read; Node says nothing where it comes right behind what is yet to be answered."""
        self._is_over, self.refused = True, int(line[9:12])
        if not self._cycles or self.cycle.response_complete or self.cycle.more_body:
            self.end(line)

    def answered(self) -> None:
        """Close the connection behind the last answer, where nobody reads on; whoever has answered calls it."""
        self.is_endless = False
        if self._is_over and (self.cycle.response_complete or self.cycle.disconnected):
            self.end()

    def left_at(self) -> float | None:
        """Return when a client went away that an answer was just written to, by time.monotonic(); None where it may read it."""
        if self._half_closed_at is None:
            return None
        self._joining.flush()
        try:
            told = self.transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except OSError:  # closed: that nobody is there was told while the answer waited
            return self._half_closed_at
        return self._half_closed_at if told else None  # its system refuses what comes once nobody is there

    def end(self, last: bytes = b"") -> None:
        """Close the connection behind some last bytes."""
        if not self.transport.is_closing():
            self.transport.write(last)
            self.transport.close()

    def reset(self) -> None:
        """Close the connection by a reset."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.transport.abort()


def connection_of(state: Mapping[str, Any]) -> Connection | None:
    """Return the connection that a request came on, by its scope's state; None under any server but ours."""
    found = state.get(CONNECTION)
    return found and found()
