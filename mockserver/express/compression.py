"""Compresses long answers as Medusa does where its setting `http_compression` is on (SERVER.md 5)."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec

THRESHOLD = 1024  # bytes; shorter bodies stay as they are
LEVEL = 6
Encoder = Callable[[bytes], bytes]

ENCODERS: Mapping[str, Encoder] = {
    **({"br": lambda body: import_module("brotli").compress(body, quality=4)} if find_spec("brotli") else {}),
    "gzip": lambda body: gzip.compress(body, LEVEL, mtime=0),
    "deflate": lambda body: zlib.compress(body, LEVEL),
}


def encoding(accepted: str) -> str | None:
    """Return the encoding for an Accept-Encoding header, br before gzip before deflate; None for none of them."""
    weights: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weights[name.strip()] = parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    anything = weights.get("*", False)
    return next((name for name in ENCODERS if weights.get(name, anything)), None)
