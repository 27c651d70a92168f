"""Requests on a real connection: in pieces, in line, slow and greedy ones."""

import asyncio
import gc
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import AUTHORIZE
from processes import Server, running
from uvicorn.server import ServerState

from mockserver import create_app
from mockserver.edge.connection import Connection
from mockserver.edge.server import KEEP_ALIVE

POST = f"POST {AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\n"
SESSIONS = "POST /store/payment-collections/paycol_9/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = '{"provider_id": "manual"}'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a running mock."""
    with running("--compress") as server:
        yield server


def statuses(answers: bytes) -> list[int]:
    """Return the statuses of answers, in order."""
    return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]


CLOSE = "Connection: close\r\n"


def test_many_requests_on_one_connection(plain: Server) -> None:
    """In one packet, with bodies and without, all answered in their order; the last says that it closes."""
    manage = f"{SESSIONS}Content-Length: {len(BODY)}\r\n\r\n{BODY}"
    answers = plain.send(f"{POST}\r\n{manage}GET /health HTTP/1.1\r\nHost: x\r\n\r\n{POST}{CLOSE}\r\n")

    assert [200, 200, 200, 200] == statuses(answers)
    assert 1 == answers.count(b"connection: close")
    assert answers.index(b'"ps_1"') < answers.index(b'"paycol_9"') < answers.index(b"\r\n\r\nOK")


