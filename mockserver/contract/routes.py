"""Paths of a project's own, which no Medusa has: a method and a path, as people write them."""

import re

from ..errors import MockServerError, unknown
from .operations import METHODS, Operation, parameters_of

MOST_SEGMENTS = 20  # of a path
EXAMPLE = "GET /store/loyalty/{id}"
_WRITTEN = re.compile(r"([A-Za-z]+) +(/\S*)")
_PARAMETER = re.compile(r"\{[A-Za-z_]\w*\}")
_FIXED = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=@-]+")  # as it is sent: no percent-escapes


class OwnRoute(Operation):
    """A method and a path that no contract knows; they are its name."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.id


def own_route(text: str) -> OwnRoute:
    """Return the route that `GET /store/loyalty/{id}` means; raise MockServerError for what means none."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise MockServerError(f"{text!r} is no route such as {EXAMPLE!r}")
    method, path = found[1].upper(), found[2].rstrip("/")
    methods = [one.upper() for one in METHODS]
    if method not in methods:
        raise MockServerError(f"{unknown('method', found[1], methods)} (a GET answers HEAD as well)")
    first, *rest = path.split("/")[1:] or [""]
    if first.lower() != "store" or not rest:
        raise MockServerError(f"{text!r} is not below /store/, where this mock answers as Medusa")
    segments = ["store", *map(_segment, rest)]
    if len(segments) > MOST_SEGMENTS:
        raise MockServerError(f"a route of {len(segments)} segments is too long; {MOST_SEGMENTS} are the most")
    names = [one for one in segments if one.startswith("{")]
    for name in names:
        if names.count(name) > 1:
            raise MockServerError(f"{text!r} has {name} twice; each needs a name of its own")
    path = "/" + "/".join(segments)
    return OwnRoute(
        id=f"{method} {path}",
        client_method="",
        resource="",
        method=method,
        path=path,
        summary="",
        path_parameters=parameters_of(path),
        query_parameters=(),
        entities={},
        examples={},
        responses={},
    )


def _segment(segment: str) -> str:
    """Return a segment as it is looked for: a parameter, or a text in small letters."""
    if _PARAMETER.fullmatch(segment):
        return segment
    if _FIXED.fullmatch(segment):
        return segment.lower()
    if segment[:1] == ":" and _PARAMETER.fullmatch(f"{{{segment[1:]}}}"):
        raise MockServerError(f"{segment!r} is to be written as '{{{segment[1:]}}}'")
    if "?" in segment:
        raise MockServerError("a route has no query; 'when: {query: ...}' waits for one")
    raise MockServerError(f"{segment!r} is no segment of a path: a text, or a parameter such as '{{id}}'")
