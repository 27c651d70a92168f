"""Compares an answer of the mock with a recorded one: ids and times by shape, all else by value, keys in order."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli

from .recordings import HEADERS, ID, TIME, Replay, Vector

_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
}
_STACK = re.compile(r"<pre>(\w+Error): .*</pre>", re.DOTALL)
_PHRASES = {400: "Bad Request", 413: "Payload Too Large", 415: "Unsupported Media Type"}


def disagreements(vector: Vector, replayed: Replay) -> Iterator[str]:
    """Yield one sentence for each place where the mock and the real server differ."""
    expected, response = vector["response"], replayed.response
    if expected["status"] != response.status:
        yield f"status: real {expected['status']}, mock {response.status} {response.body[:150]!r}"
        return
    if expected["status"] != 304:
        yield from _headers(expected["headers"], dict(response.headers))
    yield from _bodies(expected, response.body, dict(response.headers))
    if expected["sets_cookie"] != any(name == "set-cookie" for name, _ in response.headers):
        yield f"session cookie: real {expected['sets_cookie']}"
    if vector.get("state_after"):
        yield from _states(vector, replayed)


def _headers(expected: dict[str, str], actual: dict[str, str]) -> Iterator[str]:
    for name in HEADERS:
        if expected.get(name) != actual.get(name.lower()):
            yield f"{name}: real {expected.get(name)!r}, mock {actual.get(name.lower())!r}"


def _bodies(expected: Vector, body: bytes, headers: dict[str, str]) -> Iterator[str]:
    real = expected["body"]
    if isinstance(real, str):
        text = _STACK.sub(f"<pre>{_PHRASES.get(expected['status'], '')}</pre>", real)
        if text != body.decode():
            yield f"body: real {text[:200]!r}, mock {body[:200]!r}"
        return
    body = _DECODERS[headers.get("content-encoding", "identity")](body)
    if real is None and not body:
        return
    yield from compare("body", real, json.loads(body or b"null"))


def compare(where: str, real: Any, mock: Any) -> Iterator[str]:
    """Yield the differences of two JSON values, key order included."""
    if isinstance(real, dict) and isinstance(mock, dict):
        if list(real) != list(mock):
            yield f"{where}: keys real {list(real)}, mock {list(mock)}"
            return
        for key in real:
            yield from compare(f"{where}.{key}", real[key], mock[key])
    elif isinstance(real, list) and isinstance(mock, list):
        if len(real) != len(mock):
            yield f"{where}: real has {len(real)} items, mock {len(mock)}"
            return
        for index, (one, other) in enumerate(zip(real, mock, strict=True)):
            yield from compare(f"{where}.{index}", one, other)
    elif not _is_alike(real, mock):
        yield f"{where}: real {real!r}, mock {mock!r}"


def _is_alike(real: Any, mock: Any) -> bool:
    if isinstance(real, str) and isinstance(mock, str):
        for shape in (TIME, ID):
            if shape.match(real):
                return (bool(shape.match(mock)) and real.partition("_")[0] == mock.partition("_")[0]) or bool(
                    shape is TIME and shape.match(mock)
                )
    return type(real) is type(mock) and bool(real == mock)


def _states(vector: Vector, replayed: Replay) -> Iterator[str]:
    """Compare each collection's status and amounts, its sessions and its payments as they are stored afterwards."""
    before = vector.get("state_before") or []
    for state, after in zip(before, _recorded_states(vector["state_after"]), strict=False):
        row = replayed.stored.get(state["collection"]["id"], {})
        for key, value in after["collection"].items():
            yield from compare(f"stored.{key}", value, row[key])
        for key in ("sessions", "payments"):
            name = "payment_sessions" if key == "sessions" else key
            yield from _rows(key, after[key], row.get(name, []))


def _recorded_states(after: Any) -> Iterator[Vector]:
    if isinstance(after, dict) and {"collection", "sessions", "payments"} <= set(after):
        yield after
    elif isinstance(after, dict):
        for value in after.values():
            yield from _recorded_states(value)


def _rows(name: str, real: list[Vector], mock: list[Vector]) -> Iterator[str]:
    if len(real) != len(mock):
        yield f"stored {name}: real {len(real)}, mock {len(mock)}"
        return
    real, mock = (sorted(rows, key=lambda row: (row["amount"] or 0, row["provider_id"])) for rows in (real, mock))
    for one, other in zip(real, mock, strict=True):
        yield from compare(f"stored {name}", one, {key: other.get(key) for key in one})
