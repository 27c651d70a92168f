"""The server under test: one that runs somewhere, or the mock itself, on a free port of this process."""

import json
import logging
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import uvicorn

from ..edge.mock import Mock
from ..edge.server import listen
from ..errors import LONGEST_NAME, MockServerError
from ..settings import Settings
from .client import Client, client
from .shape import TEXT, Shape, mapping, rows

TIMEOUT = 30  # seconds for a mock of our own to end
CLOCK = "2024-01-06T03:57:20Z"
SANDBOX = "X-Mock-Sandbox"
SANDBOXES = Shape("list of sandboxes", mapping({"sandboxes": rows({"name": TEXT})}))


@dataclass(frozen=True, slots=True)
class Access:
    """How a server is reached: headers that each request carries, who logs in (NAME:PASSWORD), whose certificates count."""

    headers: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    ca: Path | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer: its status, media type, document (text where it is not JSON), headers and seconds it took."""

    status: int
    media_type: str | None
    document: Any
    headers: Mapping[str, str]
    seconds: float

    def header(self, name: str) -> str | None:
        """Return the value of a header, whose name is given in small letters; None where the answer does not say it."""
        return next((value for one, value in self.headers.items() if one.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Target:
    """
    Where requests go, and whether a mockserver listens there.

    On a mock they go to `sandbox`, which is this run's own, unless they name another.
    """

    client: Client
    is_mock: bool = False
    sandbox: str = ""

    @property
    def url(self) -> str:
        return self.client.url

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Heard:
        """Send one request, a body as JSON; raise MockServerError when the server does not answer."""
        typed = {} if body is None else {"Content-Type": "application/json"}
        raw = None if body is None else json.dumps(body).encode()
        return self.send(method, path, raw, {**(headers or {}), **typed})

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Heard:
        """Send one request, its body as it is; raise MockServerError when the server does not answer."""
        answer = self.client.send(method, path, [*self.own, *headers.items()], body)
        media_type = answer.header("content-type")
        return Heard(
            answer.status, media_type, _document(media_type, answer.body), dict(answer.headers), answer.seconds
        )

    def show(self, path: str, shape: Shape) -> Any:
        """Return the document that is shown at a path; raise MockServerError for another status than 200, or another shape."""
        heard = self.ask("GET", path)
        if heard.status != HTTPStatus.OK or not shape.fits(heard.document):
            came = self.client.hide(json.dumps(heard.document))[:LONGEST_NAME]
            raise MockServerError(f"{self.url} answers GET {path} with {heard.status} {came}, which is no {shape.name}")
        return heard.document

    @property
    def own(self) -> list[tuple[str, str]]:
        """The headers that lead to this run's sandbox."""
        return [(SANDBOX, self.sandbox)] if self.sandbox else []


def _document(media_type: str | None, text: bytes) -> Any:
    if (media_type or "").startswith("application/json"):
        with suppress(ValueError):  # what calls itself JSON and is not will break the contract as a text
            return json.loads(text)
    return text.decode(errors="replace")


@contextmanager
def target(url: str | None, access: Access, settings: Settings) -> Iterator[Target]:
    """Yield the server at a URL, or a mock of our own with these settings; raise MockServerError when nobody answers there."""
    if url is None:
        with _own(settings) as own:
            yield Target(client(own, access.headers), is_mock=True, sandbox=_fresh())
        return
    there = Target(client(url, access.headers, user=access.user, ca=access.ca, insecure=access.insecure))
    health = there.ask("GET", "/health")
    if health.status in (301, 302, 303, 307, 308):
        raise MockServerError(
            f"{there.url} answers GET /health with a redirect to {there.client.hide(health.header('location') or 'nowhere')}; "
            "none is followed, since what is sent along is for this server alone: name the right URL"
        )
    if health.header("x-mock-scenario") is None:
        yield there
        return
    named = SANDBOX.lower() in {name.lower() for name in access.headers}
    mock = replace(there, is_mock=True, sandbox="" if named else _fresh())
    try:
        yield mock
    finally:
        _forget(mock)


def _fresh() -> str:
    """Return the name of a sandbox that nobody has used."""
    return f"run-{secrets.token_hex(6)}"


def _forget(mock: Target) -> None:
    """Delete the sandboxes of a run, where the mock lets others steer it; what is left goes with the oldest."""
    if not mock.sandbox:
        return
    with suppress(MockServerError):  # the control API is closed, or the server is gone, or it only calls itself a mock
        for sandbox in mock.show("/__mock/sandboxes", SANDBOXES)["sandboxes"]:
            if sandbox["name"].startswith(mock.sandbox):
                mock.ask("DELETE", f"/__mock/sandboxes/{sandbox['name']}")


@contextmanager
def _own(settings: Settings) -> Iterator[str]:
    """Run a mock in a thread; yield its URL."""
    (listener,) = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        Mock(settings).app,
        log_level="error",
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        with without_hints():
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(TIMEOUT)


@contextmanager
def without_hints() -> Iterator[None]:
    """Let a mock that is asked at random log errors alone: its hints are for people, who ask wrongly once."""
    log = logging.getLogger("mockserver")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
