"""Which other sites may read an answer: the `cors` package as Medusa sets it up (tests/facts/server.md 5)."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from ..errors import MockServerError
from ..messages import Pairs, Request

METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
_NO_ORIGIN: Pairs = (("Vary", "Origin"), _CREDENTIALS)
_EXPRESSION = re.compile(r"/(.+)/([dgimsuvy]*)")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}  # the others change nothing for one origin
_PORTS = {"http": 80, "https": 443}  # which no browser sends along


class Cors:
    """The allowed origins, as Medusa's STORE_CORS has them: `http://shop.test,/regular expression/i`, split at each comma."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Raise MockServerError for what can never match: no origin, and no regular expression."""
        self._exact: set[str] = set()
        self._patterns: list[re.Pattern[str]] = []
        for origin in filter(None, ",".join(allowed).split(",")):
            if found := _EXPRESSION.fullmatch(origin):
                self._patterns.append(_pattern(found[1], found[2]))
            else:
                _refuse_unless_sent(origin)
                self._exact.add(origin)

    def headers(self, request: Request) -> Pairs:
        """Return what a browser is told: the origin echoed where it is allowed, credentials always."""
        origin = request.headers.get("origin")
        preflight = request.method == "OPTIONS"
        if not origin and not preflight:
            return _NO_ORIGIN
        allowed = (("Access-Control-Allow-Origin", origin),) if self.allows(origin) else ()
        if not preflight:
            return (*allowed, *_NO_ORIGIN)
        wanted = request.headers.get("access-control-request-headers")
        return (
            *allowed,
            ("Vary", "Origin, Access-Control-Request-Headers"),
            _CREDENTIALS,
            ("Access-Control-Allow-Methods", METHODS),
            *((("Access-Control-Allow-Headers", wanted),) if wanted else ()),
        )

    def allows(self, origin: str | None) -> bool:
        """Tell whether an origin is one of those that are allowed."""
        if not origin:
            return False
        return origin in self._exact or any(pattern.search(origin) for pattern in self._patterns)


def _pattern(text: str, flags: str) -> re.Pattern[str]:
    try:
        return re.compile(text, sum({_FLAGS.get(flag, 0) for flag in flags}))
    except re.error as error:
        raise MockServerError(f"cors: '/{text}/' is not a regular expression: {error}") from None


def _refuse_unless_sent(origin: str) -> None:
    """Raise MockServerError for a text that no browser ever sends as its origin, with what was probably meant."""
    if origin == "null":  # what a page from a file sends
        return
    if origin == "*":
        raise MockServerError("cors: '*' matches no origin, in Medusa neither; '/.*/' matches all")
    try:
        parts = urlsplit(origin.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not parts.scheme or not parts.hostname or origin.startswith("/"):
        raise MockServerError(
            f"cors: {origin!r} is no origin such as 'http://localhost:8000', nor a '/regular expression/'"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    sent = f"{parts.scheme}://{host}{f':{port}' if port and port != _PORTS.get(parts.scheme) else ''}"
    if origin != sent:
        raise MockServerError(f"cors: {origin!r} is never sent as an origin; did you mean {sent!r}?")
