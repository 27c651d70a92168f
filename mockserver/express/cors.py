"""Which other sites may read an answer: the `cors` package as Medusa sets it up (tests/facts/server.md 5)."""

import re
from collections.abc import Iterable

from ..errors import MockServerError
from ..messages import Pairs, Request

METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
_NO_ORIGIN: Pairs = (("Vary", "Origin"), _CREDENTIALS)


class Cors:
    """The allowed origins: texts, or regular expressions between slashes as in Medusa's STORE_CORS."""

    def __init__(self, origins: Iterable[str]) -> None:
        """Raise MockServerError for what is no regular expression."""
        patterns = [origin for origin in origins if len(origin) > 1 and origin[0] == origin[-1] == "/"]
        self._exact = frozenset(origins) - frozenset(patterns)
        self._patterns = tuple(map(_pattern, patterns))

    def headers(self, request: Request) -> Pairs:
        """Return what a browser is told: the origin echoed where it is allowed, credentials always."""
        origin = request.headers.get("origin")
        preflight = request.method == "OPTIONS"
        if not origin and not preflight:
            return _NO_ORIGIN
        allowed = (("Access-Control-Allow-Origin", origin),) if self._allows(origin) else ()
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

    def _allows(self, origin: str | None) -> bool:
        if not origin:
            return False
        return origin in self._exact or any(pattern.search(origin) for pattern in self._patterns)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text[1:-1])
    except re.error as error:
        raise MockServerError(f"cors: {text!r} is not a regular expression: {error}") from None
