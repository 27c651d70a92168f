"""Live servers that are broken on purpose, each in one way: the negative controls of verify."""

import json
import shlex
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from socket import create_connection, socket
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver import Settings, create_app
from mockserver.edge.server import listen
from mockserver.realserver.supply import Supply, from_command

CLOCK = "2024-01-06T03:57:20Z"


@dataclass(frozen=True, slots=True)
class Sent:
    """
    What is about to leave: status, headers by small name, the JSON document (None for anything else), spoilt or not.

    A `body` takes the place of what there was.
    """

    status: int
    headers: dict[str, str]
    document: dict[str, Any] | None
    path: str
    method: str
    garbled: bool = False
    body: bytes | None = None


Break = Callable[[Sent], Sent]


def supply_that_ends(folder: Path, sets: Sequence[Mapping[str, str]]) -> Supply:
    """Return a supply of these sets, whose command then fails at `mkdir`; each run of it is a line of the file `runs`."""
    here, text = shlex.quote(str(folder)), shlex.quote(json.dumps(list(sets)))
    return from_command(f"cd {here} && echo >> runs && mkdir once && echo {text}")


def drops_a_required_field(sent: Sent) -> Sent:
    """Leave out a session's amount."""
    if sent.document and "payment_session" in sent.document:
        sent.document["payment_session"].pop("amount", None)
    return sent


def answers_requires_more_as_200(sent: Sent) -> Sent:
    """Call a refused authorization a success."""
    if sent.status != 422 or not sent.path.endswith("/authorize"):
        return sent
    sample = {
        "id": sent.path.split("/")[-2],
        "created_at": CLOCK,
        "updated_at": CLOCK,
        "cart_id": None,
        "provider_id": "manual",
        "is_selected": None,
        "is_initiated": True,
        "status": "requires_more",
        "data": {},
        "idempotency_key": None,
        "amount": 5,
        "payment_authorized_at": None,
    }
    return replace(sent, status=200, document={"payment_session": sample})


def sends_a_wrong_status(sent: Sent) -> Sent:
    """Answer 201 where 200 is documented."""
    return replace(sent, status=201) if sent.status == 200 else sent


def sends_html_for_json(sent: Sent) -> Sent:
    """Answer a page where JSON is documented."""
    if sent.status != 200:
        return sent
    return replace(sent, headers={**sent.headers, "content-type": "text/html; charset=utf-8"}, document=None)


def never_sends_409(sent: Sent) -> Sent:
    """Call every conflict a bad request."""
    return replace(sent, status=400) if sent.status == 409 else sent


def fails(sent: Sent) -> Sent:
    """Fail as Medusa does when it does not know why."""
    failed = {"code": "unknown_error", "type": "unknown_error", "message": "An unknown error occurred."}
    return replace(sent, status=500, document=failed)


def fails_to_authorize(sent: Sent) -> Sent:
    """Fail at each authorization that would go well; what is wrong, or unknown, is refused as ever."""
    return fails(sent) if sent.status == 200 and sent.path.endswith("/authorize") else sent


def fails_without_cause(sent: Sent) -> Sent:
    """Fail at batches and reads that would go well, too, where the ledger knows failures of other causes."""
    is_read = not sent.path.endswith(("/sessions", "/authorize")) and sent.document is not None
    return fails(sent) if sent.status == 200 and is_read else sent


def fails_in_other_words(sent: Sent) -> Sent:
    """Fail where a real server fails, and say that the database is gone."""
    if sent.status != 500 or sent.document is None:
        return sent
    return replace(sent, document={"type": "unknown_error", "message": "connect ECONNREFUSED"})


def answers_more_than_documented(sent: Sent) -> Sent:
    """Put fields of one's own into sessions and collections, and into data, which may hold anything."""
    for entity in (sent.document or {}).values():
        if isinstance(entity, dict) and "metadata" in entity:
            entity["loyalty"] = {"points": 5}
        for session in [entity, *entity.get("payment_sessions", [])] if isinstance(entity, dict) else []:
            if "provider_id" in session:
                session["colour"] = "blue"
                session["data"] = {"shade": 1}
    return sent


def does_not_implement_strange_methods(sent: Sent) -> Sent:
    """Answer 501 to methods that no operation has, as Node's own parser or a proxy does."""
    if sent.method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        return sent
    return replace(fails(sent), status=501)


def sends_broken_yaml(sent: Sent) -> Sent:
    """Answer YAML that is none where JSON is documented."""
    if sent.status != 200:
        return sent
    headers = {**sent.headers, "content-type": "application/yaml"}
    return replace(sent, headers=headers, document=None, body=b"{a: [b\n\t@: *")


def forgets_cors(sent: Sent) -> Sent:
    """Leave the browser out."""
    kept = {name: value for name, value in sent.headers.items() if not name.startswith("access-control-")}
    return replace(sent, headers=kept)


@contextmanager
def serving(breaks: Break = lambda sent: sent, app: ASGIApp | None = None) -> Iterator[str]:
    """Serve a mock (one of our own, where none is given) that is broken in one way on a socket; yield its URL."""
    (listener,) = listen("127.0.0.1", 0)
    spoiled = _broken(app or create_app(Settings(clock=CLOCK)), breaks)
    server = uvicorn.Server(uvicorn.Config(spoiled, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _broken(app: ASGIApp, breaks: Break) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        start: list[Message] = []

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
                return
            headers = {name.decode(): value.decode("latin-1") for name, value in start[0]["headers"]}
            is_json = headers.get("content-type", "").startswith("application/json") and message["body"]
            document = json.loads(message["body"]) if is_json else None
            sent = breaks(Sent(start[0]["status"], headers, document, scope["path"], scope["method"]))
            body = message["body"] if sent.document is None else json.dumps(sent.document).encode()
            body = body if sent.body is None else sent.body
            body = body[:-1] if sent.garbled else body
            raw = [(n.encode(), v.encode("latin-1")) for n, v in sent.headers.items() if n != "content-length"]
            length = (b"content-length", str(len(body)).encode())
            await send(start[0] | {"status": sent.status, "headers": [*raw, length]})
            await send(message | {"body": body})

        await app(scope, receive, pass_on)

    return serve


@contextmanager
def hanging_up(url: str, after: int, then: str | None = None) -> Iterator[str]:
    """Pass so many requests on to a server, then hang up on every other, or let another server answer with whatever bytes it has."""
    left = count(after, -1)
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if next(left) <= 0:
                self.close_connection = True
                if then:
                    _let_answer(then, self.connection)
                return
            connection = HTTPConnection(str(target.hostname), target.port)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.read())
            connection.close()

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _let_answer(url: str, asking: socket) -> None:
    """Pass on what a server sends, byte for byte, until one of both has enough."""
    parts = urlsplit(url)
    with create_connection((str(parts.hostname), parts.port)) as answering, suppress(OSError):
        answering.sendall(b"GET / HTTP/1.1\r\n\r\n")
        while part := answering.recv(65536):
            asking.sendall(part)
