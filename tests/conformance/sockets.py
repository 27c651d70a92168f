"""Serves an engine on a real socket, on the connections that `mockserver serve` has, and asks it there."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from typing import Any

import uvicorn
from conformance.recordings import HEADERS, Ask

from mockserver.edge.app import App, Mock
from mockserver.edge.server import listen
from mockserver.edge.transport import Connection
from mockserver.engine.serve import Engine
from mockserver.messages import Request, Response

SPELLED = {name.lower(): name for name in (*HEADERS, "Set-Cookie", "ETag")}  # as Express spells them


@contextmanager
def over_a_socket(mock: Mock) -> Iterator[Ask]:
    """Run a server in a thread; yield what asks an engine through it."""
    (listener,) = listen("127.0.0.1", 0)
    current: list[App] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await current[-1](scope, receive, send)

    server = uvicorn.Server(
        uvicorn.Config(
            app, http=Connection, ws="none", lifespan="off", log_level="error", server_header=False, date_header=False
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)

    def ask(engine: Engine, request: Request) -> Response:
        current[:] = [App(engine, mock.control, lambda: asyncio.sleep(0))]
        return _asked(listener.getsockname(), request)

    thread.start()
    try:
        yield ask
    finally:
        server.should_exit = True
        thread.join()


def _asked(address: Any, request: Request) -> Response:
    """Send a request as it is; return what comes back."""
    headers = [*request.headers.pairs, ("connection", "close")]
    if request.body and "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        headers.append(("content-length", str(len(request.body))))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    target = f"{request.path}?{request.query}" if request.query else request.path
    with closing(socket.create_connection(address, timeout=30)) as connection:
        connection.sendall(f"{request.method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + request.body)
        answer = HTTPResponse(connection, method=request.method)
        answer.begin()
        pairs = tuple((SPELLED.get(name.lower(), name), value) for name, value in answer.getheaders())
        return Response(answer.status, pairs, answer.read())
