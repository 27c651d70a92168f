"""What goes through the engine: a request in, an answer out, both free of any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

Fault = Literal["reset", "empty", "truncate", "garbage", "hang", "drip"]
MAX_DELAY = 300  # seconds; a client that waits longer has gone
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


def media_type_of(essence: str | None) -> str | None:
    """Return a media type as Express sends it, in UTF-8; None for no body."""
    return essence and f"{essence}; charset=utf-8"


@dataclass(slots=True)  # not frozen, as all that is made for every request: that alone took a sixth of its time
class Request:
    """
    One HTTP request as it came in.

    `path` is raw (percent-escapes kept, no query), header names are lower case, `body` is what was sent, undecoded.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """
    One HTTP answer before Express dresses it; made for one request, so whoever passes it on may add to it.

    `document` is a JSON document, or text when `media_type` is not JSON; None is an empty body without a type.
    `delay` (seconds) and `fault` are performed by the edge. `cors` is true for what the store's router answers.
    `now` is the time that its headers tell, in milliseconds since 1970; None is the server's own.
    """

    status: int
    document: Any = None
    media_type: str | None = JSON
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cors: bool = False
    fault: Fault | None = None
    now: int | None = None


@dataclass(slots=True)
class Visit:
    """What a matcher looks at: the path's decoded values, the raw query, headers by lower-case name, the parsed body."""

    path: Mapping[str, str]
    query: str
    headers: Mapping[str, str]
    body: Any

    def part(self, name: str) -> Any:
        """Return one of `path`, `query`, `header`, `body` as a mapping (the body may be any JSON value)."""
        if name == "query":
            return dict(parse_qsl(self.query, keep_blank_values=True))
        return self.headers if name == "header" else getattr(self, name)
