"""Waits as an answer says, and does to its connection what its fault says."""

import asyncio
from http import HTTPStatus

from starlette.types import Receive, Send

from ..messages import MAX_DELAY, Fault, Response
from .connection import Connection
from .sending import body_of, head_of

DRIP_SECONDS = 5.0  # unless the reply says how long
PIECES = 10
_GARBAGE = bytes(range(128, 256))  # no HTTP, no TLS, no UTF-8
_STATUSES = frozenset(map(int, HTTPStatus))


async def perform(  # noqa: PLR0913  (an exchange, as ASGI has it)
    fault: Fault, response: Response, connection: Connection | None, receive: Receive, send: Send, *, kept: bool
) -> bool:
    """
    Do what a fault says; return when nothing more will happen on the connection: whether it was the client that left.

    Raises ConnectionError under a server that does not hand over its connections, such as a test client.
    """
    if fault == "drip":
        await send(head_of(response, ours=connection is not None, kept=kept))
        return await _drip(response, receive, send)
    if connection is None:
        raise ConnectionError(f"fault {fault!r}: only `mockserver serve` can do this to a connection")
    if fault == "hang":
        connection.is_endless = True
        if await client_left(receive, MAX_DELAY):
            return True
        connection.end()  # one whose cable was cut never says so
    else:
        _break(fault, response, connection)
    await receive()  # until the connection is closed
    return False


async def client_left(receive: Receive, seconds: float) -> bool:
    """Wait; return True as soon as the client is gone: behind a whole request nothing else is received."""
    leaving = asyncio.ensure_future(receive())
    try:
        await asyncio.wait_for(asyncio.shield(leaving), seconds)
    except TimeoutError:
        return False
    else:
        return True
    finally:
        leaving.cancel()


async def _drip(response: Response, receive: Receive, send: Send) -> bool:
    """Send the body in pieces over the answer's delay; return whether the client left meanwhile."""
    body, seconds = response.body, response.delay or DRIP_SECONDS
    size = -(-len(body) // PIECES)
    for begin in range(0, len(body), size or 1):
        if await client_left(receive, seconds / PIECES):
            return True
        await send(body_of(body[begin : begin + size], more=True))
    await send(body_of(b""))
    return False


def _break(fault: Fault, response: Response, connection: Connection) -> None:
    """Close a connection before all was sent."""
    if fault == "reset":
        connection.reset()
    else:
        connection.end({"truncate": _half(response), "garbage": _GARBAGE}.get(fault, b""))


def _half(response: Response) -> bytes:
    """Return the bytes of a response up to the middle of its body, whose length is given in full."""
    phrase = HTTPStatus(response.status).phrase if response.status in _STATUSES else ""
    headers = [pair for pair in response.headers if pair[0] != "Content-Length"]
    headers.append(("Content-Length", str(max(len(response.body), 2))))
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    head = f"HTTP/1.1 {response.status} {phrase}\r\n{lines}\r\n".encode("latin-1", "replace")
    return head + response.body[: len(response.body) // 2]
