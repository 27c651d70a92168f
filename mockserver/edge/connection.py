"""
What an answer cannot say through ASGI, because it is a matter of the connection: its end, its patience, faults.

A Connection stands before uvicorn's own protocol, which it leaves as it is, for the events of the transport. Whoever
answers a request finds its connection in the scope's state.
"""

import asyncio
import socket
import struct
import sys
import time
from collections.abc import Mapping
from typing import Any
from weakref import ref

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from .reading import Reader

CONNECTION = "mockserver.connection"
HEAD_SECONDS, REQUEST_SECONDS = 60, 300  # Node's own headersTimeout and requestTimeout
UNREAD_SECONDS = 60  # in which a client takes nothing of what is sent to it
MOST_UNREAD = 100_000_000  # bytes that wait for all clients together to take them
HALF_CLOSED = 1.0  # seconds after which a client that said it is done has left, where no answer will ever come
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
_LINGER = "hh" if sys.platform == "win32" else "ii"  # as each platform's C has it
_ABORT = struct.pack(_LINGER, 1, 0)  # SO_LINGER with no patience: closing resets


class _Joining:
    """A transport that sends together what is written to it in one turn of the event loop, at its end: clients are woken once."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._waiting: list[bytes] = []
        self._soon = asyncio.get_running_loop().call_soon
        self.is_closing, self.get_extra_info = transport.is_closing, transport.get_extra_info
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading
        self.get_write_buffer_size = transport.get_write_buffer_size

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._soon(self.flush)
        self._waiting.append(data)

    def flush(self) -> None:
        """Send what waits now; to who left in the same turn, nothing."""
        waiting, self._waiting = b"".join(self._waiting), []
        if waiting and not self._transport.is_closing():
            self._transport.write(waiting)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        self.flush()
        self._transport.abort()


class Connection(asyncio.Protocol):
    """One connection. uvicorn makes it, of what it makes its own protocols of."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._http = http = HttpToolsProtocol(config, server_state, {**app_state, CONNECTION: ref(self)}, _loop)
        self._reader = Reader(http, self._refuse)
        http.parser = self._reader  # type: ignore[assignment]  # no option names another parser
        self._is_over = False
        self._unread = 0  # seconds in which the client has taken nothing
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
        waiting = self._reader.unanswered
        if not waiting:
            self._out.flush()
            return False
        self._is_over, self._half_closed_at = True, time.monotonic()
        if waiting[-1].more_body:  # it is never whole
            waiting[-1].disconnected = True
            waiting[-1].message_event.set()
        asyncio.get_running_loop().call_later(HALF_CLOSED, self._give_up)
        return True

    def _give_up(self) -> None:
        """Close behind a client that said it is done, where it waits for what may never come: it has left, most likely."""
        if self._is_endless or any(map(_is_controls, self._reader.unanswered)):
            self.end()

    def pause_writing(self) -> None:
        """Wait for a client that does not read as fast as it asks; whoever lets most wait is cut off where it is too much."""
        self._http.pause_writing()
        self._unread = 0
        paused = [one for one in self._http.connections if isinstance(one, HttpToolsProtocol) and one.flow.write_paused]
        sizes = {one: one.transport.get_write_buffer_size() for one in paused}
        if sum(sizes.values()) > MOST_UNREAD:
            max(paused, key=sizes.__getitem__).transport.abort()

    def resume_writing(self) -> None:
        self._reader.waited = 0
        self._http.resume_writing()

    def look(self) -> None:
        """Cut off a client that does not end its request, or does not read, in its time; called once a second."""
        if self._http.flow.write_paused:
            self._unread += 1
            if self._unread > UNREAD_SECONDS:
                self._http.transport.abort()
        elif self._reader.is_receiving:
            self._reader.waited += 1
            if self._reader.waited > (REQUEST_SECONDS if self._reader.has_head else HEAD_SECONDS):
                self._refuse(_TOO_LATE)

    def connection_lost(self, exc: Exception | None) -> None:
        for cycle in self._reader.cycles:  # of several in line, uvicorn tells only the newest that its client is gone
            cycle.disconnected = True
            cycle.message_event.set()
        self._http.connection_lost(exc)
        self._reader.close()

    def _refuse(self, line: bytes) -> None:
        """Say that something could not be read; Node says nothing where it comes right behind what is yet to be answered."""
        self._is_over, self.refused = True, int(line[9:12])
        newest = self._reader.cycles[-1] if self._reader.cycles else None
        if newest is None or newest.response_complete or newest.more_body:
            self.end(line)

    def answered(self) -> None:
        """Close the connection behind the last answer, where nobody reads on; whoever has answered calls it."""
        if self._is_over and (self._reader.cycles[-1].response_complete or self._reader.cycles[-1].disconnected):
            self.end()

    def left_at(self) -> float | None:
        """Return when a client went away that an answer was just written to, by time.monotonic(); None where it may read it."""
        if self._half_closed_at is None:
            return None
        self._out.flush()
        try:
            told = self._http.transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except OSError:  # closed: that nobody is there was told while the answer waited
            return self._half_closed_at
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


def connection_of(state: Mapping[str, Any]) -> Connection | None:
    """Return the connection that a request came on, by its scope's state; None under any server but ours."""
    found = state.get(CONNECTION)
    return found and found()
