"""Lets the one client ask what Schemathesis asks: it sends to a port of this machine, from where all goes to the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..errors import MockServerError
from ..realserver.client import SECRET
from ..realserver.target import Target

HOP = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}  # of one connection


class Gateway:
    """Passes requests on, with what each is to carry; what could not be asked is its `problem`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._url = ""
        self.problem: MockServerError | None = None

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Listen while Schemathesis runs; yield the URL to ask."""
        server = _Server(("127.0.0.1", 0), type("_Passing", (_Handler,), {"gateway": self}))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self._url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self._url
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def told(self, text: str) -> str:
        """Return what Schemathesis says, about the server itself and without secrets."""
        return self._target.client.hide(text.replace(self._url, self._target.url))

    def curl(self, line: str) -> str:
        """Return a curl line that reproduces a request, once what is hidden in it is filled in."""
        carried = "".join(f" -H '{name}: {SECRET}'" for name in self._target.client.headers)
        return self.told(line).replace("curl", f"curl{carried}", 1)

    def check(self) -> None:
        """Raise MockServerError when something could not be asked."""
        if self.problem:
            raise self.problem

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        """Ask the server what was asked, and answer what it answers; hang up where it does not."""
        try:
            self.check()
            length = handler.headers.get("Content-Length")
            body = None if length is None else handler.rfile.read(int(length))
            path = handler.requestline.split(" ")[1]
            headers = [(name, value) for name, value in handler.headers.items() if name.lower() not in (*HOP, "host")]
            answer = self._target.client.send(handler.command, path, [*headers, *self._target.own], body)
        except MockServerError as error:
            self.problem = error
            handler.close_connection = True
            return
        handler.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments: Any) -> None:
        """Say nothing: whoever asked is gone, by Ctrl-C for one."""


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method
            return lambda: self.gateway.pass_on(self)
        raise AttributeError(name)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""
