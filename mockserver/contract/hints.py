"""Says which method and path a request without a route probably meant."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from .router import Route

ALIKE = 0.8  # `payment-collection`, which Medusa's own guide prints (tests/facts/clients.md 4), is 0.97 alike
ROOT = "store"


def nearest(routes: Iterable[Route], method: str, path: str) -> tuple[str, str] | None:
    """
    Return the method and the path that were probably meant (`GET or POST` where both are as near), or None.

    Near is the right path with another method, one whose fixed segments are all alike, one with doubled slashes, one
    without `/store`, and one with something before it.
    """
    best: tuple[bool, bool, float] | None = None
    methods: list[str] = []
    meant = ""
    for segments in _readings([segment for segment in path.split("/") if segment]):
        for route in routes:
            template = route.path.split("/")[1:]
            alike = _alikeness(segments, template)
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


def _readings(segments: list[str]) -> Iterator[list[str]]:
    """Yield the segments as they stand, from each `store` on, and with `store` in front where there is none."""
    yield segments
    lower = [segment.lower() for segment in segments]
    for place, segment in enumerate(lower):
        if place and segment == ROOT:
            yield segments[place:]
    if ROOT not in lower:
        yield [ROOT, *segments]


def _alikeness(segments: list[str], template: list[str]) -> float | None:
    """Return how much of the fixed segments is there, one for each that is right; None where one is too different."""
    if len(segments) != len(template):
        return None
    found = 0.0
    for segment, wanted in zip(segments, template, strict=True):
        if wanted.startswith("{"):
            continue
        alike = 1.0 if segment.lower() == wanted else SequenceMatcher(None, segment.lower(), wanted).ratio()
        if alike < ALIKE:
            return None
        found += alike
    return found
