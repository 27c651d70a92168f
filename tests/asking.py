"""How tests ask a mock in process: through its whole ASGI application, as any server runs it. Over the wire: `processes`."""

import asyncio
import atexit
import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import count
from typing import Any
from urllib.parse import unquote

from mockserver.edge.mock import Mock
from mockserver.messages import Response
from mockserver.state.entry import Entry

Ask = Callable[..., Response]
PATIENCE = 30.0  # seconds; as long as a client stays that does not say when it leaves
JSON = "application/json"
_NUMBERS = count()
_RUNNER = asyncio.Runner()  # one for all that the main thread asks: a loop each would cost more than most answers
atexit.register(_RUNNER.close)


async def asked(  # noqa: PLR0913  (all that a request is made of)
    app: Any,
    method: str,
    path: str,
    body: Any = None,
    query: str = "",
    *,
    pairs: Iterable[tuple[str, str]] = (),
    leaves: float = PATIENCE,
    scope: Mapping[str, Any] | None = None,
    **headers: str | bytes,
) -> Response:
    """
    Ask an ASGI application; return what it sends: names of headers in small letters, as they go over the wire.

    `body` is bytes, a text, or what is sent as JSON; a tuple has the bytes of its parts, and None at its end is where the
    client leaves. `pairs` are headers with names as they are, `headers` with `_` for `-`. A client that gets no answer, for
    one because it `leaves` after so many seconds, gets a ConnectionError. `scope` is what else a server says of a request.
    """
    raw, more = sent_body(body)
    path, _, said = path.partition("?")
    named = [*named_headers(body, headers), *pairs]
    if "host" not in {name.lower() for name, _ in named}:
        named.insert(0, ("host", "localhost:9000"))
    told = [{"type": "http.request", "body": part, "more_body": True} for part in raw]
    told[-1]["more_body"] = more
    sent: list[Any] = []
    done = asyncio.Event()

    async def receive() -> Mapping[str, Any]:
        if told:
            return told.pop(0)
        if not more:
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), leaves)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            done.set()

    await app(
        {
            "type": "http",
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": (query or said).encode("latin-1"),
            "headers": [(name.lower().encode(), _encoded(value)) for name, value in named],
            **(scope or {}),
        },
        receive,
        send,
    )
    if not sent:
        raise ConnectionError("nothing was answered")
    start, *parts = sent
    pairs = tuple((name.decode(), value.decode("latin-1")) for name, value in start["headers"])
    body = b"" if method == "HEAD" else b"".join(part["body"] for part in parts)  # which servers leave out
    return Response(start["status"], pairs, body)


def ask_of(app: Any) -> Ask:
    """Return what asks an application and waits for its answer: `ask("POST", path, body, query, **headers)`."""

    def ask(method: str, path: str, *arguments: Any, **named: Any) -> Response:
        answering = asked(app, method, path, *arguments, **named)
        if threading.current_thread() is threading.main_thread():
            return _RUNNER.get_loop().run_until_complete(answering)
        return asyncio.run(answering)

    return ask


def in_scenario(ask: Ask, said: Mapping[str, Any], name: str = "") -> Ask:
    """Add a scenario to the mock that is asked; return what asks in it."""
    name = name or f"scenario-{next(_NUMBERS)}"
    added = ask("PUT", f"/__mock/scenarios/{name}", {"description": "A scenario of a test.", **said})
    assert 201 == added.status, added.document
    return at(ask, f"/@{name}")


def at(ask: Ask, prefix: str) -> Ask:
    """Return what asks below a prefix, as that of a sandbox."""

    def ask_there(method: str, path: str, *arguments: Any, **named: Any) -> Response:
        return ask(method, f"{prefix}{path}", *arguments, **named)

    return ask_there


def recorded(mock: Mock, method: str, path: str, **named: Any) -> Entry:
    """Ask without waiting, whatever delay or fault the answer has; return what the journal says of it."""
    entries: list[Entry] = []
    mock.sandboxes.journals.listeners.add(entries.append)
    with suppress(ConnectionError):
        ask_of(mock.app)(method, path, leaves=0, **named)
    mock.sandboxes.journals.listeners.discard(entries.append)
    return entries[0]  # it may have been told again, as one whose client left


def header(response: Response, name: str) -> str:
    """Return what a header of a response says, the first of that name."""
    return dict(reversed(response.headers))[name]


def sent_body(body: Any) -> tuple[list[bytes], bool]:
    """Return the parts of a body as they are sent, and whether the client leaves before its end."""
    if isinstance(body, tuple):
        return [part for part in body if part is not None], body[-1] is None
    if body is None or isinstance(body, bytes):
        return [body or b""], False
    return [(body if isinstance(body, str) else json.dumps(body)).encode()], False


def named_headers(body: Any, headers: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return headers as they are called on the wire; JSON says that it is JSON."""
    named = [(name.replace("_", "-").lower(), value) for name, value in headers.items()]
    if isinstance(body, (dict, list)) and "content-type" not in dict(named):
        named.append(("content-type", JSON))
    return named


def _encoded(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


def undated(response: Response) -> Response:
    """Return a response without the time when its session cookie ends, which is told by the client's own clock."""
    kept = tuple((name, re.sub("Expires=[^;]+", "", value)) for name, value in response.headers)
    return response._replace(headers=kept)
