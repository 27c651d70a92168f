"""Requests and responses as ASGI has them."""

import re
from functools import lru_cache
from urllib.parse import quote

from starlette.types import Message, Receive, Scope

from ..express.bodies import is_too_big
from ..messages import Headers, Request, Response
from .spelling import KEEP_ALIVE, spelled

UNEXPECTED = Response(
    417, (("Content-Length", "0"),)
)  # to whoever expects anything but 100-continue: Node's own answer
_EXPECTED = re.compile(r"(?<!\w)100-continue(?!\w)", re.IGNORECASE)


async def request_of(path: str, scope: Scope, receive: Receive) -> tuple[Request, bool]:
    """Return the request of a scope, and whether all of it came; a body beyond what is ever parsed is read, not kept."""
    headers = _headers(tuple(scope["headers"]))
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        if not is_too_big(len(body)):
            body += message.get("body", b"")
    request = Request(scope["method"], path, scope["query_string"].decode("latin-1"), headers, body)
    return request, message["type"] != "http.disconnect"


def is_expectation_met(request: Request) -> bool:
    """Tell whether a request expects nothing that no server can give."""
    return "expect" not in request.headers or _EXPECTED.search(request.headers["expect"]) is not None


def path_of(scope: Scope) -> str:
    """Return the path as it was sent; where a server does not tell, as it may have been."""
    raw = scope.get("raw_path")
    return quote(scope["path"]) if raw is None else _text(raw)


def head_of(response: Response, *, ours: bool, kept: bool) -> Message:
    """Return the message that begins a response; where the connection is our own server's, and kept, it says so as Node does."""
    headers = list(map(spelled if ours else _encoded, response.headers))
    if kept:
        headers += KEEP_ALIVE
    return {"type": "http.response.start", "status": response.status, "headers": headers}


def is_kept(version: str, headers: Headers) -> bool:
    """Tell whether a connection of our own server goes on behind a response: where it does not, uvicorn itself says so."""
    return version == "1.1" and ("connection" not in headers or "close" not in headers["connection"].lower())


def body_of(body: bytes, *, more: bool = False) -> Message:
    """Return the message with the body of a response, or a part of it."""
    return {"type": "http.response.body", "body": body, "more_body": more}


@lru_cache(maxsize=128)  # a client sends the same ones again and again
def _headers(pairs: tuple[tuple[bytes, bytes], ...]) -> Headers:
    return Headers([(name.decode("latin-1"), value.decode("latin-1").strip(" \t")) for name, value in pairs])


@lru_cache(maxsize=1024)  # as many as the router remembers
def _text(path: bytes) -> str:
    return path.decode("latin-1")


@lru_cache(maxsize=1024)  # most are the same in every response
def _encoded(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    return pair[0].lower().encode(), pair[1].encode("latin-1", "replace")
