"""Clients that are slow, that say they are done, that do not read: what they get, and what they cannot keep."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from conftest import AUTHORIZE
from processes import Server

from mockserver import Settings
from mockserver.edge import server as edge
from mockserver.edge.mock import create_app

POST = f"POST {AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\n"
HALF = f"{POST}Content-Length: 10\r\n\r\nabc"


def half_closed(server: Server, text: str) -> tuple[int, float]:
    """Send something and that nothing follows; return how many answers come, and when the connection is closed."""
    with closing(server.open(text)) as connection:
        connection.shutdown(socket.SHUT_WR)
        began = time.monotonic()
        return connection.makefile("rb").read().count(b"HTTP/1.1 200"), time.monotonic() - began


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (f"{POST}\r\n", 1),
        (f"{POST}\r\n" * 30, 30),
        ("GET /__mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 1),
        (f"{POST}\r\n{HALF}", 1),
        (HALF, 0),
        (POST, 0),
        ("", 0),
    ],
    ids=["one", "many", "the control API", "a body that never comes, behind another", "a body that never comes", "half a head", "nothing"],
)  # fmt: skip
def test_who_says_that_nothing_follows_is_answered(plain: Server, text: str, answers: int) -> None:
    """As `nc -N` and some shells' clients do: all that was asked for whole is answered, then the connection is closed."""
    got, took = half_closed(plain, text)

    assert (answers, True) == (got, took < 0.9)


@pytest.mark.slow
def test_who_says_that_nothing_follows_gets_slow_answers_too(plain: Server) -> None:
    """Whatever stands behind them."""
    slow = f"{POST.replace('/store', '/~half/@slow/store')}\r\n"

    assert (2, True) == (half_closed(plain, f"{slow}{POST}\r\n")[0], half_closed(plain, slow + HALF)[0] == 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "first",
    [
        f"POST /@timeout{AUTHORIZE}",
        "GET /__mock/events",
        f"POST /~x/@slow{AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /@timeout{AUTHORIZE}",
    ],
)
def test_who_is_done_does_not_wait_for_what_never_ends(plain: Server, first: str) -> None:
    """A hang and a stream of events end soon behind it."""
    assert half_closed(plain, f"{first} HTTP/1.1\r\nHost: localhost\r\n\r\n")[1] < 6


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Return the port of a mock whose clients have two seconds for a head or to read, and four for a request; 6 MB may wait."""
    for name, value in {"HEAD_SECONDS": 2, "REQUEST_SECONDS": 4, "UNREAD_SECONDS": 2, "MOST_UNREAD": 6_000_000}.items():
        monkeypatch.setattr(f"mockserver.edge.connection.{name}", value)
    listeners = edge.listen("127.0.0.1", 0)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        serving = threading.Thread(target=edge.run, args=(create_app(Settings()), listeners, parent.pid))
        serving.start()
        yield int(listeners[0].getsockname()[1])
        parent.kill()
        parent.wait()
        serving.join()


@pytest.mark.slow
def test_garbage_is_looked_for_while_nobody_asks(hasty: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """To look through all that is kept takes longer than anybody should wait."""
    looked, left = threading.Event(), [1]
    monkeypatch.setattr(edge.gc, "get_count", lambda: (0, 0, left.pop() if left else 0))
    monkeypatch.setattr(edge.gc, "collect", looked.set)
    with closing(opened(hasty, f"{POST}\r\n")) as connection:
        assert connection.recv(12) == b"HTTP/1.1 200"
        assert looked.wait(10)
        looked.clear()
        assert not looked.wait(2)


def opened(port: int, text: str) -> socket.socket:
    """Return a connection on which something was sent."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(text.encode())
    return connection


def unfinished(port: int, text: str, *, drips: bool) -> tuple[bytes, float]:
    """Send what is no whole request, and perhaps more of it byte by byte; return what comes, and how long it took."""
    with closing(opened(port, text)) as connection:
        began = time.monotonic()
        stop = threading.Event()

        def drip() -> None:
            with suppress(OSError):
                while drips and not stop.wait(0.3):
                    connection.sendall(b"X")

        dripping = threading.Thread(target=drip)
        dripping.start()
        answer = connection.makefile("rb").read()
        took = time.monotonic() - began
        stop.set()
        dripping.join()
        return answer, took


@pytest.mark.slow
def test_heads_and_bodies_have_their_time(hasty: int) -> None:
    """What does not end in it is a 408 and the end of the connection, as on Node; who drips byte by byte gains nothing."""
    texts = {"": 2, POST: 2, HALF: 4, f"{POST}\r\n{POST}": 2, f"{POST}Transfer-Encoding: chunked\r\n\r\n1\r\n": 4}
    with ThreadPoolExecutor(len(texts)) as clients:
        answers = clients.map(lambda text: unfinished(hasty, text, drips=text == POST), texts)
        for (text, seconds), (answer, took) in zip(texts.items(), answers, strict=True):
            assert answer.endswith(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"), (text, answer)
            assert text.count("\r\n\r\n") - (seconds == 4) * 1 <= answer.count(b"HTTP/1.1 200") + 1
            assert seconds - 1 < took < seconds + 3
    with closing(
        opened(hasty, "GET /__mock/journal?status=408 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    ) as api:
        assert b'"matched":2' in api.makefile("rb").read()  # of those whose head was whole


@pytest.mark.slow
def test_who_does_not_read_is_cut_off(hasty: int) -> None:
    """When it took nothing for its time; or at once, where what waits for all is too much: then whoever lets most wait."""
    body = '{"payment_collections": [{"id": "paycol_big", "metadata": {"long": "' + "x" * 900_000 + '"}}]}'
    head = (
        f"PATCH /__mock/sandboxes/big/state HTTP/1.1\r\nHost: localhost:{hasty}\r\nContent-Type: application/json\r\n"
    )
    with closing(opened(hasty, f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}")) as connection:
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 200")
    get = "GET /~big/store/payment-collections/paycol_big HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def unread(times: int) -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", hasty))
        connection.sendall(get.encode() * times)
        return connection

    def read(connection: socket.socket) -> int:
        connection.settimeout(10)
        with suppress(ConnectionResetError):
            return len(connection.makefile("rb").read())
        return 0

    with closing(unread(50)) as alone:
        time.sleep(5)
        assert read(alone) < 10 * len(body)
    many = [unread(10) for _ in range(30)]
    time.sleep(1)
    whole = sum(read(connection) > 10 * len(body) for connection in many)
    for connection in many:
        connection.close()

    assert 1 <= whole < 10
    with closing(opened(hasty, f"{POST}Connection: close\r\n\r\n")) as connection:
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 200")
