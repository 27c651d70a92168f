"""Finds the operation that a method and a path mean, by walking a tree built at start."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, Protocol, TypeVar
from urllib.parse import unquote_to_bytes

MOST_PATHS = 1024  # that are remembered
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class MalformedEscape(ValueError):
    """A path parameter holds a percent-escape that does not decode to UTF-8, such as `%E0%A4%A`."""


class Route(Protocol):
    """A method, a path, and the names of what stands in braces there."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def path_parameters(self) -> tuple[str, ...]: ...


Found = TypeVar("Found", bound=Route)


@dataclass(slots=True)
class _Node(Generic[Found]):
    fixed: "dict[str, _Node[Found]]" = field(default_factory=dict)
    parameter: "_Node[Found] | None" = None
    routes: dict[str, Found] = field(default_factory=dict)


class Router(Generic[Found]):
    """
    Routes as Express does (tests/facts/server.md 4): fixed segments in any case, one trailing slash, HEAD as GET.

    A fixed segment comes before a parameter, and where it leads nowhere the parameter is tried: `GET /store/products/search`
    is a product called "search", since only POST has that path. A doubled slash is accepted where one router hands over to
    the next: behind `/store` and behind the resource.
    """

    def __init__(self, routes: Iterable[Found]) -> None:
        self._root: _Node[Found] = _Node()
        for route in routes:
            node = self._root
            for segment in route.path.strip("/").split("/"):
                if segment.startswith("{"):
                    node.parameter = node.parameter or _Node()
                    node = node.parameter
                else:
                    node = node.fixed.setdefault(segment, _Node())
            node.routes[route.method] = route
        self.find = lru_cache(maxsize=MOST_PATHS)(self._find)  # most tests ask for a few paths, again and again

    def _find(self, method: str, path: str) -> tuple[Found, Mapping[str, str]] | None:
        """
        Return the route and its decoded path parameters, or None where there is no such route.

        Raises MalformedEscape for a parameter that does not decode, though it be another method's.
        """
        method = "GET" if method == "HEAD" else method
        for routes, values in _ends(self._root, _segments(path), ()):
            decoded = [_decode(value) for value in values]
            route = routes.get(method)
            if route is not None:
                return route, dict(zip(route.path_parameters, decoded, strict=True))
        return None


def _ends(
    node: _Node[Found], segments: list[str], values: tuple[str, ...]
) -> Iterator[tuple[dict[str, Found], tuple[str, ...]]]:
    """Yield where a path may lead, with the values on the way: fixed segments before parameters."""
    if not segments:
        if node.routes:
            yield node.routes, values
        return
    segment, *rest = segments
    fixed = node.fixed.get(segment.lower())
    if fixed is not None:
        yield from _ends(fixed, rest, values)
    if node.parameter is not None and segment:
        yield from _ends(node.parameter, rest, (*values, segment))


def _segments(path: str) -> list[str]:
    segments = path.removesuffix("/").split("/")[1:]
    for position in (1, 2):  # what follows "store", then what follows the resource
        if len(segments) > position and not segments[position]:
            del segments[position]
    return segments


def _decode(segment: str) -> str:
    if "%" not in segment:
        return segment
    if _BAD_ESCAPE.search(segment):
        raise MalformedEscape(segment)
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        raise MalformedEscape(segment) from None
