"""What goes through the engine: a request in, an answer, the response to it; all free of any web framework, and frozen."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl

from .errors import TooMuch

Fault = Literal["reset", "empty", "truncate", "garbage", "hang", "drip"]
Source = Literal["stub", "behaviour", "sample", "mock"]
Pairs = tuple[tuple[str, str], ...]
MOST_STEPS = 10_000_000  # that one request takes to be held against what a scenario wants: some 20 ms
MAX_DELAY = 300  # seconds; a client that waits longer has gone
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


def media_type_of(essence: str | None) -> str | None:
    """Return a media type as Express sends it, in UTF-8; None for no body."""
    return essence and f"{essence}; charset=utf-8"


_ONLY_ONE = frozenset(  # of these Node keeps the first and drops the others
    {
        *("age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host"),
        *("if-modified-since", "if-unmodified-since", "last-modified", "location", "max-forwards"),
        *("proxy-authorization", "referer", "retry-after", "server", "user-agent"),
    }
)


class Headers(dict[str, Any]):
    """
    The headers of a request: `pairs` as they came, with names in lower case; and read by name as Node reads them.

    What is sent several times is one text, joined by a comma (cookies by a semicolon), or the first of them where there can
    be only one, such as Content-Type. `set-cookie` is a list. `bytes` is what they take on the wire, at most.
    """

    __slots__ = ("bytes", "pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] | dict[str, str] = ()) -> None:
        items = pairs.items() if isinstance(pairs, dict) else pairs
        self.pairs: Pairs = tuple([(name.lower(), value) for name, value in items])
        self.bytes = sum([len(name) + len(value) for name, value in self.pairs])
        super().__init__(self.pairs)
        if len(self) < len(self.pairs) or "set-cookie" in self:
            self.update(_joined(self.pairs))

    def __repr__(self) -> str:
        return f"Headers({self.pairs!r})"


_NO_HEADERS = Headers()


def _joined(pairs: Pairs) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name == "set-cookie":
            found.setdefault(name, []).append(value)
        elif name not in found:
            found[name] = value
        elif name not in _ONLY_ONE:
            found[name] += f"{'; ' if name == 'cookie' else ', '}{value}"
    return found


class Request(NamedTuple):
    """
    One HTTP request as it came in.

    `path` is raw (percent-escapes kept, no query), `body` is what was sent, undecoded.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = _NO_HEADERS
    body: bytes = b""


class Answer(NamedTuple):
    """
    What answers a request, before Express adds what it adds to all.

    `document` is a JSON document, or text when `media_type` is not JSON; None is an empty body without a type.
    `source` is who made it. `cors` is true for what the store's router answers.
    """

    status: int
    document: Any = None
    media_type: str | None = JSON
    headers: Pairs = ()
    cors: bool = True
    source: Source = "behaviour"


class Response(NamedTuple):
    """
    What goes out: status, headers in their order, and the bytes of the body, which `uncompressed` has as they were before.

    It goes out after `delay` (seconds), and in the way of `fault`.
    """

    status: int
    headers: Pairs
    body: bytes = b""
    delay: float = 0.0
    fault: Fault | None = None
    uncompressed: bytes | None = None

    @property
    def media_type(self) -> str | None:
        """What Content-Type says."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), None)

    @property
    def document(self) -> Any:
        """The JSON document that the body holds, or its text where it holds none; None for an empty one."""
        body = self.body if self.uncompressed is None else self.uncompressed
        if not body:
            return None
        text = body.decode(errors="replace")
        if (self.media_type or "").startswith("application/json"):
            with suppress(ValueError, RecursionError):  # a scenario may call JSON what is none
                return json.loads(text)
        return text


class Effort:
    """How many steps may be `left` for what looks at a request; one is what a character takes that a text is searched for."""

    __slots__ = ("left",)

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def spend(self, steps: int) -> None:
        """Take steps; raise TooMuch where no more are left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuch("more is to be looked at than may be for one request")


@dataclass(slots=True)
class Visit:
    """
    What a matcher looks at: the path's decoded values, the raw query, the headers, the parsed body.

    `state` is what the tables held for the entity that the path names, where a stub looks at it.
    """

    path: Mapping[str, str]
    query: str
    headers: Mapping[str, Any]
    body: Any
    state: Mapping[str, Any] | None = None
    _effort: Effort | None = field(init=False, repr=False, compare=False, default=None)
    _parameters: Mapping[str, str] | None = field(init=False, repr=False, compare=False, default=None)

    @property
    def effort(self) -> Effort:
        """What is left for all that look at it."""
        if self._effort is None:  # most requests are looked at by nobody
            self._effort = Effort()
        return self._effort

    def part(self, name: str) -> Any:
        """Return one of `path`, `query`, `header`, `body`, `state` as a mapping (the body may be any JSON value)."""
        if name == "state":
            return self.state or {}
        if name == "query":
            if self._parameters is None:
                self._parameters = dict(parse_qsl(self.query, keep_blank_values=True))
            return self._parameters
        return self.headers if name == "header" else getattr(self, name)
