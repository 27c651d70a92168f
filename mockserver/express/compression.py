"""Compresses long answers as Medusa does where its setting `http_compression` is on (tests/facts/server.md 5)."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ..messages import Request, Response

THRESHOLD = 1024  # bytes; shorter bodies stay as they are
LEVEL = 6
NO_TRANSFORM = "x-no-compression"
Encoder = Callable[[bytes], bytes]


@cache
def _brotli() -> Any:
    """Return the module that there is for this Python; no start needs it."""
    return import_module("brotli" if find_spec("brotli") else "brotlicffi")


ENCODERS: Mapping[str, Encoder] = {  # the first is preferred
    "br": lambda body: bytes(_brotli().compress(body, quality=4)),
    "gzip": lambda body: gzip.compress(body, LEVEL, mtime=0),
    "deflate": lambda body: zlib.compress(body, LEVEL),
}


def compressed(request: Request, response: Response) -> Response:
    """Return a response compressed where it is long enough and the client can read it; the ETag stays as it was."""
    if NO_TRANSFORM in request.headers:
        return response
    vary = next((value for name, value in response.headers if name == "Vary"), None)
    (powered, *others) = [pair for pair in response.headers if pair[0] != "Vary"]
    headers = [powered, ("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"), *others]
    chosen = encoding(request.headers.get("accept-encoding", ""))
    if chosen is None or len(response.body) < THRESHOLD:
        return response._replace(headers=tuple(headers))
    headers = [pair for pair in headers if pair[0] != "Content-Length"]  # sent in chunks
    return response._replace(
        headers=(*headers, ("Content-Encoding", chosen)),
        body=ENCODERS[chosen](response.body),
        uncompressed=response.body,
    )


def encoding(accepted: str) -> str | None:
    """Return the encoding that an Accept-Encoding header likes best, br before gzip before deflate; None for none of them."""
    weights = dict(map(_weighted, accepted.lower().split(",")))
    anything = weights.get("*", 0.0)
    plain = weights.get("identity", anything)
    found = max(ENCODERS, key=lambda name: weights.get(name, anything))  # of those liked alike, the first
    weight = weights.get(found, anything)
    return found if weight > 0 and weight >= plain else None


def _weighted(part: str) -> tuple[str, float]:
    """Return an encoding and how much it is liked, from 0 to 1."""
    name, _, parameter = part.partition(";")
    try:
        return name.strip(), float(parameter.replace(" ", "").removeprefix("q=") or 1)
    except ValueError:
        return name.strip(), 0.0
