"""The server under test: one that runs somewhere, or the mock itself, on a free port of this process."""

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from ..edge.app import Mock
from ..edge.server import listen
from ..errors import MockServerError
from ..settings import Settings

TIMEOUT = 30  # seconds for one answer
CLOCK = "2024-01-06T03:57:20Z"


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer: its status, media type, document (text where it is not JSON), headers and seconds it took."""

    status: int
    media_type: str | None
    document: Any
    headers: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go, what headers each carries, and whether a mockserver listens there."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_mock: bool = False

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Heard:
        """Send one request, a body as JSON; raise MockServerError when the server does not answer."""
        sent = {**self.headers, **(headers or {}), **({} if body is None else {"Content-Type": "application/json"})}
        raw = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, raw, sent, method=method)  # noqa: S310  (the user's own URL)
        begin = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                status, got, text = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, got, text = error.code, error.headers, error.read()
        except (OSError, ValueError) as error:
            raise MockServerError(f"{self.url} does not answer: {getattr(error, 'reason', error)}") from None
        media_type = got.get("content-type")
        return Heard(status, media_type, _document(media_type, text), dict(got.items()), time.perf_counter() - begin)


def _document(media_type: str | None, text: bytes) -> Any:
    if (media_type or "").startswith("application/json"):
        try:
            return json.loads(text)
        except ValueError:
            pass  # what calls itself JSON and is not will break the contract as a text
    return text.decode(errors="replace")


@contextmanager
def target(url: str | None, headers: Mapping[str, str], settings: Settings) -> Iterator[Target]:
    """Yield the server at a URL, or a mock of our own with these settings; raise MockServerError when nobody answers there."""
    if url is None:
        with _own(settings) as own:
            yield Target(own, headers, is_mock=True)
        return
    if urlsplit(url).scheme not in ("http", "https"):
        raise MockServerError(f"{url!r} is not a URL such as 'http://localhost:9000'")
    there = Target(url.rstrip("/"), headers)
    health = there.ask("GET", "/health").headers
    yield Target(there.url, headers, is_mock="X-Mock-Scenario" in {name.title() for name in health})


@contextmanager
def _own(settings: Settings) -> Iterator[str]:
    """Run a mock in a thread; yield its URL."""
    log = logging.getLogger("mockserver")
    level = log.level
    log.setLevel(logging.ERROR)  # hints about wrong paths are for people
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
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(TIMEOUT)
        log.setLevel(level)
