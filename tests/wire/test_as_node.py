"""Bytes that no client library would send, to the mock and to Node: the same statuses, the same fate of the connection."""

import asyncio
import json
from typing import Any

import pytest
from conftest import AUTHORIZE
from processes import Server
from wire.conftest import Fate, fate

from mockserver.state.entry import SECRET_HEADERS

HOST = b"Host: localhost\r\n"
GET = b"GET /health HTTP/1.1\r\n"
POST = f"POST {AUTHORIZE} HTTP/1.1\r\n".encode()
JSON = b"Content-Type: application/json\r\n"
CLOSE = b"Connection: close\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
BODY = b'{"a": 1}'
LENGTH = b"Content-Length: 8\r\n"
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"
WEBSOCKET = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n"
END = b"\r\n"

ALIKE: dict[str, tuple[bytes, ...]] = {
    "plain": (GET + HOST + END,),
    "body": (POST + HOST + JSON + LENGTH + END + BODY,),
    "body that is no JSON": (POST + HOST + JSON + LENGTH + END + b"{'a': 1}",),
    "body in pieces": (POST + HOST + JSON + LENGTH + END, BODY[:4], BODY[4:]),
    "head in pieces": (POST[:20], POST[20:] + HOST[:6], HOST[6:] + END),
    "three in line": ((GET + HOST + END) * 3,),
    "in line with bodies": ((POST + HOST + LENGTH + END + BODY) * 2 + GET + HOST + END,),
    "in line behind close": (GET + HOST + CLOSE + END + GET + HOST + END,),
    "garbage behind a request": (GET + HOST + END + b"GARBAGE\r\n\r\n",),
    "close": (GET + HOST + CLOSE + END,),
    "Close in capitals": (GET + HOST + b"Connection: CLOSE\r\n" + END,),
    "close among others": (GET + HOST + b"Connection: foo, close\r\n" + END,),
    "keep-alive": (GET + HOST + b"Connection: keep-alive\r\n" + END,),
    "HTTP/1.0": (b"GET /health HTTP/1.0\r\n" + END,),
    "HTTP/1.0 kept": (b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n" + END,),
    "HTTP/1.0 kept, in line": (b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" * 2,),
    "HTTP/1.2": (b"GET /health HTTP/1.2\r\n" + HOST + END,),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",),
    "no version": (b"GET /health\r\n" + END,),
    "no Host": (GET + END,),
    "empty Host": (GET + b"Host:\r\n" + END,),
    "Host twice": (GET + HOST + b"Host: other\r\n" + END,),
    "length and chunks": (POST + HOST + LENGTH + CHUNKED + END + b"8\r\n" + BODY + b"\r\n0\r\n\r\n",),
    "length twice, alike": (POST + HOST + LENGTH + LENGTH + END + BODY,),
    "length twice, unlike": (POST + HOST + LENGTH + b"Content-Length: 9\r\n" + END + BODY,),
    "length that is none": (POST + HOST + b"Content-Length: eight\r\n" + END + BODY,),
    "length with a sign": (POST + HOST + b"Content-Length: +8\r\n" + END + BODY,),
    "length below nothing": (POST + HOST + b"Content-Length: -1\r\n" + END,),
    "length too large to be": (POST + HOST + b"Content-Length: 99999999999999999999\r\n" + END,),
    "no length": (POST + HOST + END + BODY,),
    "chunks": (POST + HOST + JSON + CHUNKED + END + b"8\r\n" + BODY + b"\r\n0\r\n\r\n",),
    "chunks with trailers": (POST + HOST + JSON + CHUNKED + END + b"8\r\n" + BODY + b"\r\n0\r\nX-A: b\r\n\r\n",),
    "chunk with an extension": (POST + HOST + JSON + CHUNKED + END + b"8;a=b\r\n" + BODY + b"\r\n0\r\n\r\n",),
    "chunk of no size": (POST + HOST + CHUNKED + END + b"x\r\n" + BODY + b"\r\n0\r\n\r\n",),
    "chunk longer than it says": (POST + HOST + CHUNKED + END + b"3\r\n" + BODY + b"\r\n0\r\n\r\n",),
    "chunked is not last": (POST + HOST + b"Transfer-Encoding: chunked, gzip\r\n" + END + b"0\r\n\r\n",),
    "a coding nobody knows": (POST + HOST + b"Transfer-Encoding: xchunked\r\n" + END,),
    "type twice, JSON first": (POST + HOST + JSON + b"Content-Type: text/plain\r\n" + LENGTH + END + b"{'a': 1}",),
    "type twice, JSON last": (POST + HOST + b"Content-Type: text/plain\r\n" + JSON + LENGTH + END + b"{'a': 1}",),
    "type with spaces behind": (POST + HOST + JSON[:-2] + b" \t\r\n" + LENGTH + END + b"{'a': 1}",),
    "100-continue": (POST + HOST + JSON + b"Expect: 100-continue\r\n" + LENGTH + END, BODY),
    "100-continue with its body": (POST + HOST + JSON + b"Expect: 100-Continue\r\n" + LENGTH + END + BODY,),
    "expects what nobody knows": (POST + HOST + b"Expect: miracles\r\n" + LENGTH + END + BODY,),
    "h2c": (GET + HOST + H2C + END,),
    "h2c with a body": (POST + HOST + JSON + H2C + LENGTH + END + BODY,),
    "h2c with a body that is no JSON": (POST + HOST + JSON + H2C + LENGTH + END + b"{'a': 1}",),
    "h2c with a late body": (POST + HOST + JSON + H2C + LENGTH + END, BODY),
    "h2c with chunks": (POST + HOST + JSON + H2C + CHUNKED + END + b"8\r\n" + BODY + b"\r\n0\r\n\r\n",),
    "h2c, in pieces": (POST + HOST + JSON + H2C[:30], H2C[30:] + LENGTH + END + BODY[:2], BODY[2:]),
    "h2c with 100-continue": (POST + HOST + JSON + H2C + b"Expect: 100-continue\r\n" + LENGTH + END, BODY),
    "WebSocket": (GET + HOST + WEBSOCKET + END,),
    "WebSocket with a body": (POST + HOST + JSON + WEBSOCKET + LENGTH + END + BODY,),
    "an offer nobody knows": (GET + HOST + b"Connection: upgrade\r\nUpgrade: TLS/1.0\r\n" + END,),
    "Upgrade alone": (GET + HOST + b"Upgrade: h2c\r\n" + END,),
    "CONNECT": (b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + END,),
    "lower-case method": (b"get /health HTTP/1.1\r\n" + HOST + END,),
    "method nobody knows": (b"FOO /health HTTP/1.1\r\n" + HOST + END,),
    "method with a route nowhere": (b"PURGE /health HTTP/1.1\r\n" + HOST + END,),
    "absolute target": (b"GET http://localhost/health HTTP/1.1\r\n" + HOST + END,),
    "absolute target without a path": (b"GET http://localhost HTTP/1.1\r\n" + HOST + END,),
    "absolute target with a query alone": (b"GET http://localhost?a=b HTTP/1.1\r\n" + HOST + END,),
    "absolute target with a port that none is": (b"GET HTTP://localhost:99999/health HTTP/1.1\r\n" + HOST + END,),
    "h2c, and close": (POST + HOST + JSON + H2C.replace(b"Upgrade, ", b"Upgrade, close, ") + LENGTH + END + BODY,),
    "h2c over HTTP/1.0": (POST.replace(b"1.1", b"1.0") + JSON + H2C + LENGTH + END + BODY,),
    "target with a query": (b"GET /health?a=b HTTP/1.1\r\n" + HOST + END,),
    "target with a fragment": (b"GET /health#there HTTP/1.1\r\n" + HOST + END,),
    "target without a slash": (b"GET health HTTP/1.1\r\n" + HOST + END,),
    "target with a space": (b"GET /hea lth HTTP/1.1\r\n" + HOST + END,),
    "two spaces before the target": (b"GET  /health HTTP/1.1\r\n" + HOST + END,),
    "target with latin-1": (b"GET /h\xe4lth HTTP/1.1\r\n" + HOST + END,),
    "target with NUL": (b"GET /hea\x00lth HTTP/1.1\r\n" + HOST + END,),
    "target with a tab": (b"GET /hea\tlth HTTP/1.1\r\n" + HOST + END,),
    "asterisk": (b"OPTIONS * HTTP/1.1\r\n" + HOST + END,),
    "empty lines first": (END * 3 + GET + HOST + END,),
    "line feeds alone": (b"GET /health HTTP/1.1\nHost: localhost\n\n",),
    "space before the colon": (GET + b"Host : localhost\r\n" + END,),
    "space before a name": (GET + HOST + b" X-A: b\r\n" + END,),
    "folded": (GET + HOST + b"X-A: b\r\n c\r\n" + END,),
    "no colon": (GET + HOST + b"X-A\r\n" + END,),
    "no name": (GET + HOST + b": b\r\n" + END,),
    "value with latin-1": (GET + HOST + b"X-A: \xe4\r\n" + END,),
    "value with NUL": (GET + HOST + b"X-A: b\x00c\r\n" + END,),
    "value with a carriage return": (GET + HOST + b"X-A: b\rc\r\n" + END,),
    "name with latin-1": (GET + HOST + b"X-\xe4: b\r\n" + END,),
    "nearly too much in one header": (GET + HOST + b"X-A: " + b"x" * 16_300 + END * 2,),
    "too much in one header": (GET + HOST + b"X-A: " + b"x" * 16_384 + END * 2,),
    "too much, and no end": (GET + HOST + b"X-A: " + b"x" * 20_000,),
    "too much in many headers": (GET + HOST + b"X-A: bcdefgh\r\n" * 1600 + END,),
    "much in many headers": (GET + HOST + b"X: b\r\n" * 1900 + END,),
    "too long a target": (b"GET /" + b"x" * 16_384 + b" HTTP/1.1\r\n" + HOST + END,),
    "too long a target, and no end": (b"GET /" + b"x" * 20_000,),
    "nearly too long a target, in pieces": (
        b"GET /" + b"x" * 8_000,
        b"x" * 8_000 + b" HTTP/1.1\r\n" + HOST + END,
    ),
    "HEAD": (b"HEAD /health HTTP/1.1\r\n" + HOST + END,),
    "preflight": (b"OPTIONS /store HTTP/1.1\r\n" + HOST + b"Origin: http://localhost:8000\r\n" + END,),
    "GET with a body": (GET + HOST + LENGTH + END + BODY,),
    "TLS": (bytes.fromhex("16030100c8010000c40303") + bytes(40),),
    "nothing": (b"",),
}


@pytest.fixture(scope="module")
def fates(mock: Server, node: int) -> dict[str, tuple[Fate, Fate]]:
    """Return what became of each on Node and on the mock; all are sent at the same time, for most of it is waiting."""

    async def both(parts: tuple[bytes, ...]) -> tuple[Fate, Fate]:
        return await fate(node, *parts), await fate(mock.port, *parts)

    async def every() -> list[tuple[Fate, Fate]]:
        return await asyncio.gather(*map(both, ALIKE.values()))

    return dict(zip(ALIKE, asyncio.run(every()), strict=True))


@pytest.mark.node
@pytest.mark.parametrize("name", ALIKE)
def test_the_mock_does_what_node_does(fates: dict[str, tuple[Fate, Fate]], name: str) -> None:
    """As many answers, with the same statuses, and the connection is kept or closed as Node keeps or closes it."""
    nodes, mocks = fates[name]

    assert nodes == mocks


REPEATED = "".join(
    f"{name}: {value}\r\n"
    for value in ("first", "second, third", "")
    for name in (
        *("Accept", "Cookie", "COOKIE", "Prefer", "If-None-Match", "If-Match", "X-Card", "X-Mock-Shop", "Vary", "Via"),
        *(
            "Age",
            "Authorization",
            "ETag",
            "Expires",
            "From",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Last-Modified",
        ),
        *("Location", "Max-Forwards", "Proxy-Authorization", "Referer", "Retry-After", "Server", "User-Agent", "Host"),
        *("Content-Type", "Set-Cookie", "Content-Encoding", "Access-Control-Request-Headers", "Origin", "Date", "DNT"),
    )
).encode("latin-1")


async def heard(port: int, sent: bytes) -> bytes:
    """Return the body of the answer to what is sent, on a connection that is closed behind it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


@pytest.mark.node
def test_the_mock_reads_headers_as_node_does(mock: Server, node: int) -> None:
    """What comes several times, in whatever case: the journal shows what Node's `request.headers` has, secrets masked."""
    sent = b"GET /health HTTP/1.1\r\n" + REPEATED + CLOSE + b"X-A: \xe4\t b \t\r\n\r\n"
    read: dict[str, Any] = json.loads(asyncio.run(heard(node, sent)))
    asyncio.run(heard(mock.port, sent.replace(b"/health", b"/~headers/health")))
    (entry,) = mock.ask("GET", "/__mock/journal?sandbox=headers").document["entries"]
    shown = mock.ask("GET", f"/__mock/journal/{entry['number']}").document["request"]["headers"]

    assert {name: "***" if name in SECRET_HEADERS else value for name, value in read.items()} == shown


def test_requests_behind_an_offer_are_answered_too(mock: Server) -> None:
    """Node drops what comes in the same packet behind one; the mock drops nothing."""
    offer = POST + HOST + H2C + LENGTH + END + BODY

    assert Fate((200, 200, 200), is_kept=True) == asyncio.run(fate(mock.port, offer * 2 + GET + HOST + H2C + END))
