"""Opens listening sockets, and runs an ASGI application on them until it is told to stop."""

import asyncio
import errno
import gc
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from ..errors import MockServerError
from .connection import Connection

KEEP_ALIVE = 6  # seconds: one more than connections are told, so that none is closed under the hand of a client
TRIES = 20  # for a port that is free on both addresses
TICKS = 10  # of uvicorn, a second
GRACE = 1  # second for requests that are being answered when the stop comes


def listen(host: str, port: int) -> list[socket.socket]:
    """
    Return the listening sockets of a host: two for `localhost`, which clients take for 127.0.0.1 or for ::1, else one.

    Port 0 is a free one, the same on both. A machine without ::1 has the first alone.
    Raises MockServerError when an address cannot be had.
    """
    try:
        if host != "localhost":
            return [_bound(host, port)]
        for _ in range(TRIES):
            first = _bound("127.0.0.1", port)
            try:
                return [first, _bound("::1", first.getsockname()[1])]
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    return [first]
                first.close()
                if port:
                    raise
        raise MockServerError(f"cannot listen on {host}: no port is free on 127.0.0.1 and on ::1")
    except UnicodeError:  # what Python says to a name with an empty or a very long label
        raise MockServerError(f"cannot listen on {host}:{port}: no such name") from None
    except OSError as error:
        hint = "; --port 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
        raise MockServerError(f"cannot listen on {host}:{port}: {error.strerror}{hint}") from None


def _bound(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # IPPROTO_TCP by name, or asyncio leaves Nagle's algorithm on, and every answer waits until the one before is acknowledged
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # on Windows SO_REUSEADDR lets two servers have one port, and the other option means what it says
        alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, alone, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def run(app: ASGIApp, listeners: list[socket.socket], parent: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM, or until the process `parent` is gone; then open connections get GRACE seconds."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",  # an offer to upgrade is passed over, as Node does
        log_config=None,  # uvicorn's own wants a standard output, which a service may not have
        log_level="error",
        access_log=False,
        lifespan="on",  # scenario files are watched meanwhile
        proxy_headers=False,  # nobody here asks who a proxy speaks for
        server_header=False,  # Express names itself in X-Powered-By
        date_header=False,  # the mock's own clock tells the date
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE + 1,  # after all have been cut off
    )
    gc.set_threshold(10_000, 20, 1_000)  # little is left behind; all of it is looked through while nobody asks
    gc.freeze()  # contract and scenarios stay: to look through them all again would hold the event loop
    with suppress(KeyboardInterrupt):
        _Server(config, parent).run(sockets=listeners)


class _Server(uvicorn.Server):
    """A server that ends like a killed Node: what still waits after the grace period is cut off, without a word."""

    def __init__(self, config: uvicorn.Config, parent: int | None) -> None:
        super().__init__(config)
        self._parent = parent
        self._asked = 0

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether it is time to end."""
        if self._parent is not None and counter % 5 == 0 and not _is_there(self._parent):
            return True
        if counter % TICKS == 0:
            for connection in [one for one in self.server_state.connections if isinstance(one, Connection)]:
                connection.look()
            self._collect()
        return await super().on_tick(counter)

    def _collect(self) -> None:
        """Look through all there is for garbage where nobody asked for a second: it would hold up whoever did."""
        before, self._asked = self._asked, self.server_state.total_requests
        if before == self._asked and not self.server_state.tasks and gc.get_count()[2]:
            gc.collect()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(GRACE, self._cut_off)
        await super().shutdown(sockets)

    def _cut_off(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _is_there(process: int) -> bool:
    from psutil import pid_exists  # noqa: PLC0415  (only test runners name a parent)

    return pid_exists(process)
