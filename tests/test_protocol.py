"""Requests on a real connection: those that are answered at once, those that are not, and both in turn."""

import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from conftest import AUTHORIZE
from processes import Server, running

from mockserver.express import Wire
from mockserver.protocol import AtOnceConfig, Protocol

POST = f"POST {AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\n"
SESSIONS = "POST /store/payment-collections/paycol_9/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = '{"provider_id": "manual"}'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a running mock."""
    with running("--compress") as server:
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """Return a running mock that compresses nothing."""
    with running() as server:
        yield server


def sent(server: Server, *parts: str) -> bytes:
    """Send the parts of one or more requests, the last of which closes the connection; return all that came back."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part.encode())
        return connection.makefile("rb").read()


def statuses(answers: bytes) -> list[int]:
    """Return the statuses of answers, in order."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


CLOSE = "Connection: close\r\n"


def test_many_requests_on_one_connection(plain: Server) -> None:
    """In one packet, with bodies and without, all answered in their order; the last says that it closes."""
    manage = f"{SESSIONS}Content-Length: {len(BODY)}\r\n\r\n{BODY}"
    answers = sent(plain, f"{POST}\r\n{manage}GET /health HTTP/1.1\r\nHost: x\r\n\r\n{POST}{CLOSE}\r\n")

    assert [200, 200, 200, 200] == statuses(answers)
    assert 1 == answers.count(b"Connection: close")
    assert answers.index(b'"ps_1"') < answers.index(b'"paycol_9"') < answers.index(b"\r\n\r\nOK")


def test_answers_come_in_order_though_some_wait(plain: Server) -> None:
    """A slow answer holds back those behind it on its connection, as HTTP wants it."""
    slow = POST.replace(AUTHORIZE, f"/@slow{AUTHORIZE}")
    missing = POST.replace(AUTHORIZE, f"/@missing{AUTHORIZE}")

    assert [200, 404, 200] == statuses(sent(plain, f"{slow}\r\n{missing}\r\n{POST}{CLOSE}\r\n"))


@pytest.mark.parametrize(
    "parts",
    [
        (f"{SESSIONS}{CLOSE}Content-Length: {len(BODY)}\r\n\r\n", BODY[:9], BODY[9:]),
        (f"{SESSIONS}{CLOSE}Content-Le", f"ngth: {len(BODY)}\r\n\r\n{BODY}"),
        (f"{SESSIONS}{CLOSE}Transfer-Encoding: chunked\r\n\r\n{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n",),
        (f"{SESSIONS}{CLOSE}Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n", BODY),
    ],
    ids=["in pieces", "cut in its head", "chunked", "expects to go on"],
)
def test_a_body_comes_as_it_likes(plain: Server, parts: tuple[str, ...]) -> None:
    """In one piece, in several, chunked, or after a question: it is the same body."""
    answers = sent(plain, *parts)

    assert 200 == statuses(answers)[-1]
    assert b'"provider_id":"manual"' in answers


def test_a_large_body_is_refused(plain: Server) -> None:
    """With 413, and the connection goes on."""
    large = "x" * 200_000
    answers = sent(plain, f"{SESSIONS}Content-Length: {len(large)}\r\n\r\n{large}", f"{POST}{CLOSE}\r\n")

    assert [413, 200] == statuses(answers)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_connection_is_closed_where_it_is_wanted(plain: Server, version: str) -> None:
    """HTTP/1.0 always, HTTP/1.1 when asked; nothing comes after the answer."""
    head = POST.replace("HTTP/1.1", f"HTTP/{version}")
    answers = sent(plain, f"{head}{CLOSE if version == '1.1' else ''}\r\n")

    assert [200] == statuses(answers)
    assert answers.endswith(b"}}")
    assert b"Connection: close" in answers


@pytest.mark.parametrize("target", ["http://localhost:9000/health", "/health#there", "/health?a=b"])
def test_other_ways_to_write_a_target(plain: Server, target: str) -> None:
    """Absolute, with a fragment, with a query."""
    answers = sent(plain, f"GET {target} HTTP/1.1\r\nHost: x\r\n{CLOSE}\r\n")

    assert [200] == statuses(answers)


def test_headers_are_spelled_as_express_spells_them(plain: Server) -> None:
    """Though no client may care."""
    answer = sent(plain, f"{POST}{CLOSE}\r\n")

    assert b"\r\nX-Powered-By: Express\r\n" in answer
    assert b"\r\nContent-Type: application/json; charset=utf-8\r\n" in answer


def test_long_answers_are_compressed_in_chunks(server: Server) -> None:
    """They take the usual way, and arrive whole."""
    expand = "expand=payment_sessions,payments,region,region.countries,region.payment_providers"
    path = f"/store/payment-collections/paycol_1?{expand}"
    answer = sent(server, f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n{CLOSE}\r\n")

    assert b"content-encoding: gzip" in answer
    assert b"transfer-encoding: chunked" in answer
    assert answer.endswith(b"0\r\n\r\n")


def test_a_client_that_reads_nothing_is_not_answered_without_end(plain: Server) -> None:
    """What it asks then waits until it reads; others are served meanwhile."""
    with closing(socket.create_connection(("127.0.0.1", plain.port), timeout=1)) as greedy:
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            for _ in range(200):
                greedy.sendall(f"{POST}\r\n".encode() * 500)
            raise AssertionError("it was answered without end")
        except TimeoutError:
            assert 200 == plain.post(AUTHORIZE)[0]


def test_what_nobody_foresaw_is_a_500_and_a_log(caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of ours does not look like one of the client's."""

    def breaks(_request: Any) -> Wire:
        raise ZeroDivisionError

    protocol = Protocol.__new__(Protocol)
    protocol.config = AtOnceConfig(app=None)  # type: ignore[arg-type]
    protocol.config.at_once = breaks
    protocol.url, protocol._named = b"/x", {}  # noqa: SLF001
    protocol.parser = type("Parser", (), {"get_method": lambda _: b"GET"})()
    with caplog.at_level(logging.ERROR, logger="mockserver"):
        wire = protocol._answer(b"")  # noqa: SLF001

    assert isinstance(wire, Wire)
    assert (500, b"") == (wire.status, wire.body)
    assert "GET /x could not be answered" == caplog.messages[0]
