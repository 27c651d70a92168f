"""Servers that are no server: many ways to misbehave, each answering every request with bytes of its own."""

import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import repeat
from socket import create_server, socket

Bytes = Iterator[bytes]
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = b"x" * 2**20
DEEP = b"[" * 100_000 + b"]" * 100_000


def _plain(*parts: bytes) -> Callable[[], Bytes]:
    return lambda: iter(parts)


def _endless(head: bytes, part: bytes) -> Callable[[], Bytes]:
    def sent() -> Bytes:
        yield head
        yield from repeat(part)

    return sent


def _sized(body: bytes, head: bytes = JSON) -> Callable[[], Bytes]:
    return _plain(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def _bomb(wrap: Callable[[bytes], bytes], coding: bytes) -> Callable[[], Bytes]:
    return _sized(wrap(b"\0" * (20 * 2**20)), JSON + b"Content-Encoding: " + coding + b"\r\n")


MODES: dict[str, Callable[[], Bytes]] = {
    "hangs up at once": _plain(),
    "says garbage": _plain(b"\x00\xff\x13 what?\r\n\r\n"),
    "speaks another protocol": _plain(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "has no status": _plain(b"HTTP/1.1\r\n\r\n"),
    "has a status of letters": _plain(b"HTTP/1.1 abc OK\r\n\r\n"),
    "has a status of five digits": _plain(b"HTTP/1.1 20000 OK\r\n\r\n"),
    "ends in the status line": _plain(b"HTTP/1.1 2"),
    "has an endless status line": _endless(b"HTTP/1.1 200 ", MEGABYTE),
    "has an endless header": _endless(b"HTTP/1.1 200 OK\r\nX: ", MEGABYTE),
    "has endless headers": _endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000),
    "goes on forever before it answers": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "has a short body": _plain(JSON + b"Content-Length: 100\r\n\r\n{}"),
    "has an endless body": _endless(JSON + b"\r\n", MEGABYTE),
    "has an endless body in chunks": _endless(
        JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n" + MEGABYTE + b"\r\n"
    ),
    "promises 6 GB": _endless(JSON + b"Content-Length: 6000000000\r\n\r\n", MEGABYTE),
    "has a chunk of no size": _plain(JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    "has a last chunk too few": _plain(JSON + b"Transfer-Encoding: chunked\r\n\r\n10\r\n{}"),
    "sends a bomb of gzip": _bomb(gzip.compress, b"gzip"),
    "sends a bomb of deflate": _bomb(zlib.compress, b"deflate"),
    "calls gzip what is none": _sized(b"{}", JSON + b"Content-Encoding: gzip\r\n"),
    "nests 100,000 deep": _sized(DEEP),
    "nests deep in capitals": _sized(DEEP, b"HTTP/1.1 200 OK\r\nContent-Type: APPLICATION/JSON\r\n"),
    "nests deep as text": _sized(DEEP, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"),
    "nests deep as YAML": _sized(b'{"a":' * 100_000, b"HTTP/1.1 200 OK\r\nContent-Type: application/yaml\r\n"),
    "nests deep as nothing": _sized(b"\r\n" + DEEP, b"HTTP/1.1 200 OK\r\n"),
    "nests deep in UTF-16": _sized(DEEP.decode().encode("utf-16")),
    "waits forever": _endless(b"", b""),
    "drips its head": _endless(b"HTTP/1.1 200 OK\r\nX: ", b"drip"),
    "drips its body": _endless(JSON + b"\r\n", b"drip"),
}


@contextmanager
def serving(mode: str, healthy: int = 0) -> Iterator[str]:
    """Serve in one way on a socket, after so many answers that are well; yield the URL."""
    ended = threading.Event()
    left = [healthy]

    def answer(peer: socket) -> None:
        with peer, suppress(OSError):
            peer.settimeout(5)
            peer.recv(65536)
            left[0] -= 1
            if left[0] >= 0:
                peer.sendall(JSON + b"Content-Length: 2\r\n\r\n{}")
                return
            for part in MODES[mode]():
                if ended.is_set():
                    return
                slow = part in (b"drip", b"")
                peer.sendall(part[:1])
                if slow:
                    ended.wait(0.05)
                else:
                    peer.sendall(part[1:])

    def accept(listener: socket) -> None:
        with suppress(OSError):
            while not ended.is_set():
                peer, _ = listener.accept()
                threading.Thread(target=answer, args=(peer,), daemon=True).start()

    with create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield url
        finally:
            ended.set()
            with suppress(OSError):
                listener.shutdown(2)
            thread.join(5)
