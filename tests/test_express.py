"""Express: header order, CORS, ETags, session cookie and error pages, as SERVER.md 2, 3 and 5 give them."""

import pytest

from mockserver.express.express import Express, cookies, dumps, error_page, etag, no_route
from mockserver.messages import JSON, TEXT, Answer, Request
from mockserver.settings import LOCALHOST

NOW = 1_704_513_440_000
EXPRESS = Express((LOCALHOST, "https://shop.example"), "0", lambda: NOW)
CSP = "default-src 'none'"


def dress(answer: Answer, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return what goes over the wire for an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    wire = EXPRESS.dress(Request(method, "/store/x", headers=named), answer)
    return wire.status, dict(wire.headers), wire.body


def test_headers_stand_in_the_order_of_the_real_server() -> None:
    """A JSON answer to a browser has Express's headers, in its order."""
    wire = EXPRESS.dress(
        Request("GET", "/store/x", headers={"origin": "http://localhost:8000"}),
        Answer(200, {"a": 1}, headers=(("X-Own", "1"),), cors=True),
    )

    assert [
        ("X-Powered-By", "Express"),
        ("Access-Control-Allow-Origin", "http://localhost:8000"),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Credentials", "true"),
        ("X-Own", "1"),
        ("Content-Type", JSON),
        ("Content-Length", "7"),
        ("ETag", etag(b'{"a":1}')),
    ] == wire.headers[:8]
    assert ["Set-Cookie", "Date"] == [name for name, _ in wire.headers[8:]]
    assert ("Date", "Sat, 06 Jan 2024 03:57:20 GMT") == wire.headers[-1]


def test_the_etag_is_that_of_the_real_server() -> None:
    """`OK` has the tag that a real /health was seen with."""
    assert 'W/"2-nOO9QiTIwXgNtWtBJezz8kv3SLc"' == etag(b"OK")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:8000", True),
        ("https://127.0.0.1", True),
        ("http://[::1]:3000", True),
        ("https://shop.example", True),
        ("http://localhost.evil.example", False),
        ("https://shop.example.evil", False),
        ("null", False),
        ("", False),
    ],
)
def test_allowed_origins_are_echoed(origin: str, allowed: bool) -> None:  # noqa: FBT001
    """An allowed origin is echoed, another gets the same answer without the header."""
    _, headers, _ = dress(Answer(200, {}, cors=True), origin=origin)

    assert (origin if allowed else None) == headers.get("Access-Control-Allow-Origin")
    assert "true" == headers["Access-Control-Allow-Credentials"]


def test_preflight() -> None:
    """A preflight is a 204 that allows all methods and the headers that were asked for."""
    status, headers, body = dress(
        Answer(204, media_type=None, cors=True), "OPTIONS", access_control_request_headers="x-a"
    )

    assert (204, b"") == (status, body)
    assert "Origin, Access-Control-Request-Headers" == headers["Vary"]
    assert "GET,HEAD,PUT,PATCH,POST,DELETE" == headers["Access-Control-Allow-Methods"]
    assert "x-a" == headers["Access-Control-Allow-Headers"]
    assert "ETag" not in headers
    assert "Access-Control-Allow-Headers" not in dress(Answer(204, media_type=None, cors=True), "OPTIONS")[1]


def test_error_pages_carry_no_trace() -> None:
    """Errors of Express are its page in production form, with its two headers and no ETag."""
    status, headers, body = dress(error_page(413))

    assert 413 == status
    assert (CSP, "nosniff") == (headers["Content-Security-Policy"], headers["X-Content-Type-Options"])
    assert b"<pre>Payload Too Large</pre>" in body
    assert {"ETag", "Vary"}.isdisjoint(headers)


def test_a_path_without_route_is_named_and_escaped() -> None:
    """The page says which method and path have no route; markup in it stays text."""
    page = no_route(Request("POST", "/store/<b>'&%3Ci%3E"))

    assert "<pre>Cannot POST /store/%3Cb%3E&#39;&amp;%3Ci%3E</pre>" in page.document


def test_a_fresh_client_gets_304() -> None:
    """A GET whose tag the client holds is a 304 without a body; a POST, an error and no-cache are not."""
    answer, tag = Answer(200, {"a": 1}), etag(b'{"a":1}')

    status, headers, body = dress(answer, if_none_match=f'"x", {tag}')
    assert (304, b"") == (status, body)
    assert {"Content-Type", "Content-Length"}.isdisjoint(headers)
    assert tag == headers["ETag"]
    assert 304 == dress(answer, if_none_match="*")[0]
    assert 200 == dress(answer, if_none_match='"x"')[0]
    assert 200 == dress(answer, "POST", if_none_match=tag)[0]
    assert 200 == dress(answer, if_none_match=tag, cache_control="no-cache")[0]
    assert 404 == dress(Answer(404, {"a": 1}), if_none_match=tag)[0]


def test_head_has_the_headers_of_get() -> None:
    """HEAD answers the length of the body without the body."""
    _, headers, body = dress(Answer(200, {"a": 1}), "HEAD")

    assert ("7", b"") == (headers["Content-Length"], body)


def test_the_session_cookie_is_set_once() -> None:
    """Every answer sets a signed cookie, until the client brings it back."""
    _, headers, _ = dress(Answer(200, {}))
    cookie = headers["Set-Cookie"]

    assert cookie.startswith("connect.sid=s%3A")
    assert cookie.endswith("; Path=/; Expires=Sat, 06 Jan 2024 13:57:20 GMT; HttpOnly")
    assert "Set-Cookie" not in dress(Answer(200, {}), cookie=f"a=b; {cookie.partition(';')[0]}")[1]
    assert "Set-Cookie" in dress(Answer(200, {}), cookie="connect.sid=s%3Aforged.signature")[1]
    assert "Set-Cookie" in dress(Answer(200, {}), cookie=";;;=%%%")[1]
    assert (
        cookie != dict(Express((), "1", lambda: NOW).dress(Request("GET", "/"), Answer(200, {})).headers)["Set-Cookie"]
    )


def test_documents_are_written_as_javascript_writes_them() -> None:
    """Compact, UTF-8, and lone surrogates escaped."""
    assert '{"a":"é","b":null}'.encode() == dumps({"a": "é", "b": None})
    assert b'{"a":"\\ud800"}' == dumps({"a": "\ud800"})


def test_texts_and_nothing() -> None:
    """A text is sent as it is, and an answer without a document has no body."""
    assert b"Unauthorized" == dress(Answer(401, "Unauthorized", TEXT))[2]
    assert b"" == dress(Answer(204, None, None))[2]
    assert b"null" == dress(Answer(200, None))[2]


def test_cookies_are_read_by_name() -> None:
    """Pairs without a name or value are passed over, percent-escapes are read."""
    assert {"a": "1", "b": "x y"} == cookies({"cookie": "a=1; b=x%20y; c"})
    assert {} == cookies({})