def test_names_of_headers_are_spelled_as_express_spells_them(plain: Server) -> None:
    """Whoever reads an answer with sed or grep finds `ETag`; the length that is said is the body's."""
    head, _, body = plain.send(
        f"GET /store/regions HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:8000\r\n\r\n{POST}{CLOSE}\r\n"
    ).partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].decode() for line in head.splitlines()[1:]]

    assert {
        *("X-Powered-By", "Vary", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"),
        *("X-Mock-Scenario", "X-Mock-Source", "Content-Type", "Content-Length", "ETag", "Set-Cookie", "Date"),
        *("Connection", "Keep-Alive"),
    } == set(names)
    length = int(head.partition(b"Content-Length: ")[2].partition(b"\r")[0])
    assert body[length:].startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_tunnel_is_closed_without_a_word(plain: Server) -> None:
    """A proxy's CONNECT gets what Node gives it: nothing."""
    assert b"" == plain.send("CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n")


@pytest.mark.slow
def test_answers_come_in_order_though_some_wait(plain: Server) -> None:
    """A slow answer holds back those behind it on its connection, as HTTP wants it."""
    slow = POST.replace(AUTHORIZE, f"/@slow{AUTHORIZE}")
    missing = POST.replace(AUTHORIZE, f"/@missing{AUTHORIZE}")

    assert [200, 404, 200] == statuses(plain.send(f"{slow}\r\n{missing}\r\n{POST}{CLOSE}\r\n"))


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
    answers = plain.send(*parts)

    assert 200 == statuses(answers)[-1]
    assert b'"provider_id":"manual"' in answers


def test_whoever_asks_first_is_told_to_go_on(plain: Server) -> None:
    """`Expect: 100-continue`, as curl sends it with long bodies, is answered before the body comes, as Node does."""
    with closing(
        plain.open(f"{SESSIONS}Expect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n".encode())
    ) as connection:
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == connection.recv(1000)
        connection.sendall(BODY.encode())

        assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_who_expects_what_nobody_can_give_is_in_the_journal(plain: Server) -> None:
    """Nothing is done for it, as on Node, and the journal says so."""
    head = SESSIONS.replace("/store", "/~hopeful/store")
    answers = plain.send(f"{head}Expect: miracles\r\n{CLOSE}Content-Length: {len(BODY)}\r\n\r\n{BODY}")
    (entry,) = plain.ask("GET", "/__mock/journal?sandbox=hopeful").document["entries"]

    assert ([417], 417, None) == (statuses(answers), entry["status"], entry["operation"])


def test_a_large_body_is_refused(plain: Server) -> None:
    """With 413, and the connection goes on."""
    large = "x" * 200_000
    answers = plain.send(f"{SESSIONS}Content-Length: {len(large)}\r\n\r\n{large}", f"{POST}{CLOSE}\r\n")

    assert [413, 200] == statuses(answers)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_connection_is_closed_where_it_is_wanted(plain: Server, version: str) -> None:
    """HTTP/1.0 always, HTTP/1.1 when asked; nothing comes after the answer."""
    head = POST.replace("HTTP/1.1", f"HTTP/{version}")
    answers = plain.send(f"{head}{CLOSE if version == '1.1' else ''}\r\n")

    assert [200] == statuses(answers)
    assert answers.endswith(b"}}")
    assert b"connection: close" in answers


def test_nothing_comes_behind_a_connection_that_is_to_be_closed(plain: Server) -> None:
    """What is asked after it in the same packet is not answered; nor after garbage, nor after HTTP/1.0 that does not ask."""
    closing_ = f"{POST}{CLOSE}\r\n"
    old = f"{POST}\r\n".replace("HTTP/1.1", "HTTP/1.0")

    assert [200, 200] == statuses(plain.send(f"{POST}\r\n{closing_}{POST}\r\n"))
    assert [200] == statuses(plain.send(old + old))
    assert [200] == statuses(plain.send(f"{POST}\r\nGARBAGE\r\n\r\n{POST}\r\n"))


def test_many_connections_are_answered_in_one_turn(plain: Server) -> None:
    """Each gets its own answer, though all are written together."""
    connections = [plain.open() for _ in range(50)]
    for number, connection in enumerate(connections):
        connection.sendall(POST.replace("ps_1", f"ps_{number}").encode() + f"{CLOSE}\r\n".encode())
    for number, connection in enumerate(connections):
        with closing(connection):
            assert f'"id":"ps_{number}"'.encode() in connection.makefile("rb").read()


@pytest.mark.parametrize("target", ["http://localhost:9000/health", "/health#there", "/health?a=b"])
def test_other_ways_to_write_a_target(plain: Server, target: str) -> None:
    """Absolute, with a fragment, with a query."""
    answers = plain.send(f"GET {target} HTTP/1.1\r\nHost: x\r\n{CLOSE}\r\n")

    assert [200] == statuses(answers)


def test_long_answers_are_compressed_in_chunks(server: Server) -> None:
    """Their length is not said, and they arrive whole."""
    expand = "expand=payment_sessions,payments,region,region.countries,region.payment_providers"
    path = f"/store/payment-collections/paycol_1?{expand}"
    answer = server.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n{CLOSE}\r\n")

    assert b"Content-Encoding: gzip" in answer
    assert b"transfer-encoding: chunked" in answer
    assert answer.endswith(b"0\r\n\r\n")


def test_a_client_that_reads_nothing_is_not_answered_without_end(plain: Server) -> None:
    """What it asks then waits until it reads; others are served meanwhile."""
    with closing(plain.open()) as greedy:
        greedy.settimeout(1)
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            for _ in range(200):
                greedy.sendall(f"{POST}\r\n".encode() * 500)
            raise AssertionError("it was answered without end")
        except TimeoutError:
            assert 200 == plain.ask("POST", AUTHORIZE).status


@pytest.mark.slow
def test_an_idle_connection_is_closed_and_no_other(plain: Server) -> None:
    """Not one that is used again and again, nor one whose request comes slowly; the idle one soon after its time."""
    with closing(plain.open()) as connection:
        answers = connection.makefile("rb")
        request = f"{POST}\r\n".encode()
        for part in (request, request[:40], request[40:]):
            connection.sendall(part)
            time.sleep(KEEP_ALIVE * 0.6)
        begin = time.monotonic()
        rest = answers.read()

    assert [200, 200] == statuses(rest)
    assert KEEP_ALIVE * 0.3 < time.monotonic() - begin < KEEP_ALIVE * 2


def test_connections_say_how_long_they_are_kept(plain: Server) -> None:
    """As the real server does, at the end of the head; and they are kept longer than they say."""
    head = plain.send(f"{POST}\r\n{POST}{CLOSE}\r\n").lower().partition(b"\r\n\r\n")[0]

    assert head.endswith(b"\r\nconnection: keep-alive\r\nkeep-alive: timeout=5")
    assert KEEP_ALIVE > 5


@pytest.mark.parametrize("first", [f"POST /@timeout{AUTHORIZE}", "GET /__mock/events"])
def test_who_leaves_with_requests_in_line_leaves_nothing(plain: Server, first: str) -> None:
    """Those behind one that hangs, in the same packet or a moment later; and a stop is as quick as ever."""
    connections = [plain.open() for _ in range(6)]
    for number, connection in enumerate(connections):
        connection.sendall(f"{first} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        if number % 2:
            time.sleep(0.1)
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
    time.sleep(0.3)
    for connection in connections:
        connection.close()

    def busy() -> int:
        health = plain.ask("GET", "/__mock/health").document
        return int(health["answering"] + health["listening"])

    end = time.monotonic() + 5
    while busy() and time.monotonic() < end:
        time.sleep(0.05)
    assert 0 == busy()


@pytest.mark.slow
def test_a_stop_ends_those_in_line_too() -> None:
    """A request that hangs and those behind it: gone within two seconds, without a word."""
    with (
        running("--scenario", "timeout") as server,
        closing(server.open()) as connection,
    ):
        connection.sendall(f"{POST}\r\n{POST}\r\n{POST}\r\n".encode())
        time.sleep(0.3)
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        _, errors = server.process.communicate(timeout=10)

        assert (True, "") == (time.monotonic() - begin < 2, errors)


@pytest.mark.parametrize(
    ("head", "more"),
    [
        (f"{POST}", "X-More: xxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
        (f"{POST}X-Long: ", "x" * 30),
        ("GET /", "x" * 30),
        (f"{POST}Transfer-Encoding: chunked\r\n\r\n0\r\n", "X-More: xxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
    ],
    ids=["headers", "one header", "URL", "trailers"],
)
def test_a_head_without_end_is_cut_off(plain: Server, head: str, more: str) -> None:
    """After some thousand bytes, though it is never complete."""
    with closing(plain.open(head.encode())) as connection:
        sent = 0
        try:
            while sent < 50_000_000:
                connection.sendall(more.encode() * 300)
                sent += len(more) * 300
        except OSError:
            pass

    assert sent < 20_000_000
    assert 200 == plain.ask("POST", AUTHORIZE).status


def test_what_stands_behind_a_body_means_nothing(plain: Server) -> None:
    """A trailer chooses no scenario."""
    chunked = f"{POST}{CLOSE}Transfer-Encoding: chunked\r\n\r\n0\r\nX-Mock-Scenario: declined\r\n\r\n"

    assert [200] == statuses(plain.send(chunked))


def test_who_asks_much_at_once_must_read(plain: Server) -> None:
    """Answers of a megabyte each are not all made before the first is read; they all come, in order."""
    body = {"payment_collections": [{"id": "paycol_big", "metadata": {"long": "x" * 900_000}}]}
    assert 200 == plain.ask("PATCH", "/__mock/sandboxes/big/state", body).status
    get = "GET /~big/store/payment-collections/paycol_big HTTP/1.1\r\nHost: localhost\r\n"
    before = resident(plain)
    with closing(plain.open(f"{get}\r\n".encode() * 200 + f"{get}{CLOSE}\r\n".encode())) as connection:
        time.sleep(0.5)
        assert resident(plain) < before + 60
        assert 201 == connection.makefile("rb").read().count(b"HTTP/1.1 200 OK")


def resident(server: Server) -> float:
    """Return the memory of a server in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.mark.slow
def test_nothing_is_read_behind_what_could_not_be_read(plain: Server) -> None:
    """A request that comes after garbage, while one before it is yet to be answered, is none."""
    slow = POST.replace(AUTHORIZE, f"/~behind/@slow{AUTHORIZE}")

    assert [200] == statuses(plain.send(f"{slow}\r\n", "GARBAGE\r\n\r\n", f"{POST}{CLOSE}\r\n"))


@pytest.mark.parametrize(
    ("name", "body", "is_aborted"),
    [
        ("left", "Content-Length: 10\r\n\r\nabc", True),
        ("unreadable", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nX", False),
    ],
)
def test_what_never_became_whole_is_in_the_journal(plain: Server, name: str, body: str, *, is_aborted: bool) -> None:
    """Whether its client left, or the connection could not read on."""
    with closing(plain.open(f"POST /~{name}{AUTHORIZE} HTTP/1.1\r\nHost: localhost\r\n{body}")):
        time.sleep(0.1)
    wanted = {"sandbox": name, "aborted": is_aborted, "timeout": "2s"}
    (entry,) = plain.ask("POST", "/__mock/journal/wait", wanted).document["entries"]

    assert (400, AUTHORIZE, None) == (entry["status"], entry["path"], entry["operation"])


class Leaving(asyncio.Transport):
    """A transport whose client may leave."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2), "socket": self.socket})
        self.written: list[bytes] = []
        self.has_left = False

    def is_closing(self) -> bool:
        return self.has_left

    def close(self) -> None:
        self.has_left = True
        self.socket.close()

    def write(self, data: Any) -> None:
        self.written.append(data)


def connected() -> tuple[Leaving, Connection]:
    """Return a transport, and the connection to a mock that is made of it."""
    config = uvicorn.Config(create_app(), http=Connection, lifespan="off", log_config=None, access_log=False)
    config.load()
    transport, connection = Leaving(), Connection(config, ServerState(), {})
    connection.connection_made(transport)
    return transport, connection


@pytest.mark.parametrize(("does", "sent"), [("stays", 1), ("leaves", 0)])
def test_nothing_is_written_to_who_left_in_the_same_turn(does: str, sent: int) -> None:
    """All that is answered in one turn of the event loop is written at its end; uvloop raises an error where nobody is there."""

    async def written() -> list[bytes]:
        transport, connection = connected()
        connection.data_received(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.sleep(0)
        assert [] == transport.written
        transport.has_left = does == "leaves"
        for _ in range(5):
            await asyncio.sleep(0)
        connection.connection_lost(None)
        return transport.written

    answers = asyncio.run(written())
    assert sent == len(answers)
    assert all(one.startswith(b"HTTP/1.1 200") and one.endswith(b"OK") for one in answers)


def test_who_is_gone_before_a_late_answer_has_left() -> None:
    """Also where its connection is closed by then, and its socket with it."""

    async def left_at() -> float | None:
        transport, connection = connected()
        connection.data_received(f"{POST}\r\n".encode())
        assert connection.eof_received()
        transport.socket.close()
        left = connection.left_at()
        connection.connection_lost(None)
        return left

    assert asyncio.run(left_at()) is not None


def test_a_connection_leaves_no_cycle_behind() -> None:
    """Python need not look for what is left of it: with one connection for each request that took 70 ms at a time."""

    async def left() -> list[Any]:
        config, state = uvicorn.Config(create_app(), http=Connection, lifespan="off"), ServerState()
        config.load()
        made = partial(Connection, config, state, {})
        server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
        for _ in range(3):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()
            await writer.wait_closed()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.05)
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        return [one for one in gc.garbage if isinstance(one, Connection)]

    gc.collect()
    gc.disable()
    try:
        assert [] == asyncio.run(left())
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
