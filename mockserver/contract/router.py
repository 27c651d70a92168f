"""Finds the operation that a method and a path mean, by walking a tree built at start."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from .operations import Operation

MOST_PATHS = 1024  # that are remembered
ALIKE = 0.8  # `payment-collection`, which Medusa's own guide prints (CLIENTS.md 4), is 0.97 alike
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class MalformedEscape(ValueError):
    """A path parameter holds a percent-escape that does not decode to UTF-8, such as `%E0%A4%A`."""


@dataclass(slots=True)
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


class Router:
    """
    Routes as Express does (SERVER.md 4): fixed segments in any case, one trailing slash, HEAD as GET.

    A doubled slash is accepted where one router hands over to the next: behind `/store` and behind the resource.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._root = _Node()
        self._operations = tuple(operations)
        for operation in self._operations:
            node = self._root
            for segment in operation.path.strip("/").split("/"):
                if segment.startswith("{"):
                    node.parameter = node.parameter or _Node()
                    node = node.parameter
                else:
                    node = node.fixed.setdefault(segment, _Node())
            node.operations[operation.method] = operation
        self.find = lru_cache(maxsize=MOST_PATHS)(self._find)  # most tests ask for a few paths, again and again

    def _find(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """
        Return the operation and its decoded path parameters, or None where Medusa has no such route.

        Raises MalformedEscape for a parameter that does not decode.
        """
        node, values = self._root, []
        for segment in _segments(path):
            fixed = node.fixed.get(segment.lower())
            if fixed is not None:
                node = fixed  # `/sessions/batch` is never a session called "batch"
            elif node.parameter is not None and segment:
                node = node.parameter
                values.append(segment)
            else:
                return None
        operation = node.operations.get("GET" if method == "HEAD" else method)
        if operation is None:
            return None
        return operation, dict(zip(operation.path_parameters, map(_decode, values), strict=True))

    def nearest(self, method: str, path: str) -> tuple[str, str] | None:
        """
        Return the method and path that a request without a route probably meant, or None.

        Near is a path whose fixed segments are all alike, or the right path with another method.
        """
        segments = _segments(path)
        for operation in sorted(self._operations, key=lambda operation: operation.method != method):
            template = operation.path.split("/")[1:]
            if len(template) == len(segments) and all(map(_is_alike, segments, template)):
                meant = [a if t.startswith("{") else t for a, t in zip(segments, template, strict=True)]
                return operation.method, "/" + "/".join(meant)
        return None


def _is_alike(segment: str, template: str) -> bool:
    if template.startswith("{"):
        return bool(segment)
    return SequenceMatcher(None, segment.lower(), template).ratio() >= ALIKE


def _segments(path: str) -> list[str]:
    segments = path.removesuffix("/").split("/")[1:]
    for position in (1, 2):  # what follows "store", then what follows "payment-collections"
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
