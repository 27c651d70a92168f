"""Puts an answer on its connection, or does to the connection what the answer's fault says."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from ..express.express import Headers, Wire
from ..messages import MAX_DELAY, Answer, Fault, Request

CONNECTION = "mockserver.connection"  # the ASGI extension in which our server hands over its transport
ANSWERED = "mockserver.answered"  # that in which it hands over what was answered already, and has yet to be waited for
DRIP_SECONDS = 5.0  # unless the reply says how long
PIECES = 10
_GARBAGE = bytes(range(128, 256))  # no HTTP, no TLS, no UTF-8
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER with no patience: closing resets


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with its answer, which has to wait or to break the connection."""

    request: Request
    answer: Answer


def head_of(status: int, headers: Headers) -> bytes:
    """Return the status line and the headers as they stand on a connection, without the empty line behind them."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    return f"{_status_line(status)}{lines}".encode("latin-1", "replace")


@lru_cache(maxsize=512)  # every status there is
def _status_line(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in _STATUSES else ""
    return f"HTTP/1.1 {status} {phrase}\r\n"


async def send_wire(wire: Wire, send: Send) -> None:
    """Send an answer as it is."""
    await _send_head(wire, send)
    await send({"type": "http.response.body", "body": wire.body})


async def send_faulty(answer: Answer, wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """
    Do what an answer's fault says; return when nothing more will happen on the connection.

    Raises ConnectionError under a server that does not hand over its connections, such as a test client.
    """
    fault = answer.fault or "hang"
    if fault == "drip":
        await _drip(answer.delay or DRIP_SECONDS, wire, receive, send)
        return
    if fault == "hang":
        if not await client_left(receive, MAX_DELAY):  # one whose cable was cut never says so
            _transport(fault, scope).abort()
        return
    _break(fault, wire, _transport(fault, scope))
    await client_leaves(receive)


async def client_leaves(receive: Receive) -> None:
    """Wait until the client is gone, or the connection closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def client_left(receive: Receive, seconds: float) -> bool:
    """Wait; return True as soon as the client is gone."""
    leaving = asyncio.ensure_future(client_leaves(receive))
    try:
        await asyncio.wait_for(asyncio.shield(leaving), seconds)
    except TimeoutError:
        return False
    else:
        return True
    finally:
        leaving.cancel()


async def _drip(seconds: float, wire: Wire, receive: Receive, send: Send) -> None:
    """Send the body in pieces over some seconds, the head at once."""
    await _send_head(wire, send)
    size = -(-len(wire.body) // PIECES)
    for begin in range(0, len(wire.body), size or 1):
        if await client_left(receive, seconds / PIECES):
            return
        await send({"type": "http.response.body", "body": wire.body[begin : begin + size], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _break(fault: Fault, wire: Wire, transport: asyncio.Transport) -> None:
    """Close a connection before all was sent."""
    if fault == "reset":
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        transport.abort()
        return
    if fault == "truncate":
        transport.write(_half(wire))
    elif fault == "garbage":
        transport.write(_GARBAGE)
    transport.close()


def _half(wire: Wire) -> bytes:
    """Return the bytes of an answer up to the middle of its body, whose length is said in full."""
    headers = [pair for pair in wire.headers if pair[0] != "Content-Length"]
    headers.append(("Content-Length", str(max(len(wire.body), 2))))
    return head_of(wire.status, headers) + b"\r\n" + wire.body[: len(wire.body) // 2]


_STATUSES = frozenset(map(int, HTTPStatus))


def _transport(fault: Fault, scope: Scope) -> asyncio.Transport:
    try:
        return scope["extensions"][CONNECTION]["transport"]  # type: ignore[no-any-return]
    except KeyError:
        raise ConnectionError(f"fault {fault!r}: only `mockserver serve` can do this to a connection") from None


async def _send_head(wire: Wire, send: Send) -> None:
    headers = [(_lower(name), value.encode("latin-1", "replace")) for name, value in wire.headers]
    await send({"type": "http.response.start", "status": wire.status, "headers": headers})


@lru_cache(maxsize=256)  # names, of which there are few: values differ
def _lower(name: str) -> bytes:
    return name.lower().encode()
