"""
Names of headers as Express spells them, `ETag` say, which our own server sends so.

ASGI wants small letters, and uvicorn asks each name for them while it writes a head: a name that is its own small letters
goes out as it is.
"""

from functools import lru_cache


class _Spelled(bytes):
    """A name as Express spells it."""

    __slots__ = ()

    def lower(self) -> bytes:
        return self


class _Compared(_Spelled):
    """A name that uvicorn looks for."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return bytes.lower(self) == other

    __hash__ = bytes.__hash__


_LOOKED_FOR = ("connection", "content-length", "transfer-encoding")
KEEP_ALIVE = [
    (_Compared(b"Connection"), b"keep-alive"),
    (_Spelled(b"Keep-Alive"), b"timeout=5"),
]  # as Node says (tests/facts/server.md 2)


@lru_cache(maxsize=1024)
def spelled(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    """Return a header as it is sent."""
    kind = _Compared if pair[0].lower() in _LOOKED_FOR else _Spelled
    return kind(pair[0].encode()), pair[1].encode("latin-1", "replace")
