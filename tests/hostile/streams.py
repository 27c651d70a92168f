"""Streams of bytes as attackers send them: good requests, one after the other, with some of their parts changed."""

from random import Random

from conftest import AUTHORIZE

HOST = b"Host: localhost\r\n"
GET = b"GET /health HTTP/1.1\r\n" + HOST
POST = f"POST {AUTHORIZE} HTTP/1.1\r\n".encode() + HOST
JSON = b"Content-Type: application/json\r\n"
BODY = b'{"a": 1}'
CHUNKS = b"8\r\n" + BODY + b"\r\n0\r\n\r\n"
GOOD = (
    GET + b"\r\n",
    POST + b"\r\n",
    POST + JSON + b"Content-Length: 8\r\n\r\n" + BODY,
    POST + JSON + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    POST
    + JSON
    + b"Transfer-Encoding: chunked\r\n\r\n4;x=y\r\n"
    + BODY[:4]
    + b"\r\n4\r\n"
    + BODY[4:]
    + b"\r\n0\r\nX-A: b\r\n\r\n",
    GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    POST + b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 8\r\n\r\n" + BODY,
    GET + b"Connection: close\r\n\r\n",
    b"HEAD /health HTTP/1.1\r\n" + HOST + b"\r\n",
    b"OPTIONS /store HTTP/1.1\r\n" + HOST + b"Origin: http://localhost:8000\r\n\r\n",
    b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    POST + JSON + b"Expect: 100-continue\r\nContent-Length: 8\r\n\r\n" + BODY,
)
LINES = (
    *(b"Content-Length: 8\r\n", b"Content-Length: 9\r\n", b"Content-Length: 0\r\n", b"Content-Length: -1\r\n", b"Content-Length: 8, 8\r\n"),
    *(b"Content-Length : 8\r\n", b"Content-Length: 0x8\r\n", b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n"),
    *(b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding: identity\r\n", b"Transfer-Encoding:\tchunked\r\n", b"transfer-encoding: CHUNKED\r\n"),
    *(b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Host: other\r\n", b"Expect: 100-continue\r\n", b" folded\r\n"),
    *(b": no name\r\n", b"X-A\r\n", b"X-A: " + b"x" * 17_000 + b"\r\n", b"X A: b\r\n", b"X-A: \x00\r\n", b"X-\xff: b\r\n", b"Cookie: " + b"a=b; " * 500 + b"\r\n"),
)  # fmt: skip
BYTES = (
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b" ",
    b"\t",
    b":",
    b";",
    b",",
    b"\xff",
    b"\x80",
    b"0",
    b"8",
    b"f",
    b"-",
    b"+",
    b"/",
    b"%",
    b"?",
    b"#",
    b"\x16\x03\x01",
)


def one_request(draw: Random) -> tuple[bytes, ...]:
    """Return a request that offers no upgrade, changed, in one part or in several."""
    return _sent(draw, draw.choice([good for good in GOOD if b"Upgrade" not in good]))


def stream(draw: Random) -> tuple[bytes, ...]:
    """Return what is sent on one connection: one request or some in line, changed, in one part or in several."""
    return _sent(draw, b"".join(draw.choice(GOOD) for _ in range(draw.choice((1, 1, 1, 2, 3)))))


def _sent(draw: Random, sent: bytes) -> tuple[bytes, ...]:
    for _ in range(draw.choice((0, 1, 1, 1, 2, 3))):
        sent = _changed(draw, sent)
    if draw.random() < 0.15:
        places = sorted(draw.randrange(len(sent) + 1) for _ in range(draw.choice((1, 2))))
        return tuple(
            filter(None, (sent[begin:end] for begin, end in zip([0, *places], [*places, len(sent)], strict=True)))
        ) or (b"",)
    return (sent,)


def _changed(draw: Random, sent: bytes) -> bytes:
    """Return a stream with one thing changed: a line more, a byte more or less or another, its end lost, its lines in another order."""
    kind, place = draw.randrange(8), draw.randrange(len(sent) + 1)
    if kind <= 2:  # behind the end of a line, most often in a head
        ends = [index + 2 for index in range(len(sent)) if sent[index : index + 2] == b"\r\n"]
        at = draw.choice(ends or [0])
        return sent[:at] + draw.choice(LINES) + sent[at:]
    if kind == 3:
        return sent[:place] + draw.choice(BYTES) + sent[place:]
    if kind == 4:
        return sent[:place] + sent[place + draw.choice((1, 1, 2, 10)) :]
    if kind == 5:
        return sent[:place] + draw.choice(BYTES) + sent[place + 1 :]
    if kind == 6:
        return sent[: place or 1]
    lines = sent.split(b"\r\n")
    first, second = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\r\n".join(lines)
