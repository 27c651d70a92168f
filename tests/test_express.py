"""Express: header order, CORS, ETags, session cookie and error pages, as tests/facts/server.md 2, 3 and 5 give them."""

import re
import time
import zlib
from email.utils import parsedate_to_datetime

import brotli
import pytest

from mockserver import MockServerError
from mockserver.express.compression import ENCODERS, encoding
from mockserver.express.cookies import cookies_of
from mockserver.express.express import Express
from mockserver.express.freshness import etag
from mockserver.express.javascript import dumps
from mockserver.express.pages import error_page, no_route
from mockserver.messages import JSON, TEXT, Answer, Headers, Request, Response
from mockserver.settings import LOCALHOST

NOW = 1_704_513_440_000
EXPRESS = Express((LOCALHOST, "https://shop.example"), "0")
CSP = "default-src 'none'"


def respond(answer: Answer, method: str = "GET", express: Express = EXPRESS, **headers: str) -> Response:
    """Return the response to a request that has these headers."""
    named = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return express.respond(Request(method, "/store/x", headers=named), answer, NOW)


def sent(answer: Answer, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers by name and the body that go out for an answer."""
    response = respond(answer, method, **headers)
    return response.status, dict(response.headers), response.body


def test_headers_stand_in_the_order_of_the_real_server() -> None:
    """A JSON answer to a browser has Express's headers, in its order."""
    response = respond(Answer(200, {"a": 1}, headers=(("X-Own", "1"),)), origin="http://localhost:8000")

    assert [
        ("X-Powered-By", "Express"),
        ("Access-Control-Allow-Origin", "http://localhost:8000"),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Credentials", "true"),
        ("X-Own", "1"),
        ("Content-Type", JSON),
        ("Content-Length", "7"),
        ("ETag", etag(b'{"a":1}')),
    ] == list(response.headers[:8])
    assert ["Set-Cookie", "Date"] == [name for name, _ in response.headers[8:]]
    assert ("Date", "Sat, 06 Jan 2024 03:57:20 GMT") == response.headers[-1]


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
    _, headers, _ = sent(Answer(200, {}), origin=origin)

    assert (origin if allowed else None) == headers.get("Access-Control-Allow-Origin")
    assert "true" == headers["Access-Control-Allow-Credentials"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://a.test", True),
        ("http://b.test:8000", True),
        ("https://pr-12.SHOP.test", True),
        ("https://shop.test.evil", False),
        ("null", True),
        ("", False),
    ],
)
def test_origins_are_written_as_medusa_has_them(origin: str, allowed: bool) -> None:  # noqa: FBT001
    """STORE_CORS as it is: a list with commas, of texts and of regular expressions with flags (tests/facts/server.md 5)."""
    express = Express(("http://a.test,http://b.test:8000,", r"null,/shop\.test$/i"), "0")
    _, headers, _ = sent(Answer(200, {}), express=express, origin=origin)

    assert (origin if allowed else None) == headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("*", "matches no origin, in Medusa neither; '/.*/' matches all"),
        ("http://shop.test/", "'http://shop.test/' is never sent as an origin; did you mean 'http://shop.test'?"),
        ("http://shop.test/de?a=1", "did you mean 'http://shop.test'?"),
        ("http://a.test, http://b.test", "' http://b.test' is never sent as an origin; did you mean 'http://b.test'?"),
        ("https://shop.test:443", "did you mean 'https://shop.test'?"),
        ("HTTP://Shop.Test:8000", "did you mean 'http://shop.test:8000'?"),
        ("http://[::1]:80", "did you mean 'http://[::1]'?"),
        ("shop.test", "'shop.test' is no origin such as 'http://localhost:8000', nor a '/regular expression/'"),
        ("localhost:8000", "'localhost:8000' is no origin"),
        ("http://shop.test:port", "is no origin"),
        ("/a{1,3}/", "'/a{1' is no origin"),
        ("/(/i", "'/(/' is not a regular expression: missing ), unterminated subpattern"),
    ],
)
def test_what_can_never_match_is_refused(text: str, complaint: str) -> None:
    """With what was probably meant."""
    with pytest.raises(MockServerError, match=re.escape(complaint)):
        Express((text,), "0")


def test_preflight() -> None:
    """A preflight is a 204 that allows all methods and the headers that were asked for."""
    status, headers, body = sent(Answer(204, media_type=None), "OPTIONS", access_control_request_headers="x-a")

    assert (204, b"") == (status, body)
    assert "Origin, Access-Control-Request-Headers" == headers["Vary"]
    assert "GET,HEAD,PUT,PATCH,POST,DELETE" == headers["Access-Control-Allow-Methods"]
    assert "x-a" == headers["Access-Control-Allow-Headers"]
    assert "ETag" not in headers
    assert "Access-Control-Allow-Headers" not in sent(Answer(204, media_type=None), "OPTIONS")[1]


