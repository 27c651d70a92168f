"""ETags, and whether a client holds a body already: Express's `etag` and `fresh`."""

import hashlib
from binascii import b2a_base64
from functools import lru_cache
from http import HTTPStatus

from ..messages import Pairs, Request

SHORT = 16_384  # bytes of a body that is remembered with its headers: 4 MB in all, at most


def etag(body: bytes) -> str:
    """Return the weak tag that Express gives a body: its length in hexadecimal and 27 characters of its SHA-1."""
    digest = b2a_base64(hashlib.sha1(body, usedforsecurity=False).digest(), newline=False)[:27].decode()
    return f'W/"{len(body):x}-{digest}"'


def tagged(body: bytes, media_type: str) -> Pairs:
    """Return the headers that describe a body: its type, its length, and its tag at the end."""
    return _remembered(body, media_type) if len(body) <= SHORT else _tagged(body, media_type)


def _tagged(body: bytes, media_type: str) -> Pairs:
    return ("Content-Type", media_type), ("Content-Length", str(len(body))), ("ETag", etag(body))


_remembered = lru_cache(maxsize=256)(_tagged)  # what is read once is read again


def is_fresh(request: Request, status: int, tag: str) -> bool:
    """Tell whether the client already holds this body: GET or HEAD, a 200, and a tag it names."""
    wanted = request.headers.get("if-none-match")
    if wanted is None or status != HTTPStatus.OK or request.method not in ("GET", "HEAD"):
        return False
    if "no-cache" in request.headers.get("cache-control", ""):
        return False
    tags = {one.strip().removeprefix("W/") for one in wanted.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags
