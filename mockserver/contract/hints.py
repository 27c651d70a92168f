"""Says which method and path a request without a route probably meant."""

from collections.abc import Iterable, Iterator

from ..likeness import Likeness
from .router import Route
from .routes import MOST_SEGMENTS

ALIKE = 0.8  # `payment-collection`, which Medusa's own guide prints (tests/facts/clients.md 4), is 0.97 alike


def nearest(routes: Iterable[Route], method: str, path: str) -> tuple[str, str] | None:
    """
    Return the method and the path that were probably meant (`GET or POST` where both are as near), or None.

    Near is the right path with another method, one whose fixed segments are all alike, one with doubled slashes, one
    without its root (`/store`, with which all paths of a contract begin), and one with something before it.
    """
    best: tuple[bool, bool, float] | None = None
    methods: list[str] = []
    meant, likeness = "", Likeness()
    templates = [(route, route.path.split("/")[1:]) for route in routes]
    roots = {template[0] for _, template in templates}
    for segments in _readings([segment for segment in path.split("/") if segment], roots):
        for route, template in templates:
            alike = _alikeness(segments, template, likeness)
            if alike is None:
                continue
            fixed = sum(not segment.startswith("{") for segment in template)
            rank = (alike == fixed, route.method == method, alike)
            filled = "/" + "/".join(a if t.startswith("{") else t for a, t in zip(segments, template, strict=True))
            if best is None or rank > best:
                best, methods, meant = rank, [route.method], filled
            elif rank == best and filled == meant:
                methods.append(route.method)
    return (" or ".join(methods), meant) if methods else None


def _readings(segments: list[str], roots: set[str]) -> Iterator[list[str]]:
    """Yield the segments as they stand, from each root on, and with a root in front where there is none; none of too many."""
    beyond = max(len(segments) - MOST_SEGMENTS, 0)
    lower = [segment.lower() for segment in segments]
    if not beyond:
        yield segments
    for place in range(max(beyond, 1), len(segments)):
        if lower[place] in roots:
            yield segments[place:]
    if roots.isdisjoint(lower) and not beyond:
        yield from ([root, *segments] for root in sorted(roots))


def _alikeness(segments: list[str], template: list[str], likeness: Likeness) -> float | None:
    """Return how much of the fixed segments is there, one for each that is right; None where one is too different."""
    if len(segments) != len(template):
        return None
    found = 0.0
    for segment, wanted in zip(segments, template, strict=True):
        if wanted.startswith("{"):
            continue
        alike = likeness.of(segment.lower(), wanted, ALIKE)
        if not alike:
            return None
        found += alike
    return found
