"""Runs an ASGI application on a listening socket until it is told to stop."""

import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

GRACE = 1  # second for requests that are being answered when the stop comes


def run(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; open connections get GRACE seconds, waiting answers are dropped."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        lifespan="off",
        server_header=False,  # Express names itself in X-Powered-By
        date_header=False,  # the mock's own clock tells the date
        timeout_keep_alive=5,  # as Node's (SERVER.md 2)
        timeout_graceful_shutdown=GRACE,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
