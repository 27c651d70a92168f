"""Bodies: what Express reads, and what it refuses before any route is looked at (tests/facts/server.md 3)."""

import gzip
import json
import zlib

import pytest

from mockserver.express.bodies import DEEPEST, LIMIT, TOO_DEEP, RefusedBody, parse
from mockserver.messages import Headers, Request

JSON = "application/json"


def body(raw: bytes, content_type: str = JSON, **headers: str) -> object:
    """Return what is read of a body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return parse(Request("POST", "/", headers=Headers({"content-type": content_type, **named}), body=raw))


@pytest.mark.parametrize(
    ("raw", "content_type", "value"),
    [
        (b"", JSON, {}),
        (b'{"a": 1}', JSON, {"a": 1}),
        (b" [1]", JSON, [1]),
        (b'\xef\xbb\xbf{"a":1}', JSON, {"a": 1}),
        (b'{"a":1,"a":2}', JSON, {"a": 2}),
        (b'{"a":1.0,"b":1.5,"c":1e400}', "Application/JSON; charset=UTF-8", {"a": 1, "b": 1.5, "c": float("inf")}),
        (b'{"a":1}', "application/json; charset=utf-8; x=y", {"a": 1}),
        ('{"a":1}'.encode("utf-16"), "application/json; charset=utf-16", {"a": 1}),
        (b'{"a":"\xff"}', JSON, {"a": "\ufffd"}),
        (b'{"a":1}', "application/vnd.api+json", {}),
        (b'{"a":1}', "text/plain", {}),
        (b'{"a":1}', "", {}),
        (b"a=1", "application/x-www-form-urlencoded", {}),
    ],
)
def test_bodies_that_are_read(raw: bytes, content_type: str, value: object) -> None:
    """Only JSON that says it is JSON is parsed; everything else counts as an empty object."""
    assert value == body(raw, content_type)


@pytest.mark.parametrize(
    "raw", [b"{", b"null", b'"hi"', b"1", b"   ", b'{"a":NaN}', b'{"a":01}', b"{} x", b'{"a":"\x01"}', b"{'a':1}"]
)
def test_bodies_that_are_no_json(raw: bytes) -> None:
    """Broken JSON, and JSON that is neither an object nor an array, is a 400."""
    with pytest.raises(RefusedBody) as refused:
        body(raw)

    assert 400 == refused.value.status


@pytest.mark.parametrize("charset", ["=latin1", "=iso-8859-1", "=bogus", f"*{'9' * 5000}=x"])
def test_charsets_that_are_not_unicode(charset: str) -> None:
    """Any charset but Unicode's is a 415, however strangely it is written."""
    with pytest.raises(RefusedBody) as refused:
        body(b"{}", f"application/json; charset{charset}")

    assert 415 == refused.value.status


def test_compressed_bodies_are_inflated() -> None:
    """Gzip and deflate are read; what is unknown is a 415, what is broken a 400."""
    assert {"a": 1} == body(gzip.compress(b'{"a":1}'), content_encoding="gzip")
    assert {"a": 1} == body(zlib.compress(b'{"a":1}'), content_encoding="deflate")
    assert {} == body(gzip.compress(b""), content_encoding="gzip")
    for encoding, status, raw in [
        ("br", 415, b"x"),
        ("gzip", 400, b"plain text"),
        ("gzip", 400, gzip.compress(b"{}")[:-9]),
    ]:
        with pytest.raises(RefusedBody) as refused:
            body(raw, content_encoding=encoding)
        assert status == refused.value.status


def test_long_bodies_are_refused() -> None:
    """Over 100 kB is a 413, also when it was compressed."""
    fits = b'{"a":"' + b"x" * (LIMIT - 8) + b'"}'

    assert {"a": "x" * (LIMIT - 8)} == body(fits)
    for raw, headers in [(fits + b" ", {}), (gzip.compress(b"[" * 10_000_000), {"content_encoding": "gzip"})]:
        with pytest.raises(RefusedBody) as refused:
            body(raw, **headers)
        assert 413 == refused.value.status


def test_deep_bodies_are_no_crash() -> None:
    """Nesting beyond what can be walked has a value of its own."""
    assert TOO_DEEP == body(b"[" * 50_000 + b"]" * 50_000)


def test_the_first_of_several_types_counts() -> None:
    """As in Node, whatever a second Content-Type says."""
    headers = Headers([("Content-Type", "text/plain"), ("content-type", JSON)])

    assert {} == parse(Request("POST", "/", headers=headers, body=b"{"))


def test_what_nests_deeper_than_any_python_follows_is_one_thing() -> None:
    """Whatever Python runs it; brackets of a text count for nothing, nor those that are closed."""
    deep = json.dumps({"a": ["[" * 1000, "\\"]}).encode()[:-1]
    closed = b"[" + b",".join([b"[]"] * 1000) + b"]"

    assert isinstance(body(b"[" * DEEPEST + b"]" * DEEPEST), list)
    assert TOO_DEEP == body(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))
    assert {"a": ["[" * 1000, "\\"], "b": 1} == body(deep + b', "b": 1}')
    assert [[]] * 1000 == body(closed)