def test_error_pages_carry_no_trace() -> None:
    """Errors of Express are its page in production form, with its two headers and no ETag."""
    status, headers, body = sent(error_page(413))

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

    status, headers, body = sent(answer, if_none_match=f'"x", {tag}')
    assert (304, b"") == (status, body)
    assert {"Content-Type", "Content-Length"}.isdisjoint(headers)
    assert tag == headers["ETag"]
    assert 304 == sent(answer, if_none_match="*")[0]
    assert 200 == sent(answer, if_none_match='"x"')[0]
    assert 200 == sent(answer, "POST", if_none_match=tag)[0]
    assert 200 == sent(answer, if_none_match=tag, cache_control="no-cache")[0]
    assert 404 == sent(Answer(404, {"a": 1}), if_none_match=tag)[0]


def test_head_has_the_headers_of_get() -> None:
    """HEAD answers the length of the body without the body."""
    _, headers, body = sent(Answer(200, {"a": 1}), "HEAD")

    assert ("7", b"") == (headers["Content-Length"], body)


def test_the_session_cookie_is_set_once() -> None:
    """
    Every answer sets a signed cookie, until the client brings it back.

    It ends in ten hours by the machine's own clock, as a client measures them, whatever the clock of the sandbox says.
    """
    before = int(time.time())
    _, headers, _ = sent(Answer(200, {}))
    cookie = headers["Set-Cookie"]
    ends = parsedate_to_datetime(cookie.partition("Expires=")[2].removesuffix("; HttpOnly")).timestamp()

    assert cookie.startswith("connect.sid=s%3A")
    assert "; Path=/; Expires=" in cookie
    assert 0 <= ends - before - 36_000 < 60
    assert "Set-Cookie" not in sent(Answer(200, {}), cookie=f"a=b; {cookie.partition(';')[0]}")[1]
    assert "Set-Cookie" in sent(Answer(200, {}), cookie="connect.sid=s%3Aforged.signature")[1]
    assert "Set-Cookie" in sent(Answer(200, {}), cookie=";;;=%%%")[1]
    assert cookie != dict(respond(Answer(200, {}), express=Express((), "1")).headers)["Set-Cookie"]


def test_documents_are_written_as_javascript_writes_them() -> None:
    """Compact, UTF-8, and lone surrogates escaped."""
    assert '{"a":"é","b":null}'.encode() == dumps({"a": "é", "b": None})
    assert b'{"a":"\\ud800"}' == dumps({"a": "\ud800"})


def test_texts_and_nothing() -> None:
    """A text is sent as it is, and an answer without a document has no body."""
    assert b"Unauthorized" == sent(Answer(401, "Unauthorized", TEXT))[2]
    assert b"" == sent(Answer(204, None, None))[2]
    assert b"null" == sent(Answer(200, None))[2]


def test_cookies_are_read_by_name() -> None:
    """Pairs without a name or value are passed over, percent-escapes are read."""
    assert {"a": "1", "b": "x y"} == cookies_of("a=1; b=x%20y; c")
    assert {} == cookies_of("")


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("deflate", "deflate"),
        ("*", "br"),
        ("BR;q=0, *", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip; q=0.5, br; q=0.5", "br"),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=0, br;q=0.000", None),
        ("gzip;q=many", None),
        ("identity", None),
        ("", None),
    ],
)
def test_the_encoding_that_a_client_likes_best(accepted: str, chosen: str | None) -> None:
    """Of those that it likes alike br, then gzip, as the real server chooses; none where it would rather have none."""
    assert chosen == encoding(accepted)


def test_long_answers_are_compressed() -> None:
    """A client that takes br gets br, of unknown length and with the tag of the plain body; HEAD has no body at all."""
    express, document = Express((), "0", compress=True), {"long": "x" * 2000}
    plain = respond(Answer(200, document))
    response = respond(Answer(200, document), express=express, accept_encoding="gzip, deflate, br")
    headers = dict(response.headers)

    assert plain.body == brotli.decompress(response.body) == response.uncompressed
    assert document == response.document
    assert ("br", dict(plain.headers)["ETag"]) == (headers["Content-Encoding"], headers["ETag"])
    assert "Origin, Accept-Encoding" == headers["Vary"]
    assert "Content-Length" not in headers
    assert b"" == respond(Answer(200, document), "HEAD", express, accept_encoding="br").body
    assert plain == respond(Answer(200, document), express=express, accept_encoding="br", x_no_compression="1")


def test_short_answers_are_not_compressed() -> None:
    """They say all the same that they depend on what a client takes."""
    response = respond(
        Answer(200, {"short": 1}, cors=False), express=Express((), "0", compress=True), accept_encoding="br"
    )

    assert b'{"short":1}' == response.body
    assert ("Vary", "Accept-Encoding") in response.headers


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_every_encoding_is_what_its_name_says(name: str) -> None:
    """As any client would read it."""
    assert b"x" * 2000 == zlib.decompress(ENCODERS[name](b"x" * 2000), zlib.MAX_WBITS | 32)
